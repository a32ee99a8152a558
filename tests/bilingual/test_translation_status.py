"""Translation status of each language: in the form, in lists, and on the status board."""

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
    """A perk that is ready, one stale in Japanese, one missing in English, one partly missing in Japanese."""
    perks = {
        "ready": make.perk(title_en="Ready", title_ja="完成"),
        "stale": make.perk(title_en="Stale", title_ja="古い"),
        "missing": make.perk(title_en="", title_ja="英語なし"),
        "half": make.perk(title_en="Half", title_ja="半分", text_en="Only here."),
    }
    TextState.objects.create(
        record=perks["stale"], field="title", stale="ja", stale_since=timezone.now()
    )
    return perks


def chips(row):
    """The statuses of the chips in a row, from their second CSS class."""
    return [chip["class"].split()[1] for chip in row.all(".chip")]


def test_status_chips_in_list(recruiter, perks):
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
    ("query", "expected"),
    [
        ({"en": "missing"}, ["missing"]),
        ({"ja": "stale"}, ["stale"]),
        ({"ja": "missing"}, ["half"]),
        ({"en": "ready"}, ["ready", "stale", "half"]),
        ({"en": "ready", "ja": "ready"}, ["ready"]),
    ],
)
def test_status_filters_of_list(recruiter, perks, query, expected):
    page = parse(recruiter.page("/admin/company/perk/", query_params=query))
    rows = [int(box["value"]) for box in page.all("#result_list input.action-select")]
    assert rows == [perks[name].pk for name in expected]


def test_status_board_links_to_field(recruiter, perks):
    page = recruiter.page(BOARD)
    for name, field in (("stale", "title_ja"), ("missing", "title_en"), ("half", "text_ja")):
        path = f"/admin/company/perk/{perks[name].pk}/change/#id_{field}"
        assert f'href="{path}"' in page
    assert f"/perk/{perks['ready'].pk}/" not in page
    assert "Also show 1 record that is ready" in page
    assert f"/perk/{perks['ready'].pk}/" in recruiter.page(BOARD, query_params={"all": "1"})


def test_status_board_lists_oldest_work_first(recruiter):
    first, second = make.value(title_en="First"), make.value(title_en="Second")
    edit(recruiter, f"/admin/company/value/{second.pk}/change/", title_en="Second!")
    edit(recruiter, f"/admin/company/value/{first.pk}/change/", title_en="First!")
    page = recruiter.page(BOARD)
    assert parse(page).texts("table.status-board th[scope=row] > a") == ["Second!", "First!"]


def test_status_board_lists_inline_rows_under_their_parent(recruiter):
    role = make.role(title_en="Rain engineer")
    RoleCondition.objects.create(role=role, kind="hours", text_ja="9:00～18:00")
    page = recruiter.page(BOARD)
    assert "Rain engineer: Working hours" in page
    assert f'href="/admin/roles/role/{role.pk}/change/"' in page


def test_status_board_without_work(recruiter):
    assert "Everything is written in both languages" in recruiter.page(BOARD)


def test_status_board_respects_permissions(signed_in, perks):
    page = signed_in("Hiring managers").page(BOARD)
    assert "/admin/company/" not in page


def test_status_board_query_count_is_constant(recruiter):
    def create_records():
        role = make.role(title_ja="")
        RoleCondition.objects.create(role=role, kind="hours", text_ja="9:00～18:00")
        make.perk(title_ja="")

    create_records()
    one = queries(recruiter, BOARD)
    for _ in range(20):
        create_records()
    assert queries(recruiter, BOARD) == one


def test_form_layout_stored_per_account(recruiter):
    role = make.role()
    path = f"/admin/roles/role/{role.pk}/change/"
    assert "languages-both" in recruiter.page(path)
    response = recruiter.post("/admin/layout/", {"layout": "ja", "next": path})
    assert response.headers["Location"] == path
    page = recruiter.page(path)
    assert "languages-ja" in page
    assert parse(page).one("[name=layout][aria-pressed=true]")["value"] == "ja"


@pytest.mark.parametrize("back", ["https://evil.example.org/", "//evil.example.org", ""])
def test_form_layout_does_not_redirect_to_other_hosts(recruiter, back):
    response = recruiter.post("/admin/layout/", {"layout": "both", "next": back})
    assert response.headers["Location"] == "/admin/"


def test_form_layout_requires_post_and_known_value(recruiter):
    assert recruiter.get("/admin/layout/").status_code == 405
    recruiter.post("/admin/layout/", {"layout": "fr"})
    recruiter.user.refresh_from_db()
    assert recruiter.user.layout == "both"


def test_language_widget_sets_lang_and_limit(recruiter):
    page = parse(recruiter.page("/admin/roles/role/add/"))
    for name, language, limit in (("title_ja", "ja", "32"), ("title_en", "en", "60")):
        field = page.one(f"[name={name}]")
        assert (field["lang"], field["data-limit"]) == (language, limit)
    assert page.one("textarea[name=duties_ja]")["lang"] == "ja"
