"""Context of the pages about applying."""

from django.urls import reverse

from careers.company.models import Policy
from careers.languages import path_in_language


def form_notice():
    """The current privacy notice of the form, or None."""
    return Policy.objects.current(Policy.Kind.FORM_NOTICE)


def form_url(role, language):
    """The path of the form of a role, or of the general application."""
    if role is None:
        return path_in_language(reverse("applications:general"), language)
    return path_in_language(reverse("applications:apply", args=[role.pk, role.slug]), language)
