"""Erasure: no byte of the person is left in rows, files, emails or logs; other people's data stays.

It is carried out by the worker before the deadline that the candidate was told, by a recruiter, and by
the operator's command.
"""

import html
import io
import re
import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from careers.applications.models import Application, CandidateStatusUpdate, Erasure
from careers.company.models import Company
from careers.documents.models import Document, DocumentAccess
from careers.documents.storage import document_storage
from careers.outbox.models import Email
from tests import make
from tests.bilingual.forms import fields_of
from tests.html import parse

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


def carry_out():
    output = io.StringIO()
    call_command("carry_out_erasures", stdout=output)
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


@pytest.mark.parametrize("way", ["command", "worker", "recruiter"])
def test_erasure_leaves_no_traces(client, signed_in, folder, email_folder, caplog, way):
    """Nothing of the person is left in rows, files, emails and the log, by each way to erase."""
    caplog.set_level("DEBUG")
    recruiter = signed_in("Recruiters")
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
    change_path = f"/admin/applications/application/{application.pk}"
    recruiter.post(f"{change_path}/move/", {"stage": "interview"}, follow=True)
    form = {"status": "interviews", "batch": "12345678-1234-4234-9234-123456789abc"}
    recruiter.post(f"{change_path}/tell/", form, follow=True)
    CandidateStatusUpdate.objects.update(visible_from=timezone.now())
    if way != "recruiter":
        client.post(f"{status_path}erasure/")
    attachment = application.attachments.first()
    recruiter.get(f"{change_path}/documents/{attachment.pk}/").close()
    assert DocumentAccess.objects.exists()
    before = set(traces(folder, email_folder))
    tables = {"applications_application", "applications_answer", "documents_document"}
    assert tables | {"outbox_email"} <= before, "the test must be able to find traces"
    assert any(name.endswith(".eml") for name in before)

    reference = application.display_reference
    if way == "command":
        assert erase(reference) == "Applications erased: 1.\n"
    elif way == "worker":
        with time_machine.travel(timezone.now() + timedelta(hours=22, minutes=1)):
            assert carry_out() == "Applications erased: 1.\n"
    else:
        recruiter.post(f"{change_path}/erase/", {"reference": reference}, follow=True)
        assert carry_out() == "Applications erased: 0.\n", "it empties SQLite's log"
    assert traces(folder, email_folder) == []
    assert CANARY not in caplog.text
    assert list(document_storage().list_keys()) == []
    assert client.get(status_path).status_code == 404
    for model in (Application, Document, DocumentAccess, CandidateStatusUpdate):
        assert not model.objects.exists()
    remaining = Erasure.objects.values("reference", "role", "month").get()
    month = timezone.localdate(application.received_at).replace(day=1)
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


# --- The worker --------------------------------------------------------------------------------

NOON = "2026-11-21T12:00:00+09:00"


def request_erasure(client, application):
    client.post(f"/{application.language}/application/{application.status_token()}/erasure/")
    application.refresh_from_db()


@pytest.mark.parametrize(("days", "deadline"), [(1, "22 November"), (30, "21 December")])
def test_erasure_is_carried_out_before_the_deadline(client, days, deadline):
    """The candidate's page and both emails name the deadline; the worker erases before it."""
    Company.objects.update(erasure_grace_days=days)
    application = make.application(language="en")
    page = client.page(f"/en/application/{application.status_token()}/erasure/")
    assert f"Within {days} day{'s' if days > 1 else ''}, we’ll delete" in html.unescape(page)
    with time_machine.travel(NOON, tick=False) as clock:
        request_erasure(client, application)
        assert application.erasure_due_at == timezone.now() + timedelta(days=days)
        Company.objects.update(erasure_grace_days=7)  # a later change does not move the deadline
        expected = f"{deadline} 2026, 12:00 (Japan time)"
        page = client.page(f"/en/application/{application.status_token()}/")
        bodies = Email.objects.filter(reference=application.reference).values_list(
            "body", "language"
        )
        assert re.search(f"We’ll delete it by .*{re.escape(expected)}", html.unescape(page))
        assert [expected in body for body, language in bodies if language == "en"] == [True, True]
        clock.shift(timedelta(days=days, hours=-2, seconds=-1))
        assert carry_out() == "Applications erased: 0.\n"
        clock.shift(timedelta(seconds=1))
        assert carry_out() == "Applications erased: 1.\n"
        assert carry_out() == "Applications erased: 0.\n", "safe to run twice"
    assert not Application.objects.exists()


