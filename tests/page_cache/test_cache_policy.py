"""Cache policies: public pages are cached; responses for one visitor, and all others, never are."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import URLPattern, get_resolver, path, reverse
from django.utils import timezone, translation

from careers import urls
from careers.bilingual import share_links
from careers.company import theme
from careers.company.models import Company
from careers.page_cache.decorators import CachePolicy, cache_publicly
from careers.page_cache.middleware import PUBLIC
from careers.staff.models import User
from tests import make
from tests.conftest import HOST

from .conftest import wsgi_client

pytestmark = pytest.mark.one_database

# The routes outside the admin whose responses are never cached. All other pages outside the admin are.
NOT_CACHED = {
    "job_board:not_found",
    "applications:apply",
    "applications:general",
    "applications:confirm",
    "applications:received",
    "applications:status",
    "applications:withdraw",
    "applications:erasure",
    "preview",
    "root",  # it reads Accept-Language
    "media",  # files, videos included
    "healthz",
    "readyz",
    "favicon",  # it redirects to a static file
}
UNCACHEABLE = CachePolicy(frozenset(), frozenset(), is_cacheable=False)


def routes(patterns=None, namespace=""):
    """Pairs of URL name and view of every route."""
    for pattern in get_resolver(urls.__name__).url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)


def is_admin_url(name):
    return name.startswith(("admin:", "backoffice:", "account_", "mfa_", "usersessions_"))


def public_routes():
    """{URL name: view} of every route outside the admin."""
    return {name: view for name, view in routes() if not is_admin_url(name)}


def is_cacheable(view):
    return getattr(view, "cache_policy", UNCACHEABLE).is_cacheable


def test_public_routes_are_cacheable_unless_listed():
    names = {name for name, view in public_routes().items() if not is_cacheable(view)}
    assert names == NOT_CACHED


def test_admin_routes_are_not_cacheable():
    assert not any(is_cacheable(view) for name, view in routes() if is_admin_url(name))


def job_board_arguments(role):
    """{URL name: arguments} of the job board."""
    token = Company.get().board_token
    numbers = {
        "job": role.pk * 10 + 1,
        "department": role.department_id,
        "office": 0,
        "section": 1,
    }
    names = ("board", "jobs", "departments", "offices", "sections")
    with_number = {f"job_board:{name}": [token, number] for name, number in numbers.items()}
    return {**{f"job_board:{name}": [token] for name in names}, **with_number}


@pytest.fixture
def addresses(transactional_db, font, client):
    """{URL name: path} of a site with all kinds of content."""
    make.company()
    role, article = make.role(), make.article()
    page = client.page(role.get_absolute_url("ja"))
    token = share_links.create(role, by=User.objects.create_user("hana@example.com"))
    arguments = {
        "roles:detail": [role.pk, role.slug],
        "articles:detail": [article.pk, article.slug],
        "applications:apply": [role.pk, role.slug],
        "company:theme": [theme.digest(Company.get().accent)],
        "media": ["0.svg"],
        "preview": [token],
        **job_board_arguments(role),
    }
    view_names = ("confirm", "received", "status", "withdraw", "erasure")
    token_arguments = {f"applications:{name}": ["S3CRET"] for name in view_names}
    with translation.override("ja"):
        paths = {
            name: reverse(name, args={**token_arguments, **arguments}.get(name, []))
            for name in public_routes().keys() - {"roles:social_card"}
        }
    card = page.partition('property="og:image" content="')[2].partition('"')[0]
    return {**paths, "roles:social_card": card.removeprefix(f"https://{HOST}")}


def test_route_is_cached_as_listed(addresses, wsgi):
    wsgi.warm("/robots.txt")  # now the generation is known
    for name in public_routes():
        first, second = wsgi.request(addresses[name]), wsgi.request(addresses[name])
        if name not in NOT_CACHED:
            expected = "hit" if name == "robots" else "fwd=miss; stored"
            assert first.cache_status == expected, name
            assert second.cache_status == "hit", name
            assert first.status == second.status == 200
            assert first.headers.keys() == second.headers.keys()
            assert "Set-Cookie" not in second.headers
        else:
            assert first.cache_status == second.cache_status == "fwd=bypass", name
            assert "public" not in first.headers.get("Cache-Control", ""), name


def test_cache_control_header(client, transactional_db, font):
    make.company()
    assert client.get("/en/").headers["Cache-Control"] == PUBLIC.format(24 * 60 * 60)
    assert client.get("/en/roles/feed.atom").headers["Cache-Control"] == PUBLIC.format(24 * 60 * 60)
    # Redirects and 404 overwrite the page that a proxy holds.
    role = make.role(published_at_ja=None)
    for address in (f"/en/roles/{role.pk}-x/", role.get_absolute_url("ja"), "/en/roles/999-x/"):
        expected = "public, max-age=0, s-maxage=1"
        assert client.get(address).headers["Cache-Control"] == expected, address
    # Search results are private.
    assert client.get("/en/roles/?q=rain").headers["Cache-Control"] == "private, max-age=0"
    assert "s-maxage" not in client.post("/en/").headers["Cache-Control"]


def test_closed_role_410_is_cached(wsgi):
    role = make.role(closes_on=timezone.localdate() - timedelta(days=40))
    assert wsgi.warm(role.get_absolute_url("en")).status == 410


def test_redirects_and_404_are_not_cached(wsgi):
    role = make.role(published_at_en=None)
    wsgi.warm("/robots.txt")
    for address, status in (
        (role.get_absolute_url("en"), 302),
        (f"/ja/roles/{role.pk}-wrong/", 301),
        ("/en/roles/999-x/", 404),
    ):
        for _ in range(2):
            response = wsgi.request(address)
            assert (response.status, response.cache_status) == (status, "fwd=miss"), address


def test_search_is_not_cached(wsgi):
    make.role()
    wsgi.warm("/en/roles/")
    for _ in range(2):
        response = wsgi.request("/en/roles/?q=rain&utm_source=x")
        assert (response.status, response.cache_status) == (200, "fwd=bypass")
        assert b"utm_source" not in response.body
    assert wsgi.request("/en/roles/feed.json?q=rain").cache_status == "fwd=bypass"


def test_only_get_and_head_use_cache(wsgi):
    page = wsgi.warm("/en/")
    head = wsgi.request("/en/", "HEAD")
    assert head.is_hit and head.body == b"" and head.headers == page.headers
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert wsgi.request("/en/", method).cache_status == "fwd=bypass"
    assert wsgi.request("/en/").is_hit


def test_head_request_fills_cache(wsgi):
    wsgi.warm("/robots.txt")
    head = wsgi.request("/en/", "HEAD")
    assert (head.cache_status, head.body) == ("fwd=miss; stored", b"")
    page = wsgi.request("/en/")
    assert page.is_hit and len(page.body) == int(head.headers["Content-Length"])


@pytest.mark.parametrize(
    ("host", "scheme", "status"),
    [
        ("evil.example.org", "https", 400),
        (f"{HOST}:8443", "https", 200),  # Django allows any port; pages never contain it
        (HOST, "http", 301),
    ],
)
def test_other_hosts_bypass_cache(wsgi, host, scheme, status):
    wsgi.warm("/en/")
    response = wsgi.request("/en/", host=host, scheme=scheme)
    assert (response.status, response.cache_status) == (status, "fwd=bypass")


def test_page_is_independent_of_visitor(wsgi):
    """Cookies, credentials and Accept-Language never reach a public page."""
    make.company()
    wsgi.warm("/robots.txt")
    credentials = {"cookie": "__Host-sessionid=S3CRET; messages=x", "authorization": "Basic eDp5"}
    first = wsgi.request("/en/", **credentials)
    second = wsgi.request("/en/", accept_language="ja")
    assert second.is_hit
    assert first.body == second.body


# --- Views with a cache policy and uncacheable responses ---------------------------------------


@cache_publicly(params=["which"])
def unusual_view(request):
    response = HttpResponse(f"I saw {request.COOKIES} {request.GET.urlencode()}")
    case = request.GET.get("which")
    if case == "cookie":
        response.set_cookie("seen", "yes")
    elif case == "session":
        response.write(request.session.get("name", "nobody"))
    elif case == "vary":
        response.headers["Vary"] = "Accept-Language"
    elif case == "private":
        response.headers["Cache-Control"] = "private"
    elif case == "no-store":
        response.headers["Cache-Control"] = "public, no-store"
    elif case == "large":
        response.write("x" * 300_000)
    elif case == "error":
        response.status_code = 500
    return response


class UnusualURLs:
    """The site's URLs, and a view with unusual responses."""

    urlpatterns = [*urls.urlpatterns, path("strange", unusual_view)]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.mark.parametrize(
    "case", ["cookie", "session", "vary", "private", "no-store", "large", "error"]
)
@override_settings(ROOT_URLCONF=UnusualURLs, PAGE_CACHE_BYTES=1024**2)
def test_unusual_response_is_not_cached(case, transactional_db):
    with wsgi_client() as wsgi:
        wsgi.warm("/strange")
        for _ in range(2):
            response = wsgi.request(f"/strange?which={case}", cookie="__Host-sessionid=S3CRET")
            assert response.cache_status == "fwd=miss"
            assert b"S3CRET" not in response.body
            if case in ("cookie", "session", "vary"):
                assert "s-maxage" not in response.headers["Cache-Control"]
