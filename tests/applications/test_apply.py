"""The form by which people apply: what it asks, what is sent, and what comes of it."""

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

from .conftest import again, apply, cv, filled, path, token


def labels(page):
    """What a form asks, in its order, without the badges."""
    return re.findall(r'<(?:label for="[^"]*"|legend)[^>]*>([^<]*)<', page)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("general", [False, True])
def test_an_application_arrives_whole(client, language, general):
    role = None if general else make.role()
    policy = make.policy()
    answer = apply(
        client, role, language, message="雨が好きです。\r\nVery much.", phone="03-1234-5678"
    )
    assert answer.status_code == 302
    application = Application.objects.get()
    assert application.display_reference in client.page(answer.url)
    assert (application.role, application.language) == (role, language)
    assert application.message == "雨が好きです。\nVery much."
    assert application.phone_e164 == "+81312345678"
    assert application.is_confirmed and application.stage == "new"
    assert [change.new_stage for change in application.stage_changes.all()] == ["new"]
    assert application.policy == policy
    (attachment,) = application.attachments.all()
    document = attachment.document
    content = cv().read()
    assert (attachment.kind, document.name) == ("resume", "cv.txt")
    assert document.sha256 == sha256(content).hexdigest()
    with document_storage().open(document.key) as kept:
        assert kept.read() == content
    assert "Set-Cookie" not in answer.headers


def test_names_stand_in_the_order_of_the_language(client):
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


def test_a_form_asks_for_what_its_role_wants(client):
    role = make.role()
    fields = dict.fromkeys(ApplicationForm.fields, "off")
    make.form(role, **{**fields, "phone": "required", "portfolio": "required"}, minutes=12)
    page = client.page(path(role))
    assert labels(page)[4:] == ["Telephone number", "Portfolio"]
    assert "It takes about 12 minutes." in page
    assert "Please have these ready: Portfolio." in page
    refused = apply(client, role, resume=None)
    assert refused.status_code == 422
    assert "Please write your telephone number." in refused.text
    assert "Please choose your portfolio." in refused.text


def test_it_never_asks_what_must_not_be_asked(client):
    for language in ("en", "ja"):
        page = client.page(path(make.role(), language))
        names = re.findall(r'name="([^"]+)"', page.partition("<form class")[2])
        assert not re.search(
            "birth|age$|gender|sex|photo|nation|family_size|married|address", str(names)
        )


