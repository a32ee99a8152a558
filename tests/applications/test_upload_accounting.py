"""Bytes on the disk are bytes that are counted, whatever a client sends, and what waits is bounded.

Each test walks the document storage and the folder of temporary uploads.
"""

import io
import itertools
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.utils import timezone

from careers.applications.erasure import erase
from careers.applications.models import Application, Attachment, PendingUpload
from careers.applications.pending_uploads import FILE_OVERHEAD
from careers.applications.tokens import new_token
from careers.documents.ingest import receive, stored
from careers.documents.models import Document
from careers.outbox.models import Email
from tests import make
from tests.components.candidate import multipart
from tests.conftest import Visitor

from .conftest import apply, backdated_token, cv, form_values, path, retry_values

# Files are deleted after the commit.
pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 2000
COST = SIZE + FILE_OVERHEAD
JSON = {"Accept": "application/json"}
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """The folder of temporary uploads of one test."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return settings.FILE_UPLOAD_TEMP_DIR


@pytest.fixture
def disk(folder, uploads):
    """A function that checks the account, and returns the bytes on the disk.

    Every file has a row and every row its file, an application or a pending upload names each document,
    and nothing is left in the folder of temporary uploads.
    """

    def check():
        assert not os.listdir(uploads)
        files = {
            name: os.path.getsize(os.path.join(parent, name))
            for parent, _folders, names in os.walk(folder)
            for name in names
        }
        assert files == dict(Document.objects.values_list("key", "size"))
        named = {
            *Attachment.objects.values_list("document", flat=True),
            *PendingUpload.objects.values_list("document", flat=True),
        }
        assert named == set(Document.objects.values_list("pk", flat=True))
        return sum(files.values())

    return check


def new_file(size=SIZE):
    """A text file with content of its own."""
    number = next(_numbers)
    return cv(f"{number}.txt", f"{number:06} ".encode().ljust(size, b"x"))


def new_files():
    return {name: new_file() for name in ("resume", "career_history", "cover_letter")}


# --- What a client may send ----------------------------------------------------------------------
# Each function sends something with new files; `form` has no proof of work and one form token.


def send_with_error(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files(), "email": "x"})


def send_with_error_as_json(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files(), "email": "x"}, headers=JSON)


def send_without_values(client, role, form, round_number):
    return client.post(path(role), {"token": form["token"], **new_files()})


def send_with_rejected_file(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files(), "resume": cv("cv.pdf", b"nothing")})


def send_and_remove(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files(), "remove": "resume"})


def send_and_remove_unknown(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files(), "remove": "\0"})


def send_and_switch_language(client, role, form, round_number):
    return client.post(path(role, "ja"), {**form, **new_files(), "switch_language": "yes"})


def send_unknown_fields(client, role, form, round_number):
    return client.post(path(role), {**form, **{f"x{n}": new_file() for n in range(9)}})


def send_one_field_often(client, role, form, round_number):
    return client.post(path(role), {**form, "resume": [new_file() for _ in range(7)]})


def send_too_many_files(client, role, form, round_number):
    return client.post(path(role), {**form, "resume": [new_file() for _ in range(101)]})


def send_too_large_file(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files(), "resume": new_file(11 * 1024**2)})


def send_invalid_token(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files(), "token": "x"})


def send_token_of_other_role(client, role, form, round_number):
    return client.post(path(None), {**form, **new_files()})


def send_valid_and_unconfirmed(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files(), "send_again": "yes"})


def send_valid_and_changed(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files()})


def send_valid_and_changed_as_json(client, role, form, round_number):
    return client.post(path(role), {**form, **new_files()}, headers=JSON)


def send_same_valid_form(client, role, form, round_number):
    return client.post(path(role), {**form, "resume": cv(content=b"The same.".ljust(SIZE))})


def send_with_honeypot(client, role, form, round_number):
    changes = {"website": "x", "email": f"p{round_number}@example.org"}
    return client.post(path(role), {**form, **new_files(), **changes, "send_again": "yes"})


VARIANTS = [
    send_with_error,
    send_with_error_as_json,
    send_without_values,
    send_with_rejected_file,
    send_and_remove,
    send_and_remove_unknown,
    send_and_switch_language,
    send_unknown_fields,
    send_one_field_often,
    send_too_many_files,
    send_too_large_file,
    send_invalid_token,
    send_token_of_other_role,
    send_valid_and_unconfirmed,
    send_valid_and_changed,
    send_valid_and_changed_as_json,
    send_same_valid_form,
    send_with_honeypot,
]


@pytest.mark.parametrize("send", VARIANTS)
def test_upload_account_of_one_form(client, settings, disk, send):
    """Whatever is sent eight times with one form token: every byte has a row, and the network its bound."""
    settings.PENDING_UPLOAD_FORM_QUOTA = 7 * COST
    settings.PENDING_UPLOAD_NETWORK_QUOTA = 9 * COST
    role = make.role()
    form = form_values(client, role, solution=None, resume=None)
    for round_number in range(8):
        response = send(client, role, form, round_number)
        assert response.status_code in (200, 302, 409, 413, 422)
        assert disk() <= 9 * SIZE
        assert _bytes_per_form() <= 7 * SIZE
    call_command("prune_pending_uploads")
    assert disk() <= 9 * SIZE


def _bytes_per_form():
    """The bytes of the form that has most of them."""
    keys = {
        *PendingUpload.objects.values_list("form_key", flat=True),
        *Application.objects.values_list("form_key", flat=True),
    }
    sizes = [0]
    for key in keys:
        documents = {
            *PendingUpload.objects.filter(form_key=key).values_list("document", flat=True),
            *Attachment.objects.filter(application__form_key=key).values_list(
                "document", flat=True
            ),
        }
        sizes.append(sum(Document.objects.filter(pk__in=documents).values_list("size", flat=True)))
    return max(sizes)


def test_upload_replaced_is_deleted_at_once(client, disk):
    """With the ordinary bounds, a form with an error has one file for each field, however often it is sent."""
    role = make.role()
    form = form_values(client, role, email="x", resume=None)
    for _time in range(3):
        response = client.post(path(role), {**form, **new_files()})
        assert response.status_code == 422
        assert disk() == 3 * SIZE
    client.post(path(role), retry_values(response, form, remove="cover_letter"))
    assert disk() == 2 * SIZE
    assert set(PendingUpload.objects.values_list("field_name", flat=True)) == {
        "resume",
        "career_history",
    }


def test_upload_replaced_stays_with_its_application(client, disk):
    """A file that an earlier application has is not deleted with the pending upload."""
    role = make.role()
    form = form_values(client, role, solution=None, resume=new_file())
    assert client.post(path(role), form).status_code == 302
    changed = {**form, "email": "x", "resume": new_file()}
    assert client.post(path(role), changed).status_code == 422
    assert disk() == 2 * SIZE
    client.post(path(role), {**form, "resume": "", "remove": "resume"})
    assert disk() == SIZE
    assert Application.objects.get().attachments.count() == 1


def test_upload_of_duplicate_application_is_not_stored(client, disk):
    """Also of applications that pass the checks."""
    role = make.role()
    form = form_values(client, role, resume=None)
    for _time in range(3):
        response = client.post(path(role), {**form, "resume": cv(content=b"x" * SIZE)})
        assert response.status_code == 302
        assert disk() == SIZE
    for headers in ({}, JSON):
        changed = {**form, "resume": cv(content=b"x" * SIZE), "message": "Changed."}
        assert client.post(path(role), changed, headers=headers).status_code == 409
    assert disk() <= 2 * SIZE


def test_upload_of_closed_role_is_not_stored(client, disk):
    with time_machine.travel("2026-11-21T20:00:00+09:00", tick=False):
        role = make.role(closes_on=date(2026, 11, 21))
        form, other = (form_values(client, role, resume=None) for _number in range(2))
        assert client.post(path(role), {**form, "resume": new_file()}).status_code == 302
    with time_machine.travel("2026-11-24T20:00:00+09:00", tick=False):
        for values in (form, other, {**other, "email": "x"}, {**other, "remove": "resume"}):
            response = client.post(path(role), {**values, **new_files()})
            assert response.status_code == 410
            assert disk() == SIZE
    draft = make.role(published_at_en=None, published_at_ja=None)
    assert client.post(path(draft), {**other, **new_files()}).status_code == 404
    assert disk() == SIZE


# --- The candidate's page and the confirmation page ----------------------------------------------


@pytest.fixture
def status_path(client):
    apply(client, make.role(), resume=new_file())
    email = Email.objects.get(recipient="taro@example.org")
    return re.search(r"https://careers\.example\.com(/en/application/\S+/)", email.body)[1]


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "unknown"},
        {"kind": ""},
        {},
        {"kind": "resume", "keep": "yes"},
        {"kind": "cover_letter", "other": cv("other.txt", b"y" * SIZE)},
    ],
)
def test_upload_on_status_page_without_row(client, disk, status_path, values):
    """An unknown kind, or another button: nothing is stored."""
    files = {} if "other" in values else {"document": new_file()}
    response = client.post(status_path, {**values, **files})
    assert response.status_code in (302, 422)
    assert disk() == SIZE


def test_upload_on_status_page_of_same_file(client, disk, status_path):
    for kind in ("cover_letter", "cover_letter", "career_history", "resume"):
        values = {"kind": kind, "document": cv("letter.txt", b"z" * SIZE)}
        assert client.post(status_path, values).status_code in (302, 422)
        assert disk() == 2 * SIZE


def test_upload_on_status_page_beyond_limit(client, settings, disk, status_path):
    settings.DOCUMENTS_MAX_FILES = 2
    for _time in range(6):
        client.post(status_path, {"kind": "cover_letter", "document": new_file()})
    assert disk() == 4 * SIZE
    client.post(f"{status_path}withdraw/", {"document": new_file()})
    client.post(f"{status_path}erasure/", {"document": new_file()})
    assert disk() == 4 * SIZE


def test_upload_on_status_page_six_at_once(client, settings, disk, status_path):
    settings.DOCUMENTS_MAX_FILES = 1

    def send(_number):
        try:
            values = {"kind": "cover_letter", "document": new_file()}
            return Visitor().post(status_path, values).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(send, range(6))) <= {302, 422}
    assert disk() == 2 * SIZE


@pytest.fixture
def confirmation_path(client, settings):
    """The confirmation page of an application whose two files did not fit."""
    quota, settings.PENDING_UPLOAD_QUOTA = settings.PENDING_UPLOAD_QUOTA, 0
    files = {"resume": new_file(), "cover_letter": new_file()}
    assert apply(client, make.role(), solution=None, **files).status_code == 302
    settings.PENDING_UPLOAD_QUOTA = quota
    assert Application.objects.get().confirmation.missing_files == ["resume", "cover_letter"]
    email = Email.objects.get(recipient="taro@example.org")
    return re.search(r"https://careers\.example\.com(/\S+/apply/confirm/\S+)", email.body)[1]


def test_upload_on_confirmation_page(client, disk, confirmation_path):
    """Of a selection with a rejected file nothing is stored; an accepted one is stored once."""
    assert disk() == 0
    for _time in range(2):
        broken = {"resume": new_file(), "cover_letter": cv("letter.pdf", b"nothing")}
        assert client.post(confirmation_path, broken).status_code == 422
        assert disk() == 0
    for _time in range(2):
        files = {"resume": new_file(), "cover_letter": new_file(), "portfolio": new_file()}
        assert client.post(confirmation_path, files).status_code == 302
        assert disk() == 2 * SIZE
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert client.post(confirmation_path, {"resume": new_file()}).status_code == 410
    assert disk() == 2 * SIZE


# --- Requests that end early ---------------------------------------------------------------------


class BrokenBody(io.BytesIO):
    """A request body whose connection breaks at its end."""

    def read(self, *length):
        if data := super().read(*length):
            return data
        raise ConnectionResetError


def _post_raw(client, page, body, content_type, **extra):
    client.raise_request_exception = False
    return client.generic("POST", page, body, content_type, **extra)


@pytest.mark.parametrize("body_type", [io.BytesIO, BrokenBody])
def test_upload_interrupted_leaves_nothing(client, disk, body_type):
    """The form ends early: the client says so, the proxy closes the connection, or it breaks."""
    role = make.role()
    form = {**form_values(client, role, solution=None, resume=None), "email": "x"}
    files = {"resume": ("cv.txt", b"x" * 300_000), "cover_letter": ("b.txt", b"y" * 300_000)}
    body, content_type = multipart(form, files)
    for end in (len(body) // 2, len(body) - 100_000, len(body) - 10):
        _post_raw(client, path(role), body[:end], content_type)
        assert disk() <= 600_000
        declared = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": body_type(body[:end])}
        _post_raw(client, path(role), body[:end], content_type, **declared)
        assert disk() <= 600_000
    assert _post_raw(client, path(role), body, content_type).status_code == 422
    assert disk() == 600_000


@pytest.mark.parametrize("page", ["/en/apply/", "/admin/account/login/"])
def test_upload_with_invalid_base64_leaves_nothing(client, disk, page):
    """Also on a page that expects no file, where Django's own handlers read the form."""
    parts = [
        'name="resume"; filename="cv.txt"\r\n\r\n' + "x" * 3_000_000,
        'name="cover_letter"; filename="b.txt"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n" + "YWJj" * 50_000 + "!",
    ]
    body = "".join(f"--b\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    response = _post_raw(
        client, page, (body + "--b--\r\n").encode(), "multipart/form-data; boundary=b"
    )
    assert response.status_code == 400
    assert disk() == 0


