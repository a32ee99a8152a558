"""Live preview: the public page of what is typed, in both languages, of which nothing is saved."""

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


def stored():
    """Everything in the database that a preview could have touched."""
    return Generation.current(), [list(model.objects.order_by("pk").values()) for model in MODELS]


def preview(visitor, form, language, changes):
    """What the form at an address would show in public, with some fields typed over."""
    typed = fields_of(visitor.get(form)) | changes
    before = stored()
    response = visitor.post(f"{form.removesuffix('change/')}preview/{language}/", typed)
    assert stored() == before
    return response


def shown(visitor, record, language, **changes):
    kind = f"{record._meta.app_label}/{record._meta.model_name}"
    return preview(visitor, f"/admin/{kind}/{record.pk}/change/", language, changes)


def main(response):
    """The words of the page's main part, one after the other."""
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


def test_both_languages_show_what_is_typed(recruiter):
    role = make.role()
    typed = {
        "title_en": "Rain engineer",
        "title_ja": "雨のエンジニア",
        "duties_ja": "<p>雨を読む。</p>",
    }
    english, japanese = (shown(recruiter, role, code, **typed) for code in ("en", "ja"))
    assert "<h1>Rain engineer</h1>" in english.text
    assert '<html lang="en">' in english.text and "What you will do" in english.text
    assert "雨のエンジニア" in main(japanese) and "雨を読む。" in main(japanese)
    assert '<html lang="ja">' in japanese.text and "主な業務" in main(japanese)


def test_the_language_of_the_account_does_not_matter(signed_in):
    make.company()
    role = make.role()
    page = shown(signed_in("Recruiters", "ja"), role, "en").text
    assert "Careers at Kumo" in page and "What you will do" in page


def test_nobody_keeps_it_and_no_search_engine_learns_of_it(recruiter):
    response = shown(recruiter, make.role(), "en")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    assert "canonical" not in response.text and 'rel="alternate"' not in response.text


def test_a_draft_looks_as_if_it_were_published_now(recruiter):
    role = make.role(published_at_en=None, published_at_ja=None)
    today = timezone.localdate().strftime("%Y")
    assert re.search(rf"Posted .*{today}", main(shown(recruiter, role, "en")))
    article = make.article(published_at_en=None, published_at_ja=None)
    assert "役に立つ三つのこと。" in main(shown(recruiter, article, "ja"))


def test_rows_show_as_they_are_typed(recruiter):
    tokyo, osaka, kyoto = (make.location(name_en=name) for name in ("Tokyo", "Osaka", "Kyoto"))
    role = make.role(locations=[tokyo, osaka])
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6")
    changes = {
        "places-1-DELETE": "on",
        "places-TOTAL_FORMS": 3,
        "places-2-location": kyoto.pk,
        "conditions-0-text_en": "10 to 7",
        "conditions-TOTAL_FORMS": 2,
        "conditions-1-kind": "breaks",
        "conditions-1-text_en": "One hour",
        "working_languages-TOTAL_FORMS": 2,
        "working_languages-0-language": "ja",
        "working_languages-0-proficiency": "C1",
        "working_languages-1-language": "en",  # not far enough to be shown
    }
    words = main(shown(recruiter, role, "en", **changes))
    for there in ("Tokyo", "Kyoto", "10 to 7", "One hour", "Japanese (C1"):
        assert there in words
    for gone in ("Osaka", "9 to 6", "English ("):
        assert gone not in words


def test_a_role_that_is_not_there_yet(recruiter):
    form = new_role() | {
        "places-TOTAL_FORMS": 1,
        "places-0-location": make.location(name_en="Sapporo").pk,
    }
    response = preview(recruiter, ADD, "en", form)
    assert response.status_code == 200
    assert "Rain engineer" in main(response) and "Sapporo" in main(response)
    japanese = preview(recruiter, ADD, "ja", form)
    assert "None" not in main(japanese)


@pytest.mark.parametrize(("language", "name"), [("en", "Department"), ("ja", "部署")])
def test_what_a_page_cannot_do_without_is_asked_for(signed_in, language, name):
    visitor = signed_in("Recruiters", language)
    response = preview(visitor, ADD, "ja", new_role(department=""))
    assert response.status_code == 422
    assert response.text.endswith(f"{name}." if language == "en" else name)
    assert "no-store" in response.headers["Cache-Control"]


def test_what_is_wrong_shows_what_is_stored(recruiter):
    role = make.role(pay_min=6_000_000, title_en="Short")
    changes = {"title_en": "x" * 200, "pay_min": "a lot", "summary_en": "New words."}
    words = main(shown(recruiter, role, "en", **changes))
    assert "Short" in words and "¥6,000,000" in words
    assert "xxx" not in words
    assert "New words." in words


