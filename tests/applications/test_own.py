"""The candidate's own page: where an application stands, and what its sender may still do with it."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.management import call_command
from django.db import connections

from careers.applications.erasure import erase
from careers.applications.models import Application
from careers.documents.models import Document
from careers.outbox.models import Email
from careers.staff.models import User
from tests import make
from tests.conftest import Visitor

from .conftest import apply, cv

NOON = "2026-11-21T12:00:00+09:00"
RECRUITER = "hana@kumo.example.com"
CANDIDATE = "taro@example.org"


@pytest.fixture
def role(db):
    recruiter = User.objects.create_user(RECRUITER, language="ja")
    return make.role(title_en="Cloud reader", title_ja="雲の読み手", recruiter=recruiter)


def sent(client, role, language="en", **changes):
    """The address of the own page, as the letter tells it, of an application that was just sent."""
    assert apply(client, role, language, **changes).status_code == 302
    return link(Email.objects.filter(recipient=CANDIDATE).latest("pk"))


def link(letter):
    return re.search(r"https://careers\.example\.com(/\w\w/application/\S+/)", letter.body)[1]


def subjects(recipient):
    return list(
        Email.objects.filter(recipient=recipient).order_by("pk").values_list("subject", flat=True)
    )


# --- The address -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_letter_leads_there_in_the_language_of_the_application(client, role, language):
    address = sent(client, role, language)
    assert address.startswith(f"/{language}/application/")
    other = {"en": "ja", "ja": "en"}[language]
    page = client.page(address)
    assert f'href="/{other}{address[3:]}"' in page
    read = {"en": "We are reading your application", "ja": "応募内容を拝見しています"}
    for code in ("en", "ja"):
        assert read[code] in client.page(f"/{code}{address[3:]}").replace("\u200b", "")


def test_the_database_knows_only_a_digest_once_the_letter_has_left(
    client, role, settings, tmp_path
):
    address = sent(client, role)
    token = address.split("/")[3]
    assert len(token) == 22  # 128 bits
    settings.DEV, settings.VAR_DIR = True, tmp_path
    call_command("send_queued_mail", verbosity=0)
    assert Email.objects.filter(recipient=CANDIDATE, state="sent").count() == 1
    rows = [*Application.objects.values(), *Email.objects.values()]
    assert token not in str(rows)
    assert client.get(address).status_code == 200


def test_every_application_has_an_address_of_its_own_and_keeps_it(client, role):
    first = sent(client, role)
    assert first != sent(client, make.role())
    for application in Application.objects.all():
        assert application.status_token() == application.status_token()
    assert client.get(first).status_code == 200


def test_nothing_leaks_to_whoever_has_not_the_token(client, role):
    answer = apply(client, role)
    address = link(Email.objects.get(recipient=CANDIDATE))
    received = client.page(answer.url)
    assert "/application/" not in received and CANDIDATE not in received
    token = address.split("/")[3]
    for guess in (
        token[:-1],
        token.swapcase(),
        "x",
        token + "A",
        Application.objects.get().token_hash,
    ):
        for end in ("", "withdraw/", "erasure/"):
            assert client.get(f"/en/application/{guess}/{end}").status_code == 404
            assert client.post(f"/en/application/{guess}/{end}").status_code == 404
    assert Application.objects.get().stage == "new"


def test_what_waits_for_confirmation_has_no_page(client, role):
    address = sent(client, role)
    Application.objects.update(confirmed_at=None)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("end", ["", "withdraw/", "erasure/"])
def test_its_pages_are_kept_and_listed_by_nobody(client, role, end):
    answer = client.get(sent(client, role) + end)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert not answer.cookies and 'rel="canonical"' not in answer.text


# --- What it shows -----------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_what_was_sent_and_agreed_to(client, role):
    make.policy("privacy", title_en="Privacy policy")
    address = sent(client, role, cover_letter=cv("why.txt", b"x" * 2048), keep="on")
    page = client.page(address)
    for said in (
        Application.objects.get().display_reference,
        "Cloud reader",
        "Saturday, 21 November 2026, 12:00 (Japan time)",
        "cv.txt",
        "why.txt",
        "2.0\xa0KB",
        "in the version of November 21, 2026",
        "We may keep your details until November 21, 2027",
    ):
        assert said in page.replace("\u200b", ""), said
    assert "href=" not in page[page.index("why.txt") - 60 : page.index("why.txt")]
    assert CANDIDATE not in page and "Yamada" not in page, (
        "a forwarded link tells no more than needed"
    )


@pytest.mark.parametrize(
    ("stage", "said", "not_said"),
    [
        ("screening", "応募内容を拝見しています", "スクリーニング"),
        ("interview", "面接に進んでいます", "x-none"),
        ("offer", "内定（オファー）のご案内", "x-none"),
        ("hired", "採用が決まりました", "x-none"),
        ("rejected", "選考は終了しました", "不採用"),
        ("withdrawn", "応募を取り下げました", "x-none"),
    ],
)
def test_its_words_are_for_candidates(client, role, stage, said, not_said):
    address = sent(client, role, "ja")
    Application.objects.update(stage=stage)
    page = client.page(address).replace("\u200b", "")
    assert said in page and not_said not in page
    is_open = stage in ("screening", "interview", "offer")
    assert ('name="document"' in page, "/withdraw/" in page) == (is_open, is_open)
    assert "/erasure/" in page


# --- A document more ---------------------------------------------------------------------------


def add(client, address, name="letter.txt", content=b"Why I want this.", kind="cover_letter"):
    return client.post(address, {"kind": kind, "document": cv(name, content)})


def test_a_document_is_added_once_and_the_recruiter_told(client, role):
    address = sent(client, role)
    for _press in range(2):
        answer = add(client, address)
        assert (answer.status_code, answer.url) == (302, f"{address}#documents")
    assert "letter.txt" in client.page(address)
    application = Application.objects.get()
    assert [row.kind for row in application.attachments.all()] == ["resume", "cover_letter"]
    assert subjects(RECRUITER)[1:] == [
        f"【クモ】書類が追加されました：雲の読み手（{application.display_reference}）"
    ]
    assert len(subjects(CANDIDATE)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"content": b""}, "This file is empty."),
        ({"name": "x.exe", "content": b"MZ\x90\x00" * 40}, "which cannot be taken"),
        ({"name": "x.txt", "content": b"x" * (10 * 1024 * 1024 + 1)}, "up to 10 MB"),
        ({"kind": "portfolio"}, "Select a valid choice"),
    ],
)
def test_a_document_is_judged_as_on_the_form(client, role, changes, said):
    address = sent(client, role)
    answer = add(client, address, **changes)
    assert answer.status_code == 422
    assert said in answer.text and 'id="error-summary"' in answer.text
    assert Application.objects.get().attachments.count() == 1
    assert len(subjects(RECRUITER)) == 1


def test_nothing_chosen_is_said_so(client, role):
    address = sent(client, role, "ja")
    answer = client.post(address, {"kind": "resume"})
    assert answer.status_code == 422 and "書類を選択してください。" in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "already, as: cover letter."), ("ja", "「カバーレター」としてすでにお送り")],
)
def test_a_file_that_is_there_as_another_kind_is_said_so(client, role, language, said):
    address = sent(client, role, language)
    add(client, address)
    answer = add(client, address, kind="career_history")
    assert answer.status_code == 422 and said in answer.text
    assert Document.objects.count() == 2  # with the résumé


def test_who_is_erased_while_a_button_is_pressed_is_not_found(client, role):
    address = sent(client, role)
    reference = Application.objects.get().reference

    class Erasing(io.BytesIO):
        """What a browser sends, so slowly that the application is erased meanwhile."""

        def read(self, *size):
            erase(reference)
            return super().read(*size)

    body = b"keep=yes"
    answer = client.generic(
        "POST",
        address,
        body,
        content_type="application/x-www-form-urlencoded",
        **{"wsgi.input": Erasing(body)},
    )
    assert answer.status_code == 404 and not Application.objects.exists()


def test_only_so_many_documents(client, role, settings):
    settings.DOCUMENTS_MAX_FILES = 2
    address = sent(client, role)
    for number in range(5):
        add(client, address, f"{number}.txt", b"Number %d." % number)
    assert Application.objects.get().attachments.count() == 4
    assert "No more documents can be added here." in client.page(address)


def test_a_store_that_takes_nothing_acknowledges_nothing(client, role, settings, tmp_path):
    address = sent(client, role)
    (tmp_path / "file").write_text("not a folder")
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {**settings.STORAGES["documents"], "OPTIONS": {"location": tmp_path / "file"}},
    }
    answer = add(client, address)
    assert answer.status_code == 503
    assert "Please try again in a few minutes." in answer.text
    assert Document.objects.count() == 1 and len(subjects(RECRUITER)) == 1


# --- Withdrawing, being kept, being forgotten --------------------------------------------------


def test_withdrawing_asks_first_and_is_done_once(client, role):
    address = sent(client, role, "ja")
    assert "応募を取り下げますか" in client.page(f"{address}withdraw/").replace("\u200b", "")
    assert Application.objects.get().stage == "new"
    for _press in range(2):
        answer = client.post(f"{address}withdraw/")
        assert (answer.status_code, answer.url) == (302, address)
    application = Application.objects.get()
    (_new, change) = application.stage_changes.all()
    assert (application.stage, change.old_stage, change.changed_by) == ("withdrawn", "new", None)
    assert subjects(CANDIDATE)[1:] == ["【クモ】応募の取り下げを承りました（雲の読み手）"]
    assert subjects(RECRUITER)[1:] == [
        f"【クモ】応募が取り下げられました：雲の読み手（{application.display_reference}）"
    ]
    assert link(Email.objects.filter(recipient=CANDIDATE).latest("pk")) == address
    assert client.get(f"{address}withdraw/").url == address
    assert add(client, address).status_code == 302
    assert application.attachments.count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawing_from_several_windows_at_once(client, role):
    address = sent(client, role)

    def press(_number):
        try:
            return Visitor().post(f"{address}withdraw/").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [302] * 4
    assert Application.objects.get().stage_changes.count() == 2
    assert (len(subjects(CANDIDATE)), len(subjects(RECRUITER))) == (2, 2)


@pytest.mark.parametrize("stage", ["hired", "rejected"])
def test_what_is_decided_is_not_withdrawn(client, role, stage):
    address = sent(client, role)
    Application.objects.update(stage=stage)
    client.post(f"{address}withdraw/")
    assert Application.objects.get().stage == stage
    assert len(subjects(CANDIDATE)) == 1


@time_machine.travel(NOON, tick=False)
def test_the_consent_to_be_kept_is_given_and_taken_back(client, role):
    address = sent(client, role)
    assert "for this selection only" in client.page(address)
    for wanted, until in (
        ("yes", "2027-11-21"),
        ("yes", "2027-11-21"),
        ("no", "None"),
        ("no", "None"),
    ):
        assert client.post(address, {"keep": wanted}).url == f"{address}#keeping"
        assert str(Application.objects.get().retention_consent_until) == until
    assert len(subjects(RECRUITER)) == 1


@time_machine.travel(NOON, tick=False)
def test_erasure_is_asked_for_once_and_both_are_told(client, role, signed_in):
    address = sent(client, role, keep="on")
    assert "It cannot be undone." in client.page(f"{address}erasure/")
    assert Application.objects.get().erasure_requested_at is None
    for _press in range(2):
        assert client.post(f"{address}erasure/").url == address
    application = Application.objects.get()
    assert application.erasure_requested_at.isoformat() == "2026-11-21T03:00:00+00:00"
    assert (application.stage, application.retention_consent_until) == ("withdrawn", None)
    assert subjects(CANDIDATE)[1:] == ["Your request for erasure: Cloud reader | Kumo"]
    assert subjects(RECRUITER)[1:] == [
        f"【クモ】個人情報の消去の依頼がありました：雲の読み手（{application.display_reference}）"
    ]
    page = client.page(address)
    assert "You have asked us to erase your details" in page.replace("\u200b", "")
    assert "<form" not in page and "/erasure/" not in page
    client.post(address, {"keep": "yes"})
    assert Application.objects.get().retention_consent_until is None
    recruiter = signed_in("Recruiters")
    shown = recruiter.page(f"/admin/applications/application/{application.pk}/change/")
    assert "Asked to be erased" in shown


def test_opening_an_address_changes_nothing(client, role):
    address = sent(client, role)
    before = Application.objects.values().get()
    for end in ("", "withdraw/", "erasure/"):
        client.get(f"{address}{end}?keep=no")
        client.head(f"{address}{end}")
    assert Application.objects.values().get() == before
    assert Email.objects.count() == 2
