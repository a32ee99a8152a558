"""The role form in the admin: both languages, publication, validation; and the role list."""

import re

import pytest

from careers.roles.models import Role
from tests import make
from tests.bilingual.forms import errors_of, fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def test_role_form_adds_and_publishes_in_one_language(recruiter, client):
    page = recruiter.get("/admin/roles/role/add/")
    form = fields_of(page) | {
        "title_ja": "気象エンジニア",
        "summary_ja": "雨を読む仕事です。",
        "duties_ja": "雨を読みます。\n\n書き留めます。",
        "reference_id": "W-1",
        "department": make.department().pk,
        "publish_ja": "on",
        "role_locations-TOTAL_FORMS": 1,
        "role_locations-0-location": make.location().pk,
        "remote_countries-TOTAL_FORMS": 1,
        "remote_countries-0-country": "JP",
        "working_languages-TOTAL_FORMS": 1,
        "working_languages-0-language": "ja",
        "working_languages-0-proficiency": "C1",
        "conditions-TOTAL_FORMS": 1,
        "conditions-0-kind": "hours",
        "conditions-0-text_ja": "9:00～18:00",
    }
    response = recruiter.post("/admin/roles/role/add/", form)
    assert response.status_code == 302, errors_of(response)
    role = Role.objects.posted().get()
    assert role.languages == ("ja",)
    assert role.duties_ja == "<p>雨を読みます。</p>\n\n<p>書き留めます。</p>"
    page = client.page(role.get_absolute_url("ja"))
    assert "9:00～18:00" in page
    assert "日本語（C1）" in page


def test_role_form_names_fields_missing_for_publication(recruiter):
    role = make.role(published_at_en=None, summary_en="", duties_en="")
    path = f"/admin/roles/role/{role.pk}/change/"
    form = fields_of(recruiter.get(path)) | {"publish_en": "on", "title_en": "Kept as typed"}
    response = recruiter.post(path, form)
    assert (
        "Before this can be published, please write: "
        '<a href="#id_summary_en">Summary (English)</a>, '
        '<a href="#id_duties_en">Duties (English)</a>' in response.text
    )
    assert 'value="Kept as typed"' in response.text
    role.refresh_from_db()
    assert role.published_at_en is None


def test_role_form_edit_is_public_and_keeps_posting_date(recruiter, client):
    role = make.role()
    published_at = role.published_at_en
    path = f"/admin/roles/role/{role.pk}/change/"
    form = fields_of(recruiter.get(path)) | {"title_en": "Storm engineer"}
    assert recruiter.post(path, form).status_code == 302
    assert "Storm engineer" in client.page("/en/roles/")
    role.refresh_from_db()
    assert role.published_at_en == published_at


def test_role_form_unpublishes_one_language(recruiter, client):
    role = make.role()
    path = f"/admin/roles/role/{role.pk}/change/"
    form = fields_of(recruiter.get(path))
    del form["publish_en"]
    assert recruiter.post(path, form).status_code == 302
    assert client.get(role.get_absolute_url("en")).status_code == 302
    assert client.get(role.get_absolute_url("ja")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pay_max": 100}, "Please say where the pay begins."),
        ({"pay_min": 200, "pay_max": 100}, "This is less than where the pay begins."),
        ({"reference_id": "TAKEN"}, "already exists"),
    ],
)
def test_role_form_validates_facts(recruiter, changes, message):
    make.role(reference_id="TAKEN")
    role = make.role()
    path = f"/admin/roles/role/{role.pk}/change/"
    response = recruiter.post(path, fields_of(recruiter.get(path)) | changes)
    assert message in response.text


def test_role_form_removes_invisible_characters(recruiter):
    role = make.role()
    path = f"/admin/roles/role/{role.pk}/change/"
    changes = {"title_ja": "バックエンド\u200bエンジニア"}
    recruiter.post(path, fields_of(recruiter.get(path)) | changes)
    role.refresh_from_db()
    assert role.title_ja == "バックエンドエンジニア"


def test_role_form_lists_missing_conditions(recruiter):
    make.company()
    role = make.role(locations=[make.location()], pay_min=1)
    page = recruiter.page(f"/admin/roles/role/{role.pk}/change/")
    row = re.search(r"field-conditions_to_state.*?</div>\s*</div>", page, re.DOTALL)[0]
    row, _break, conditional = row.partition("<br>")
    assert "Contract term" in row
    assert "Days off" in row
    assert "If it applies" in conditional and "Fixed overtime pay" in conditional
    for condition in (
        "Smoke-free measures",
        "Pay",
        "Place of work",
        "Employer",
        "Fixed overtime pay",
    ):
        assert not re.search(rf"\b{condition}( ·|$)", row), condition


@pytest.mark.parametrize("words", ["Rain", "雨の", "W-77"])
def test_role_list_search_in_both_languages_and_by_reference_id(recruiter, words):
    make.role(title_en="Rain engineer", title_ja="雨のエンジニア", reference_id="W-77")
    make.role(title_en="Other", title_ja="ほか", reference_id="X-1")
    page = recruiter.page("/admin/roles/role/", query_params={"q": words})
    assert "Rain engineer" in page
    assert "Other" not in page


def test_role_form_shows_both_languages(recruiter):
    role = make.role()
    page = recruiter.page(f"/admin/roles/role/{role.pk}/change/")
    for name in ("title", "summary", "duties", "see_also_text"):
        assert f'name="{name}_en"' in page
        assert f'name="{name}_ja"' in page
        assert f'name="{name}"' not in page


def test_role_form_names_time_zone_of_dates(recruiter):
    assert recruiter.page("/admin/roles/role/add/").count("Time zone: Asia/Tokyo.") == 2


def test_view_on_site_link_of_role(recruiter):
    role = make.role(published_at_en=None)
    page = recruiter.page(f"/admin/roles/role/{role.pk}/change/")
    assert f'href="{role.get_absolute_url("ja")}"' in page
    draft = make.role(published_at_en=None, published_at_ja=None)
    assert "viewsitelink" not in recruiter.page(f"/admin/roles/role/{draft.pk}/change/")


def test_app_list_order_on_start_page(signed_in):
    page = signed_in(None).page("/admin/")
    names = [
        page.index(f"/admin/{app_label}/")
        for app_label in ("roles", "articles", "company", "staff")
    ]
    assert names == sorted(names)


def test_admin_content_security_policy(signed_in):
    policy = signed_in(None).get("/admin/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "trusted-types" not in policy


def test_rich_text_in_read_only_form(signed_in):
    policy = make.policy(text_en="<ul>\n<li>Kept <strong>safe</strong>.</li>\n</ul>")
    page = signed_in("Viewers").page(f"/admin/company/policy/{policy.pk}/change/")
    assert "<ul> <li>Kept <strong>safe</strong>.</li> </ul>" in page
    assert "&lt;ul&gt;" not in page


@pytest.mark.parametrize(
    ("language", "opens", "closes", "message"),
    [
        ("en", "2031-04-01T01:00Z", "2031-04-30", "2031-04-01 10:00 – 2031-04-30"),
        ("ja", "2031-04-01T01:00Z", "2031-04-30", "2031/04/01 10:00～2031/04/30"),
        ("ja", None, "2031-04-30", "～2031/04/30"),
        ("en", "2031-04-01T01:00Z", None, "2031-04-01 10:00 – "),
        ("en", None, None, "-"),
    ],
)
def test_role_list_period_column(signed_in, language, opens, closes, message):
    make.role(opens_at=opens, closes_on=closes)
    page = signed_in("Recruiters", language=language).page("/admin/roles/role/")
    assert f'<td class="field-period">{message}</td>' in page
