"""Context of the pages about applying, and the copy of a role's page that is stored with an application."""

from hashlib import sha256

from django.urls import reverse
from django.utils.formats import date_format

from careers.bilingual.preview import as_published
from careers.company.models import Company, Policy
from careers.languages import path_in_language
from careers.roles.context import posting_context


def form_notice():
    """The current privacy notice of the form, or None."""
    return Policy.objects.current(Policy.Kind.FORM_NOTICE)


def accepted_policy(language):
    """Columns of an application that record which policy was accepted, and the hash of its text."""
    policy = Policy.objects.current(Policy.Kind.PRIVACY)
    if not policy:
        return {"policy": None, "policy_sha256": ""}
    text = f"{getattr(policy, f'title_{language}')}\n{getattr(policy, f'text_{language}')}"
    return {"policy": policy, "policy_sha256": sha256(text.encode()).hexdigest()}


def form_url(role, language):
    """The path of the form of a role, or of the general application."""
    if role is None:
        return path_in_language(reverse("applications:general"), language)
    return path_in_language(reverse("applications:apply", args=[role.pk, role.slug]), language)


def posting_snapshot(role, language):
    """The content of a role's page in `language`, which must be active. {} for a general application."""
    if role is None:
        return {}
    # A role that was unpublished while the form was open is rendered as if it were still public.
    page = posting_context(as_published(role, language), language, company=Company.get())
    return {
        "title": page["title"],
        "summary": page["summary"],
        "department": page["department"].text,
        "reference_id": role.reference_id,
        "facts": [[fact.term, [value.text for value in fact.values]] for fact in page["facts"]],
        "texts": [[str(heading), html] for heading, html in page["texts"]],
        "perks": [[str(label), [str(perk) for perk in perks]] for label, perks in page["perks"]],
        "updated": date_format(role.updated_on, "Y-m-d"),
    }
