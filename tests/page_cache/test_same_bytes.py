"""Whatever is edited and asked in whatever order: a kept page is the same bytes as a new one."""

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

# An address as somebody may ask for it, and what of it counts.
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


ASKING = st.lists(st.sampled_from(sorted(ADDRESSES)), min_size=1, max_size=4)
EDIT = st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 10**6))
STEPS = st.lists(st.one_of(EDIT, ASKING), min_size=3, max_size=10)


def until_seen(door):
    """Until an edit has been seen, by which a page that was kept has become old."""
    for _ in attempts():
        if not door.ask("/robots.txt").is_hit:
            return
    raise AssertionError("nobody has seen the edit")


@pytest.fixture
def site(door):
    make.company()
    make.role(level="senior")
    make.article()
    make.perk()
    make.perk()
    return door


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_kept_and_new_pages_are_the_same(site, client, steps):
    for step in [*steps, list(ADDRESSES)]:
        if isinstance(step, list):
            for address in step:
                same(site, client, address)
            continue
        site.keep("/robots.txt")
        what, number = step
        before = Generation.current()
        with transaction.atomic():
            EDITS[what](number)
        if Generation.current() != before:
            until_seen(site)


def same(door, client, address):
    role = Role.objects.last().get_absolute_url("en")
    new = client.get(ADDRESSES[address].format(role=role))
    for _ in range(2):
        answer = door.ask(address.format(role=role))
        assert (answer.status, answer.body) == (new.status_code, new.content), address
