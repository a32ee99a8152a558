"""My work: what waits for somebody, and the button that says that a role is still accurate."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from careers.revisions.models import Revision
from careers.roles.models import Role
from tests import make
from tests.bilingual.forms import edit, fields_of
from tests.conftest import queries
from tests.html import parse

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def sections(visitor):
    """{name: (count, HTML)} of the sections on the page."""
    found = parse(visitor.page("/admin/")).all("section[aria-labelledby^=work-]")
    return {
        section["aria-labelledby"].removeprefix("work-"): (
            int(section.one(".count").text.split()[0]),
            section.html,
        )
        for section in found
    }


def linked(html):
    """The names of the records in a section."""
    return parse(html).texts("li > a[href$='/change/']")


def doubtful(**changes):
    role = make.role(**changes)
    Role.objects.filter(pk=role.pk).update(
        confirmed_at=timezone.now() - settings.REVIEW_AFTER - DAY
    )
    return role


def test_where_nothing_waits_each_section_says_so(recruiter):
    found = sections(recruiter)
    assert list(found) == [
        "applications",
        "translations",
        "scheduled",
        "closing_soon",
        "unconfirmed",
    ]
    assert [count for count, _text in found.values()] == [0, 0, 0, 0, 0]
    for name, said in {
        "applications": "They appear here as soon as someone applies.",
        "translations": "Everything is written in both languages",
        "scheduled": "To schedule something, publish it and say when it opens.",
        "closing_soon": "Nothing closes within the next 14 days.",
        "unconfirmed": "Every open role was confirmed within the last 60 days.",
    }.items():
        assert said in found[name][1]


def test_translations_to_do(recruiter):
    perk = make.perk(title_en="Only here", title_ja="")
    make.perk()
    count, text = sections(recruiter)["translations"]
    assert count == 1
    assert f'<a href="/admin/company/perk/{perk.pk}/change/">Only here</a>' in text
    assert 'href="/admin/translations/"' in text


def test_scheduled_are_the_soonest_of_all_kinds(recruiter):
    now = timezone.now()
    make.role(title_en="Later", opens_at=now + 9 * DAY)
    make.article(title_en="Sooner", opens_at=now + 2 * DAY, published_at_ja=None)
    make.role(title_en="Open", opens_at=now - DAY)
    make.role(title_en="Draft", opens_at=now + DAY, published_at_en=None, published_at_ja=None)
    count, text = sections(recruiter)["scheduled"]
    assert count == 2
    assert linked(text) == ["Sooner", "Later"]
    assert "Later" in recruiter.page("/admin/roles/role/?due=scheduled")
    assert "Draft" not in recruiter.page("/admin/roles/role/?due=scheduled")
    assert 'href="/admin/articles/article/?due=scheduled">Articles' in text


def test_closing_soon(recruiter):
    today = timezone.localdate()
    make.role(title_en="Last", closes_on=today + settings.CLOSING_SOON)
    make.role(title_en="First", closes_on=today)
    make.role(title_en="Over", closes_on=today - DAY)
    make.role(title_en="Far", closes_on=today + settings.CLOSING_SOON + DAY)
    make.role(title_en="Draft", closes_on=today, published_at_en=None, published_at_ja=None)
    count, text = sections(recruiter)["closing_soon"]
    assert count == 2
    assert linked(text) == ["First", "Last"]


def test_five_are_shown_and_all_are_counted(recruiter):
    for number in range(7):
        doubtful(title_en=f"Role {number}")
    count, text = sections(recruiter)["unconfirmed"]
    assert count == 7
    assert text.count("<li>") == 5
    assert 'href="/admin/roles/role/?due=unconfirmed">Roles' in text
    page = recruiter.page("/admin/roles/role/?due=unconfirmed")
    assert page.count('class="action-select"') == 7


def test_only_what_is_open_has_to_be_confirmed(recruiter):
    doubtful(title_en="Closed", closes_on=timezone.localdate() - DAY)
    doubtful(title_en="Draft", published_at_en=None, published_at_ja=None)
    make.role(title_en="New")
    doubtful(title_en="Doubtful", published_at_ja=None)
    count, text = sections(recruiter)["unconfirmed"]
    assert (count, linked(text)) == (1, ["Doubtful"])


def test_one_button_confirms_and_moves_on(recruiter):
    first, second = doubtful(title_en="First"), doubtful(title_en="Second")
    updated = Role.objects.get(pk=first.pk).updated_at
    page = recruiter.page(f"/admin/roles/role/{first.pk}/change/")
    assert "For 60 days nobody has said that this role is still accurate." in page
    answer = recruiter.post(f"/admin/roles/role/{first.pk}/confirm/")
    assert answer.headers["Location"] == f"/admin/roles/role/{second.pk}/change/"
    page = recruiter.page(f"/admin/roles/role/{second.pk}/change/")
    assert "“First” is confirmed as still accurate." in page
    answer = recruiter.post(f"/admin/roles/role/{second.pk}/confirm/")
    assert answer.headers["Location"] == "/admin/"
    assert "For 60 days" not in recruiter.page(f"/admin/roles/role/{first.pk}/change/")
    assert sections(recruiter)["unconfirmed"][0] == 0
    assert Role.objects.get(pk=first.pk).updated_at == updated
    assert not Revision.objects.exists()


def test_from_my_work_it_leads_back(recruiter):
    first, _second = doubtful(title_en="First"), doubtful()
    text = sections(recruiter)["unconfirmed"][1]
    assert 'aria-label="“First” is still accurate"' in text
    answer = recruiter.post(f"/admin/roles/role/{first.pk}/confirm/", {"back": "my-work"})
    assert answer.headers["Location"] == "/admin/"


def test_confirming_does_not_stop_a_colleague_who_writes(recruiter):
    role = doubtful()
    path = f"/admin/roles/role/{role.pk}/change/"
    opened = fields_of(recruiter.get(path))
    recruiter.post(f"/admin/roles/role/{role.pk}/confirm/")
    assert recruiter.post(path, opened | {"title_en": "Storm"}).status_code == 302


def test_an_edit_and_a_publication_confirm_too(recruiter):
    role = doubtful()
    edit(recruiter, f"/admin/roles/role/{role.pk}/change/", level="senior")
    assert sections(recruiter)["unconfirmed"][0] == 0
    draft = doubtful(published_at_en=None, published_at_ja=None)
    draft.refresh_from_db()
    draft.publish("en")
    draft.save()
    assert sections(recruiter)["unconfirmed"][0] == 0


@pytest.mark.parametrize("group", ["Viewers", "Hiring managers"])
def test_who_may_not_act_has_the_rooms_alone(signed_in, group):
    role = doubtful()
    visitor = signed_in(group)
    assert sections(visitor) == {}
    assert "/admin/roles/role/" in visitor.page("/admin/")
    assert "/confirm/" not in visitor.page(f"/admin/roles/role/{role.pk}/change/")


def test_as_many_queries_for_fifty_as_for_one(recruiter):
    def one_of_each():
        now = timezone.now()
        doubtful(title_ja="")
        make.role(opens_at=now + DAY)
        make.article(opens_at=now + DAY)
        make.role(closes_on=timezone.localdate() + DAY)
        make.article(closes_on=timezone.localdate() + DAY)

    one_of_each()
    before = queries(recruiter, "/admin/")
    for _ in range(10):
        one_of_each()
    assert queries(recruiter, "/admin/") == before
    assert before <= 50


def test_who_asked_to_be_erased(recruiter):
    assert "Asked to be erased" not in recruiter.page("/admin/")
    make.application(family_name="森", given_name="愛")
    make.application(erasure_requested_at=timezone.now())
    work = recruiter.page("/admin/")
    assert "Asked to be erased" in work
    asked = recruiter.page(parse(work).one("a[href*=erasure_requested_at]")["href"])
    assert "山田 太郎" in asked and "森 愛" not in asked
