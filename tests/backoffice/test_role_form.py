"""A recruiter writes in both languages, publishes each, and is told what is missing."""

import re

import pytest

from careers.roles.models import Role
from tests import make
from tests.bilingual.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def test_a_role_is_written_and_published_in_one_language(recruiter, client):
    page = recruiter.get("/admin/roles/role/add/")
    form = fields_of(page) | {
        "title_ja": "気象エンジニア",
        "summary_ja": "雨を読む仕事です。",
        "duties_ja": "雨を読みます。\n\n書き留めます。",
        "reference_id": "W-1",
        "department": make.department().pk,
        "publish_ja": "on",
        "places-TOTAL_FORMS": 1,
        "places-0-location": make.location().pk,
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
    assert response.status_code == 302, response.context["errors"]
    role = Role.objects.posted().get()
    assert role.languages == ("ja",)
    assert role.duties_ja == "<p>雨を読みます。</p>\n\n<p>書き留めます。</p>"
    page = client.page(role.get_absolute_url("ja"))
    assert "9:00～18:00" in page
    assert "日本語（C1）" in page


def test_publishing_what_is_incomplete_says_what_is_missing(recruiter):
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


def test_an_edit_is_public_when_it_is_saved_and_keeps_the_day_of_posting(recruiter, client):
    role = make.role()
    posted = role.published_at_en
    path = f"/admin/roles/role/{role.pk}/change/"
    form = fields_of(recruiter.get(path)) | {"title_en": "Storm engineer"}
    assert recruiter.post(path, form).status_code == 302
    assert "Storm engineer" in client.page("/en/roles/")
    role.refresh_from_db()
    assert role.published_at_en == posted


def test_unpublishing_one_language_leaves_the_other(recruiter, client):
    role = make.role()
    path = f"/admin/roles/role/{role.pk}/change/"
    form = fields_of(recruiter.get(path))
    del form["publish_en"]
    assert recruiter.post(path, form).status_code == 302
    assert client.get(role.get_absolute_url("en")).status_code == 302
    assert client.get(role.get_absolute_url("ja")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pay_max": 100}, "Please say where the pay begins."),
        ({"pay_min": 200, "pay_max": 100}, "This is less than where the pay begins."),
        ({"reference_id": "TAKEN"}, "already exists"),
    ],
)
def test_bad_facts_are_refused_with_a_reason(recruiter, changes, said):
    make.role(reference_id="TAKEN")
    role = make.role()
    path = f"/admin/roles/role/{role.pk}/change/"
    response = recruiter.post(path, fields_of(recruiter.get(path)) | changes)
    assert said in response.text


def test_invisible_characters_of_a_copied_heading_are_taken_out(recruiter):
    role = make.role()
    path = f"/admin/roles/role/{role.pk}/change/"
    copied = {"title_ja": "バックエンド\u200bエンジニア"}
    recruiter.post(path, fields_of(recruiter.get(path)) | copied)
    role.refresh_from_db()
    assert role.title_ja == "バックエンドエンジニア"


def test_the_form_says_which_conditions_are_missing_and_blocks_nothing(recruiter):
    make.company()
    role = make.role(locations=[make.location()], pay_min=1)
    page = recruiter.page(f"/admin/roles/role/{role.pk}/change/")
    row = re.search(r"field-conditions_to_state.*?</div>\s*</div>", page, re.DOTALL)[0]
    assert "Contract term" in row
    assert "Days off" in row
    for stated in ("Smoke-free measures", "Pay", "Place of work", "Employer", "Fixed overtime pay"):
        assert not re.search(rf"\b{stated}( ·|<)", row), stated


@pytest.mark.parametrize("words", ["Rain", "雨の", "W-77"])
def test_a_role_is_found_by_either_language_and_by_its_reference(recruiter, words):
    make.role(title_en="Rain engineer", title_ja="雨のエンジニア", reference_id="W-77")
    make.role(title_en="Other", title_ja="ほか", reference_id="X-1")
    page = recruiter.page("/admin/roles/role/", query_params={"q": words})
    assert "Rain engineer" in page
    assert "Other" not in page


def test_every_form_shows_both_languages(recruiter):
    role = make.role()
    page = recruiter.page(f"/admin/roles/role/{role.pk}/change/")
    for name in ("title", "summary", "duties", "see_also_text"):
        assert f'name="{name}_en"' in page
        assert f'name="{name}_ja"' in page
        assert f'name="{name}"' not in page


def test_dates_say_in_which_zone_they_are(recruiter):
    assert recruiter.page("/admin/roles/role/add/").count("Time zone: Asia/Tokyo.") == 2


def test_view_on_site_leads_to_the_page(recruiter):
    role = make.role(published_at_en=None)
    page = recruiter.page(f"/admin/roles/role/{role.pk}/change/")
    assert f'href="{role.get_absolute_url("ja")}"' in page
    draft = make.role(published_at_en=None, published_at_ja=None)
    assert "viewsitelink" not in recruiter.page(f"/admin/roles/role/{draft.pk}/change/")


def test_the_desk_lists_rooms_in_the_order_of_the_day(signed_in):
    page = signed_in(None).page("/admin/")
    names = [page.index(f"/admin/{room}/") for room in ("roles", "articles", "company", "staff")]
    assert names == sorted(names)


def test_the_policy_of_the_admin_is_as_strict_but_for_trusted_types(signed_in):
    policy = signed_in(None).get("/admin/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "trusted-types" not in policy


def test_who_may_only_look_reads_rich_text_and_no_tags(signed_in):
    policy = make.policy(text_en="<ul>\n<li>Kept <strong>safe</strong>.</li>\n</ul>")
    page = signed_in("Viewers").page(f"/admin/company/policy/{policy.pk}/change/")
    assert "<ul> <li>Kept <strong>safe</strong>.</li> </ul>" in page
    assert "&lt;ul&gt;" not in page


@pytest.mark.parametrize(
    ("language", "opens", "closes", "said"),
    [
        ("en", "2031-04-01T01:00Z", "2031-04-30", "2031-04-01 10:00 – 2031-04-30"),
        ("ja", "2031-04-01T01:00Z", "2031-04-30", "2031/04/01 10:00～2031/04/30"),
        ("ja", None, "2031-04-30", "～2031/04/30"),
        ("en", "2031-04-01T01:00Z", None, "2031-04-01 10:00 – "),
        ("en", None, None, "-"),
    ],
)
def test_the_list_says_from_when_to_when_a_role_is_open(signed_in, language, opens, closes, said):
    make.role(opens_at=opens, closes_on=closes)
    page = signed_in("Recruiters", language=language).page("/admin/roles/role/")
    assert f'<td class="field-period">{said}</td>' in page
