"""English and Japanese as equals: which language an address has, and where the other one is.

The head of a page, the switch in its header and the sitemap all ask `alternates()`, so that they
can never contradict each other.
"""

from typing import NamedTuple

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpResponseRedirect
from django.template import Library
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation.trans_real import parse_accept_lang_header

from careers.japanese import phrase

register = Library()

LANGUAGES = ("en", "ja")
OWN_NAME = {"en": "English", "ja": "日本語"}
X_DEFAULT = "x-default"
OPEN_GRAPH = {"en": "en_US", "ja": "ja_JP"}
SITEMAP_LIMIT = 10_000  # addresses of one sitemap


def active():
    """The language in use. Django switches it off while it writes a log, and then it is English."""
    return get_language() or settings.LANGUAGE_CODE


def other(language):
    """The other language."""
    return "ja" if language == "en" else "en"


# --- Addresses ---------------------------------------------------------------------------------


def of_path(path):
    """The language of an address, or None where it has none (`/admin/`, `/healthz`)."""
    prefix = path[1:3]
    return prefix if prefix in LANGUAGES and path[3:4] in ("", "/") else None


def preferred(request):
    """The language of ours that the browser likes best, by Accept-Language alone; else English."""
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if (language := tag.partition("-")[0]) in LANGUAGES:
            return language
    return settings.LANGUAGE_CODE


def in_language(path, language):
    """The same address in `language`: only the prefix differs, the slug is shared."""
    return f"/{language}{path[3:]}"


@register.filter
def absolute(path):
    """The public address of a path. From SITE_URL alone: a Host header never reaches a page."""
    return f"{settings.SITE_URL}{path}"


def alternates(path, languages=LANGUAGES):
    """Pairs of hreflang and absolute address for a page that exists in `languages`.

    With both languages also `x-default`, the English page; a page in one language has no pairs
    (https://developers.google.com/search/docs/specialty/international/localized-versions).
    """
    if len(languages) < 2:
        return []
    pairs = [(language, absolute(in_language(path, language))) for language in LANGUAGES]
    return [*pairs, (X_DEFAULT, pairs[0][1])]


def elsewhere(request, languages):
    """A redirect to the language in which a page exists; 302, because a translation may come."""
    return HttpResponseRedirect(in_language(request.get_full_path(), languages[0]))


def of_page(languages, *, only_note, list_path):
    """Context of a page that may exist in one language only, for its head and its switch.

    The switch then says so, in the words of `only_note[language]` put into the other language, and
    leads to that language's list instead.
    """
    note = only_note[languages[0]] if len(languages) == 1 else None
    return {"languages": languages, "only_note": note, "other_page": list_path}


class UrlLanguageMiddleware:
    """Middleware: the prefix decides the language of a page, nothing else does."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with translation.override(of_path(request.path_info) or settings.LANGUAGE_CODE):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", get_language())
        return response


class BilingualSitemap(Sitemap):
    """A sitemap whose items say in which languages they exist; absolute addresses from SITE_URL."""

    limit = SITEMAP_LIMIT // len(LANGUAGES)  # items, each with a page in one or both of them

    # Made once, so that what is counted to choose the file is not counted again to write it.
    paginator = cached_property(Sitemap.paginator.fget)

    def languages(self, item):
        """The languages in which `item` has a page."""
        return LANGUAGES

    def get_urls(self, page=1, site=None, protocol=None):
        return [
            {
                "location": absolute(in_language(self.location(item), language)),
                "lastmod": self.lastmod(item),
                "alternates": [
                    {"lang_code": code, "location": address}
                    for code, address in alternates(self.location(item), self.languages(item))
                ],
            }
            for item in self.paginator.page(page).object_list
            for language in self.languages(item)
        ]

    def lastmod(self, item):
        return None


# --- Texts -------------------------------------------------------------------------------------


class Words(NamedTuple):
    """A text and the language it is really in."""

    text: str
    language: str


def words(thing, field, language=None):
    """A label in `language`, or in the other one where it is missing. Only for labels that must be
    there (a department, a place): everything else asks `public(language)` first."""
    language = language or active()
    for candidate in (language, other(language)):
        if text := getattr(thing, f"{field}_{candidate}"):
            return Words(text, candidate)
    return Words("", language)


def marked(said, *, filtered=conditional_escape):
    """The text as HTML, inside a `lang` of its own if it is not in the page's language."""
    if said.language == get_language():
        return filtered(said.text)
    return format_html('<span lang="{}">{}</span>', said.language, filtered(said.text))


@register.simple_tag(name="words")
def words_tag(thing, field):
    """{% words department "name" %}: the label, marked with `lang` if it is in the other language."""
    return label(words(thing, field))


@register.filter
def label(said):
    """{{ choice.label|label }}: the same for a label that was looked up already."""
    return marked(said, filtered=phrase)


def listed(items):
    """`Japan, Singapore` and 日本、シンガポール."""
    return pgettext("between items of a list", ", ").join(str(item) for item in items)


def field_name(name, language):
    """What a recruiter reads beside a translated field: `Title (English)`."""
    pattern = {
        "en": pgettext_lazy("field", "{name} (English)"),
        "ja": pgettext_lazy("field", "{name} (Japanese)"),
    }[language]
    return format_lazy(pattern, name=name)


# --- The head of a page and its switch ---------------------------------------------------------

ONLY = {
    "en": gettext_lazy("English only"),
    "ja": gettext_lazy("Japanese only"),
}


@register.filter
def only(language):
    """The badge of something that exists in `language` alone."""
    return ONLY[language]


def page(request):
    """Context of every page: its language."""
    return {"language": get_language()}


@register.inclusion_tag("_alternates.html", takes_context=True)
def alternate_links(context):
    """Canonical and hreflang. A view with a page in one language gives `languages`; an error gives
    `languages=()`. A list gives `filters_query`, with which it is its bare self to a search engine, and
    `leaf_query`, with which it is another page. Whatever else somebody has hung on the address means
    nothing. A page that is `unlisted` has no address that anybody may learn from it."""
    request, languages = context["request"], context.get("languages", LANGUAGES)
    if context.get("unlisted"):
        return {"unlisted": True}
    filters, leaf = context.get("filters_query", ""), context.get("leaf_query", "")
    own = request.path if filters or not leaf else f"{request.path}?{leaf}"
    return {
        "canonical": absolute(own) if languages else "",
        # Whoever shares a filtered list means what they see.
        "address": absolute(f"{request.path}?{filters}" if filters else own),
        "locale": OPEN_GRAPH[get_language()],
        "other_locales": [OPEN_GRAPH[code] for code in languages if code != get_language()],
        "filtered": bool(filters),
        "alternates": alternates(own, languages),
    }


@register.inclusion_tag("_language_switcher.html", takes_context=True)
def language_switch(context):
    """The way to the other language: this page with its query, or `other_page` and why."""
    request, language = context["request"], get_language()
    languages, target = context.get("languages", LANGUAGES), other(language)
    if target in languages and of_path(request.path):
        address = in_language(request.get_full_path(), target)
    else:
        address = in_language(context.get("other_page", f"/{language}/"), target)
    return {
        "address": address,
        "target": target,
        "own_name": OWN_NAME[target],
        "only_note": _in(target, context.get("only_note")),
    }


def _in(language, text):
    with translation.override(language):
        return str(text) if text else ""