def test_questions_are_asked_and_answered_in_the_words_that_were_seen(client):
    role = make.role()
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
    only = make.question(
        form, text_en="", text_ja="好きな雨は？", position=10, visible_to_hiring_managers=False
    )
    page = client.page(path(role))
    assert labels(page)[-12:-3][:1] == ["Which cloud?"]  # those of sets come first
    assert f'<label for="question_{only.pk}" lang="ja">好きな雨は？' in page
    answers = {
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
    assert apply(client, role, **answers).status_code == 302
    one.text_en = "Changed later"
    one.save()
    given = {answer.question_text: answer for answer in Application.objects.get().answers.all()}
    assert {asked: answer.text for asked, answer in given.items()} == {
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
        given["好きな雨は？"].question_language == "ja"
        and not given["好きな雨は？"].visible_to_hiring_managers
    )
    (file,) = given["About file?"].files.all()
    assert (file.kind, file.document.name) == ("answer", "drawing.txt")


def test_pasted_text_is_a_resume_too(client):
    role = make.role()
    assert apply(client, role, resume=None).status_code == 422
    assert apply(client, role, resume=None, resume_text="Ten years of clouds.").status_code == 302
    assert Application.objects.get().resume_text == "Ten years of clouds."


def test_consent_is_asked_for_and_nothing_is_ticked(client):
    role = make.role()
    page = client.page(path(role))
    assert "checked" not in page
    refused = apply(client, role, agree=None)
    assert "To apply, please agree to how personal data is handled." in refused.text
    assert Application.objects.count() == 0
    with time_machine.travel("2026-11-21T12:00:00+09:00", tick=False):
        apply(client, role, keep="on")
    assert Application.objects.get().retention_consent_until == date(2027, 11, 21)


def test_the_posting_is_kept_as_it_was(client):
    role = make.role(title_en="Rain engineer", duties_en="<p>Read the rain.</p>")
    apply(client, role)
    role.title_en = "Storm engineer"
    role.save()
    kept = Application.objects.get().posting_snapshot
    assert kept["title"] == "Rain engineer"
    assert ["What you will do", "<p>Read the rain.</p>"] in kept["texts"]


def test_sent_twice_it_is_one_application(client):
    role = make.role()
    form = filled(client, role)
    first = client.post(path(role), form)
    again = client.post(path(role), {**form, "resume": cv()})
    assert client.page(first.url) == client.page(again.url)
    assert Application.objects.count() == 1
    assert Email.objects.filter(recipient="taro@example.org").count() == 1


def test_changed_and_sent_again_it_replaces_the_first(client):
    role = make.role()
    form = filled(client, role)
    client.post(path(role), form)
    client.post(path(role), {**form, "resume": cv(content=b"A better one."), "message": "Hello"})
    second, first = Application.objects.all()
    assert (second.replaces, first.replaces) == (first, None)
    assert second.reference != first.reference


def test_a_form_that_is_not_ours_comes_back_filled_in(client):
    role, other = make.role(), make.role()
    form = filled(client, role, message="Long thought about.")
    for forged in ("", "x", dumps([role.pk, "k", 1], salt="else"), token(client.page(path(other)))):
        answer = client.post(path(role), {**form, "token": forged, "resume": cv()})
        assert answer.status_code == 422
        assert "Please send it once more" in answer.text
        assert "Long thought about." in answer.text
        fresh = again(answer, form)
    assert Application.objects.count() == 0
    assert (
        client.post(path(role), fresh).status_code == 302
    )  # and the file need not be chosen again
    assert Document.objects.count() == 4


def test_the_page_tells_nobody_but_its_reader(client):
    role = make.role()
    form, sent, wrong = client.get(path(role)), apply(client, role), apply(client, role, email="x")
    assert form.headers["Cache-Control"] == "private, max-age=0"  # going back finds it again
    assert client.get(path(None)).headers["Cache-Control"] == "private, max-age=0"
    for answer in (sent, wrong):
        assert answer.headers["Cache-Control"] == "private, no-store"
    for answer in (form, sent, wrong):
        assert "Set-Cookie" not in answer.headers
    answer = apply(client, role, email="other@example.org")
    page = client.get(answer.url)
    assert "noindex" in page.text and page.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"{answer.url[:-2]}x/").status_code == 404
    assert client.get(answer.url.replace("/en/", "/ja/")).url == answer.url


def test_addresses_lead_to_where_a_form_is(client):
    role = make.role()
    for part, wrong in ((role.slug, "else"), (f"/{role.pk}-", f"/00{role.pk}-")):
        answer = client.get(path(role).replace(part, wrong))
        assert (answer.status_code, answer.url) == (301, path(role))
    only = make.role(published_at_en=None)
    assert client.get(path(only)).url == path(only, "ja")
    assert "English" in client.page(path(role, "ja"))
    closed = make.role(closes_on=date(2026, 1, 1))
    assert client.get(path(closed)).status_code in (302, 404)
    assert (
        client.get(path(make.role(published_at_en=None, published_at_ja=None))).status_code == 404
    )


def test_the_list_of_openings_leads_to_the_general_application(client):
    assert 'href="/en/apply/"' in client.page("/en/roles/")
    assert 'href="/ja/apply/"' in client.page("/ja/roles/")


def test_the_script_knows_how_large_files_may_be_and_what_is_said_of_larger_ones(client, settings):
    settings.DOCUMENT_MAX_BYTES, settings.DOCUMENTS_MAX_FILES = 2 * 1024 * 1024, 3
    page = client.page("/en/apply/")
    assert 'data-file-limit="2097152"' in page and 'data-total-limit="6291456"' in page
    said = "Please choose a file of up to 2 MB (this one has {size} MB)."
    assert f'data-file-limit-text="{said}"' in page
    refused = apply(client, None, resume=cv(content=b"x" * (2 * 1024 * 1024 + 1)))
    assert said.format(size="2.1") in refused.text
    together = "Together, the files are larger than 6 MB. Please choose smaller ones."
    assert f'data-total-limit-text="{together}"' in page
    assert "ファイルの合計が6MBを超えています。" in client.page("/ja/apply/")
