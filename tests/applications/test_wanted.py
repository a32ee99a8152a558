"""Each field that a form may ask for, not asked, optional and required, in both languages."""

import pytest

from careers.application_forms.enums import DocumentKind
from careers.application_forms.models import ApplicationForm
from careers.applications.models import Application
from careers.documents.models import Document
from tests import make
from tests.html import parse

from .conftest import again, apply, cv, filled, path

pytestmark = pytest.mark.one_database

PAPERS = [paper for paper in DocumentKind.values if paper != DocumentKind.ANSWER]
SENT = {
    **{name: f"{name}.txt" for name in PAPERS},
    "phone": "03-1234-5678",
    "links": "https://clouds.example.com/taro",
    "start": "2027-04-01",
    "eligibility": "support",
    "message": "I like rain.",
    "source": "event",
    "accommodation": "An interpreter",
}
MISSING = {
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


def role_that_wants(name, wanted):
    """A role whose form wants this field so, and may be sent without any other."""
    role = make.role()
    make.form(role, **{**dict.fromkeys(ApplicationForm.fields, "optional"), name: wanted})
    return role


def sent(name):
    return cv(SENT[name]) if name in PAPERS else SENT[name]


def every_but(name):
    """What a browser sends if this field was left out; of radio buttons it sends nothing then."""
    left = None if name == "eligibility" else ""
    return {field: sent(field) for field in SENT} | {name: left}


def kept():
    """{field: value} of what the one application has of these fields."""
    application = Application.objects.get()
    texts = {name: getattr(application, name) for name in SENT if name not in PAPERS}
    rows = application.attachments.values_list("kind", "document__name")
    return {name: value for name, value in {**texts, **dict(rows)}.items() if value}


@each_language
@each_field
def test_what_is_not_asked_is_not_shown_and_not_kept(client, name, language):
    role = role_that_wants(name, "off")
    page = client.page(path(role, language))
    asked = {field for field in SENT if f'name="{field}"' in page}
    assert asked == SENT.keys() - {name}
    assert ('name="resume_text"' in page) == (name != "resume")
    every = {field: sent(field) for field in SENT} | {"resume_text": "Ten years of sky."}
    assert apply(client, role, language, **every).status_code == 302
    assert kept() == {field: SENT[field] for field in SENT if field != name}
    assert Application.objects.get().resume_text == every["resume_text"] * (name != "resume")
    assert Document.objects.count() == len(PAPERS) - (name in PAPERS)


@each_language
@each_field
def test_what_is_optional_may_be_left_out(client, name, language):
    role = role_that_wants(name, "optional")
    assert apply(client, role, language, **every_but(name)).status_code == 302
    assert kept() == {field: SENT[field] for field in SENT if field != name}


@each_language
@pytest.mark.parametrize("name", MISSING)
def test_what_is_required_is_asked_for_and_nothing_else_is_lost(client, name, language):
    role = role_that_wants(name, "required")
    form = filled(client, role, language, **every_but(name))
    answer = client.post(path(role, language), form)
    assert answer.status_code == 422 and not Application.objects.exists()
    page = answer.text.replace("\u200b", "")
    said = MISSING[name][language == "ja"]
    summary = page.partition('id="error-summary"')[2].partition("</ul>")[0]
    assert f'<li><a href="#{name}">{said}</a></li>' in summary and summary.count("<li>") == 1
    assert said in page.partition(f'id="{name}_error"')[2].partition("</p>")[0]
    for field in SENT.keys() - {name}:
        assert _is_shown(page, field), field
    whole = again(answer, form, **dict.fromkeys(PAPERS, "") | {name: sent(name)})
    assert client.post(path(role, language), whole).status_code == 302
    assert kept() == SENT


@each_language
def test_a_required_resume_may_be_a_text(client, language):
    role = role_that_wants("resume", "required")
    typed = {"resume": "", "resume_text": "Ten years of sky."}
    assert apply(client, role, language, **typed).status_code == 302
    assert Application.objects.get().resume_text == "Ten years of sky."


def test_every_field_is_in_this_table():
    never_required = {"accommodation"}  # nobody can be made to tell what they need
    assert SENT.keys() == set(ApplicationForm.fields) == MISSING.keys() | never_required


def _is_shown(page, name):
    """Whether the page that came back holds what was sent in this field."""
    if name in PAPERS:
        upload = f'[name=pending_upload][value="{name}"] + span'
        return parse(page).texts(upload) == [SENT[name]]
    if name == "eligibility":
        return f'name="eligibility" value="{SENT[name]}" id="eligibility_1" checked>' in page
    if name == "source":
        return f'<option value="{SENT[name]}" selected>' in page
    return SENT[name] in page
