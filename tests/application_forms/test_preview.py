"""Preview of an unsaved application form, in both languages."""

import re

import pytest

from tests import make
from tests.bilingual.forms import path_of
from tests.bilingual.test_preview import main_text, preview, preview_change
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ADD = "/admin/application_forms/applicationform/add/"


@pytest.fixture
def recruiter(signed_in):
    make.company()
    return signed_in("Recruiters")


def new_question(number=0, **fields):
    data = {"own_questions-TOTAL_FORMS": number + 1, f"own_questions-{number}-kind": "line"}
    return data | {f"own_questions-{number}-{name}": value for name, value in fields.items()}


def test_form_preview_shows_unsaved_questions_in_both_languages(recruiter):
    form = make.form(make.role(title_en="Rain engineer"))
    make.question(form, text_en="Old?", text_ja="古いですか。")
    values = new_question(1, text_en="Which cloud?", text_ja="どの雲ですか。") | {
        "note_en": "Take your time."
    }
    values |= {"own_questions-0-text_en": "Newer?"}
    english, japanese = (preview_change(recruiter, form, code, **values) for code in ("en", "ja"))
    text = main_text(english)
    assert "Rain engineer" in text and "Take your time." in text
    assert text.index("Newer?") < text.index("Which cloud?") and "Old?" not in text
    assert "どの雲ですか。" in main_text(japanese) and '<html lang="ja">' in japanese.text
    assert english.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in english.headers["Cache-Control"]


def test_form_preview_hides_deleted_questions_and_sets(recruiter):
    form, shared = make.form(make.role()), make.question_set()
    make.question(form, text_en="Mine?")
    make.question(shared, text_en="Ours?")
    form.question_set_uses.create(question_set=shared)
    text = main_text(preview_change(recruiter, form, "en"))
    assert "Mine?" in text and "Ours?" in text
    deletions = {"own_questions-0-DELETE": "on", "question_set_uses-0-DELETE": "on"}
    text = main_text(preview_change(recruiter, form, "en", **deletions))
    assert "Mine?" not in text and "Ours?" not in text


def test_form_preview_of_new_form(recruiter):
    role = make.role()
    values = new_question(text_en="Which cloud?") | {"role": role.pk}
    assert "Which cloud?" in main_text(preview(recruiter, ADD, "en", values))
    assert "Which rain?" in main_text(
        preview(recruiter, ADD, "en", new_question(text_en="Which rain?"))
    )


def test_form_preview_of_draft_role(recruiter):
    role = make.role(published_at_en=None, published_at_ja=None, opens_at="2999-01-01T00:00+09:00")
    form = make.form(role)
    for language, text in (("en", "Which cloud?"), ("ja", "どの雲ですか。")):
        values = new_question(**{f"text_{language}": text})
        assert text in main_text(preview_change(recruiter, form, language, **values))
    role.refresh_from_db()
    assert (role.published_at_en, role.published_at_ja) == (None, None)


def test_form_preview_of_closed_role(recruiter):
    form = make.form(make.role(closes_on="2020-01-31"))
    make.question(form, text_en="Which cloud?")
    assert "Which cloud?" in main_text(preview_change(recruiter, form, "en"))


def test_form_preview_shows_missing_texts_in_other_language(recruiter):
    form = make.form(make.role(), note_ja="雲について")
    make.question(form, text_en="", text_ja="どの雲ですか。", help_ja="一つだけ")
    page = preview_change(recruiter, form, "en")
    marked = parse(page.text).texts('main [lang="ja"]')
    assert [text.removesuffix("Optional") for text in marked] == ["雲について", "どの雲ですか。"]
    assert "一つだけ" in main_text(page)


@pytest.mark.parametrize("published", [{}, {"published_at_ja": None}])
def test_form_preview_unavailable_in_missing_language(recruiter, published):
    form = make.form(make.role(title_en="", **published))
    response = preview_change(recruiter, form, "en")
    assert response.status_code == 422
    assert "in this language there is no such page yet" in response.text
    assert preview_change(recruiter, form, "ja").status_code == 200


def test_form_preview_of_invalid_form(recruiter):
    make.form()
    response = preview(recruiter, ADD, "en", {})  # a second form of the general application
    assert response.status_code == 422
    form, shared = make.form(make.role()), make.question_set()
    other = make.question_set()
    for used in (shared, other):
        form.question_set_uses.create(question_set=used)
    twice = {"question_set_uses-1-question_set": shared.pk}
    assert preview_change(recruiter, form, "en", **twice).status_code in (200, 422)


def test_question_set_preview_in_first_form(recruiter):
    shared = make.question_set()
    make.question(shared, text_en="Old?")
    assert preview_change(recruiter, shared, "en").status_code == 422
    make.form(make.role(title_en="Rain engineer")).question_set_uses.create(question_set=shared)
    text = main_text(
        preview_change(recruiter, shared, "en", **{"questions-0-text_en": "Which cloud?"})
    )
    assert "Rain engineer" in text and "Which cloud?" in text


def test_form_preview_buttons_for_each_language(recruiter):
    form = make.form()
    page = recruiter.page(path_of(form))
    for language in ("en", "ja"):
        address = path_of(form, f"preview/{language}").replace(f"{form.pk}/", f"{form.pk}/", 1)
        assert re.search(rf'formaction="{address}"', page)
