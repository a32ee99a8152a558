"""What is kept: everybody's pages. What never is: whatever is somebody's own, or may not be there."""

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

from .conftest import opened

pytestmark = pytest.mark.one_database

# Every route of the site outside the admin, and whether its page is kept.
KEPT, NEVER = True, False
UNCACHEABLE = CachePolicy(frozenset(), frozenset(), is_cacheable=False)
ROUTES = {
    "home": KEPT,
    "working_here": KEPT,
    "hiring": KEPT,
    "privacy": KEPT,
    "accessibility": KEPT,
    "roles:index": KEPT,
    "roles:detail": KEPT,
    "roles:social_card": KEPT,
    "roles:atom": KEPT,
    "roles:json_feed": KEPT,
    "roles:indeed": KEPT,
    "articles:index": KEPT,
    "articles:detail": KEPT,
    "company:theme": KEPT,
    "sitemap": KEPT,
    "robots": KEPT,
    "job_board:openapi": KEPT,
    "job_board:board": KEPT,
    "job_board:jobs": KEPT,
    "job_board:job": KEPT,
    "job_board:departments": KEPT,
    "job_board:department": KEPT,
    "job_board:offices": KEPT,
    "job_board:office": KEPT,
    "job_board:sections": KEPT,
    "job_board:section": KEPT,
    "job_board:not_found": NEVER,
    "applications:apply": NEVER,
    "applications:general": NEVER,
    "applications:confirm": NEVER,
    "applications:received": NEVER,
    "applications:status": NEVER,
    "applications:withdraw": NEVER,
    "applications:erasure": NEVER,
    "preview": NEVER,
    "root": NEVER,  # it asks for the language of the browser
    "media": NEVER,  # files, as large as films
    "healthz": NEVER,
    "favicon": NEVER,  # it leads to a static file
}


def routes(patterns=None, namespace=""):
    """Pairs of URL name and view, of every address below this one."""
    for pattern in get_resolver(urls.__name__).url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)


def is_of_the_admin(name):
    return name.startswith(("admin:", "backoffice:", "account_", "mfa_", "usersessions_"))


def test_the_table_knows_every_route_and_the_admin_has_no_mark():
    marked = {
        name: getattr(view, "cache_policy", UNCACHEABLE).is_cacheable for name, view in routes()
    }
    admin = {name for name in marked if is_of_the_admin(name)}
    assert {name: marked[name] for name in marked.keys() - admin} == ROUTES
    assert not any(marked[name] for name in admin)


def boards(role):
    """The arguments of every address of the job board."""
    token = Company.get().board_token
    numbers = {
        "job": role.pk * 10 + 1,
        "department": role.department_id,
        "office": 0,
        "section": 1,
    }
    names = ("board", "jobs", "departments", "offices", "sections")
    one = {f"job_board:{name}": [token, number] for name, number in numbers.items()}
    return {**{f"job_board:{name}": [token] for name in names}, **one}


@pytest.fixture
def addresses(transactional_db, font, client):
    """{URL name: an address of it} of a site with everything in it."""
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
        **boards(role),
    }
    words = ("confirm", "received", "status", "withdraw", "erasure")
    secret = {f"applications:{word}": ["S3CRET"] for word in words}
    with translation.override("ja"):
        found = {
            name: reverse(name, args={**secret, **arguments}.get(name, []))
            for name in ROUTES.keys() - {"roles:social_card"}
        }
    card = page.partition('property="og:image" content="')[2].partition('"')[0]
    return {**found, "roles:social_card": card.removeprefix(f"https://{HOST}")}


def test_each_route_does_as_the_table_says(addresses, door):
    door.keep("/robots.txt")  # from now on the generation is known
    for name, is_kept in ROUTES.items():
        first, second = door.ask(addresses[name]), door.ask(addresses[name])
        if is_kept:
            assert first.said == "hit" if name == "robots" else "fwd=miss; stored", name
            assert second.said == "hit", name
            assert first.status == second.status == 200
            assert first.headers.keys() == second.headers.keys()
            assert "Set-Cookie" not in second.headers
        else:
            assert first.said == second.said == "fwd=bypass", name
            assert "public" not in first.headers.get("Cache-Control", ""), name


def test_pages_say_for_how_long_proxies_may_keep_them(client, transactional_db, font):
    make.company()
    assert client.get("/en/").headers["Cache-Control"] == PUBLIC.format(24 * 60 * 60)
    assert client.get("/en/roles/feed.atom").headers["Cache-Control"] == PUBLIC.format(24 * 60 * 60)
    # No page, or one elsewhere: in a proxy that replaces what was there, and for no longer than a page.
    role = make.role(published_at_ja=None)
    for address in (f"/en/roles/{role.pk}-x/", role.get_absolute_url("ja"), "/en/roles/999-x/"):
        said = "public, max-age=0, s-maxage=1"
        assert client.get(address).headers["Cache-Control"] == said, address
    # What somebody has typed is for nobody else.
    assert client.get("/en/roles/?q=rain").headers["Cache-Control"] == "private, max-age=0"
    assert "s-maxage" not in client.post("/en/").headers["Cache-Control"]


