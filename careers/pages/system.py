"""Endpoints for programs: the redirect to a language, health, robots, sitemap, icon. None is a page."""

from django.core.paginator import InvalidPage
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from careers.languages import BilingualSitemap, absolute, preferred_language
from careers.page_cache.decorators import cache_publicly


def root(request):
    """`/` leads to the visitor's language by Accept-Language alone. Nothing else negotiates."""
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
    """Everything public may be read; the admin is nobody's business."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@cache_publicly(params=["p"])
def sitemap(request, sitemaps, section=None):
    """Every public page; where they are too many for one file, the list of the files that name them."""
    made = {name: kind() for name, kind in sitemaps.items() if section in (None, name)}
    if not made:
        raise Http404
    if not section and sum(one.paginator.count for one in made.values()) > BilingualSitemap.limit:
        files = [
            {"location": absolute(f"{reverse('sitemap', args=[name])}?p={page}")}
            for name, one in made.items()
            for page in one.paginator.page_range
            if one.paginator.count
        ]
        return _xml("sitemap_index.xml", {"sitemaps": files})
    try:
        urls = [url for one in made.values() for url in one.get_urls(request.GET.get("p", 1))]
    except InvalidPage:
        raise Http404 from None
    return _xml("sitemap.xml", {"urlset": urls})


def _xml(template, context):
    text = render_to_string(template, context)  # without what every page shows: it is none
    return HttpResponse(text, "application/xml", headers={"X-Robots-Tag": "noindex"})


def favicon(request):
    """Browsers ask for this address whatever a page says."""
    return HttpResponseRedirect(static("img/icon.svg"))
