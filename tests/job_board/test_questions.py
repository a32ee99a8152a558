"""Questions of a job post: the fields of its form, with the labels of the form's page."""

import html
import re

import pytest

from careers.application_forms.enums import QuestionKind
from tests import make
from tests.job_board.conftest import read

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def form_questions(client, number):
    return read(client, f"/jobs/{number}?questions=true")["questions"]


def question(client, number, name):
    """The question with the field `name`."""
    (row,) = [
        row
        for row in form_questions(client, number)
        if name in [field["name"] for field in row["fields"]]
    ]
    return row


def page_of(client, role, language):
    path = f"{role.get_absolute_url(language)}apply/" if role else f"/{language}/apply/"
    return client.page(path)


def labels(page):
    """The labels on the page of a form, in order, and whether each is marked as required."""
    form = page.partition('<div class="fields">')[2].partition('id="agree"')[0]
    matches = re.findall(
        r'<(?:legend|label for=)[^>]*>(.*?)<span class="requirement( optional)?">', form, re.DOTALL
    )
    return [(html.unescape(label), not is_optional) for label, is_optional in matches]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("general", [False, True])
def test_questions_match_form_page(client, role, language, general):
    form = make.form(
        None if general else role, phone="required", portfolio="required", message="off"
    )
    make.question(form, QuestionKind.YES_NO, is_required=True)
    number = (0 if general else role.pk * 10) + {"en": 1, "ja": 2}[language]
    expected = [(row["label"], row["required"]) for row in form_questions(client, number)]
    page_labels = labels(page_of(client, None if general else role, language))
    second = {"en": "Or your résumé as text", "ja": "または職務経歴をテキストで入力"}
    assert len(page_labels) > 10
    assert [row for row in page_labels if row[0] in dict(expected)] == expected
    assert len(page_labels) == len(expected) + 1, (
        second
    )  # the text of the résumé is a field of its question


def test_questions_names_types_and_help(client, role):
    english = form_questions(client, role.pk * 10 + 1)
    fields = {field["name"]: field["type"] for row in english for field in row["fields"]}
    assert fields == {
        "first_name": "input_text",
        "last_name": "input_text",
        "preferred_name": "input_text",
        "email": "input_text",
        "phone": "input_text",
        "resume": "input_file",
        "resume_text": "textarea",
        "career_history": "input_file",
        "cover_letter": "input_file",
        "links": "textarea",
        "eligibility": "multi_value_single_select",
        "start": "input_text",
        "message": "textarea",
        "source": "multi_value_single_select",
        "accommodation": "textarea",
    }
    email = question(client, role.pk * 10 + 1, "email")
    assert email == {
        "required": True,
        "label": "E-mail",
        "description": "We answer to this address.",
        "fields": [{"name": "email", "type": "input_text", "values": []}],
    }
    japanese = [row["fields"][0]["name"] for row in form_questions(client, role.pk * 10 + 2)]
    assert japanese[:5] == ["last_name", "first_name", "family_kana", "given_kana", "email"]
    assert question(client, role.pk * 10 + 2, "family_kana")["label"] == "姓（フリガナ）"


def test_questions_resume_as_file_or_text(client, role):
    number = role.pk * 10 + 1
    resume = question(client, number, "resume")
    assert [field["name"] for field in resume["fields"]] == ["resume", "resume_text"]
    assert (resume["label"], resume["required"]) == ("Résumé", True)
    form = make.form(role, resume="optional")
    assert question(client, number, "resume")["required"] is False
    form.resume = "off"
    form.save()
    names = [field["name"] for row in form_questions(client, number) for field in row["fields"]]
    assert not {"resume", "resume_text"} & set(names)


def test_questions_choices_without_empty_choice(client, role):
    source = question(client, role.pk * 10 + 1, "source")
    (field,) = source["fields"]
    assert field["values"][0] == {"value": "site", "label": "This site"}
    assert all(choice["value"] and choice["label"] for choice in field["values"])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (QuestionKind.LINE, "input_text"),
        (QuestionKind.TEXT, "textarea"),
        (QuestionKind.YES_NO, "multi_value_single_select"),
        (QuestionKind.SINGLE_SELECT, "multi_value_single_select"),
        (QuestionKind.MULTI_SELECT, "multi_value_multi_select"),
        (QuestionKind.NUMBER, "input_text"),
        (QuestionKind.DATE, "input_text"),
        (QuestionKind.FILE, "input_file"),
    ],
)
def test_questions_of_every_kind(client, role, kind, expected):
    choices = {"choices_en": "Cirrus\nStratus", "choices_ja": "巻雲\n層雲"}
    saved_question = make.question(make.form(role), kind, is_required=True, **choices)
    name = f"question_{saved_question.pk}"
    english = question(client, role.pk * 10 + 1, name)
    japanese = question(client, role.pk * 10 + 2, name)
    assert (english["label"], english["required"]) == ("Which clouds do you like?", True)
    assert japanese["label"] == "好きな雲は何ですか。"
    assert english["fields"][0]["type"] == japanese["fields"][0]["type"] == expected
    values = [
        [choice["label"] for choice in row["fields"][0]["values"]] for row in (english, japanese)
    ]
    expected = {
        QuestionKind.YES_NO: [["Yes", "No"], ["はい", "いいえ"]],
        QuestionKind.SINGLE_SELECT: [["Cirrus", "Stratus"], ["巻雲", "層雲"]],
        QuestionKind.MULTI_SELECT: [["Cirrus", "Stratus"], ["巻雲", "層雲"]],
    }
    assert values == expected.get(kind, [[], []])


def test_questions_of_sets_come_first(client, role):
    form, other = make.form(role), make.form(make.role())
    late, early = make.question_set(), make.question_set()
    make.question(form, text_en="Own?")
    make.question(late, text_en="Late, second?", position=2)
    make.question(late, text_en="Late, first?", position=1)
    make.question(early, text_en="Early?")
    for asking in (other, form):
        for question_set in (early, late):
            asking.question_set_uses.create(question_set=question_set)
    make.question(other, text_en="Elsewhere?")
    own = [
        row["label"]
        for row in form_questions(client, role.pk * 10 + 1)
        if row["label"].endswith("?")
    ]
    order = ["Early?", "Late, first?", "Late, second?", "Own?"]
    assert [label for label in own if label in [*order, "Elsewhere?"]] == order


def test_questions_without_other_greenhouse_kinds(client, role):
    post = read(client, f"/jobs/{role.pk * 10 + 1}?questions=true")
    assert post["location_questions"] == []
    assert post["compliance"] is None
    assert post["demographic_questions"] is None


def test_questions_exclude_consents(client, role):
    post = read(client, f"/jobs/{role.pk * 10 + 1}?questions=true")
    (consents,) = post["data_compliance"]
    checkboxes = re.findall(
        r'<label class="checkbox">.*?name="(agree|keep)".*?class="requirement( optional)?"',
        page_of(client, role, "en"),
    )
    assert [(name, not is_optional) for name, is_optional in checkboxes] == [
        ("agree", consents["requires_processing_consent"]),
        ("keep", consents["requires_retention_consent"]),
    ]
    names = {field["name"] for row in post["questions"] for field in row["fields"]}
    assert not names & {"agree", "keep"}
