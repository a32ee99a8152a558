"""The openings: the list and one role."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from careers.company import page as company_page
from careers.languages import elsewhere, of_page

from . import jobposting, page
from .models import Role

ONLY_NOTE = {
    "en": _("This opening is posted in English only."),
    "ja": _("This opening is posted in Japanese only."),
}


def index(request):
    """All openings by department: `groups` of (department, entries), and how many there are."""
    roles = Role.objects.public().select_related("department")
    roles = roles.prefetch_related(*page.SHOWN_IN_A_LIST)
    entries = [role.entry(get_language()) for role in roles]
    groups = [
        (department, list(found))
        for department, found in groupby(entries, key=lambda entry: entry.record.department)
    ]
    context = {"section": "roles", "current": "page", "groups": groups, "count": len(entries)}
    return render(request, "roles/index.html", context)


def detail(request, pk, slug):
    """One role. Closed: it says so for 30 days, then it is gone (410)."""
    role, see_also = page.find(pk)
    if not role:
        raise Http404
    language = get_language()
    if language not in role.languages:
        return elsewhere(request, role.languages)
    if slug != role.slug:
        return redirect(role.get_absolute_url(language), permanent=True)
    context = of_page(role.languages, only_note=ONLY_NOTE, list_path=reverse("roles:index"))
    if role.is_gone:
        context |= {"section": "roles", "similar": page.similar(role, language)}
        return render(request, "roles/gone.html", {**context, "languages": ()}, status=410)
    context |= page.shown(role, language, request, see_also=see_also)
    context["jobposting"] = jobposting.script(context, language, company_page.of(request))
    return render(request, "roles/detail.html", context)
