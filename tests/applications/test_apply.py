"""The application form: what it asks for, what is sent, and what is stored."""

import re
from datetime import date
from hashlib import sha256

import pytest
import time_machine
from django.core.signing import dumps

from careers.application_forms.models import ApplicationForm
from careers.applications.models import Application
from careers.documents.models import Document
from careers.documents.storage import document_storage
from careers.outbox.models import Email
from tests import make

from .conftest import apply, cv, form_values, path, retry_values, token


def labels(page):
    """The labels and legends of a form in their order, without badges."""
    return re.findall(r'<(?:label for="[^"]*"|legend)[^>]*>([^<]*)<', page)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("general", [False, True])
def test_apply_stores_every_value(client, language, general):
    """Every value, the document's bytes and the accepted policy are stored; no cookie is set."""
    role = None if general else make.role()
    policy = make.policy()
    response = apply(
        client, role, language, message="雨が好きです。\r\nVery much.", phone="03-1234-5678"
    )
    assert response.status_code == 302
    application = Application.objects.get()
    assert application.display_reference in client.page(response.url)
    assert (application.role, application.language) == (role, language)
    assert application.message == "雨が好きです。\nVery much."
    assert application.phone_e164 == ("+81312345678" if language == "ja" else "")
    assert application.is_confirmed and application.stage == "new"
    assert [change.new_stage for change in application.stage_changes.all()] == ["new"]
    assert application.policy == policy
    (attachment,) = application.attachments.all()
    document = attachment.document
    content = cv().read()
    assert (attachment.kind, document.name) == ("resume", "cv.txt")
    assert document.sha256 == sha256(content).hexdigest()
    with document_storage().open(document.key) as stored:
        assert stored.read() == content
    assert "Set-Cookie" not in response.headers


def test_form_name_order_follows_language(client):
    role = make.role()
    assert labels(client.page(path(role, "en")))[:4] == [
        "Given name",
        "Family name",
        "Name you go by",
        "E-mail",
    ]
    assert labels(client.page(path(role, "ja")))[:5] == [
        "姓",
        "名",
        "姓（フリガナ）",
        "名（フリガナ）",
        "メールアドレス",
    ]


def test_form_fields_follow_role(client):
    """A form shows, requires and announces the fields that its role asks for, and no others."""
    role = make.role()
    fields = dict.fromkeys(ApplicationForm.fields, "off")
    make.form(role, **{**fields, "phone": "required", "portfolio": "required"}, minutes=12)
    page = client.page(path(role))
    assert labels(page)[4:] == ["Telephone number", "Portfolio"]
    assert "It takes about 12 minutes." in page
    assert "Please have these ready: Portfolio." in page
    response = apply(client, role, resume=None)
    assert response.status_code == 422
    assert "Please write your telephone number." in response.text
    assert "Please choose your portfolio." in response.text


def test_form_has_no_prohibited_fields(client):
    """No form asks for age, gender, photo, nationality, family or home address."""
    for language in ("en", "ja"):
        page = client.page(path(make.role(), language))
        names = re.findall(r'name="([^"]+)"', page.partition("<form class")[2])
        assert not re.search(
            "birth|age$|gender|sex|photo|nation|family_size|married|address", str(names)
        )


