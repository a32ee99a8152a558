"""The candidate's page: status, adding documents, withdrawal, consent and erasure."""

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


def apply_for_status_path(client, role, language="en", **changes):
    """Apply; the path of the status page in the email to the candidate."""
    assert apply(client, role, language, **changes).status_code == 302
    return link(Email.objects.filter(recipient=CANDIDATE).latest("pk"))


def link(email):
    return re.search(r"https://careers\.example\.com(/\w\w/application/\S+/)", email.body)[1]


def subjects(recipient):
    return list(
        Email.objects.filter(recipient=recipient).order_by("pk").values_list("subject", flat=True)
    )


# --- The status link ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ja"])
def test_status_link_in_application_language(client, role, language):
    address = apply_for_status_path(client, role, language)
    assert address.startswith(f"/{language}/application/")
    other = {"en": "ja", "ja": "en"}[language]
    page = client.page(address)
    assert f'href="/{other}{address[3:]}"' in page
    heading = {"en": "We’re reviewing your application", "ja": "書類選考中です"}
    for code in ("en", "ja"):
        assert heading[code] in client.page(f"/{code}{address[3:]}").replace("\u200b", "")


def test_status_token_only_hashed_after_sending(client, role, settings, tmp_path):
    """Once the email is sent, no row of the database contains the token."""
    address = apply_for_status_path(client, role)
    token = address.split("/")[3]
    assert len(token) == 22  # 128 bits
    settings.DEV, settings.VAR_DIR = True, tmp_path
    call_command("send_queued_mail", verbosity=0)
    assert Email.objects.filter(recipient=CANDIDATE, state="sent").count() == 1
    rows = [*Application.objects.values(), *Email.objects.values()]
    assert token not in str(rows)
    assert client.get(address).status_code == 200


def test_status_link_is_unique_and_stable(client, role):
    first = apply_for_status_path(client, role)
    assert first != apply_for_status_path(client, make.role())
    for application in Application.objects.all():
        assert application.status_token() == application.status_token()
    assert client.get(first).status_code == 200


def test_status_page_needs_token(client, role):
    """The receipt does not show the link, and a wrong token answers 404 to GET and POST."""
    response = apply(client, role)
    address = link(Email.objects.get(recipient=CANDIDATE))
    received = client.page(response.url)
    assert "/application/" not in received and CANDIDATE not in received
    token = address.split("/")[3]
    for invalid in (
        token[:-1],
        token.swapcase(),
        "x",
        token + "A",
        Application.objects.get().token_hash,
    ):
        for end in ("", "withdraw/", "erasure/"):
            assert client.get(f"/en/application/{invalid}/{end}").status_code == 404
            assert client.post(f"/en/application/{invalid}/{end}").status_code == 404
    assert Application.objects.get().stage == "new"


def test_status_page_missing_in_quarantine(client, role):
    address = apply_for_status_path(client, role)
    Application.objects.update(confirmed_at=None)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("end", ["", "withdraw/", "erasure/"])
def test_status_pages_are_private(client, role, end):
    """They are not stored or indexed, send no Referer, and set no cookie."""
    response = client.get(apply_for_status_path(client, role) + end)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    assert not response.cookies and 'rel="canonical"' not in response.text


# --- What it shows -----------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_status_page_shows_application_and_consent(client, role):
    make.policy("privacy", title_en="Privacy policy")
    address = apply_for_status_path(
        client, role, cover_letter=cv("why.txt", b"x" * 2048), keep="on"
    )
    page = client.page(address)
    for text in (
        Application.objects.get().display_reference,
        "Cloud reader",
        "Saturday, 21 November 2026, 12:00 (Japan time)",
        "cv.txt",
        "why.txt",
        "2.0\xa0KB",
        "in the version of November 21, 2026",
        "We may keep your data until November 21, 2027 and consider you for other roles.",
    ):
        assert text in page.replace("\u200b", ""), text
    assert "href=" not in page[page.index("why.txt") - 60 : page.index("why.txt")]
    assert CANDIDATE not in page and "Yamada" not in page, "a forwarded link shows no personal data"


