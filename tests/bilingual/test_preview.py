"""Live preview: the public page of an unsaved form, in both languages."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from careers.application_forms.models import ApplicationForm, FormQuestionSet, Question, QuestionSet
from careers.articles.models import Article
from careers.bilingual.models import TextState
from careers.company.models import Company, HiringStep, Perk, Policy, Testimonial, Value, Video
from careers.page_cache.models import Generation
from careers.roles.models import RemoteCountry, Role, RoleCondition, RoleLanguage, RoleLocation
from tests import make
from tests.bilingual.forms import fields_of
from tests.html import parse

pytestmark = pytest.mark.django_db

MODELS = (
    Role,
    RoleLocation,
    RoleLanguage,
    RoleCondition,
    RemoteCountry,
    Article,
    Policy,
    TextState,
    Company,
    Perk,
    Value,
    Testimonial,
    HiringStep,
    Video,
    ApplicationForm,
    FormQuestionSet,
    Question,
    QuestionSet,
)
ADD = "/admin/roles/role/add/"


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def database_state():
    """The generation, and all rows that a preview could change."""
    return Generation.current(), [list(model.objects.order_by("pk").values()) for model in MODELS]


def preview(visitor, form, language, changes):
    """The preview of the form at a path, with `changes`. Asserts that nothing was saved."""
    values = fields_of(visitor.get(form)) | changes
    before = database_state()
    response = visitor.post(f"{form.removesuffix('change/')}preview/{language}/", values)
    assert database_state() == before
    return response


def preview_change(visitor, record, language, **changes):
    kind = f"{record._meta.app_label}/{record._meta.model_name}"
    return preview(visitor, f"/admin/{kind}/{record.pk}/change/", language, changes)


def main_text(response):
    """The text of the page's main element."""
    text = re.search(r"<main.*</main>", response.text, re.DOTALL)[0].replace("\u200b", "")
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def new_role(**changes):
    return {
        "title_en": "Rain engineer",
        "summary_en": "Reads the rain.",
        "duties_en": "<p>Read it.</p>",
        "department": make.department().pk,
        "reference_id": "W-1",
    } | changes


def test_preview_shows_form_values_in_both_languages(recruiter):
    role = make.role()
    values = {
        "title_en": "Rain engineer",
        "title_ja": "雨のエンジニア",
        "duties_ja": "<p>雨を読む。</p>",
    }
    english, japanese = (preview_change(recruiter, role, code, **values) for code in ("en", "ja"))
    assert "<h1>Rain engineer</h1>" in english.text
    assert '<html lang="en">' in english.text and "What you will do" in english.text
    assert "雨のエンジニア" in main_text(japanese) and "雨を読む。" in main_text(japanese)
    assert '<html lang="ja">' in japanese.text and "主な業務" in main_text(japanese)


def test_preview_ignores_language_of_account(signed_in):
    make.company()
    role = make.role()
    page = preview_change(signed_in("Recruiters", "ja"), role, "en").text
    assert "Careers at Kumo" in page and "What you will do" in page


def test_preview_is_neither_cached_nor_indexed(recruiter):
    response = preview_change(recruiter, make.role(), "en")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    assert "canonical" not in response.text and 'rel="alternate"' not in response.text


def test_preview_of_draft_looks_published(recruiter):
    role = make.role(published_at_en=None, published_at_ja=None)
    today = timezone.localdate().strftime("%Y")
    assert re.search(rf"Posted .*{today}", main_text(preview_change(recruiter, role, "en")))
    article = make.article(published_at_en=None, published_at_ja=None)
    assert "役に立つ三つのこと。" in main_text(preview_change(recruiter, article, "ja"))


def test_preview_shows_inline_rows(recruiter):
    tokyo, osaka, kyoto = (make.location(name_en=name) for name in ("Tokyo", "Osaka", "Kyoto"))
    role = make.role(locations=[tokyo, osaka])
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    changes = {
        "role_locations-1-DELETE": "on",
        "role_locations-TOTAL_FORMS": 3,
        "role_locations-2-location": kyoto.pk,
        "conditions-0-text_en": "10 to 7",
        "conditions-TOTAL_FORMS": 2,
        "conditions-1-kind": "breaks",
        "conditions-1-text_en": "One hour",
        "working_languages-TOTAL_FORMS": 2,
        "working_languages-0-language": "ja",
        "working_languages-0-proficiency": "C1",
        "working_languages-1-language": "en",  # incomplete, so not shown
    }
    text = main_text(preview_change(recruiter, role, "en", **changes))
    for text_part in ("Tokyo", "Kyoto", "10 to 7", "One hour", "Japanese (C1"):
        assert text_part in text
    for hidden_part in ("Osaka", "9 to 6", "English ("):
        assert hidden_part not in text


def test_preview_of_new_role(recruiter):
    form = new_role() | {
        "role_locations-TOTAL_FORMS": 1,
        "role_locations-0-location": make.location(name_en="Sapporo").pk,
    }
    response = preview(recruiter, ADD, "en", form)
    assert response.status_code == 200
    assert "Rain engineer" in main_text(response) and "Sapporo" in main_text(response)
    japanese = preview(recruiter, ADD, "ja", form)
    assert "None" not in main_text(japanese)


