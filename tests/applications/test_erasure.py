"""Erasure: no byte of the person is left in rows, files or emails; other people's data stays."""

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
def email_folder(settings, tmp_path):
    """The folder with the sent emails of a development site."""
    settings.DEV, settings.VAR_DIR = True, tmp_path
    return tmp_path / "emails"


def apply_as_person(client, role, **changes):
    documents = {
        "resume": cv(f"{CANARY}.txt", f"I am {CANARY}.".encode()),
        "cover_letter": cv("why.txt", f"{CANARY} wants this.".encode()),
    }
    assert apply(client, role, **{**PERSON, **documents, **changes}).status_code == 302
    return Application.objects.latest("pk")


def erase(*arguments):
    output = io.StringIO()
    call_command("erase_application", *arguments, stdout=output)
    return output.getvalue()


def traces(*folders):
    """Tables and files that still contain data of the person."""
    matches = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in connection.introspection.table_names():
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = str(cursor.fetchall())
        matches += [table for trace in TRACES if trace in rows]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        files += list(type(folders[0])(name).parent.glob(f"{name.rpartition('/')[2]}*"))
    for path in files:
        content = path.read_bytes()
        matches += [path.name for trace in TRACES if trace.encode() in content]
    return matches


def test_erasure_leaves_no_traces(client, signed_in, folder, email_folder):
    role = make.role()
    form = make.form(role)
    question = make.question(form, "text")
    file_question = make.question(form, "file", position=1)
    application = apply_as_person(
        client,
        role,
        **{
            f"question_{question.pk}": f"Cirrus {CANARY}",
            f"question_{file_question.pk}": cv("sky.txt", f"{CANARY} sky".encode()),
        },
    )
    make.email(recipient=application.email.upper(), body=f"Dear {CANARY}")
    call_command("send_queued_mail")
    status_path = f"/en/application/{application.status_token()}/"
    client.post(status_path, {"kind": "resume", "document": cv("new.txt", f"{CANARY}!".encode())})
    client.post(f"{status_path}erasure/")
    attachment = application.attachments.first()
    download = f"/admin/applications/application/{application.pk}/documents/{attachment.pk}/"
    signed_in("Recruiters").get(download).close()
    assert DocumentAccess.objects.exists()
    before = set(traces(folder, email_folder))
    tables = {"applications_application", "applications_answer", "documents_document"}
    assert tables | {"outbox_email"} <= before, "the test must be able to find traces"
    assert any(name.endswith(".eml") for name in before)

    reference = application.display_reference
    assert erase(reference) == "Applications erased: 1.\n"
    assert traces(folder, email_folder) == []
    assert list(document_storage().list_keys()) == []
    assert client.get(status_path).status_code == 404
    for model in (Application, Document, DocumentAccess):
        assert not model.objects.exists()
    remaining = Erasure.objects.values("reference", "role", "month").get()
    month = application.received_at.date().replace(day=1)
    assert remaining == {"reference": application.reference, "role": role.pk, "month": month}

    assert erase(reference) == "Applications erased: 0.\n", "safe to run twice"
    call_command("send_queued_mail")
    assert traces(folder, email_folder) == [], "no email is sent any more"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL overwrites by itself")
def test_erasure_reports_open_reader(client, folder, email_folder):
    """While another connection reads, SQLite's log cannot be truncated; the command says so."""
    application = apply_as_person(client, make.role())
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader, short_busy_timeout():
        reader.execute("BEGIN")
        reader.execute("SELECT family_name FROM applications_application").fetchall()
        with pytest.raises(CommandError, match="Run the same command again in a minute"):
            erase(application.display_reference)
    assert not Application.objects.exists()
    assert traces(folder, email_folder), "the test must be able to find traces"
    assert erase(application.display_reference) == "Applications erased: 0.\n"
    assert traces(folder, email_folder) == []


@contextmanager
def short_busy_timeout():
    """Let the connection give up quickly while another one reads."""
    with connection.cursor() as cursor:
        [(before,)] = cursor.execute("PRAGMA busy_timeout")
        cursor.execute("PRAGMA busy_timeout=100")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")


def test_erasure_keeps_other_candidates(client, folder, email_folder):
    role = make.role()
    erased = apply_as_person(client, role)
    other = apply(client, role, email="other@example.org").url
    call_command("send_queued_mail")
    erase(erased.reference)
    assert client.get(urlsplit(other).path).status_code == 200
    (remaining,) = Application.objects.all()
    assert remaining.email == "other@example.org"
    with document_storage().open(remaining.attachments.get().document.key) as file:
        assert file.read().startswith(b"I have watched")
    assert Email.objects.filter(recipient="other@example.org", state="sent").exists()
    assert Email.objects.filter(subject__contains=remaining.display_reference).exists()
    assert not Email.objects.filter(subject__contains=erased.display_reference).exists()


def test_erasure_keeps_emails_and_files_of_second_application(client, folder, email_folder):
    """The same form was sent again with a correction: both applications have the same documents."""
    role = make.role()
    first = apply_as_person(client, role)
    second = make.application(role, documents=(), email=first.email.upper(), replaces=first)
    shared = first.attachments.first()
    second.attachments.create(document=shared.document, kind="resume")
    make.email(recipient=first.email, body="About your other application.")
    erase(first.reference)
    second.refresh_from_db()
    assert second.replaces is None
    assert document_storage().exists(second.attachments.get().document.key)
    assert [name for name, _written in document_storage().list_keys()] == [shared.document.key]
    assert [email.body for email in Email.objects.exclude(body="")] == [
        "About your other application."
    ]
    erase(second.reference)
    assert list(document_storage().list_keys()) == []
    assert not Email.objects.exclude(body="").exists()


def test_erasure_keeps_emails_of_other_applications(client, email_folder):
    first = apply_as_person(client, make.role(title_en="Cloud reader"))
    second = apply_as_person(client, make.role(title_en="Rain keeper"))
    call_command("send_queued_mail")
    erase(first.reference)
    subjects = " ".join(Email.objects.values_list("subject", flat=True))
    assert "Cloud reader" not in subjects and "Rain keeper" in subjects
    (remaining,) = Email.objects.filter(recipient=second.email)
    assert "Rain keeper" in remaining.subject
    files = [path.read_bytes() for path in email_folder.rglob("*.eml")]
    assert [b"Rain keeper" in file for file in files] == [
        True,
        True,
    ]  # to the candidate and to the recruiter


def test_erasure_keeps_notices_to_recruiter_who_applied(client, signed_in):
    recruiter = signed_in("Recruiters").user
    role = make.role(recruiter=recruiter)
    own = apply_as_person(client, None, email=recruiter.email)
    apply(client, role, email="other@example.org")
    other = Application.objects.latest("pk")
    erase(own.reference)
    (notice,) = Email.objects.filter(recipient=recruiter.email)
    assert notice.reference == other.reference and notice.state == "waiting"


def test_erasure_due_only_on_request(client):
    requested, other = make.application(), make.application()
    client.post(f"/en/application/{requested.status_token()}/erasure/")
    assert erase("--due") == "Applications erased: 1.\n"
    assert list(Application.objects.all()) == [other]
    assert erase("--due") == "Applications erased: 0.\n"


def test_erasure_unknown_reference():
    with pytest.raises(CommandError, match="There is no application ABCD-EFGH"):
        erase("ABCD-EFGH")
    with pytest.raises(CommandError):
        call_command("erase_application")


def test_erasure_reference_formats():
    application = make.application()
    assert erase(f" {application.display_reference.lower()} ") == "Applications erased: 1.\n"
