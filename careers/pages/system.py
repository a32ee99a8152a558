"""Endpoints for programs: the redirect to a language, health, robots, sitemap, icon."""

from django.core.paginator import InvalidPage
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from careers.languages import BilingualSitemap, absolute, preferred_language
from careers.page_cache.decorators import cache_publicly


def root(request):
    """Redirect `/` to the visitor's language, by Accept-Language only."""
    response = HttpResponseRedirect(f"/{preferred_language(request)}/")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Accept-Language"
    return response


def healthz(request):
    """200 when the database answers, 503 when not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", "text/plain", 503)
    return HttpResponse("ok\n", "text/plain", headers={"Cache-Control": "no-store"})


@cache_publicly()
def robots(request):
    """robots.txt: allows everything except the admin."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@cache_publicly(params=["p"])
def sitemap(request, sitemaps, section=None):
    """Every public page, or an index of sitemap files if there are too many pages for one file."""
    parts = {name: part() for name, part in sitemaps.items() if section in (None, name)}
    if not parts:
        raise Http404
    if (
        not section
        and sum(part.paginator.count for part in parts.values()) > BilingualSitemap.limit
    ):
        files = [
            {"location": absolute(f"{reverse('sitemap', args=[name])}?p={page}")}
            for name, part in parts.items()
            for page in part.paginator.page_range
            if part.paginator.count
        ]
        return _xml("sitemap_index.xml", {"sitemaps": files})
    try:
        urls = [url for part in parts.values() for url in part.get_urls(request.GET.get("p", 1))]
    except InvalidPage:
        raise Http404 from None
    return _xml("sitemap.xml", {"urlset": urls})


def _xml(template, context):
    text = render_to_string(template, context)  # without the context processors of pages
    return HttpResponse(text, "application/xml", headers={"X-Robots-Tag": "noindex"})


def favicon(request):
    """Redirect /favicon.ico, which some browsers request without a link to it."""
    return HttpResponseRedirect(static("img/icon.svg"))