def test_a_row_that_is_wrong_shows_what_is_stored(recruiter):
    role = make.role(locations=[make.location(name_en="Tokyo")])
    assert "Tokyo" in main(shown(recruiter, role, "en", **{"places-0-location": "none"}))


def test_publishing_what_is_incomplete_can_be_looked_at(recruiter):
    role = make.role(published_at_en=None)
    response = shown(recruiter, role, "en", summary_en="", publish_en="on")
    assert response.status_code == 200


def test_see_also_shows_only_what_has_a_page(recruiter):
    web, secret = make.role(title_en="Web"), make.role(title_en="Hush", published_at_en=None)
    Role.objects.filter(pk=secret.pk).update(published_at_ja=None)
    role = make.role()
    seen = shown(recruiter, role, "en", see_also=web.pk, see_also_text_en="Or else:")
    assert "Or else: Web" in main(seen)
    unseen = shown(recruiter, role, "en", see_also=secret.pk, see_also_text_en="Or else:")
    assert "Hush" not in main(unseen)


def test_a_role_that_is_closed_says_so(recruiter):
    day = timezone.localdate() - timedelta(days=2)
    assert "closed on" in main(shown(recruiter, make.role(), "en", closes_on=day.isoformat()))


def test_a_policy_before_it_is_in_force(recruiter):
    make.company(contact_email="a11y@kumo.example.com")
    policy = make.policy("accessibility", published=False)
    words = main(shown(recruiter, policy, "en", text_en="<p>For all.</p>"))
    assert "For all." in words and "a11y@kumo.example.com" in words
    assert "Version 1" in words and "In force" not in words


def test_a_text_without_a_page_of_its_own_has_no_preview(recruiter):
    policy = make.policy("form_notice", published=False)
    response = shown(recruiter, policy, "en")
    assert response.status_code == 422
    assert "no page of its own" in response.text


@pytest.mark.parametrize(
    ("maker", "field"),
    [
        (make.company, "motto"),
        (make.perk, "title"),
        (make.value, "title"),
        (make.testimonial, "text"),
        (make.step, "title"),
        (make.video, "title"),
    ],
)
def test_what_has_no_page_of_its_own_is_shown_among_its_like(recruiter, maker, field):
    if maker is not make.company:
        make.company()
    record = maker()
    for language, text in (("en", "Unheard of"), ("ja", "前代未聞です")):
        response = shown(recruiter, record, language, **{f"{field}_{language}": text})
        assert text in main(response), record
        assert f'<html lang="{language}">' in response.text
        assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_place_and_a_department_are_shown_in_the_list_of_openings(recruiter):
    role = make.role(locations=[make.location()])
    for record in (role.department, role.locations.get()):
        assert "Unheard of" in main(shown(recruiter, record, "en", name_en="Unheard of"))


def test_a_new_record_is_shown_among_its_like_and_not_kept(recruiter):
    make.company()
    typed = {"title_en": "A desk with a view", "applies_to": "everyone"}
    response = preview(recruiter, "/admin/company/perk/add/", "en", typed)
    assert "A desk with a view" in main(response)
    assert not Perk.objects.exists()


def test_only_the_two_languages_and_only_what_is_there(recruiter):
    role = make.role()
    assert recruiter.post(f"/admin/roles/role/{role.pk}/preview/fr/").status_code == 404
    assert recruiter.post("/admin/roles/role/999/preview/en/").status_code == 404
    assert recruiter.get(f"/admin/roles/role/{role.pk}/preview/en/").status_code == 405


def test_the_form_has_a_button_for_each_language_without_script(recruiter):
    role = make.role()
    page = recruiter.page(f"/admin/roles/role/{role.pk}/change/")
    for language in ("en", "ja"):
        address = f"/admin/roles/role/{role.pk}/preview/{language}/"
        button = parse(page).one(f'button[formaction="{address}"]')
        assert button["formtarget"] == "_blank" and "formnovalidate" in button
    # The Enter key presses the first button of a form: it has to be the one that saves.
    assert page.index('name="_save"') < page.index("formaction")
    assert "formaction" in recruiter.page(ADD)


def test_whoever_may_only_look_is_not_offered_one(signed_in):
    role = make.role()
    page = signed_in("Viewers").page(f"/admin/roles/role/{role.pk}/change/")
    assert "formaction" not in page and 'id="preview"' not in page
