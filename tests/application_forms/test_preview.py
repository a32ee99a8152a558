"""A form as people who apply will see it: what is typed, in both languages, of which nothing is saved."""

import re

import pytest

from tests import make
from tests.bilingual.forms import path_of
from tests.bilingual.test_preview import main, preview, shown

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ADD = "/admin/application_forms/applicationform/add/"


@pytest.fixture
def recruiter(signed_in):
    make.company()
    return signed_in("Recruiters")


def new(number=0, **said):
    sent = {"own_questions-TOTAL_FORMS": number + 1, f"own_questions-{number}-kind": "line"}
    return sent | {f"own_questions-{number}-{name}": value for name, value in said.items()}


def test_unsaved_questions_are_there_in_both_languages(recruiter):
    form = make.form(make.role(title_en="Rain engineer"))
    make.question(form, text_en="Old?", text_ja="古いですか。")
    typed = new(1, text_en="Which cloud?", text_ja="どの雲ですか。") | {
        "note_en": "Take your time."
    }
    typed |= {"own_questions-0-text_en": "Newer?"}
    english, japanese = (shown(recruiter, form, code, **typed) for code in ("en", "ja"))
    words = main(english)
    assert "Rain engineer" in words and "Take your time." in words
    assert words.index("Newer?") < words.index("Which cloud?") and "Old?" not in words
    assert "どの雲ですか。" in main(japanese) and '<html lang="ja">' in japanese.text
    assert english.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in english.headers["Cache-Control"]


def test_questions_and_sets_that_are_taken_away_are_gone(recruiter):
    form, shared = make.form(make.role()), make.question_set()
    make.question(form, text_en="Mine?")
    make.question(shared, text_en="Ours?")
    form.question_set_uses.create(question_set=shared)
    words = main(shown(recruiter, form, "en"))
    assert "Mine?" in words and "Ours?" in words
    taken = {"own_questions-0-DELETE": "on", "question_set_uses-0-DELETE": "on"}
    words = main(shown(recruiter, form, "en", **taken))
    assert "Mine?" not in words and "Ours?" not in words


def test_a_form_that_is_not_there_yet(recruiter):
    role = make.role()
    typed = new(text_en="Which cloud?") | {"role": role.pk}
    assert "Which cloud?" in main(preview(recruiter, ADD, "en", typed))
    assert "Which rain?" in main(preview(recruiter, ADD, "en", new(text_en="Which rain?")))


def test_the_form_of_a_draft_is_shown_as_if_it_were_public(recruiter):
    role = make.role(published_at_en=None, published_at_ja=None, opens_at="2999-01-01T00:00+09:00")
    form = make.form(role)
    for language, text in (("en", "Which cloud?"), ("ja", "どの雲ですか。")):
        typed = new(**{f"text_{language}": text})
        assert text in main(shown(recruiter, form, language, **typed))
    role.refresh_from_db()
    assert (role.published_at_en, role.published_at_ja) == (None, None)


@pytest.mark.parametrize("published", [{}, {"published_at_ja": None}])
def test_an_opening_in_one_language_has_no_form_in_the_other(recruiter, published):
    form = make.form(make.role(title_en="", **published))
    response = shown(recruiter, form, "en")
    assert response.status_code == 422
    assert "in this language there is no such page yet" in response.text
    assert shown(recruiter, form, "ja").status_code == 200


def test_what_could_not_be_saved_is_no_fault(recruiter):
    make.form()
    response = preview(recruiter, ADD, "en", {})  # a second form of the general application
    assert response.status_code == 422
    form, shared = make.form(make.role()), make.question_set()
    other = make.question_set()
    for used in (shared, other):
        form.question_set_uses.create(question_set=used)
    twice = {"question_set_uses-1-question_set": shared.pk}
    assert shown(recruiter, form, "en", **twice).status_code in (200, 422)


def test_a_set_is_shown_in_a_form_that_uses_it(recruiter):
    shared = make.question_set()
    make.question(shared, text_en="Old?")
    assert shown(recruiter, shared, "en").status_code == 422
    make.form(make.role(title_en="Rain engineer")).question_set_uses.create(question_set=shared)
    words = main(shown(recruiter, shared, "en", **{"questions-0-text_en": "Which cloud?"}))
    assert "Rain engineer" in words and "Which cloud?" in words


def test_the_form_has_a_button_for_each_language(recruiter):
    form = make.form()
    page = recruiter.page(path_of(form))
    for language in ("en", "ja"):
        address = path_of(form, f"preview/{language}").replace(f"{form.pk}/", f"{form.pk}/", 1)
        assert re.search(rf'formaction="{address}"', page)
