"""Questions of a post: what its form asks, in its language, in the words of the form's own page."""

import html
import re

import pytest

from careers.application_forms.enums import QuestionKind
from tests import make
from tests.job_board.conftest import read

pytestmark = pytest.mark.django_db


def asked(client, number):
    return read(client, f"/jobs/{number}?questions=true")["questions"]


def question(client, number, name):
    """The question with the field `name`."""
    (found,) = [
        row for row in asked(client, number) if name in [field["name"] for field in row["fields"]]
    ]
    return found


def page_of(client, role, language):
    path = f"{role.get_absolute_url(language)}apply/" if role else f"/{language}/apply/"
    return client.page(path)


def labels(page):
    """The labels on the page of a form in its order, and whether each says that it is required."""
    form = page.partition('<div class="fields">')[2].partition('id="agree"')[0]
    found = re.findall(
        r'<(?:legend|label for=)[^>]*>(.*?)<span class="requirement( optional)?">', form, re.DOTALL
    )
    return [(html.unescape(label), not free) for label, free in found]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("general", [False, True])
def test_they_are_those_on_the_page_of_the_form(client, role, language, general):
    form = make.form(
        None if general else role, phone="required", portfolio="required", message="off"
    )
    make.question(form, QuestionKind.YES_NO, is_required=True)
    number = (0 if general else role.pk * 10) + {"en": 1, "ja": 2}[language]
    said = [(row["label"], row["required"]) for row in asked(client, number)]
    shown = labels(page_of(client, None if general else role, language))
    second = {"en": "Or your résumé as text", "ja": "または職務経歴をテキストで入力"}
    assert len(shown) > 10
    assert [row for row in shown if row[0] in dict(said)] == said
    assert len(shown) == len(said) + 1, second  # the text of the résumé is a field of its question


def test_names_types_and_help(client, role):
    english = asked(client, role.pk * 10 + 1)
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
    japanese = [row["fields"][0]["name"] for row in asked(client, role.pk * 10 + 2)]
    assert japanese[:5] == ["last_name", "first_name", "family_kana", "given_kana", "email"]
    assert question(client, role.pk * 10 + 2, "family_kana")["label"] == "姓（フリガナ）"


def test_a_resume_may_be_a_file_or_a_text(client, role):
    number = role.pk * 10 + 1
    resume = question(client, number, "resume")
    assert [field["name"] for field in resume["fields"]] == ["resume", "resume_text"]
    assert (resume["label"], resume["required"]) == ("Résumé", True)
    form = make.form(role, resume="optional")
    assert question(client, number, "resume")["required"] is False
    form.resume = "off"
    form.save()
    names = [field["name"] for row in asked(client, number) for field in row["fields"]]
    assert not {"resume", "resume_text"} & set(names)


def test_choices_without_the_empty_one(client, role):
    source = question(client, role.pk * 10 + 1, "source")
    (field,) = source["fields"]
    assert field["values"][0] == {"value": "site", "label": "This site"}
    assert all(choice["value"] and choice["label"] for choice in field["values"])


@pytest.mark.parametrize(
    ("kind", "said"),
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
def test_every_kind_of_question(client, role, kind, said):
    choices = {"choices_en": "Cirrus\nStratus", "choices_ja": "巻雲\n層雲"}
    asked = make.question(make.form(role), kind, is_required=True, **choices)
    name = f"question_{asked.pk}"
    english = question(client, role.pk * 10 + 1, name)
    japanese = question(client, role.pk * 10 + 2, name)
    assert (english["label"], english["required"]) == ("Which clouds do you like?", True)
    assert japanese["label"] == "好きな雲は何ですか。"
    assert english["fields"][0]["type"] == japanese["fields"][0]["type"] == said
    values = [
        [choice["label"] for choice in row["fields"][0]["values"]] for row in (english, japanese)
    ]
    expected = {
        QuestionKind.YES_NO: [["Yes", "No"], ["はい", "いいえ"]],
        QuestionKind.SINGLE_SELECT: [["Cirrus", "Stratus"], ["巻雲", "層雲"]],
        QuestionKind.MULTI_SELECT: [["Cirrus", "Stratus"], ["巻雲", "層雲"]],
    }
    assert values == expected.get(kind, [[], []])


def test_questions_of_sets_come_first_in_the_order_of_the_sets(client, role):
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
    own = [row["label"] for row in asked(client, role.pk * 10 + 1) if row["label"].endswith("?")]
    order = ["Early?", "Late, first?", "Late, second?", "Own?"]
    assert [label for label in own if label in [*order, "Elsewhere?"]] == order


def test_nothing_of_what_greenhouse_asks_besides(client, role):
    post = read(client, f"/jobs/{role.pk * 10 + 1}?questions=true")
    assert post["location_questions"] == []
    assert post["compliance"] is None
    assert post["demographic_questions"] is None


def test_the_two_consents_are_what_the_form_says_of_them(client, role):
    post = read(client, f"/jobs/{role.pk * 10 + 1}?questions=true")
    (consents,) = post["data_compliance"]
    ticks = re.findall(
        r'<label class="checkbox">.*?name="(agree|keep)".*?class="requirement( optional)?"',
        page_of(client, role, "en"),
    )
    assert [(name, not free) for name, free in ticks] == [
        ("agree", consents["requires_processing_consent"]),
        ("keep", consents["requires_retention_consent"]),
    ]
    names = {field["name"] for row in post["questions"] for field in row["fields"]}
    assert not names & {"agree", "keep"}
