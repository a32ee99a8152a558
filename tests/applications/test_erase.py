"""Erasing: of one person no byte is left, in no row, no file, no letter; of all others everything."""

import io
import sqlite3
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from careers.applications.models import Application, Erasure
from careers.documents.models import Document, DocumentAccess
from careers.documents.storage import document_storage
from careers.outbox.models import Email
from tests import make

from .conftest import apply, cv

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "c4n4ry"
PERSON = {
    "family_name": f"Yamada{CANARY}",
    "given_name": f"Taro{CANARY}",
    "preferred_name": f"Ta{CANARY}",
    "email": f"taro.{CANARY}@example.org",
    "phone": "090-7777-1234",
    "message": f"Clouds, {CANARY}, and wind.",
    "links": f"https://{CANARY}.example.org/",
    "start": f"After {CANARY}",
    "accommodation": f"Water, {CANARY}",
}
TRACES = (CANARY, "090-7777-1234", "+819077771234")


@pytest.fixture
def letters(settings, tmp_path):
    """A local site, whose letters are files."""
    settings.DEV, settings.VAR_DIR = True, tmp_path
    return tmp_path / "emails"


def sent(client, role, **changes):
    papers = {
        "resume": cv(f"{CANARY}.txt", f"I am {CANARY}.".encode()),
        "cover_letter": cv("why.txt", f"{CANARY} wants this.".encode()),
    }
    assert apply(client, role, **{**PERSON, **papers, **changes}).status_code == 302
    return Application.objects.latest("pk")


def erase(*arguments):
    said = io.StringIO()
    call_command("erase_application", *arguments, stdout=said)
    return said.getvalue()