def test_erasure_deadline_in_japanese(client):
    application = make.application(language="ja")
    with time_machine.travel(NOON, tick=False):
        request_erasure(client, application)
        page = client.page(f"/ja/application/{application.status_token()}/")
    deadline = "2026年11月22日（日）12:00（日本時間）"
    assert f"{deadline}までに削除します" in page.replace("\u200b", "")
    emails = Email.objects.filter(reference=application.reference, language="ja")
    assert [f"削除の期限：{deadline}" in email.body for email in emails] == [True, True]


@pytest.mark.parametrize(
    ("status", "is_withdrawn"), [(None, True), ("interviews", True), ("not_selected", False)]
)
def test_erasure_request_withdraws_open_application(client, status, is_withdrawn):
    """Emails say that the application is withdrawn only if the request did that."""
    application = make.application(language="en", stage="rejected")
    if status:
        make.status_update(application, status)
    make.status_update(application, "closed", visible_from=timezone.now() + timedelta(minutes=9))
    request_erasure(client, application)
    assert (application.withdrawn_at is not None) is is_withdrawn
    assert application.stage == ("withdrawn" if is_withdrawn else "rejected")
    emails = Email.objects.filter(reference=application.reference)
    assert ["withdrawn" in email.body for email in emails] == [is_withdrawn] * 2
    assert not application.status_updates.filter(visible_from__gt=timezone.now()).exists()


def test_erasure_failure_does_not_stop_the_others(client, caplog):
    """An application that cannot be erased is logged without personal data, and tried again."""
    applications = [make.application(family_name=CANARY) for _ in range(3)]
    for application in applications:
        request_erasure(client, application)
    blocked = Erasure.objects.create(reference=applications[1].reference, month="2026-11-01")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        with pytest.raises(CommandError, match="could not be erased: 1"):
            carry_out()
        assert list(Application.objects.all()) == [applications[1]]
        assert f"primary key {applications[1].pk}" in caplog.text and CANARY not in caplog.text
        blocked.delete()
        assert carry_out() == "Applications erased: 1.\n"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL overwrites by itself")
def test_erasure_by_worker_truncates_log_later(client, folder, email_folder):
    """If the database is in use, the next run empties SQLite's log."""
    application = apply_as_person(client, make.role())
    request_erasure(client, application)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        with (
            closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader,
            short_busy_timeout(),
        ):
            reader.execute("BEGIN")
            reader.execute("SELECT family_name FROM applications_application").fetchall()
            with pytest.raises(CommandError, match="The next run tries again"):
                carry_out()
        assert not Application.objects.exists()
        assert traces(folder, email_folder), "the test must be able to find traces"
        assert carry_out() == "Applications erased: 0.\n"
        assert traces(folder, email_folder) == []


@pytest.mark.parametrize(
    ("typed", "is_accepted"),
    [("1", True), ("30", True), ("0", False), ("31", False), ("-1", False), ("", False)],
)
def test_erasure_grace_set_by_company(signed_in, typed, is_accepted):
    recruiter = signed_in("Recruiters")
    path = "/admin/company/company/1/change/"
    page = html.unescape(recruiter.page(path))
    assert "it’s deleted within this many days: 1 to 30." in page
    data = fields_of(recruiter.get(path)) | {"erasure_grace_days": typed}
    response = recruiter.post(path, data)
    assert response.status_code == (302 if is_accepted else 200)
    assert Company.get().erasure_grace_days == (int(typed) if is_accepted else 1)