@pytest.mark.parametrize(
    ("status", "text", "is_open"),
    [
        ("in_review", "書類選考中です", True),
        ("interviews", "面接選考中です", True),
        ("offer", "採用条件のご提示（オファー）", True),
        ("hired", "ご入社をお待ちしています", False),
        ("not_selected", "今回は採用を見送ることとなりました", False),
        ("closed", "この応募の手続きは終了しました", False),
    ],
)
def test_status_page_shows_what_was_told(client, role, status, text, is_open):
    """The page shows the latest status told; a closed one offers no documents and no withdrawal."""
    address = apply_for_status_path(client, role, "ja")
    make.status_update(Application.objects.get(), status)
    page = client.page(address).replace("\u200b", "")
    assert text in page
    assert ('name="document"' in page, "/withdraw/" in page) == (is_open, is_open)
    assert "/erasure/" in page


# --- Adding a document -------------------------------------------------------------------------


def add_document(
    client, address, name="letter.txt", content=b"Why I want this.", kind="cover_letter"
):
    return client.post(address, {"kind": kind, "document": cv(name, content)})


def test_document_added_once_notifies_recruiter(client, role):
    address = apply_for_status_path(client, role)
    for _attempt in range(2):
        response = add_document(client, address)
        assert (response.status_code, response.url) == (302, f"{address}#documents")
    assert "letter.txt" in client.page(address)
    application = Application.objects.get()
    assert [row.kind for row in application.attachments.all()] == ["resume", "cover_letter"]
    assert subjects(RECRUITER)[1:] == [
        f"【クモ】書類が追加されました／雲の読み手［{application.display_reference}］"
    ]
    assert len(subjects(CANDIDATE)) == 1


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"content": b""}, "This file is empty."),
        ({"name": "x.exe", "content": b"MZ\x90\x00" * 40}, "which cannot be taken"),
        ({"name": "x.txt", "content": b"x" * (10 * 1024 * 1024 + 1)}, "up to 10 MB"),
        ({"kind": "portfolio"}, "Select a valid choice"),
    ],
)
def test_document_checked_as_on_form(client, role, changes, text):
    address = apply_for_status_path(client, role)
    response = add_document(client, address, **changes)
    assert response.status_code == 422
    assert text in response.text and 'id="error-summary"' in response.text
    assert Application.objects.get().attachments.count() == 1
    assert len(subjects(RECRUITER)) == 1


def test_document_missing_file_error(client, role):
    address = apply_for_status_path(client, role, "ja")
    response = client.post(address, {"kind": "resume"})
    assert response.status_code == 422 and "書類を選択してください。" in response.text


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "already, as: cover letter."), ("ja", "「カバーレター」としてすでにお送り")],
)
def test_document_duplicate_of_another_kind(client, role, language, text):
    address = apply_for_status_path(client, role, language)
    add_document(client, address)
    response = add_document(client, address, kind="career_history")
    assert response.status_code == 422 and text in response.text
    assert Document.objects.count() == 2  # with the résumé


def test_status_page_erased_during_request(client, role):
    address = apply_for_status_path(client, role)
    reference = Application.objects.get().reference

    class ErasingBody(io.BytesIO):
        """A request body; the application is erased while it is read."""

        def read(self, *size):
            erase(reference)
            return super().read(*size)

    body = b"keep=yes"
    response = client.generic(
        "POST",
        address,
        body,
        content_type="application/x-www-form-urlencoded",
        **{"wsgi.input": ErasingBody(body)},
    )
    assert response.status_code == 404 and not Application.objects.exists()


def test_document_limit(client, role, settings):
    settings.DOCUMENTS_MAX_FILES = 2
    address = apply_for_status_path(client, role)
    for number in range(5):
        add_document(client, address, f"{number}.txt", b"Number %d." % number)
    assert Application.objects.get().attachments.count() == 4
    assert "No more documents can be added here." in client.page(address)


def test_document_storage_unavailable(client, role, settings, tmp_path):
    address = apply_for_status_path(client, role)
    (tmp_path / "file").write_text("not a folder")
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {**settings.STORAGES["documents"], "OPTIONS": {"location": tmp_path / "file"}},
    }
    response = add_document(client, address)
    assert response.status_code == 503
    assert "Please try again in a few minutes." in response.text
    assert Document.objects.count() == 1 and len(subjects(RECRUITER)) == 1


