"""Feeds of openings, each in one language: Atom and JSON Feed for subscribers, XML for job sites.

RFC 4287; https://www.jsonfeed.org/version/1.1/; https://docs.indeed.com/indeed-apply/xml-feed
"""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page

from careers.company.context import get_company
from careers.languages import absolute, localized
from careers.page_cache.decorators import cache_publicly
from careers.publishing import visible_since

from .addresses import address
from .context import texts
from .entries import RELATED
from .enums import EmploymentType, Workplace
from .formatting import pay
from .jobposting import description_html
from .models import Role
from .search import FILTER_PARAMS, WORDS_PARAM, Search

MAX_ENTRIES = 100  # of Atom and JSON Feed; job sites get all open roles
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # the `updated` of an empty feed, which never changes
JOB_TYPES = {
    EmploymentType.PERMANENT: "fulltime",
    EmploymentType.FIXED_TERM: "temporary",
    EmploymentType.PART_TIME: "parttime",
    EmploymentType.SENIOR_CONTRACT: "contract",
    EmploymentType.AGENCY: "temporary",
    EmploymentType.CONTRACTOR: "contract",
    EmploymentType.INTERN: "internship",
}
REMOTE_TYPES = {Workplace.HYBRID: "Hybrid remote", Workplace.REMOTE: "Fully remote"}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# --- For subscribers -----------------------------------------------------------------------------


@cache_publicly(params=FILTER_PARAMS, bypass_params=[WORDS_PARAM])
@conditional_page
def atom(request):
    """The newest open roles as an Atom feed, with the filters of the list."""
    language, company = get_language(), get_company(request)
    search = Search(request.GET, language)
    feed = _Atom(
        title=_xml_text(_title(company, search)),
        link=absolute(search.url),
        description="",
        language=language,
        author_name=_xml_text(company.name),
        feed_url=absolute(request.get_full_path()),
    )
    for role in _newest(search):
        title, summary, content = _texts(role, language)
        feed.add_item(
            title=_xml_text(title),
            link=absolute(role.get_absolute_url(language)),
            description=_xml_text(escape(summary)),
            content=_xml_text(content),
            unique_id=_tag_uri(role, language),
            pubdate=role.posted_at(language),
            updateddate=role.changed_at,
            categories=[_xml_text(localized(role.department, "name").text)],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@cache_publicly(params=FILTER_PARAMS, bypass_params=[WORDS_PARAM])
@conditional_page
def json_feed(request):
    """The newest open roles as a JSON Feed, with the filters of the list."""
    language, company = get_language(), get_company(request)
    search = Search(request.GET, language)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(company, search),
        "home_page_url": absolute(search.url),
        "feed_url": absolute(request.get_full_path()),
        "language": language,
        "authors": [{"name": company.name}],
        "items": [_item(role, language) for role in _newest(search)],
    }
    return JsonResponse(
        feed,
        content_type="application/feed+json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )


class _Atom(Atom1Feed):
    """Adds the whole text of each entry, and a constant `updated` for an empty feed."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else EPOCH

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _item(role, language):
    title, summary, content = _texts(role, language)
    return {
        "id": _tag_uri(role, language),
        "url": absolute(role.get_absolute_url(language)),
        "title": title,
        "summary": summary,
        "content_html": content,
        "date_published": role.posted_at(language).isoformat(),
        "date_modified": role.changed_at.isoformat(),
        "language": language,
        "tags": [localized(role.department, "name").text],
    }


def _newest(search):
    """The roles that a search finds and that are posted in its language, the newest first."""
    keys = search.roles().order_by().values("pk")
    rows = Role.objects.public(search.language).filter(pk__in=keys).select_related("department")
    return rows.order_by(visible_since(search.language).desc(), "-pk")[:MAX_ENTRIES]


def _title(company, search):
    title = (
        _("Openings at %(company)s") % {"company": company.name} if company.name else _("Openings")
    )
    return f"{title}: {search.sentence}" if search else title


def _tag_uri(role, language):
    """The permanent id of an entry, independent of its title and URL (RFC 4151)."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{role.created_at:%Y-%m-%d}:roles/{role.pk}/{language}"


def _texts(role, language):
    title, summary = getattr(role, f"title_{language}"), getattr(role, f"summary_{language}")
    return title, summary, description_html(summary, texts(role, language))


# --- For job sites -------------------------------------------------------------------------------


@cache_publicly()
@conditional_page
def indeed(request):
    """All open roles in Indeed's XML, which most job sites read: one job per role and location."""
    language, company = get_language(), get_company(request)
    roles = Role.objects.public(language).select_related("department").prefetch_related(*RELATED)
    jobs = [
        _element("job", _elements(_job(role, key, elements, language, company)))
        for role in roles
        for key, elements in _addresses(role).items()
    ]
    head = _elements({"publisher": company.name, "publisherurl": absolute(f"/{language}/")})
    source = _element("source", head + "".join(jobs))
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{source}'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


def _job(role, key, address_elements, language, company):
    title, _summary, content = _texts(role, language)
    return {
        "title": title,
        "date": role.posted_on(language).isoformat(),
        "referencenumber": f"{role.pk}-{language}-{key}",
        "requisitionid": role.reference_id,
        "url": absolute(role.get_absolute_url(language)),
        "company": company.name,
        **address_elements,
        "description": content,
        "salary": pay(role),
        "jobtype": JOB_TYPES[role.employment_type],
        "remotetype": REMOTE_TYPES.get(role.workplace, ""),
        "category": localized(role.department, "name").text,
        "expirationdate": role.closes_on.isoformat() if role.closes_on else "",
        "language": language,
    }


def _addresses(role):
    """{permanent key: address elements} of a role's locations, or of its remote countries.

    A role without any is listed once, without an address.
    """
    if role.workplace == Workplace.REMOTE:
        addresses = {row.country: {"country": row.country} for row in role.remote_countries.all()}
    else:
        addresses = {location.pk: _address_elements(location) for location in role.locations.all()}
    return addresses or {0: {}}


def _address_elements(location):
    parts = address(location)
    return {
        "streetaddress": parts.street,
        "city": parts.city or localized(location, "name").text,
        "state": parts.region,
        "postalcode": parts.postal_code,
        "country": parts.country,
    }


def _elements(texts_by_name):
    return "".join(
        _element(name, f"<![CDATA[{_xml_text(text).replace(']]>', ']]]]><![CDATA[>')}]]>")
        for name, text in texts_by_name.items()
        if text
    )


def _element(name, content):
    return f"<{name}>{content}</{name}>\n"


def _xml_text(text):
    """`text` without the control characters that XML 1.0 forbids; one would invalidate the whole feed."""
    return _NOT_IN_XML.sub("", text)