def test_upload_with_too_much_text_leaves_nothing(client, disk):
    role = make.role()
    values = {**new_files(), "message": "x" * 3_000_000}
    assert client.post(path(role), values).status_code == 413
    assert disk() == 0


def test_upload_with_second_file_not_storable(client, folder, uploads, disk):
    """The storage takes the first file only: nothing stays, and the same form can be sent again."""
    role = make.role()
    form = form_values(client, role, resume=None)
    client.post(path(role), {**form, "email": "x", "resume": new_file()})
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):  # root
        folder.chmod(0o700)
        shutil.move(folder, folder.with_name("elsewhere"))
        folder.write_text("not a folder")
        assert client.post(path(role), {**form, **new_files()}).status_code == 503
        folder.unlink()
        shutil.move(folder.with_name("elsewhere"), folder)
    else:
        assert client.post(path(role), {**form, **new_files()}).status_code == 503
        folder.chmod(0o700)
    assert disk() == SIZE
    assert client.post(path(role), {**form, **new_files()}).status_code == 302
    assert disk() == 3 * SIZE


@pytest.mark.parametrize("solution", ["solved", None])
def test_upload_of_failed_transaction_is_deleted(client, folder, uploads, solution):
    role = make.role()
    form = form_values(client, role, **({} if solution else {"solution": None}), resume=None)
    client.raise_request_exception = False
    table = Attachment._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        response = client.post(path(role), {**form, **new_files()})
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")
    assert response.status_code == 500
    assert not os.listdir(uploads) and not (folder.exists() and os.listdir(folder))
    assert client.post(path(role), {**form, **new_files()}).status_code == 302
    assert len(os.listdir(folder)) == 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a file has no connection to lose")