# --- Withdrawal, consent, erasure --------------------------------------------------------------


def test_withdrawal_asks_first_and_happens_once(client, role):
    address = apply_for_status_path(client, role, "ja")
    assert "応募を取り下げますか" in client.page(f"{address}withdraw/").replace("\u200b", "")
    assert Application.objects.get().stage == "new"
    for _attempt in range(2):
        response = client.post(f"{address}withdraw/")
        assert (response.status_code, response.url) == (302, address)
    application = Application.objects.get()
    (_new, change) = application.stage_changes.all()
    assert (application.stage, change.old_stage, change.changed_by) == ("withdrawn", "new", None)
    assert subjects(CANDIDATE)[1:] == ["【クモ】応募の取り下げを承りました／雲の読み手"]
    assert subjects(RECRUITER)[1:] == [
        f"【クモ】応募が取り下げられました／雲の読み手［{application.display_reference}］"
    ]
    assert link(Email.objects.filter(recipient=CANDIDATE).latest("pk")) == address
    assert client.get(f"{address}withdraw/").url == address
    assert add_document(client, address).status_code == 302
    assert application.attachments.count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawal_four_times_at_once(client, role):
    address = apply_for_status_path(client, role)

    def withdraw(_number):
        try:
            return Visitor().post(f"{address}withdraw/").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(withdraw, range(4))) == [302] * 4
    assert Application.objects.get().stage_changes.count() == 2
    assert (len(subjects(CANDIDATE)), len(subjects(RECRUITER))) == (2, 2)


@pytest.mark.parametrize("status", ["hired", "not_selected", "closed"])
def test_withdrawal_impossible_once_told(client, role, status):
    address = apply_for_status_path(client, role)
    make.status_update(Application.objects.get(), status)
    client.post(f"{address}withdraw/")
    assert Application.objects.get().withdrawn_at is None
    assert len(subjects(CANDIDATE)) == 1


@time_machine.travel(NOON, tick=False)
def test_retention_consent_given_and_revoked(client, role):
    address = apply_for_status_path(client, role)
    assert "for this application only" in client.page(address)
    for consent, consent_until in (
        ("yes", "2027-11-21"),
        ("yes", "2027-11-21"),
        ("no", "None"),
        ("no", "None"),
    ):
        assert client.post(address, {"keep": consent}).url == f"{address}#retention-consent"
        assert str(Application.objects.get().retention_consent_until) == consent_until
    assert len(subjects(RECRUITER)) == 1


@time_machine.travel(NOON, tick=False)
def test_erasure_request_notifies_both_once(client, role, signed_in):
    address = apply_for_status_path(client, role, keep="on")
    assert "You cannot undo this." in client.page(f"{address}erasure/")
    assert Application.objects.get().erasure_requested_at is None
    for _attempt in range(2):
        assert client.post(f"{address}erasure/").url == address
    application = Application.objects.get()
    assert application.erasure_requested_at.isoformat() == "2026-11-21T03:00:00+00:00"
    assert (application.stage, application.retention_consent_until) == ("withdrawn", None)
    assert subjects(CANDIDATE)[1:] == [
        "We’ve received your data deletion request: Cloud reader | Kumo"
    ]
    assert subjects(RECRUITER)[1:] == [
        f"【クモ】個人情報の削除の依頼／雲の読み手［{application.display_reference}］"
    ]
    page = client.page(address)
    assert "You’ve asked us to delete your data" in page.replace("\u200b", "")
    assert "<form" not in page and "/erasure/" not in page
    client.post(address, {"keep": "yes"})
    assert Application.objects.get().retention_consent_until is None
    recruiter = signed_in("Recruiters")
    page = recruiter.page(f"/admin/applications/application/{application.pk}/change/")
    assert "Data deletion requested" in page


def test_status_pages_get_and_head_change_nothing(client, role):
    address = apply_for_status_path(client, role)
    before = Application.objects.values().get()
    for end in ("", "withdraw/", "erasure/"):
        client.get(f"{address}{end}?keep=no")
        client.head(f"{address}{end}")
    assert Application.objects.values().get() == before
    assert Email.objects.count() == 2