def test_questions_stored_as_shown(client):
    """Answers are stored with the text of the question that the candidate saw, also after an edit.

    In the general application, because the form of a role is not public with a question in one language.
    """
    role = None
    form = make.form(role)
    shared = make.question_set()
    form.question_set_uses.create(question_set=shared)
    own = {
        kind: make.question(form, kind, text_en=f"About {kind}?", is_required=True, position=number)
        for number, kind in enumerate(["line", "text", "yes_no", "number", "date", "file"], 1)
    }
    lines = {"choices_en": "Cirrus\nStratus\nCumulus", "choices_ja": "巻雲\n層雲\n積雲"}
    one = make.question(shared, "single_select", text_en="Which cloud?", **lines)
    several = make.question(form, "multi_select", text_en="Which clouds?", position=9, **lines)
    japanese_only = make.question(
        form, text_en="", text_ja="好きな雨は？", position=10, visible_to_hiring_managers=False
    )
    page = client.page(path(role))
    assert labels(page)[-12:-3][:1] == ["Which cloud?"]  # those of sets come first
    assert f'<label for="question_{japanese_only.pk}" lang="ja">好きな雨は？' in page
    values = {
        f"question_{own['line'].pk}": "Short",
        f"question_{own['text'].pk}": "Long\nLonger",
        f"question_{own['yes_no'].pk}": "no",
        f"question_{own['number'].pk}": "１，２００",
        f"question_{own['date'].pk}": "2026年4月1日",
        f"question_{own['file'].pk}": cv("drawing.txt"),
        f"question_{one.pk}": "Stratus",
        f"question_{several.pk}": ["Cirrus", "Cumulus"],
    }
    assert apply(client, role).status_code == 422
    assert apply(client, role, **values).status_code == 302
    one.text_en = "Changed later"
    one.save()
    answers = {row.question_text: row for row in Application.objects.get().answers.all()}
    assert {text: answer.text for text, answer in answers.items()} == {
        "Which cloud?": "Stratus",
        "About line?": "Short",
        "About text?": "Long\nLonger",
        "About yes_no?": "No",
        "About number?": "1200",
        "About date?": "2026-04-01",
        "About file?": "",
        "Which clouds?": "Cirrus\nCumulus",
        "好きな雨は？": "",
    }
    assert (
        answers["好きな雨は？"].question_language == "ja"
        and not answers["好きな雨は？"].visible_to_hiring_managers
    )
    (file,) = answers["About file?"].files.all()
    assert (file.kind, file.document.name) == ("answer", "drawing.txt")


def test_resume_text_replaces_file(client):
    role = make.role()
    assert apply(client, role, resume=None).status_code == 422
    assert apply(client, role, resume=None, resume_text="Ten years of clouds.").status_code == 302
    assert Application.objects.get().resume_text == "Ten years of clouds."


def test_consent_boxes_start_unchecked(client):
    """The privacy notice must be accepted; no box is checked in advance; retention is one year."""
    role = make.role()
    page = client.page(path(role))
    assert "checked" not in page
    response = apply(client, role, agree=None)
    assert "To apply, please agree to how personal data is handled." in response.text
    assert Application.objects.count() == 0
    with time_machine.travel("2026-11-21T12:00:00+09:00", tick=False):
        apply(client, role, keep="on")
    assert Application.objects.get().retention_consent_until == date(2027, 11, 21)


def test_posting_snapshot_stays_after_edit(client):
    role = make.role(title_en="Rain engineer", duties_en="<p>Read the rain.</p>")
    apply(client, role)
    role.title_en = "Storm engineer"
    role.save()
    stored = Application.objects.get().posting_snapshot
    assert stored["title"] == "Rain engineer"
    assert ["What you will do", "<p>Read the rain.</p>"] in stored["texts"]


def test_same_form_twice_is_one_application(client):
    role = make.role()
    form = form_values(client, role)
    first = client.post(path(role), form)
    second = client.post(path(role), {**form, "resume": cv()})
    assert client.page(first.url) == client.page(second.url)
    assert Application.objects.count() == 1
    assert Email.objects.filter(recipient="taro@example.org").count() == 1


def test_changed_form_replaces_first_application(client):
    role = make.role()
    form = form_values(client, role)
    client.post(path(role), form)
    better = {"resume": cv(content=b"A better one."), "message": "Hello", "send_again": "yes"}
    client.post(path(role), {**form, **better})
    second, first = Application.objects.all()
    assert (second.replaces, first.replaces) == (first, None)
    assert second.reference != first.reference


def test_invalid_token_returns_filled_form(client):
    """With a missing, forged or foreign token the form comes back with its values and files."""
    role, other = make.role(), make.role()
    form = form_values(client, role, message="Long thought about.")
    for forged in ("", "x", dumps([role.pk, "k", 1], salt="else"), token(client.page(path(other)))):
        response = client.post(path(role), {**form, "token": forged, "resume": cv()})
        assert response.status_code == 422
        assert "Please send it once more" in response.text
        assert "Long thought about." in response.text
        retry = retry_values(response, form)
    assert Application.objects.count() == 0
    assert client.post(path(role), retry).status_code == 302  # the file is not chosen again
    assert Document.objects.count() == 4