# --- Recruiters --------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{wide}", "{plain}", "{dash}"])
def test_erasure_by_typed_reference(signed_in, typed):
    """The reference number is accepted in any spelling, also if the candidate requested nothing."""
    application, other = make.application(reference="7Q4KM2XD"), make.application()
    forms = {"lower": "7q4k-m2xd", "wide": "７ｑ４ｋーＭ２ＸＤ", "plain": "7Q4KM2XD"}
    text = typed.format("7Q4K-M2XD", **forms, dash="7Q4K−M2XD")
    recruiter = signed_in("Recruiters")
    path = f"/admin/applications/application/{application.pk}"
    assert f"{path}/erase/" in recruiter.page(f"{path}/change/")
    page = recruiter.page(f"{path}/erase/")
    assert "7Q4K-M2XD" in page and "1 document" in page
    response = recruiter.post(f"{path}/erase/", {"reference": text})
    assert response.url == "/admin/applications/application/"
    page = recruiter.page(response.url)
    assert "All data of application 7Q4K-M2XD is deleted." in page
    assert list(Application.objects.all()) == [other]
    assert recruiter.post(f"{path}/erase/", {"reference": text}).status_code == 404


@pytest.mark.parametrize("typed", ["", "7Q4KM2X", "7Q4KM2XDD", "山田 太郎", "<b>", "{other}"])
def test_erasure_by_wrong_reference(signed_in, typed):
    """Nothing is erased, and the field keeps its text beside the error."""
    application, other = make.application(reference="7Q4KM2XD"), make.application()
    text = typed.format(other=other.reference)
    path = f"/admin/applications/application/{application.pk}/erase/"
    response = signed_in("Recruiters").post(path, {"reference": text})
    assert response.status_code == 422
    field = parse(response.text).one("[name=reference]")
    assert (field["value"], field["aria-describedby"]) == (text, "reference-error")
    assert "Enter 7Q4K-M2XD." in parse(response.text).one("#reference-error").text
    assert Application.objects.count() == 2 and not Erasure.objects.exists()


def test_erasure_request_on_review_page_and_list(signed_in, client):
    """Recruiters see the request and its deadline; hiring managers have no button and no filter."""
    role = make.role()
    application, other = make.application(role), make.application(role, family_name="森")
    with time_machine.travel(NOON, tick=False):
        request_erasure(client, application)
    recruiter, manager = signed_in("Recruiters"), signed_in("Hiring managers")
    role.department.managers.add(manager.user)
    start = "/admin/applications/application/"
    path = f"{start}{application.pk}/change/"
    for visitor in (recruiter, manager):
        page = visitor.page(path)
        assert "It will be deleted by Sunday, 22 November 2026, 12:00 (Japan time)" in page
        assert (f"{start}{application.pk}/erase/" in page) is (visitor is recruiter)
        assert ("?erasure=requested" in visitor.page(start)) is (visitor is recruiter)
    listed = parse(recruiter.page(f"{start}?erasure=requested"))
    references = listed.texts("#result_list .field-display_reference")
    assert references == [application.display_reference] != [other.display_reference]


@pytest.mark.parametrize(("status", "stage"), [(None, "interview"), ("not_selected", "rejected")])
def test_erasure_request_canceled(signed_in, client, status, stage):
    """A request that the candidate did not make is canceled; an open application is open again."""
    application = make.application(language="en", stage=stage)
    if status:
        make.status_update(application, status)
    page = f"/en/application/{application.status_token()}/"
    before = parse(client.page(page)).one("main").text
    recruiter = signed_in("Recruiters")
    path = f"/admin/applications/application/{application.pk}"
    assert "Cancel the request" not in recruiter.page(f"{path}/erase/")
    request_erasure(client, application)
    assert "Cancel the request" in recruiter.page(f"{path}/erase/")
    for _attempt in range(2):
        assert recruiter.post(f"{path}/cancel-erasure/").url == f"{path}/change/"
    application.refresh_from_db()
    assert application.stage == stage
    assert parse(client.page(page)).one("main").text == before
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert carry_out() == "Applications erased: 0.\n"
    if not status:
        assert application.stage_changes.last().changed_by == recruiter.user
