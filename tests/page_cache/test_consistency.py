"""Consistency: after any sequence of edits and requests, a cached page has the bytes of a new one."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careers.articles.models import Article
from careers.company.models import Company, Perk
from careers.page_cache.models import Generation
from careers.roles.models import Department, Role, RoleCondition
from tests import make

from .conftest import attempts

pytestmark = pytest.mark.one_database

# URL as a visitor may request it → canonical URL.
ADDRESSES = {
    "/en/": "/en/",
    "/ja/?utm_source=x": "/ja/",
    "/en/roles/": "/en/roles/",
    "/ja/roles/?utm_source=x&sort=newest": "/ja/roles/?sort=newest",
    "/en/roles/?level=senior&x=": "/en/roles/?level=senior",
    "/ja/roles/feed.atom": "/ja/roles/feed.atom",
    "/en/roles/feed.json?page=2": "/en/roles/feed.json",
    "/en/roles/jobs.xml": "/en/roles/jobs.xml",
    "/ja/working-here/": "/ja/working-here/",
    "/en/advice/": "/en/advice/",
    "/sitemap.xml": "/sitemap.xml",
    "{role}?gclid=1": "{role}",
    "/en/roles/?q=engineer": "/en/roles/?q=engineer",
}
EDITS = {
    "a title": lambda n: Role.objects.update(title_en=f"Engineer {n}"),
    "a record": lambda n: _saved(Role.objects.last(), summary_ja=f"予報{n}"),
    "a language less": lambda n: _saved(Role.objects.last(), published_at_ja=None),
    "a language more": lambda n: _saved(Role.objects.last(), published_at_ja=timezone.now()),
    "closed": lambda n: _saved(Role.objects.last(), closes_on=_days_ago(n % 40)),
    "open": lambda n: _saved(Role.objects.last(), closes_on=None),
    "an inline": lambda n: RoleCondition.objects.update_or_create(
        role=Role.objects.last(), kind="pay", defaults={"text_en": f"{n} yen"}
    ),
    "a new one": lambda n: make.role(title_en=f"New {n}"),
    "one less": lambda n: Role.objects.count() > 1 and Role.objects.first().delete(),
    "the order": lambda n: Perk.objects.last().move_to(0),
    "a department": lambda n: _saved(Department.objects.first(), name_ja=f"部門{n}"),
    "the company": lambda n: _saved(Company.get(), name_en=f"Kumo {n}", accent=f"#{n:06x}"),
    "an article": lambda n: Article.objects.update(title_ja=f"面接{n}"),
}


def _saved(record, **changes):
    for name, value in changes.items():
        setattr(record, name, value)
    record.save()


def _days_ago(number):
    return timezone.localdate() - timedelta(days=number)


REQUESTS = st.lists(st.sampled_from(sorted(ADDRESSES)), min_size=1, max_size=4)
EDIT = st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 10**6))
STEPS = st.lists(st.one_of(EDIT, REQUESTS), min_size=3, max_size=10)


def wait_until_noticed(wsgi):
    """Wait until the cache has noticed an edit."""
    for _ in attempts():
        if not wsgi.request("/robots.txt").is_hit:
            return
    raise AssertionError("the edit was not noticed")


@pytest.fixture
def wsgi_site(wsgi):
    make.company()
    make.role(level="senior")
    make.article()
    make.perk()
    make.perk()
    return wsgi


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_cached_pages_equal_new_pages(wsgi_site, client, steps):
    for step in [*steps, list(ADDRESSES)]:
        if isinstance(step, list):
            for address in step:
                assert_same_bytes(wsgi_site, client, address)
            continue
        wsgi_site.warm("/robots.txt")
        edit, number = step
        before = Generation.current()
        with transaction.atomic():
            EDITS[edit](number)
        if Generation.current() != before:
            wait_until_noticed(wsgi_site)


def assert_same_bytes(wsgi, client, address):
    role = Role.objects.last().get_absolute_url("en")
    new = client.get(ADDRESSES[address].format(role=role))
    for _ in range(2):
        response = wsgi.request(address.format(role=role))
        assert (response.status, response.body) == (new.status_code, new.content), address