def test_upload_stays_when_connection_is_lost(folder, uploads):
    """The commit may have happened: only `prune_documents` decides, when a day has passed."""
    document = receive(new_file())
    with pytest.raises(OperationalError), stored([document]), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert os.listdir(folder) == [document.key]
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("prune_documents", verbosity=0)
    assert not os.listdir(folder)


# --- Deleting --------------------------------------------------------------------------------------


def test_upload_deleted_with_quarantined_application(client, disk):
    apply(client, make.role(), solution=None, **new_files())
    assert disk() == 3 * SIZE
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        call_command("prune_pending_uploads")
        assert disk() == 3 * SIZE
        call_command("prune_quarantine")
        assert disk() == 0


def test_upload_deleted_with_erased_application(client, disk):
    role = make.role()
    form = form_values(client, role, resume=None)
    client.post(path(role), {**form, **new_files(), "email": "x"})
    client.post(path(role), {**form, **new_files()})
    client.post(path(role), {**form, **new_files(), "email": "x"})
    assert disk() == 6 * SIZE
    erase(Application.objects.get().reference)
    assert disk() == 0


# --- Bounds ----------------------------------------------------------------------------------------


def send_error_form(client, role, language="en", **headers):
    """Open a form, and send it with three files and an error; the response."""
    form = form_values(client, role, language, solution=None, resume=None, message="Typed text.")
    values = {**form, **new_files(), "email": "x"}
    return client.post(path(role, language), values, **headers)


