"""The list of applications: what is in it for whom, how it is searched, and many moved at once."""

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


def found(visitor, query=""):
    """The references in the list, from top to bottom."""
    return parse(visitor.page(f"{LIST}{query}")).texts("#result_list .field-display_reference")


def act(visitor, action, *applications, query=""):
    form = {"action": action, "_selected_action": [row.pk for row in applications]}
    return visitor.post(f"{LIST}{query}", form, follow=True).text


def test_a_row_says_who_for_what_how_far_and_since_when(recruiter):
    role = make.role(title_en="Cloud reader")
    made = make.application(
        role,
        reference="7Q4KM2XD",
        documents=(DocumentKind.RESUME, DocumentKind.PORTFOLIO),
        received_at=MORNING,
    )
    page = recruiter.page(LIST)
    for said in ("山田 太郎", "ヤマダ タロウ", "Cloud reader", "new", "2026-11-21 10:15"):
        assert said in page, said
    assert "日本語" in page and '<td class="field-document_count">2</td>' in page
    assert f"{LIST}{made.pk}/change/" in page and "7Q4K-M2XD" in page


def test_an_application_for_no_role_says_so(signed_in):
    make.application()
    assert "General application" in signed_in("Recruiters").page(LIST)
    assert "職種を指定しない応募" in signed_in("Recruiters", "ja").page(LIST)


def test_the_newest_is_first(recruiter):
    now = timezone.now()
    old, new, mid = (make.application(received_at=now - timedelta(days=days)) for days in (9, 1, 5))
    assert found(recruiter) == [new.display_reference, mid.display_reference, old.display_reference]


