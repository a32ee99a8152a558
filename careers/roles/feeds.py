"""The openings as feeds, each in one language: Atom and JSON Feed for people who follow the list, XML
for job sites that copy all of it.

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

from careers.company import context as company_page
from careers.languages import absolute, words
from careers.page_cache.decorators import cache_publicly
from careers.publishing import seen_since

from . import context, where
from .enums import EmploymentType, Workplace
from .formatting import pay
from .jobposting import description
from .models import Role
from .search import CHOICES, TYPED, Search

NEWEST = 100  # in a feed that people follow; job sites get all
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without anything in it was last changed
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


# --- For people who follow the list --------------------------------------------------------------


@cache_publicly(params=CHOICES, bypass_params=[TYPED])
@conditional_page
def atom(request):
    """The newest openings in Atom, filtered as the list is."""
    language, company = get_language(), company_page.of(request)
    search = Search(request.GET, language)
    feed = _Atom(
        title=_in_xml(_title(company, search)),
        link=absolute(search.address),
        description="",
        language=language,
        author_name=_in_xml(company.name),
        feed_url=absolute(request.get_full_path()),
    )
    for role in _newest(search):
        title, summary, content = _said(role, language)
        feed.add_item(
            title=_in_xml(title),
            link=absolute(role.get_absolute_url(language)),
            description=_in_xml(escape(summary)),
            content=_in_xml(content),
            unique_id=_name_of(role, language),
            pubdate=role.posted_at(language),
            updateddate=role.changed_at,
            categories=[_in_xml(words(role.department, "name").text)],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@cache_publicly(params=CHOICES, bypass_params=[TYPED])
@conditional_page
def json_feed(request):
    """The newest openings as a JSON Feed, filtered as the list is."""
    language, company = get_language(), company_page.of(request)
    search = Search(request.GET, language)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(company, search),
        "home_page_url": absolute(search.address),
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
    """With the whole text of an entry, and the same bytes as long as nothing changes."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else NEVER

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _item(role, language):
    title, summary, content = _said(role, language)
    return {
        "id": _name_of(role, language),
        "url": absolute(role.get_absolute_url(language)),
        "title": title,
        "summary": summary,
        "content_html": content,
        "date_published": role.posted_at(language).isoformat(),
        "date_modified": role.changed_at.isoformat(),
        "language": language,
        "tags": [words(role.department, "name").text],
    }


def _newest(search):
    """The roles that a search finds, as far as they are posted in its language."""
    found = search.roles().order_by().values("pk")
    rows = Role.objects.public(search.language).filter(pk__in=found).select_related("department")
    return rows.order_by(seen_since(search.language).desc(), "-pk")[:NEWEST]


def _title(company, search):
    title = (
        _("Openings at %(company)s") % {"company": company.name} if company.name else _("Openings")
    )
    return f"{title}: {search.sentence}" if search else title


def _name_of(role, language):
    """What an entry is called for ever, whatever becomes of its title and its address (RFC 4151)."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{role.created_at:%Y-%m-%d}:roles/{role.pk}/{language}"


def _said(role, language):
    title, summary = getattr(role, f"title_{language}"), getattr(role, f"summary_{language}")
    return title, summary, description(summary, context.texts(role, language))


# --- For job sites -------------------------------------------------------------------------------


@cache_publicly()
@conditional_page
def indeed(request):
    """Every opening in the XML that Indeed reads, and most job sites with it: one job for each place."""
    language, company = get_language(), company_page.of(request)
    found = Role.objects.public(language).select_related("department")
    roles = list(found)
    where.read(roles, keys=found.order_by().values("pk"))
    jobs = [
        _element("job", _elements(_job(role, number, place, language, company)))
        for role in roles
        for number, place in _places(role).items()
    ]
    head = _elements({"publisher": company.name, "publisherurl": absolute(f"/{language}/")})
    source = _element("source", head + "".join(jobs))
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{source}'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


def _job(role, number, place, language, company):
    title, _summary, content = _said(role, language)
    return {
        "title": title,
        "date": role.posted_on(language).isoformat(),
        "referencenumber": f"{role.pk}-{language}-{number}",
        "requisitionid": role.reference_id,
        "url": absolute(role.get_absolute_url(language)),
        "company": company.name,
        **place,
        "description": content,
        "salary": pay(role),
        "jobtype": JOB_TYPES[role.employment_type],
        "remotetype": REMOTE_TYPES.get(role.workplace, ""),
        "category": words(role.department, "name").text,
        "expirationdate": role.closes_on.isoformat() if role.closes_on else "",
        "language": language,
    }


def _places(role):
    """Where a role is listed, each by a key that stays: at its places, or in the countries of remote
    work. A job site refuses a feed that lacks a job: a role without any of them is listed once."""
    if role.workplace == Workplace.REMOTE:
        places = {row.country: {"country": row.country} for row in role.remote_countries.all()}
    else:
        places = {
            place.pk: {
                "streetaddress": words(place, "address").text,
                "city": words(place, "name").text,
                "country": place.country,
            }
            for place in role.locations.all()
        }
    return places or {0: {}}


def _elements(said):
    return "".join(
        _element(name, f"<![CDATA[{_in_xml(text).replace(']]>', ']]]]><![CDATA[>')}]]>")
        for name, text in said.items()
        if text
    )


def _element(name, content):
    return f"<{name}>{content}</{name}>\n"


def _in_xml(text):
    """Without the control characters that somebody pasted: one of them would break the whole feed."""
    return _NOT_IN_XML.sub("", text)