SENTENCES = {
    "en": "We could not keep your files meanwhile: please choose them again",
    "ja": "選択されたファイルをお預かりできませんでした",
}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "bound",
    ["PENDING_UPLOAD_QUOTA", "PENDING_UPLOAD_NETWORK_QUOTA", "PENDING_UPLOAD_FORM_QUOTA"],
)
def test_upload_bound_is_explained(client, settings, disk, bound, language):
    """The person reads what to do, and everything typed is still there."""
    setattr(settings, bound, 3 * COST - 1)
    response = send_error_form(client, make.role(), language)
    assert response.status_code == 422
    assert SENTENCES[language] in response.text and "Typed text." in response.text
    assert disk() == 0
    setattr(settings, bound, 3 * COST)
    response = send_error_form(client, make.role(), language)
    assert SENTENCES[language] not in response.text
    assert disk() == 3 * SIZE


def test_upload_bound_keeps_earlier_files(client, settings, disk):
    """Only the new selection is dropped, with what it replaces; files of other fields stay."""
    settings.PENDING_UPLOAD_FORM_QUOTA = 3 * COST
    role = make.role()
    form = form_values(client, role, solution=None, resume=None, email="x")
    response = client.post(path(role), {**form, **new_files()})
    form = retry_values(response, form)
    response = client.post(path(role), {**form, "cover_letter": new_file()})
    assert SENTENCES["en"] in response.text
    assert disk() == 2 * SIZE
    form = retry_values(response, form, email="taro@example.org")
    assert sorted(form["pending_upload"]) == ["career_history", "resume"]
    assert client.post(path(role), {**form, "cover_letter": new_file()}).status_code == 302
    assert Application.objects.get().attachments.count() == 3