def test_a_page_that_is_gone_is_kept_too(door):
    role = make.role(closes_on=timezone.localdate() - timedelta(days=40))
    assert door.keep(role.get_absolute_url("en")).status == 410


def test_what_is_not_a_page_is_asked_anew(door):
    role = make.role(published_at_en=None)
    door.keep("/robots.txt")
    for address, status in (
        (role.get_absolute_url("en"), 302),
        (f"/ja/roles/{role.pk}-wrong/", 301),
        ("/en/roles/999-x/", 404),
    ):
        for _ in range(2):
            answer = door.ask(address)
            assert (answer.status, answer.said) == (status, "fwd=miss"), address


def test_a_search_is_never_kept(door):
    make.role()
    door.keep("/en/roles/")
    for _ in range(2):
        answer = door.ask("/en/roles/?q=rain&utm_source=x")
        assert (answer.status, answer.said) == (200, "fwd=bypass")
        assert b"utm_source" not in answer.body
    assert door.ask("/en/roles/feed.json?q=rain").said == "fwd=bypass"


def test_only_reading_is_answered_from_what_is_kept(door):
    page = door.keep("/en/")
    head = door.ask("/en/", "HEAD")
    assert head.is_hit and head.body == b"" and head.headers == page.headers
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert door.ask("/en/", method).said == "fwd=bypass"
    assert door.ask("/en/").is_hit


def test_head_makes_the_page_for_everybody(door):
    door.keep("/robots.txt")
    head = door.ask("/en/", "HEAD")
    assert (head.said, head.body) == ("fwd=miss; stored", b"")
    page = door.ask("/en/")
    assert page.is_hit and len(page.body) == int(head.headers["Content-Length"])


@pytest.mark.parametrize(
    ("host", "scheme", "status"),
    [
        ("evil.example.org", "https", 400),
        (f"{HOST}:8443", "https", 200),  # Django allows any port; a page never says which
        (HOST, "http", 301),
    ],
)
def test_it_answers_only_for_the_address_of_the_site(door, host, scheme, status):
    door.keep("/en/")
    answer = door.ask("/en/", host=host, scheme=scheme)
    assert (answer.status, answer.said) == (status, "fwd=bypass")


def test_who_asks_makes_no_difference(door):
    """A cookie, a name or a language of the browser reaches no page of everybody."""
    make.company()
    door.keep("/robots.txt")
    somebody = {"cookie": "__Host-sessionid=S3CRET; messages=x", "authorization": "Basic eDp5"}
    first = door.ask("/en/", **somebody)
    second = door.ask("/en/", accept_language="ja")
    assert second.is_hit
    assert first.body == second.body


# --- Views that are marked, and yet say something of their own ---------------------------------


@cache_publicly(params=["which"])
def strange(request):
    answer = HttpResponse(f"I saw {request.COOKIES} {request.GET.urlencode()}")
    which = request.GET.get("which")
    if which == "cookie":
        answer.set_cookie("seen", "yes")
    elif which == "session":
        answer.write(request.session.get("name", "nobody"))
    elif which == "vary":
        answer.headers["Vary"] = "Accept-Language"
    elif which == "private":
        answer.headers["Cache-Control"] = "private"
    elif which == "no-store":
        answer.headers["Cache-Control"] = "public, no-store"
    elif which == "large":
        answer.write("x" * 300_000)
    elif which == "error":
        answer.status_code = 500
    return answer


class Strange:
    """The site's own addresses, and a view of many kinds."""

    urlpatterns = [*urls.urlpatterns, path("strange", strange)]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.mark.parametrize(
    "which", ["cookie", "session", "vary", "private", "no-store", "large", "error"]
)
@override_settings(ROOT_URLCONF=Strange, PAGE_CACHE_BYTES=1024**2)
def test_an_answer_of_its_own_kind_is_not_kept(which, transactional_db):
    with opened() as door:
        door.keep("/strange")
        for _ in range(2):
            answer = door.ask(f"/strange?which={which}", cookie="__Host-sessionid=S3CRET")
            assert answer.said == "fwd=miss"
            assert b"S3CRET" not in answer.body
            if which in ("cookie", "session", "vary"):
                assert "s-maxage" not in answer.headers["Cache-Control"]