@pytest.mark.parametrize(
    "typed",
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
def test_found_however_it_is_typed(recruiter, typed):
    made = make.application(
        reference="7Q4KM2XD", email="taro@example.org", preferred_name="Tarosan"
    )
    other = {"family_name": "Smith", "given_name": "Ann", "family_kana": "", "given_kana": ""}
    make.application(reference="AAAABBBB", email="ann@example.org", **other)
    assert found(recruiter, f"?q={typed}") == [made.display_reference]


def test_variants_of_a_kanji_are_one(recruiter):
    made = make.application(family_name="髙橋", given_name="﨑子")
    assert found(recruiter, "?q=高橋崎子") == [made.display_reference]


def test_an_address_with_a_hyphen_is_no_reference(recruiter):
    made = make.application(email="kita-yama@example.org")
    assert found(recruiter, "?q=kita-yama") == [made.display_reference]


def test_what_waits_stands_behind_its_tab(recruiter):
    confirmed, waiting = make.application(), make.application(confirmed_at=None)
    assert found(recruiter) == [confirmed.display_reference]
    assert found(recruiter, "?waiting=yes") == [waiting.display_reference]
    assert 'Waiting for confirmation <span class="count">1</span>' in recruiter.page(LIST)


def test_filters(recruiter):
    clouds = make.role(department=make.department(name_en="Clouds"))
    rain = make.role(department=make.department(name_en="Rain"))
    in_clouds, in_rain = make.application(clouds), make.application(rain, stage="interview")
    in_none = make.application()
    assert found(recruiter, "?stage__exact=interview") == [in_rain.display_reference]
    assert found(recruiter, f"?role={clouds.pk}") == [in_clouds.display_reference]
    assert found(recruiter, "?role=none") == [in_none.display_reference]
    assert found(recruiter, "?role=nonsense") == []
    department = f"?role__department__id__exact={rain.department.pk}"
    assert found(recruiter, department) == [in_rain.display_reference]
    page = recruiter.page(LIST)
    assert "By department" in page and "?role=none" in page


def test_as_many_queries_for_fifty_as_for_one(recruiter):
    def one():
        make.application(make.role())

    one()
    before = queries(recruiter, LIST)
    for _ in range(49):
        one()
    assert queries(recruiter, LIST) == before
    assert before <= 16


# --- Where nothing is to be seen ------------------------------------------------------------------


def test_an_empty_list_says_what_to_do(recruiter):
    page = recruiter.page(LIST)
    assert "They appear here as soon as someone applies." in page
    assert 'href="/admin/roles/role/"' in page
    assert "Nobody waits for confirmation." in recruiter.page(f"{LIST}?waiting=yes")


def test_a_search_in_vain_leads_on_to_the_other_tab(recruiter):
    waiting = make.application(email="ken@example.org", confirmed_at=None)
    page = recruiter.page(f"{LIST}?q=ken")
    assert "Nothing here matches." in page and "Search among those waiting" in page
    assert 'href="?waiting=yes&amp;q=ken"' in page
    assert found(recruiter, "?waiting=yes&q=ken") == [waiting.display_reference]


def test_nothing_can_be_added_here(recruiter):
    make.application()
    assert "/add/" not in recruiter.page(LIST).split('id="content"')[1]


# --- Several at once ------------------------------------------------------------------------------


def test_several_are_moved(recruiter):
    one, two = make.application(), make.application(stage="screening")
    page = act(recruiter, "move_to_screening", one, two)
    assert "1 application is now in “screening”." in page
    change = StageChange.objects.get()
    assert (change.application, change.old_stage, change.new_stage) == (one, "new", "screening")
    assert change.changed_by == recruiter.user
    assert "All of them were in “screening” already." in act(
        recruiter, "move_to_screening", one, two
    )


def test_several_are_released(recruiter):
    one, two = make.application(confirmed_at=None), make.application(confirmed_at=None)
    page = act(recruiter, "release", one, two, query="?waiting=yes")
    assert "2 applications were released from quarantine" in page
    assert set(found(recruiter)) == {one.display_reference, two.display_reference}


def test_each_tab_has_its_own_actions(recruiter):
    make.application()
    waiting = make.application(confirmed_at=None)
    page = recruiter.page(LIST)
    assert 'value="move_to_offer"' in page and 'value="release"' not in page
    page = recruiter.page(f"{LIST}?waiting=yes")
    assert 'value="release"' in page and 'value="move_to_offer"' not in page
    act(recruiter, "move_to_offer", waiting)
    waiting.refresh_from_db()
    assert waiting.stage == "new"


# --- Hiring managers ------------------------------------------------------------------------------


@pytest.fixture
def manager(signed_in):
    """A hiring manager of one department; `manager.role` is an opening of it."""
    visitor = signed_in("Hiring managers")
    visitor.role = make.role()
    visitor.role.department.managers.add(visitor.user)
    return visitor


def test_a_manager_finds_their_own_departments_alone(manager):
    mine = make.application(manager.role)
    others = [make.application(make.role()), make.application()]
    others.append(make.application(manager.role, confirmed_at=None))
    assert found(manager) == [mine.display_reference]
    for query in ("?q=山田", "?waiting=yes", "?stage__exact=new"):
        assert found(manager, query) == [mine.display_reference], query
    for other in others[:2]:
        assert found(manager, f"?q={other.reference}") == []
        assert found(manager, f"?role={other.role_id or 'none'}") == []
    page = manager.page(LIST)
    assert "Waiting for confirmation" not in page and "action-select" not in page
    assert str(others[0].role) not in page and "General application" not in page


def test_a_manager_moves_and_releases_nothing(manager):
    mine = make.application(manager.role)
    waiting = make.application(manager.role, confirmed_at=None)
    act(manager, "move_to_offer", mine)
    act(manager, "release", waiting, query="?waiting=yes")
    assert not StageChange.objects.exists()
    assert Application.objects.get(pk=waiting.pk).confirmed_at is None


def test_a_managers_numbers_leave_out_what_only_recruiters_read(manager):
    mine = make.application(manager.role)
    hidden = mine.answers.create(
        question_text="Salary slip?", kind="file", visible_to_hiring_managers=False
    )
    mine.attachments.create(document=make.document(), kind=DocumentKind.ANSWER, answer=hidden)
    assert '<td class="field-document_count">1</td>' in manager.page(LIST)


def test_a_manager_of_nothing_is_told_whom_to_ask(signed_in):
    make.application(make.role())
    assert "please ask a recruiter to add you" in signed_in("Hiring managers").page(LIST)


def test_choices_of_other_forms_are_scoped_too(manager):
    mine, other = make.application(manager.role), make.application(make.role())
    ask = "app_label=applications&model_name=application&field_name=replaces"
    answer = manager.get(f"/admin/autocomplete/?{ask}&term=山田").json()
    assert [row["id"] for row in answer["results"]] == [str(mine.pk)] != [str(other.pk)]
