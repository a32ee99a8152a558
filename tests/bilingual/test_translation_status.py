"""How far each language is: in the form, in the lists, and on the translation board."""

import pytest
from django.utils import timezone

from careers.bilingual.models import TextState
from careers.roles.models import RoleCondition
from tests import make
from tests.bilingual.forms import edit
from tests.conftest import queries
from tests.html import parse

pytestmark = pytest.mark.django_db

BOARD = "/admin/translations/"


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


@pytest.fixture
def perks():
    """One perk in each state: ready in both, stale in Japanese, missing in English, ready but bare."""
    made = {
        "ready": make.perk(title_en="Ready", title_ja="完成"),
        "stale": make.perk(title_en="Stale", title_ja="古い"),
        "missing": make.perk(title_en="", title_ja="英語なし"),
        "half": make.perk(title_en="Half", title_ja="半分", text_en="Only here."),
    }
    TextState.objects.create(
        record=made["stale"], field="title", stale="ja", stale_since=timezone.now()
    )
    return made


def chips(row):
    """The states that the chips of a row name by their second class."""
    return [chip["class"].split()[1] for chip in row.all(".chip")]


def test_the_list_shows_how_far_each_language_is(recruiter, perks):
    page = parse(recruiter.page("/admin/company/perk/"))
    rows = {
        row.one(".action-select")["value"]: chips(row) for row in page.all("#result_list tbody tr")
    }
    assert list(rows.values()) == [
        ["ready", "ready"],
        ["ready", "stale"],
        ["missing", "ready"],
        ["ready", "missing"],
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"en": "missing"}, ["missing"]),
        ({"ja": "stale"}, ["stale"]),
        ({"ja": "missing"}, ["half"]),
        ({"en": "ready"}, ["ready", "stale", "half"]),
        ({"en": "ready", "ja": "ready"}, ["ready"]),
    ],
)
def test_the_list_can_be_narrowed_to_a_state(recruiter, perks, query, found):
    response = recruiter.get("/admin/company/perk/", query_params=query)
    rows = [record.pk for record in response.context["cl"].result_list]
    assert rows == [perks[name].pk for name in found]


def test_the_board_shows_the_work_and_leads_to_the_field(recruiter, perks):
    page = recruiter.page(BOARD)
    for name, field in (("stale", "title_ja"), ("missing", "title_en"), ("half", "text_ja")):
        path = f"/admin/company/perk/{perks[name].pk}/change/#id_{field}"
        assert f'href="{path}"' in page
    assert f"/perk/{perks['ready'].pk}/" not in page
    assert "Also show 1 record that is ready" in page
    assert f"/perk/{perks['ready'].pk}/" in recruiter.page(BOARD, query_params={"all": "1"})


def test_the_oldest_work_comes_first(recruiter):
    first, second = make.value(title_en="First"), make.value(title_en="Second")
    edit(recruiter, f"/admin/company/value/{second.pk}/change/", title_en="Second!")
    edit(recruiter, f"/admin/company/value/{first.pk}/change/", title_en="First!")
    page = recruiter.page(BOARD)
    assert parse(page).texts("table.status-board th[scope=row] > a") == ["Second!", "First!"]


def test_rows_of_a_role_are_on_the_board_under_its_name(recruiter):
    role = make.role(title_en="Rain engineer")
    RoleCondition.objects.create(role=role, kind="hours", text_ja="9:00～18:00")
    page = recruiter.page(BOARD)
    assert "Rain engineer: Working hours" in page
    assert f'href="/admin/roles/role/{role.pk}/change/"' in page


def test_an_empty_board_says_so(recruiter):
    assert "Everything is written in both languages" in recruiter.page(BOARD)


def test_it_shows_only_what_the_visitor_may_see(signed_in, perks):
    page = signed_in("Hiring managers").page(BOARD)
    assert "/admin/company/" not in page


def test_as_many_queries_with_many_records_as_with_one(recruiter):
    def write():
        role = make.role(title_ja="")
        RoleCondition.objects.create(role=role, kind="hours", text_ja="9:00～18:00")
        make.perk(title_ja="")

    write()
    one = queries(recruiter, BOARD)
    for _ in range(20):
        write()
    assert queries(recruiter, BOARD) == one


def test_which_languages_a_form_shows_is_kept_with_the_account(recruiter):
    role = make.role()
    path = f"/admin/roles/role/{role.pk}/change/"
    assert "languages-both" in recruiter.page(path)
    response = recruiter.post("/admin/layout/", {"layout": "ja", "next": path})
    assert response.headers["Location"] == path
    page = recruiter.page(path)
    assert "languages-ja" in page
    assert parse(page).one("[name=layout][aria-pressed=true]")["value"] == "ja"


@pytest.mark.parametrize("back", ["https://evil.example.org/", "//evil.example.org", ""])
def test_the_layout_leads_nowhere_else(recruiter, back):
    response = recruiter.post("/admin/layout/", {"layout": "both", "next": back})
    assert response.headers["Location"] == "/admin/"


def test_the_layout_is_kept_by_a_post_only(recruiter):
    assert recruiter.get("/admin/layout/").status_code == 405
    recruiter.post("/admin/layout/", {"layout": "fr"})
    recruiter.user.refresh_from_db()
    assert recruiter.user.layout == "both"


def test_inputs_know_their_language_and_their_limit(recruiter):
    page = parse(recruiter.page("/admin/roles/role/add/"))
    for name, language, limit in (("title_ja", "ja", "32"), ("title_en", "en", "60")):
        field = page.one(f"[name={name}]")
        assert (field["lang"], field["data-limit"]) == (language, limit)
    assert page.one("textarea[name=duties_ja]")["lang"] == "ja"
