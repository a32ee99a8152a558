"""My work: the sections on the start page, and the review of roles."""

from datetime import datetime, timedelta

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
    """The sections on the start page: {name: (count, HTML)}."""
    elements = parse(visitor.page("/admin/")).all("section[aria-labelledby^=work-]")
    return {
        section["aria-labelledby"].removeprefix("work-"): (
            int(section.one(".count").text.split()[0]),
            section.html,
        )
        for section in elements
    }


def linked_names(html):
    """The names of the records in a section."""
    return parse(html).texts("li > a[href$='/change/']")


def overdue_role(**changes):
    role = make.role(**changes)
    Role.objects.filter(pk=role.pk).update(reviewed_at=timezone.now() - settings.REVIEW_AFTER - DAY)
    return role


def test_my_work_empty_sections(recruiter):
    by_name = sections(recruiter)
    assert list(by_name) == [
        "applications",
        "translations",
        "scheduled",
        "closing_soon",
        "needs_review",
    ]
    assert [count for count, _text in by_name.values()] == [0, 0, 0, 0, 0]
    for name, message in {
        "applications": "They appear here as soon as someone applies.",
        "translations": "Everything is written in both languages",
        "scheduled": "To schedule something, publish it and say when it opens.",
        "closing_soon": "Nothing closes within the next 14 days.",
        "needs_review": "Every open role was confirmed within the last 60 days.",
    }.items():
        assert message in by_name[name][1]


def test_my_work_translations(recruiter):
    perk = make.perk(title_en="Only here", title_ja="")
    make.perk()
    count, text = sections(recruiter)["translations"]
    assert count == 1
    assert f'<a href="/admin/company/perk/{perk.pk}/change/">Only here</a>' in text
    assert 'href="/admin/translations/"' in text


def test_my_work_scheduled_lists_soonest_of_all_models(recruiter):
    now = timezone.now()
    make.role(title_en="Later", opens_at=now + 9 * DAY)
    make.article(title_en="Sooner", opens_at=now + 2 * DAY, published_at_ja=None)
    make.role(title_en="Open", opens_at=now - DAY)
    make.role(title_en="Draft", opens_at=now + DAY, published_at_en=None, published_at_ja=None)
    count, text = sections(recruiter)["scheduled"]
    assert count == 2
    assert linked_names(text) == ["Sooner", "Later"]
    assert "Later" in recruiter.page("/admin/roles/role/?due=scheduled")
    assert "Draft" not in recruiter.page("/admin/roles/role/?due=scheduled")
    assert 'href="/admin/articles/article/?due=scheduled">Articles' in text


def test_my_work_closing_soon(recruiter):
    today = timezone.localdate()
    make.role(title_en="Last", closes_on=today + settings.CLOSING_SOON)
    make.role(title_en="First", closes_on=today)
    make.role(title_en="Over", closes_on=today - DAY)
    make.role(title_en="Far", closes_on=today + settings.CLOSING_SOON + DAY)
    make.role(title_en="Draft", closes_on=today, published_at_en=None, published_at_ja=None)
    count, text = sections(recruiter)["closing_soon"]
    assert count == 2
    assert linked_names(text) == ["First", "Last"]


def test_my_work_shows_five_and_counts_all(recruiter):
    for number in range(7):
        overdue_role(title_en=f"Role {number}")
    count, text = sections(recruiter)["needs_review"]
    assert count == 7
    assert text.count("<li>") == 5
    assert 'href="/admin/roles/role/?due=needs_review">Roles' in text
    page = recruiter.page("/admin/roles/role/?due=needs_review")
    assert page.count('class="action-select"') == 7


def test_my_work_reviews_open_roles_only(recruiter):
    overdue_role(title_en="Closed", closes_on=timezone.localdate() - DAY)
    overdue_role(title_en="Draft", published_at_en=None, published_at_ja=None)
    make.role(title_en="New")
    overdue_role(title_en="Overdue", published_at_ja=None)
    count, text = sections(recruiter)["needs_review"]
    assert (count, linked_names(text)) == (1, ["Overdue"])


def test_role_review_redirects_to_next_role(recruiter):
    first, second = overdue_role(title_en="First"), overdue_role(title_en="Second")
    updated = Role.objects.get(pk=first.pk).updated_at
    page = recruiter.page(f"/admin/roles/role/{first.pk}/change/")
    assert "For 60 days nobody has said that this role is still accurate." in page
    response = recruiter.post(f"/admin/roles/role/{first.pk}/review/")
    assert response.headers["Location"] == f"/admin/roles/role/{second.pk}/change/"
    page = recruiter.page(f"/admin/roles/role/{second.pk}/change/")
    assert "“First” is confirmed as still accurate." in page
    response = recruiter.post(f"/admin/roles/role/{second.pk}/review/")
    assert response.headers["Location"] == "/admin/"
    assert "For 60 days" not in recruiter.page(f"/admin/roles/role/{first.pk}/change/")
    assert sections(recruiter)["needs_review"][0] == 0
    assert Role.objects.get(pk=first.pk).updated_at == updated
    assert not Revision.objects.exists()


def test_role_review_from_my_work_redirects_back(recruiter):
    first, _second = overdue_role(title_en="First"), overdue_role()
    text = sections(recruiter)["needs_review"][1]
    assert 'aria-label="“First” is still accurate"' in text
    response = recruiter.post(f"/admin/roles/role/{first.pk}/review/", {"back": "my-work"})
    assert response.headers["Location"] == "/admin/"


