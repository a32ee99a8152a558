"""The openings: the list and one role."""

from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from careers.languages import elsewhere, of_page

from . import listing, page
from .search import Search

ONLY_NOTE = {
    "en": _("This opening is posted in English only."),
    "ja": _("This opening is posted in Japanese only."),
}


def index(request):
    """The openings that somebody wants to see, a page of them, and what to choose by."""
    search = Search(request.GET)
    context = {
        "section": "roles",
        "current": "page",
        **listing.shown(search, request.GET.get("page")),
    }
    if context["count"] == 0:
        search.remember()
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
        near = page.similar(role)
        prefetch_related_objects(near, *page.SHOWN_IN_A_LIST)
        context |= {"section": "roles", "entries": [row.entry(language) for row in near]}
        return render(request, "roles/gone.html", {**context, "languages": ()}, status=410)
    context |= page.shown(role, language, request, see_also=see_also)
    return render(request, "roles/detail.html", context)