@pytest.mark.parametrize(("language", "name"), [("en", "Department"), ("ja", "部署")])
def test_preview_asks_for_required_choices(signed_in, language, name):
    visitor = signed_in("Recruiters", language)
    response = preview(visitor, ADD, "ja", new_role(department=""))
    assert response.status_code == 422
    assert response.text.endswith(f"{name}." if language == "en" else name)
    assert "no-store" in response.headers["Cache-Control"]


def test_preview_shows_stored_value_of_invalid_field(recruiter):
    role = make.role(pay_min=6_000_000, title_en="Short")
    changes = {"title_en": "x" * 200, "pay_min": "a lot", "summary_en": "New words."}
    text = main_text(preview_change(recruiter, role, "en", **changes))
    assert "Short" in text and "¥6,000,000" in text
    assert "xxx" not in text
    assert "New words." in text


def test_preview_shows_stored_value_of_invalid_row(recruiter):
    role = make.role(locations=[make.location(name_en="Tokyo")])
    assert "Tokyo" in main_text(
        preview_change(recruiter, role, "en", **{"role_locations-0-location": "none"})
    )


def test_preview_of_incomplete_publication(recruiter):
    role = make.role(published_at_en=None)
    response = preview_change(recruiter, role, "en", summary_en="", publish_en="on")
    assert response.status_code == 200


def test_preview_shows_see_also_only_if_posted(recruiter):
    web, secret = make.role(title_en="Web"), make.role(title_en="Hush", published_at_en=None)
    Role.objects.filter(pk=secret.pk).update(published_at_ja=None)
    role = make.role()
    posted_target = preview_change(
        recruiter, role, "en", see_also=web.pk, see_also_text_en="Or else:"
    )
    assert "Or else: Web" in main_text(posted_target)
    draft_target = preview_change(
        recruiter, role, "en", see_also=secret.pk, see_also_text_en="Or else:"
    )
    assert "Hush" not in main_text(draft_target)


def test_preview_of_closed_role(recruiter):
    day = timezone.localdate() - timedelta(days=2)
    assert "closed on" in main_text(
        preview_change(recruiter, make.role(), "en", closes_on=day.isoformat())
    )


def test_preview_of_unpublished_policy(recruiter):
    make.company(contact_email="a11y@kumo.example.com")
    policy = make.policy("accessibility", published=False)
    text = main_text(preview_change(recruiter, policy, "en", text_en="<p>For all.</p>"))
    assert "For all." in text and "a11y@kumo.example.com" in text
    assert "Version 1" in text and "In force" not in text


def test_preview_unavailable_for_policy_without_page(recruiter):
    policy = make.policy("form_notice", published=False)
    response = preview_change(recruiter, policy, "en")
    assert response.status_code == 422
    assert "no page of its own" in response.text


@pytest.mark.parametrize(
    ("make_record", "field"),
    [
        (make.company, "motto"),
        (make.perk, "title"),
        (make.value, "title"),
        (make.testimonial, "text"),
        (make.step, "title"),
        (make.video, "title"),
    ],
)
def test_preview_of_record_in_a_list(recruiter, make_record, field):
    if make_record is not make.company:
        make.company()
    record = make_record()
    for language, text in (("en", "Unheard of"), ("ja", "前代未聞です")):
        response = preview_change(recruiter, record, language, **{f"{field}_{language}": text})
        assert text in main_text(response), record
        assert f'<html lang="{language}">' in response.text
        assert response.headers["X-Robots-Tag"] == "noindex"


def test_preview_of_location_and_department_in_role_list(recruiter):
    role = make.role(locations=[make.location()])
    for record in (role.department, role.locations.get()):
        assert "Unheard of" in main_text(
            preview_change(recruiter, record, "en", name_en="Unheard of")
        )


def test_preview_of_new_record_in_a_list_is_not_saved(recruiter):
    make.company()
    values = {"title_en": "A desk with a view", "applies_to": "everyone"}
    response = preview(recruiter, "/admin/company/perk/add/", "en", values)
    assert "A desk with a view" in main_text(response)
    assert not Perk.objects.exists()


def test_preview_rejects_unknown_language_record_and_method(recruiter):
    role = make.role()
    assert recruiter.post(f"/admin/roles/role/{role.pk}/preview/fr/").status_code == 404
    assert recruiter.post("/admin/roles/role/999/preview/en/").status_code == 404
    assert recruiter.get(f"/admin/roles/role/{role.pk}/preview/en/").status_code == 405


def test_preview_buttons_without_script(recruiter):
    role = make.role()
    page = recruiter.page(f"/admin/roles/role/{role.pk}/change/")
    for language in ("en", "ja"):
        address = f"/admin/roles/role/{role.pk}/preview/{language}/"
        button = parse(page).one(f'button[formaction="{address}"]')
        assert button["formtarget"] == "_blank" and "formnovalidate" in button
    # The Enter key presses the first button of a form, which must be the one that saves.
    assert page.index('name="_save"') < page.index("formaction")
    assert "formaction" in recruiter.page(ADD)


def test_preview_hidden_from_viewers(signed_in):
    role = make.role()
    page = signed_in("Viewers").page(f"/admin/roles/role/{role.pk}/change/")
    assert "formaction" not in page and 'id="preview"' not in page
