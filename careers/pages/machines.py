"""What machines ask for: the way in, health, robots, icons. None of it is a page."""

import sqlite3
import sys

from django.core.paginator import InvalidPage
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from careers.languages import BilingualSitemap, absolute, preferred
from careers.pagecache.marks import for_everybody


def root(request):
    """`/` leads to the visitor's language by Accept-Language alone. Nothing else negotiates."""
    response = HttpResponseRedirect(f"/{preferred(request)}/")
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


@for_everybody()
def robots(request):
    """Everything public may be read; the admin is nobody's business."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@for_everybody(reads=["p"])
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


def not_found(request, exception):
    """404: nothing here, and where to go instead."""
    return render(request, "404.html", {"languages": ()}, status=404)


def forbidden(request, exception=None, reason=""):
    """403: somebody else's page, or a form whose cookie is gone. Says what to do; never why."""
    return render(request, "403.html", {"languages": ()}, status=403)


def bad_request(request, exception):
    """400: asked for in a way that cannot be answered, such as under another host name."""
    return HttpResponse("Bad Request\n", content_type="text/plain", status=400)


def broken(request):
    """500: something of ours failed. Says so in both languages and asks no database.

    503, when it was the database that did not answer: then trying again helps, and says so.
    """
    if _database_is_away(sys.exception()):
        response = render(None, "503.html", status=503)
        response.headers["Retry-After"] = "10"
        return response
    return render(None, "500.html", status=500)


def _database_is_away(fault):
    # With SQLite's plainest code it is our SQL that is wrong; other codes tell of locks and full disks.
    code = getattr(fault and fault.__cause__, "sqlite_errorcode", None)
    return isinstance(fault, OperationalError | InterfaceError) and code != sqlite3.SQLITE_ERROR
