"""The role list, the page of a role, and its social card."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from careers import social_cards
from careers.company.context import get_company
from careers.languages import language_context, redirect_to_available_language
from careers.page_cache.decorators import cache_publicly

from . import context as role_context
from . import jobposting, listing
from .entries import similar_entries
from .search import FILTER_PARAMS, WORDS_PARAM, Search

ONLY_NOTE = {
    "en": _("This opening is posted in English only."),
    "ja": _("This opening is posted in Japanese only."),
}


@cache_publicly(params=[*FILTER_PARAMS, "page"], bypass_params=[WORDS_PARAM])
def index(request):
    """A page of the role list: the results of a search, with the facets."""
    search = Search(request.GET)
    context = {
        "section": "roles",
        "current": "page",
        **listing.index_context(search, request.GET.get("page")),
    }
    if context["count"] == 0 and "Typing" not in request.headers:  # search.js: half a word
        search.log_zero_results()
    return render(request, "roles/index.html", context)


@cache_publicly()
def detail(request, pk, slug):
    """The page of a role. A closed role keeps its page for CLOSED_PAGE_LIFETIME, then 410."""
    role, see_also = role_context.get_posted(pk)
    if not role:
        raise Http404
    language = get_language()
    if language not in role.languages:
        return redirect_to_available_language(request, role.languages)
    path = role.get_absolute_url(language)
    if request.path != path:  # another slug, or zeros before the number
        return redirect(path, permanent=True)
    context = language_context(
        role.languages, only_note=ONLY_NOTE, list_path=reverse("roles:index")
    )
    if role.is_gone:
        context |= {"section": "roles", "similar": similar_entries(role, language)}
        return render(request, "roles/gone.html", {**context, "languages": ()}, status=410)
    context |= role_context.detail_context(role, language, request, see_also=see_also)
    context["jobposting"] = jobposting.script_json(context, language, get_company(request))
    context["card"] = _card_path(role, language, get_company(request))
    return render(request, "roles/detail.html", context)


@cache_publicly()
def social_card(request, pk, slug, digest):
    """The social card of an open role. Its URL has a hash of its content; another hash is a 404."""
    role, _see_also = role_context.get_posted(pk)
    language, company = get_language(), get_company(request)
    if not role or language not in role.languages:
        raise Http404
    if request.path != _card_path(role, language, company):
        raise Http404
    picture = social_cards.render(
        role_context.social_card(role, language, company), settings.CARD_FONT
    )
    response = HttpResponse(picture, content_type="image/png")
    # Browsers may cache it forever, because the URL changes with the content. A proxy revalidates,
    # because a role can be unpublished.
    response.headers["Cache-Control"] = "public, max-age=31536000, s-maxage=1, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # other sites embed it
    return response


def _card_path(role, language, company):
    """The path of a role's social card; empty if the role is closed or no font is configured."""
    if role.is_closed or not settings.CARD_FONT:
        return ""
    digest = social_cards.digest(
        role_context.social_card(role, language, company), settings.CARD_FONT
    )
    return reverse("roles:social_card", args=[role.pk, role.slug, digest])
