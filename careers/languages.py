"""The two languages: URLs with a language prefix, the same page in the other language, fallbacks for texts.

The head of a page, the language switcher and the sitemap all use `alternates()`, so that they agree.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from babel import lists
from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model
from django.http import HttpResponseRedirect
from django.template import Library
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.text import format_lazy
from django.utils.translation import (
    get_language,
    get_language_from_path,
    gettext_lazy,
    pgettext_lazy,
)

from careers.japanese import phrase

register = Library()

LANGUAGES = ("en", "ja")
OWN_NAMES = {"en": "English", "ja": "日本語"}
X_DEFAULT = "x-default"
OPEN_GRAPH = {"en": "en_US", "ja": "ja_JP"}
SITEMAP_LIMIT = 10_000  # URLs in one sitemap file
# One part of Accept-Language (RFC 9110, 12.5.4): `ja`, `en-GB;q=0.8`, `*;q=0`.
_LANGUAGE_RANGE = re.compile(
    r"(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:\s*;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?",
    re.IGNORECASE,
)
_UNMENTIONED = 0.0001  # the quality of a language that is missing there: between q=0 and q=0.001
_MAX_ACCEPT_LANGUAGE = 500  # characters that are read; browsers send fewer than 100


def active_language() -> str:
    """The active language; English where Django has deactivated translation, as while it logs."""
    return get_language() or settings.LANGUAGE_CODE


def other_language(language: str) -> str:
    """The other language."""
    return "ja" if language == "en" else "en"


# --- URLs --------------------------------------------------------------------------------------


def preferred_language(request):
    """The best of the two languages by Accept-Language alone, without cookies; else English.

    A language with q=0 is not acceptable (RFC 9110, 12.4.2): it is chosen only if the other one is not
    acceptable either. Of two that are equally good, the one named first is chosen. Malformed parts of
    the header are ignored.
    """
    qualities = _language_qualities(request.headers.get("Accept-Language", ""))
    wildcard = qualities.get("*", _UNMENTIONED)
    # Of equal ones, `max` returns the first: in the order of the header, then English.
    order = [*(language for language in qualities if language in LANGUAGES), *LANGUAGES]
    return max(order, key=lambda language: qualities.get(language, wildcard))


def _language_qualities(header):
    """{primary language or "*": quality} in the order of the header. Of ja-JP and ja, the best counts."""
    qualities = {}
    for part in header[:_MAX_ACCEPT_LANGUAGE].split(","):
        if match := _LANGUAGE_RANGE.fullmatch(part.strip()):
            language = match[1].lower().partition("-")[0]
            quality = float(match[2] or 1)
            qualities[language] = max(quality, qualities.get(language, 0))
    return qualities


def path_in_language(path: str, language: str) -> str:
    """The same path in `language`. Only the prefix differs, because both languages share the slug."""
    return f"/{language}{path[3:]}"


@register.filter
def absolute(path: str) -> str:
    """The absolute URL of a path, from SITE_URL: a Host header must not poison cached pages."""
    return f"{settings.SITE_URL}{path}"


def alternates(path, languages=LANGUAGES):
    """Pairs of hreflang and absolute URL for a page that exists in `languages`.

    With both languages also `x-default`, the English page; a page in one language has no pairs
    (https://developers.google.com/search/docs/specialty/international/localized-versions).
    """
    if len(languages) < 2:
        return []
    pairs = [(language, absolute(path_in_language(path, language))) for language in LANGUAGES]
    return [*pairs, (X_DEFAULT, pairs[0][1])]


def redirect_to_available_language(request, languages):
    """Redirect to the first of `languages`; 302, because a translation may follow."""
    return HttpResponseRedirect(path_in_language(request.get_full_path(), languages[0]))


def language_context(languages, *, only_note, list_path):
    """Template context of a page that exists in `languages`, for its head and the language switcher.

    If it exists in one language only, the switcher links to `list_path` in the other language, with
    `only_note[language]` as the reason.
    """
    note = only_note[languages[0]] if len(languages) == 1 else None
    return {"languages": languages, "only_note": note, "other_page": list_path}


class UrlLanguageMiddleware:
    """Activates the language of the URL prefix; cookies and headers have no influence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with translation.override(
            get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        ):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", get_language())
        return response


class BilingualSitemap(Sitemap):
    """A sitemap whose items exist in one or both languages; absolute URLs from SITE_URL."""

    limit = SITEMAP_LIMIT // len(LANGUAGES)  # items, each with a page in one or both of them

    # Cached, so that choosing the file and writing it share one count query.
    paginator = cached_property(Sitemap.paginator.fget)

    def get_languages_for_item(self, item):
        """The languages in which `item` has a page."""
        return list(LANGUAGES)

    def get_urls(self, page=1, site=None, protocol=None):
        return [
            {
                "location": absolute(path_in_language(self.location(item), language)),
                "lastmod": self.lastmod(item),
                "alternates": [
                    {"lang_code": code, "location": address}
                    for code, address in alternates(
                        self.location(item), self.get_languages_for_item(item)
                    )
                ],
            }
            for item in self.paginator.page(page).object_list
            for language in self.get_languages_for_item(item)
        ]

    def lastmod(self, item):
        return None


# --- Texts -------------------------------------------------------------------------------------


class LocalizedText(NamedTuple):
    """A text and its language."""

    text: str
    language: str


def localized(instance: Model, field: str, language: str | None = None) -> LocalizedText:
    """The text of a translated field in `language`, or in the other language if it is missing.

    Only for names that a page needs in any case (a department, a location). Other content is shown
    only where `public(language)` finds it.
    """
    language = language or active_language()
    for candidate in (language, other_language(language)):
        if text := getattr(instance, f"{field}_{candidate}"):
            return LocalizedText(text, candidate)
    return LocalizedText("", language)


def with_lang(text, *, to_html=conditional_escape):
    """The `LocalizedText` as HTML, in a `<span lang>` unless it is in the language of the page."""
    if text.language == get_language():
        return to_html(text.text)
    return format_html('<span lang="{}">{}</span>', text.language, to_html(text.text))


@register.simple_tag(name="localized")
def localized_tag(instance, field):
    """{% localized department "name" %}: the text, with `lang` if it is in the other language."""
    return with_lang_filter(localized(instance, field))


@register.filter(name="with_lang")
def with_lang_filter(text):
    """{{ choice.label|with_lang }}: a `LocalizedText`, with `lang` if it is in the other language."""
    return with_lang(text, to_html=phrase)


def format_list(items: Iterable[object]) -> str:
    """`Japan, Singapore` and 日本、シンガポール: an enumeration without "and", by CLDR."""
    names = [str(item) for item in items]
    return lists.format_list(names, style="standard-narrow", locale=active_language())


def bilingual_verbose_name(name, language):
    """The label of a translated field in the admin: `Title (English)`."""
    pattern = {
        "en": pgettext_lazy("field", "{name} (English)"),
        "ja": pgettext_lazy("field", "{name} (Japanese)"),
    }[language]
    return format_lazy(pattern, name=name)


# --- The head of a page and the language switcher ----------------------------------------------

ONLY_BADGES = {
    "en": gettext_lazy("English only"),
    "ja": gettext_lazy("Japanese only"),
}


@register.filter
def only_badge(language):
    """The badge of content that exists in `language` only."""
    return ONLY_BADGES[language]


def language_processor(request):
    """Context processor: `language`, the active language."""
    return {"language": get_language()}


@register.inclusion_tag("_alternates.html", takes_context=True)
def alternate_links(context):
    """Canonical link, hreflang links and Open Graph locales.

    A view gives `languages` for a page in one language, and `languages=()` for an error page. A list
    gives `filters_query`, which the canonical link leaves out, and `page_query`, its page number, which
    the canonical link keeps. Other query parameters are ignored. An `unlisted` page has no links,
    because its URL is a secret.
    """
    request, languages = context["request"], context.get("languages", LANGUAGES)
    if context.get("unlisted"):
        return {"unlisted": True}
    filters, leaf = context.get("filters_query", ""), context.get("page_query", "")
    own = request.path if filters or not leaf else f"{request.path}?{leaf}"
    return {
        "canonical": absolute(own) if languages else "",
        # A shared link keeps the filters.
        "address": absolute(f"{request.path}?{filters}" if filters else own),
        "locale": OPEN_GRAPH[get_language()],
        "other_locales": [OPEN_GRAPH[code] for code in languages if code != get_language()],
        "filtered": bool(filters),
        "alternates": alternates(own, languages),
    }


@register.inclusion_tag("_language_switcher.html", takes_context=True)
def language_switcher(context):
    """A link to this page in the other language, or to `other_page` with the reason in `only_note`.

    On a page with a form for candidates it is a button that sends the form to that page, so that no
    answer is lost: `switch_form` is the id of the form, `switch_field` the name of the button.
    """
    request, language = context["request"], get_language()
    languages, target = context.get("languages", LANGUAGES), other_language(language)
    has_page = target in languages and get_language_from_path(request.path)
    if has_page:
        address = path_in_language(request.get_full_path(), target)
    else:
        address = path_in_language(context.get("other_page", f"/{language}/"), target)
    return {
        "address": address,
        "form": context.get("switch_form") if has_page else None,
        "field": context.get("switch_field"),
        "target": target,
        "own_name": OWN_NAMES[target],
        "only_note": _translate(context.get("only_note"), target),
    }


def _translate(text, language):
    with translation.override(language):
        return str(text) if text else ""
