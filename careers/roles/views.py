"""The openings: the list and one role."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from careers import cards
from careers.company import page as company_page
from careers.languages import elsewhere, of_page
from careers.pagecache.marks import for_everybody

from . import jobposting, listing, page
from .search import CHOICES, TYPED, Search

ONLY_NOTE = {
    "en": _("This opening is posted in English only."),
    "ja": _("This opening is posted in Japanese only."),
}


@for_everybody(reads=[*CHOICES, "page"], but_not_with=[TYPED])
def index(request):
    """The openings that somebody wants to see, a page of them, and what to choose by."""
    search = Search(request.GET)
    context = {
        "section": "roles",
        "current": "page",
        **listing.shown(search, request.GET.get("page")),
    }
    if context["count"] == 0 and "Typing" not in request.headers:  # half a word is nobody's wish
        search.remember()
    return render(request, "roles/index.html", context)


@for_everybody()
def detail(request, pk, slug):
    """One role. Closed: it says so for 30 days, then it is gone (410)."""
    role, see_also = page.find(pk)
    if not role:
        raise Http404
    language = get_language()
    if language not in role.languages:
        return elsewhere(request, role.languages)
    address = role.get_absolute_url(language)
    if request.path != address:  # another slug, or zeros before the number
        return redirect(address, permanent=True)
    context = of_page(role.languages, only_note=ONLY_NOTE, list_path=reverse("roles:index"))
    if role.is_gone:
        context |= {"section": "roles", "similar": page.similar(role, language)}
        return render(request, "roles/gone.html", {**context, "languages": ()}, status=410)
    context |= page.shown(role, language, request, see_also=see_also)
    context["jobposting"] = jobposting.script(context, language, company_page.of(request))
    context["card"] = _address_of_card(role, language, company_page.of(request))
    return render(request, "roles/detail.html", context)


@for_everybody()
def social_card(request, pk, slug, digest):
    """The picture of an open role, named by what is on it: under another name there is none."""
    role, _see_also = page.find(pk)
    language, company = get_language(), company_page.of(request)
    if not role or language not in role.languages:
        raise Http404
    if request.path != _address_of_card(role, language, company):
        raise Http404
    picture = cards.draw(page.card(role, language, company), settings.CARD_FONT)
    response = HttpResponse(picture, content_type="image/png")
    # A browser keeps it, since its name tells it apart; a proxy asks again, since a role can be withdrawn.
    response.headers["Cache-Control"] = "public, max-age=31536000, s-maxage=1, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made for other sites
    return response


def _address_of_card(role, language, company):
    """The path of the picture of a role; empty where it is closed or there is no font to draw with."""
    if role.is_closed or not settings.CARD_FONT:
        return ""
    digest = cards.digest(page.card(role, language, company), settings.CARD_FONT)
    return reverse("roles:social_card", args=[role.pk, role.slug, digest])