def test_form_and_receipt_are_private(client):
    """No shared cache stores forms and receipts; they set no cookie, and are not indexed.

    The browser may keep a page with a form, so that Back restores what was typed.
    """
    role = make.role()
    form, accepted, invalid = (
        client.get(path(role)),
        apply(client, role),
        apply(client, role, email="x"),
    )
    assert form.headers["Cache-Control"] == "private, max-age=0"  # the Back button may reuse it
    assert client.get(path(None)).headers["Cache-Control"] == "private, max-age=0"
    assert invalid.headers["Cache-Control"] == "private, max-age=0"
    assert accepted.headers["Cache-Control"] == "private, no-store"
    rejected = form_values(client, role, email="x")
    response = client.post(path(role), rejected, headers={"Accept": "application/json"})
    assert (response.status_code, response.headers["Cache-Control"]) == (422, "private, no-store")
    for response in (form, accepted, invalid):
        assert "Set-Cookie" not in response.headers
    response = apply(client, role, email="other@example.org")
    page = client.get(response.url)
    assert "noindex" in page.text and page.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"{response.url[:-2]}x/").status_code == 404
    assert client.get(response.url.replace("/en/", "/ja/")).url == response.url


def test_form_urls_redirect(client):
    """A wrong slug, a missing language and a closed role redirect or answer 404."""
    role = make.role()
    for part, invalid in ((role.slug, "else"), (f"/{role.pk}-", f"/00{role.pk}-")):
        response = client.get(path(role).replace(part, invalid))
        assert (response.status_code, response.url) == (301, path(role))
    japanese_only = make.role(published_at_en=None)
    assert client.get(path(japanese_only)).url == path(japanese_only, "ja")
    assert "English" in client.page(path(role, "ja"))
    closed = make.role(closes_on=date(2026, 1, 1))
    assert client.get(path(closed)).status_code in (302, 404)
    assert (
        client.get(path(make.role(published_at_en=None, published_at_ja=None))).status_code == 404
    )


@pytest.mark.parametrize(
    ("language", "of_role"),
    [("en", r"\b(this|the) (role|job)|the job’s|\bposition\b"), ("ja", "この職|この求人|応募先")],
)
def test_general_application_speaks_of_no_role(client, language, of_role):
    """Neither on its form, with errors and without, nor in the questions of the job board API."""
    fields = dict.fromkeys(ApplicationForm.fields, "required")
    make.form(None, **fields | {"accommodation": "optional"})
    rejected = apply(client, None, language, resume=None)
    assert rejected.status_code == 422
    post = client.get(f"/v1/boards/kumo/jobs/{1 if language == 'en' else 2}?questions=true")
    texts = [client.page(path(None, language)), rejected.text, post.content.decode()]
    for text in texts:
        assert len(text) > 500 and not re.search(of_role, text)
    role = make.role()
    make.form(role, **fields | {"accommodation": "optional"})
    assert re.search(of_role, client.page(path(role, language)))


def test_role_list_links_general_application(client):
    assert 'href="/en/apply/"' in client.page("/en/roles/")
    assert 'href="/ja/apply/"' in client.page("/ja/roles/")


def test_form_has_size_limits_for_script(client, settings):
    """The page gives apply.js the size limits of the settings and the same messages as the server."""
    settings.DOCUMENT_MAX_BYTES, settings.DOCUMENTS_MAX_FILES = 2 * 1024 * 1024, 3
    page = client.page("/en/apply/")
    assert 'data-file-limit="2097152"' in page and 'data-total-limit="6291456"' in page
    template = "Please choose a file of up to 2 MB (this one has {size} MB)."
    assert f'data-file-limit-text="{template}"' in page
    response = apply(client, None, resume=cv(content=b"x" * (2 * 1024 * 1024 + 1)))
    assert template.format(size="2.1") in response.text
    message = "Together, the files are larger than 6 MB. Please choose smaller ones."
    assert f'data-total-limit-text="{message}"' in page
    assert "ファイルの合計が6MBを超えています。" in client.page("/ja/apply/")
