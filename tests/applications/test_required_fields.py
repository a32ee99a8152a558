"""Each field of the application form: off, optional and required, in both languages."""

import re

import pytest

from careers.application_forms.enums import DocumentKind
from careers.application_forms.models import ApplicationForm
from careers.applications.models import Application
from careers.documents.models import Document
from tests import make
from tests.html import parse

from .conftest import apply, cv, form_values, path, retry_values

pytestmark = pytest.mark.one_database

DOCUMENT_FIELDS = [kind for kind in DocumentKind.values if kind != DocumentKind.ANSWER]
VALUES = {
    **{name: f"{name}.txt" for name in DOCUMENT_FIELDS},
    "phone": "03-1234-5678",
    "links": "https://clouds.example.com/taro",
    "start": "2027-04-01",
    "eligibility": "support",
    "message": "I like rain.",
    "source": "event",
    "accommodation": "An interpreter",
}
ERRORS = {
    "resume": (
        "Please choose your résumé, or paste it as text.",
        "履歴書を選択するか、経歴をテキストで入力してください。",
    ),
    "career_history": ("Please choose your career history.", "職務経歴書を選択してください。"),
    "cover_letter": ("Please choose your cover letter.", "カバーレターを選択してください。"),
    "portfolio": ("Please choose your portfolio.", "ポートフォリオを選択してください。"),
    "phone": ("Please write your telephone number.", "電話番号を入力してください。"),
    "links": ("Please write at least one address.", "URLを1つ以上入力してください。"),
    "start": ("Please write when you could start.", "入社可能時期を入力してください。"),
    "eligibility": ("Please choose one of the answers.", "選択肢から選んでください。"),
    "message": ("Please write a message.", "志望動機・自己PRを入力してください。"),
    "source": ("Please choose one of the answers.", "選択肢から選んでください。"),
}

each_language = pytest.mark.parametrize("language", ["en", "ja"])
each_field = pytest.mark.parametrize("name", ApplicationForm.fields)


def role_requiring(name, requirement):
    """A role with this requirement for one field; all other fields are optional."""
    role = make.role()
    make.form(role, **{**dict.fromkeys(ApplicationForm.fields, "optional"), name: requirement})
    return role


def value(name):
    return cv(VALUES[name]) if name in DOCUMENT_FIELDS else VALUES[name]


def values_without(name):
    """What a browser sends if one field is empty; for radio buttons it sends nothing."""
    missing = None if name == "eligibility" else ""
    return {field: value(field) for field in VALUES} | {name: missing}


def stored_values():
    """{field: value} of the fields that are stored with the only application."""
    application = Application.objects.get()
    texts = {name: getattr(application, name) for name in VALUES if name not in DOCUMENT_FIELDS}
    rows = application.attachments.values_list("kind", "document__name")
    return {name: value for name, value in {**texts, **dict(rows)}.items() if value}


@each_language
@each_field
def test_field_off_is_not_shown_or_stored(client, name, language):
    role = role_requiring(name, "off")
    page = client.page(path(role, language))
    shown = {field for field in VALUES if f'name="{field}"' in page}
    assert shown == VALUES.keys() - {name}
    assert ('name="resume_text"' in page) == (name != "resume")
    values = {field: value(field) for field in VALUES} | {"resume_text": "Ten years of sky."}
    assert apply(client, role, language, **values).status_code == 302
    assert stored_values() == {field: VALUES[field] for field in VALUES if field != name}
    assert Application.objects.get().resume_text == values["resume_text"] * (name != "resume")
    assert Document.objects.count() == len(DOCUMENT_FIELDS) - (name in DOCUMENT_FIELDS)


@each_language
@each_field
def test_field_optional_may_be_empty(client, name, language):
    role = role_requiring(name, "optional")
    assert apply(client, role, language, **values_without(name)).status_code == 302
    assert stored_values() == {field: VALUES[field] for field in VALUES if field != name}


@each_language
@pytest.mark.parametrize("name", ERRORS)
def test_field_required_error_keeps_other_values(client, name, language):
    """A missing required field is reported in the summary and at the field; all other values stay."""
    role = role_requiring(name, "required")
    form = form_values(client, role, language, **values_without(name))
    response = client.post(path(role, language), form)
    assert response.status_code == 422 and not Application.objects.exists()
    page = response.text.replace("\u200b", "")
    error = ERRORS[name][language == "ja"]
    link = parse(page).one("#error-summary li a")
    assert link["href"] == f"#{name}"
    label = re.search(
        rf'<(?:label for="{name}"|fieldset [^>]*id="{name}"[^>]*><legend)>([^<]*)<', page
    )[1]
    assert link.text == _line(label, error, language)
    assert error in page.partition(f'id="{name}_error"')[2].partition("</p>")[0]
    for field in VALUES.keys() - {name}:
        assert _is_shown(page, field), field
    retry = retry_values(response, form, **dict.fromkeys(DOCUMENT_FIELDS, "") | {name: value(name)})
    assert client.post(path(role, language), retry).status_code == 302
    assert stored_values() == VALUES


@each_language
def test_resume_required_accepts_text(client, language):
    role = role_requiring("resume", "required")
    values = {"resume": "", "resume_text": "Ten years of sky."}
    assert apply(client, role, language, **values).status_code == 302
    assert Application.objects.get().resume_text == "Ten years of sky."


@each_language
@pytest.mark.parametrize("requirement", ["required", "optional"])
def test_resume_badges_name_both_halves(client, requirement, language):
    """File and text say that one of the two is enough, as the form accepts; a link is neither."""
    role = role_requiring("resume", requirement)
    page = parse(client.page(path(role, language)))
    badges = [
        page.one(f"label[for={name}] .requirement").text for name in ("resume", "resume_text")
    ]
    one_of_two = {"en": "One of the two required", "ja": "いずれか必須"}[language]
    optional = {"en": "Optional", "ja": "任意"}[language]
    assert badges == [one_of_two if requirement == "required" else optional] * 2
    only_link = {"resume": "", "resume_text": "", "links": "https://clouds.example.com/taro"}
    status = apply(client, role, language, **only_link).status_code
    assert status == (422 if requirement == "required" else 302)


def test_every_field_has_values_and_errors():
    never_required = {"accommodation"}  # a need for support is always voluntary
    assert VALUES.keys() == set(ApplicationForm.fields) == ERRORS.keys() | never_required


def _line(label, error, language):
    """A line of the error list: it begins with the name of the field."""
    if error.startswith(label):
        return error
    separator = " " if label.endswith("?") else {"en": ": ", "ja": "："}[language]
    return f"{label}{separator}{error}"


def _is_shown(page, name):
    """Whether the returned page contains the value that was sent in a field."""
    if name in DOCUMENT_FIELDS:
        upload = f'[name=pending_upload][value="{name}"] + span'
        return parse(page).texts(upload) == [VALUES[name]]
    if name == "eligibility":
        return f'name="eligibility" value="{VALUES[name]}" id="eligibility_1" checked>' in page
    if name == "source":
        return f'<option value="{VALUES[name]}" selected>' in page
    return VALUES[name] in page