def traces(*folders):
    """Where anything of the person is still found: in rows, the database's file, or files."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in connection.introspection.table_names():
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = str(cursor.fetchall())
        found += [table for trace in TRACES if trace in rows]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        files += list(type(folders[0])(name).parent.glob(f"{name.rpartition('/')[2]}*"))
    for path in files:
        content = path.read_bytes()
        found += [path.name for trace in TRACES if trace.encode() in content]
    return found


def test_no_byte_is_left(client, signed_in, folder, letters):
    role = make.role()
    form = make.form(role)
    question = make.question(form, "text")
    asked = make.question(form, "file", position=1)
    application = sent(
        client,
        role,
        **{
            f"question_{question.pk}": f"Cirrus {CANARY}",
            f"question_{asked.pk}": cv("sky.txt", f"{CANARY} sky".encode()),
        },
    )
    make.letter(recipient=application.email.upper(), body=f"Dear {CANARY}")
    call_command("send_queued_mail")
    own = f"/en/application/{application.status_token()}/"
    client.post(own, {"kind": "resume", "document": cv("new.txt", f"{CANARY}!".encode())})
    client.post(f"{own}erasure/")
    attachment = application.attachments.first()
    download = f"/admin/applications/application/{application.pk}/documents/{attachment.pk}/"
    signed_in("Recruiters").get(download).close()
    assert DocumentAccess.objects.exists()
    everywhere = set(traces(folder, letters))
    wanted = {"applications_application", "applications_answer", "documents_document"}
    assert wanted | {"outbox_email"} <= everywhere, "the test would find it"
    assert any(name.endswith(".eml") for name in everywhere)

    number = application.display_reference
    assert erase(number) == "Applications erased: 1.\n"
    assert traces(folder, letters) == []
    assert list(document_storage().list_keys()) == []
    assert client.get(own).status_code == 404
    for model in (Application, Document, DocumentAccess):
        assert not model.objects.exists()
    left = Erasure.objects.values("reference", "role", "month").get()
    month = application.received_at.date().replace(day=1)
    assert left == {"reference": application.reference, "role": role.pk, "month": month}

    assert erase(number) == "Applications erased: 0.\n", "safe to run twice"
    call_command("send_queued_mail")
    assert traces(folder, letters) == [], "nothing leaves any more"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL overwrites by itself")
def test_while_somebody_reads_it_says_that_bytes_are_left(client, folder, letters):
    application = sent(client, make.role())
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader, impatient():
        reader.execute("BEGIN")
        reader.execute("SELECT family_name FROM applications_application").fetchall()
        with pytest.raises(CommandError, match="Run the same command again in a minute"):
            erase(application.display_reference)
    assert not Application.objects.exists()
    assert traces(folder, letters), "the test would find it"
    assert erase(application.display_reference) == "Applications erased: 0.\n"
    assert traces(folder, letters) == []


@contextmanager
def impatient():
    """Nobody waits for somebody who does not stop reading."""
    with connection.cursor() as cursor:
        [(before,)] = cursor.execute("PRAGMA busy_timeout")
        cursor.execute("PRAGMA busy_timeout=100")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")


def test_others_lose_nothing(client, folder, letters):
    role = make.role()
    gone = sent(client, role)
    other = apply(client, role, email="other@example.org").url
    call_command("send_queued_mail")
    erase(gone.reference)
    assert client.get(urlsplit(other).path).status_code == 200
    (kept,) = Application.objects.all()
    assert kept.email == "other@example.org"
    with document_storage().open(kept.attachments.get().document.key) as file:
        assert file.read().startswith(b"I have watched")
    assert Email.objects.filter(recipient="other@example.org", state="sent").exists()
    assert Email.objects.filter(subject__contains=kept.display_reference).exists()
    assert not Email.objects.filter(subject__contains=gone.display_reference).exists()


def test_another_application_of_the_same_person_keeps_its_letters_and_files(
    client, folder, letters
):
    """The same form, sent again with a correction: an application that has the same documents."""
    role = make.role()
    first = sent(client, role)
    second = make.application(role, documents=(), email=first.email.upper(), replaces=first)
    shared = first.attachments.first()
    second.attachments.create(document=shared.document, kind="resume")
    make.letter(recipient=first.email, body="About your other application.")
    erase(first.reference)
    second.refresh_from_db()
    assert second.replaces is None
    assert document_storage().exists(second.attachments.get().document.key)
    assert [name for name, _written in document_storage().list_keys()] == [shared.document.key]
    assert [letter.body for letter in Email.objects.exclude(body="")] == [
        "About your other application."
    ]
    erase(second.reference)
    assert list(document_storage().list_keys()) == []
    assert not Email.objects.exclude(body="").exists()


def test_letters_about_another_application_of_the_same_person_stay(client, letters):
    first = sent(client, make.role(title_en="Cloud reader"))
    second = sent(client, make.role(title_en="Rain keeper"))
    call_command("send_queued_mail")
    erase(first.reference)
    subjects = " ".join(Email.objects.values_list("subject", flat=True))
    assert "Cloud reader" not in subjects and "Rain keeper" in subjects
    (left,) = Email.objects.filter(recipient=second.email)
    assert "Rain keeper" in left.subject
    files = [path.read_bytes() for path in letters.rglob("*.eml")]
    assert [b"Rain keeper" in file for file in files] == [True, True]  # theirs, and the recruiter's


def test_a_recruiter_who_has_applied_still_hears_of_others(client, signed_in):
    recruiter = signed_in("Recruiters").user
    role = make.role(recruiter=recruiter)
    own = sent(client, None, email=recruiter.email)
    apply(client, role, email="other@example.org")
    other = Application.objects.latest("pk")
    erase(own.reference)
    (notice,) = Email.objects.filter(recipient=recruiter.email)
    assert notice.reference == other.reference and notice.state == "waiting"


def test_who_asked_is_erased_and_nobody_else(client):
    asked, waits = make.application(), make.application()
    client.post(f"/en/application/{asked.status_token()}/erasure/")
    assert erase("--due") == "Applications erased: 1.\n"
    assert list(Application.objects.all()) == [waits]
    assert erase("--due") == "Applications erased: 0.\n"


def test_a_reference_that_nobody_has():
    with pytest.raises(CommandError, match="There is no application ABCD-EFGH"):
        erase("ABCD-EFGH")
    with pytest.raises(CommandError):
        call_command("erase_application")


def test_a_reference_as_people_write_it():
    application = make.application()
    assert erase(f" {application.display_reference.lower()} ") == "Applications erased: 1.\n"
