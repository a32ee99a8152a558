"""The list of applications in the admin: its rows, search, filters, bulk actions and permissions."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from careers.application_forms.enums import DocumentKind
from careers.applications.models import Application, StageChange
from tests import make
from tests.conftest import queries
from tests.html import parse

pytestmark = pytest.mark.django_db

LIST = "/admin/applications/application/"
MORNING = datetime(2026, 11, 21, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def listed_references(visitor, query=""):
    """The references of the list, in its order."""
    return parse(visitor.page(f"{LIST}{query}")).texts("#result_list .field-display_reference")


def run_action(visitor, action, *applications, query=""):
    form = {"action": action, "_selected_action": [row.pk for row in applications]}
    return visitor.post(f"{LIST}{query}", form, follow=True).text


def test_list_row(recruiter):
    role = make.role(title_en="Cloud reader")
    application = make.application(
        role,
        reference="7Q4KM2XD",
        documents=(DocumentKind.RESUME, DocumentKind.PORTFOLIO),
        received_at=MORNING,
    )
    page = recruiter.page(LIST)
    for text in ("山田 太郎", "ヤマダ タロウ", "Cloud reader", "new", "2026-11-21 10:15"):
        assert text in page, text
    assert "日本語" in page and '<td class="field-document_count">2</td>' in page
    assert f"{LIST}{application.pk}/change/" in page and "7Q4K-M2XD" in page


def test_list_general_application(signed_in):
    make.application()
    assert "General application" in signed_in("Recruiters").page(LIST)
    assert "職種を指定しない応募" in signed_in("Recruiters", "ja").page(LIST)


def test_list_newest_first(recruiter):
    now = timezone.now()
    old, new, mid = (make.application(received_at=now - timedelta(days=days)) for days in (9, 1, 5))
    assert listed_references(recruiter) == [
        new.display_reference,
        mid.display_reference,
        old.display_reference,
    ]


@pytest.mark.parametrize(
    "query",
    [
        "山田太郎",
        "山田　太郎",
        "太郎 山田",
        "やまだ",
        "ﾔﾏﾀﾞ ﾀﾛｳ",
        "やまだたろう",
        "Tarosan",
        "TARO@",
        "7Q4K-M2XD",
        "7q4km2xd",
        "７Ｑ４Ｋ－Ｍ２ＸＤ",
        "m2xd",
    ],
)
def test_search_variants(recruiter, query):
    application = make.application(
        reference="7Q4KM2XD", email="taro@example.org", preferred_name="Tarosan"
    )
    other = {"family_name": "Smith", "given_name": "Ann", "family_kana": "", "given_kana": ""}
    make.application(reference="AAAABBBB", email="ann@example.org", **other)
    assert listed_references(recruiter, f"?q={query}") == [application.display_reference]


def test_search_kanji_variants(recruiter):
    application = make.application(family_name="髙橋", given_name="﨑子")
    assert listed_references(recruiter, "?q=高橋崎子") == [application.display_reference]


def test_search_email_with_hyphen(recruiter):
    application = make.application(email="kita-yama@example.org")
    assert listed_references(recruiter, "?q=kita-yama") == [application.display_reference]


def test_quarantine_tab_lists_unconfirmed(recruiter):
    confirmed, quarantined = make.application(), make.application(confirmed_at=None)
    assert listed_references(recruiter) == [confirmed.display_reference]
    assert listed_references(recruiter, "?waiting=yes") == [quarantined.display_reference]
    assert 'Waiting for confirmation <span class="count">1</span>' in recruiter.page(LIST)


def test_list_filters(recruiter):
    clouds = make.role(department=make.department(name_en="Clouds"))
    rain = make.role(department=make.department(name_en="Rain"))
    clouds_application = make.application(clouds)
    rain_application = make.application(rain, stage="interview")
    general_application = make.application()
    assert listed_references(recruiter, "?stage__exact=interview") == [
        rain_application.display_reference
    ]
    assert listed_references(recruiter, f"?role={clouds.pk}") == [
        clouds_application.display_reference
    ]
    assert listed_references(recruiter, "?role=none") == [general_application.display_reference]
    assert listed_references(recruiter, "?role=nonsense") == []
    department = f"?role__department__id__exact={rain.department.pk}"
    assert listed_references(recruiter, department) == [rain_application.display_reference]
    page = recruiter.page(LIST)
    assert "By department" in page and "?role=none" in page


def test_list_query_count_is_constant(recruiter):
    def add_application():
        make.application(make.role())

    add_application()
    before = queries(recruiter, LIST)
    for _ in range(49):
        add_application()
    assert queries(recruiter, LIST) == before
    assert before <= 16


# --- Empty lists -------------------------------------------------------------------------------


def test_list_empty(recruiter):
    page = recruiter.page(LIST)
    assert "They appear here as soon as someone applies." in page
    assert 'href="/admin/roles/role/"' in page
    assert "Nobody waits for confirmation." in recruiter.page(f"{LIST}?waiting=yes")


def test_search_without_results_links_other_tab(recruiter):
    quarantined = make.application(email="ken@example.org", confirmed_at=None)
    page = recruiter.page(f"{LIST}?q=ken")
    assert "Nothing here matches." in page and "Search among those waiting" in page
    assert 'href="?waiting=yes&amp;q=ken"' in page
    assert listed_references(recruiter, "?waiting=yes&q=ken") == [quarantined.display_reference]


def test_list_has_no_add_link(recruiter):
    make.application()
    assert "/add/" not in recruiter.page(LIST).split('id="content"')[1]


# --- Bulk actions ------------------------------------------------------------------------------


def test_bulk_move(recruiter):
    first, second = make.application(), make.application(stage="screening")
    page = run_action(recruiter, "move_to_screening", first, second)
    assert "1 application is now in “screening”." in page
    change = StageChange.objects.get()
    assert (change.application, change.old_stage, change.new_stage) == (first, "new", "screening")
    assert change.changed_by == recruiter.user
    assert "All of them were in “screening” already." in run_action(
        recruiter, "move_to_screening", first, second
    )


def test_bulk_release(recruiter):
    first, second = make.application(confirmed_at=None), make.application(confirmed_at=None)
    page = run_action(recruiter, "release", first, second, query="?waiting=yes")
    assert "2 applications were released from quarantine" in page
    assert set(listed_references(recruiter)) == {first.display_reference, second.display_reference}


def test_bulk_actions_of_each_tab(recruiter):
    make.application()
    quarantined = make.application(confirmed_at=None)
    page = recruiter.page(LIST)
    assert 'value="move_to_offer"' in page and 'value="release"' not in page
    page = recruiter.page(f"{LIST}?waiting=yes")
    assert 'value="release"' in page and 'value="move_to_offer"' not in page
    run_action(recruiter, "move_to_offer", quarantined)
    quarantined.refresh_from_db()
    assert quarantined.stage == "new"


# --- Hiring managers ---------------------------------------------------------------------------


@pytest.fixture
def manager(signed_in):
    """A hiring manager of one department; `manager.role` is an opening of it."""
    visitor = signed_in("Hiring managers")
    visitor.role = make.role()
    visitor.role.department.managers.add(visitor.user)
    return visitor


def test_manager_lists_own_departments_only(manager):
    own = make.application(manager.role)
    others = [make.application(make.role()), make.application()]
    others.append(make.application(manager.role, confirmed_at=None))
    assert listed_references(manager) == [own.display_reference]
    for query in ("?q=山田", "?waiting=yes", "?stage__exact=new"):
        assert listed_references(manager, query) == [own.display_reference], query
    for other in others[:2]:
        assert listed_references(manager, f"?q={other.reference}") == []
        assert listed_references(manager, f"?role={other.role_id or 'none'}") == []
    page = manager.page(LIST)
    assert "Waiting for confirmation" not in page and "action-select" not in page
    assert str(others[0].role) not in page and "General application" not in page


def test_manager_cannot_run_bulk_actions(manager):
    own = make.application(manager.role)
    quarantined = make.application(manager.role, confirmed_at=None)
    run_action(manager, "move_to_offer", own)
    run_action(manager, "release", quarantined, query="?waiting=yes")
    assert not StageChange.objects.exists()
    assert Application.objects.get(pk=quarantined.pk).confirmed_at is None


def test_manager_document_count_excludes_hidden(manager):
    own = make.application(manager.role)
    hidden = own.answers.create(
        question_text="Salary slip?", kind="file", visible_to_hiring_managers=False
    )
    own.attachments.create(document=make.document(), kind=DocumentKind.ANSWER, answer=hidden)
    assert '<td class="field-document_count">1</td>' in manager.page(LIST)


def test_manager_without_department(signed_in):
    make.application(make.role())
    assert "please ask a recruiter to add you" in signed_in("Hiring managers").page(LIST)


def test_manager_has_no_autocomplete(manager):
    """No form uses Django's view that searches records of any model, so the site does not have it."""
    make.application(manager.role)
    ask = "app_label=applications&model_name=application&field_name=replaces"
    response = manager.get(f"/admin/autocomplete/?{ask}&term=山田")
    assert response.status_code == 404 and "山田" not in response.text