def test_upload_bound_of_network(client, settings, disk):
    """It counts pending uploads and quarantined applications; another network has its own."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.PENDING_UPLOAD_NETWORK_QUOTA = 6 * COST
    role = make.role()
    busy, other = {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.8"}
    form = form_values(client, role, solution=None, resume=None)
    assert client.post(path(role), {**form, **new_files()}, **busy).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        call_command("prune_pending_uploads")
        call_command("prune_quarantine")
        assert SENTENCES["en"] not in send_error_form(client, role, **busy).text
        assert SENTENCES["en"] in send_error_form(client, role, **busy).text
        assert disk() == 6 * SIZE
        form = form_values(client, role, solution=None, resume=None, email="b@example.org")
        assert client.post(path(role), {**form, **new_files()}, **busy).status_code == 302
        application = Application.objects.latest("pk")
        assert set(application.confirmation.missing_files) == new_files().keys()
        assert disk() == 6 * SIZE
        assert SENTENCES["en"] not in send_error_form(client, role, **other).text
        assert disk() == 9 * SIZE


def test_upload_bound_counts_small_files(client, settings, disk):
    """A file of one byte takes a block and rows."""
    settings.PENDING_UPLOAD_NETWORK_QUOTA = 5 * FILE_OVERHEAD
    role = make.role()
    for _time in range(8):
        form = form_values(client, role, solution=None, email="x", resume=new_file(1))
        assert client.post(path(role), form).status_code == 422
    assert 0 < Document.objects.count() <= 5
    disk()


def test_upload_bound_frees_what_is_confirmed(client, settings, disk):
    """Confirmed applications are not counted, though pending uploads name their files for two days."""
    settings.PENDING_UPLOAD_QUOTA = 3 * COST
    role = make.role()
    apply(client, role, solution=None, **new_files())
    assert SENTENCES["en"] in send_error_form(client, role).text
    email = Email.objects.get(recipient="taro@example.org")
    client.post(re.search(r"https://careers\.example\.com(/\S+/confirm/\S+)", email.body)[1])
    assert SENTENCES["en"] not in send_error_form(client, role).text
    assert disk() == 6 * SIZE


@pytest.mark.parametrize(
    "quota",
    [
        "PENDING_UPLOAD_QUOTA",
        "PENDING_UPLOAD_NETWORK_QUOTA",
        "PENDING_UPLOAD_FORM_QUOTA",
        "PENDING_UPLOAD_DISK_PERCENT",
        "reserve",
    ],
)
def test_upload_reserve_for_applications_that_pass(client, settings, disk, folder, quota):
    """When others may store nothing more, an application that passes the checks is stored completely."""
    if quota == "reserve":
        settings.APPLICATION_DISK_RESERVE = shutil.disk_usage(folder.parent).total
    else:
        setattr(settings, quota, 0)
    role = make.role()
    assert SENTENCES["en"] in send_error_form(client, role).text
    apply(client, role, solution=None, email="b@example.org", **new_files())
    assert disk() == 0
    assert apply(client, role, **new_files()).status_code == 302
    application = Application.objects.latest("pk")
    assert application.is_confirmed and application.attachments.count() == 3
    assert disk() == 3 * SIZE


def test_upload_bound_checked_again_after_signals(client, settings, disk):
    """A solved challenge lets the files be stored; if other signals appear, they are deleted again."""
    settings.PENDING_UPLOAD_QUOTA = 0
    role = make.role()
    form = form_values(client, role, resume=None)
    settings.APPLICATIONS_PER_NETWORK_PER_HOUR = 0
    assert client.post(path(role), {**form, **new_files()}).status_code == 302
    application = Application.objects.get()
    assert application.spam_signals == ["network"]
    assert application.confirmation.missing_files == list(new_files())
    assert disk() == 0


def test_upload_beyond_bound_is_not_written(client, settings, disk, folder):
    """It is counted before it is stored: the folder of documents does not change even for a moment."""
    role = make.role()
    form = form_values(client, role, resume=None, solution=None)
    assert client.post(path(role), {**form, "resume": cv(content=b"x" * SIZE)}).status_code == 302
    before = folder.stat().st_mtime_ns
    settings.PENDING_UPLOAD_FORM_QUOTA = 3 * COST
    for changes in (
        {"email": "x"},
        {"remove": "resume"},
        {"send_again": "yes", "message": "Again."},
        {"resume": cv(content=b"x" * SIZE), "career_history": "", "cover_letter": ""},
    ):
        client.post(path(role), {**form, **new_files(), **changes})
        assert folder.stat().st_mtime_ns == before
    assert disk() == SIZE
    settings.PENDING_UPLOAD_FORM_QUOTA = 4 * COST
    client.post(path(role), {**form, **new_files(), "email": "x"})
    assert folder.stat().st_mtime_ns > before


@pytest.mark.parametrize("valid", [True, False])
@pytest.mark.parametrize("one_form", [True, False])
def test_upload_bound_eight_at_once(client, settings, disk, valid, one_form):
    """Simultaneous requests do not pass the bound."""
    settings.PENDING_UPLOAD_NETWORK_QUOTA = 10 * COST
    role = make.role()
    form = form_values(client, role, solution=None, resume=None)

    def send(number):
        token = form["token"] if one_form else backdated_token(role, str(new_token(role)))
        email = f"p{number}@example.org" if valid else "x"
        values = {**form, **new_files(), "token": token, "email": email, "send_again": "yes"}
        try:
            return Visitor().post(path(role), values).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(send, range(8)))
    assert statuses == {302 if valid else 422}
    assert 3 * SIZE <= disk() <= 10 * SIZE


def test_upload_removed_while_it_is_sent(client, disk):
    """Of two simultaneous requests one removes the file that the other sends: never a 500, never lost bytes."""
    role = make.role()
    form = form_values(client, role, resume=None)
    response = client.post(path(role), {**form, **new_files(), "email": "x"})
    form = retry_values(response, form, email="taro@example.org")

    def send(changes):
        try:
            return Visitor().post(path(role), {**form, **changes}).status_code
        finally:
            connections.close_all()

    changes = [{}, {"remove": "resume"}, {}, {"remove": "cover_letter"}, {"resume": new_file()}]
    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(send, changes))
    assert set(statuses) <= {200, 302, 409, 422, 503}
    disk()