def test_role_review_causes_no_edit_conflict(recruiter):
    role = overdue_role()
    path = f"/admin/roles/role/{role.pk}/change/"
    base_fields = fields_of(recruiter.get(path))
    recruiter.post(f"/admin/roles/role/{role.pk}/review/")
    assert recruiter.post(path, base_fields | {"title_en": "Storm"}).status_code == 302


def test_role_review_by_edit_and_publication(recruiter):
    role = overdue_role()
    edit(recruiter, f"/admin/roles/role/{role.pk}/change/", level="senior")
    assert sections(recruiter)["needs_review"][0] == 0
    draft = overdue_role(published_at_en=None, published_at_ja=None)
    draft.refresh_from_db()
    draft.publish("en")
    draft.save()
    assert sections(recruiter)["needs_review"][0] == 0


@pytest.mark.parametrize(
    ("group", "names"), [("Viewers", []), ("Hiring managers", ["applications"])]
)
def test_my_work_hidden_without_change_permission(signed_in, group, names):
    role = overdue_role()
    visitor = signed_in(group)
    assert list(sections(visitor)) == names
    assert "/admin/roles/role/" in visitor.page("/admin/")
    assert "/review/" not in visitor.page(f"/admin/roles/role/{role.pk}/change/")


def test_my_work_query_count_is_constant(recruiter):
    def one_of_each():
        now = timezone.now()
        overdue_role(title_ja="")
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


def test_my_work_erasure_requests(recruiter):
    """Requests are listed by deadline, with a link to the filtered list."""
    assert "Data deletion requests" not in recruiter.page("/admin/")
    make.application(family_name="森", given_name="愛")
    moment = datetime(2026, 11, 30, 12, 0, tzinfo=timezone.get_default_timezone())
    for days in (2, 1):
        make.application(erasure_requested_at=moment, erasure_due_at=moment + days * DAY)
    page = parse(recruiter.page("/admin/"))
    section = page.one("section[aria-labelledby=work-erasure]")
    notes = [note for note in section.texts("li .note") if note]
    assert notes == [
        "will be deleted by 2026-12-01 12:00",
        "will be deleted by 2026-12-02 12:00",
    ]
    filtered_page = recruiter.page(section.one("a[href*=erasure]")["href"])
    assert "山田 太郎" in filtered_page and "森 愛" not in filtered_page


# --- Hiring managers ---


@pytest.fixture
def manager(signed_in):
    return signed_in("Hiring managers")


def test_my_work_of_a_hiring_manager_without_department(manager):
    make.application(make.role())
    by_name = sections(manager)
    assert list(by_name) == ["applications"]
    count, html = by_name["applications"]
    assert count == 0
    assert "You manage no department yet." in html


def test_my_work_of_a_hiring_manager_lists_applications_of_their_departments(manager):
    """The new ones, newest first, and those in progress; nothing of other departments, nothing to write."""
    department = make.department(name_en="Weather")
    department.managers.add(manager.user)
    role = make.role(department=department)
    first, second = make.application(role), make.application(role, given_name="花子")
    interviewed = make.application(role, stage="interview", given_name="三郎")
    make.application(role, stage="rejected", given_name="四郎")
    make.application(role, confirmed_at=None, given_name="五郎")
    make.application(make.role(title_en="Elsewhere"), given_name="六郎")
    make.application(None, given_name="七郎")
    make.perk(title_en="Untranslated", title_ja="")
    by_name = sections(manager)
    assert list(by_name) == ["applications", "in_progress"]
    count, html = by_name["applications"]
    assert (count, linked_names(html)) == (2, [str(second), str(first)])
    assert "?stage__exact=new" in html
    count, html = by_name["in_progress"]
    assert (count, linked_names(html)) == (1, [str(interviewed)])
    links = [link["href"] for link in parse(html).all("p a")]
    assert len(links) == 3
    for link in links:
        assert manager.get(link).status_code == 200
    page = manager.page("/admin/")
    for hidden in ("四郎", "五郎", "六郎", "七郎", "Untranslated", "/admin/translations/#"):
        assert hidden not in page


def test_my_work_of_a_hiring_manager_names_the_departments(manager):
    for name in ("Weather", "Clouds"):
        make.department(name_en=name).managers.add(manager.user)
    _count, html = sections(manager)["applications"]
    assert "No new applications for your departments: Weather, Clouds." in html


def test_my_work_of_a_hiring_manager_links_to_a_page_they_may_open(manager):
    role = make.role()
    role.department.managers.add(manager.user)
    application = make.application(role)
    [link] = parse(manager.page("/admin/")).all("#work-applications ~ ul a")
    assert link["href"] == f"/admin/applications/application/{application.pk}/change/"
    assert manager.get(link["href"]).status_code == 200


def test_my_work_of_a_hiring_manager_has_constant_queries(manager):
    role = make.role()
    role.department.managers.add(manager.user)
    make.application(role)
    make.application(role, stage="offer")
    few = queries(manager, "/admin/")
    for _number in range(49):
        make.application(role, documents=())
        make.application(role, stage="offer", documents=())
    assert queries(manager, "/admin/") == few
