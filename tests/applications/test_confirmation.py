"""Confirming a quarantined application: its email, link and button, and the emails that limits defer."""

import re
import threading
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from careers import logs
from careers.applications.models import Application, Confirmation
from careers.applications.workflow import confirm
from careers.documents.models import Document
from careers.outbox.models import Email
from tests import make
from tests.conftest import Visitor

from .conftest import apply, cv, form_values, path

RECRUITER = "jobs@kumo.example.com"


def apply_unsolved(client, role, language="en", **changes):
    """Apply without JavaScript; the page that follows."""
    response = apply(client, role, language, **{"solution": None, **changes})
    return client.page(response.url)


def link(email):
    """The path of the confirmation link in an email."""
    return re.search(r"https://careers\.example\.com(/\S+/apply/confirm/\S+)", email.body)[1]


def emails(recipient="taro@example.org"):
    return list(Email.objects.filter(recipient=recipient).order_by("pk"))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_confirmation_link_shows_and_button_confirms(client, language):
    """GET changes nothing; POST confirms once and queues both emails."""
    role = make.role()
    name = "https://evil.example.net/"
    apply_unsolved(client, role, language, family_name=name, message="secret", family_kana="ヤマダ")
    application = Application.objects.get()
    (email,) = emails()
    assert (email.language, Email.objects.count()) == (language, 1)
    assert name not in email.body and "secret" not in email.body
    address = link(email)
    assert address.startswith(f"/{language}/apply/confirm/")
    for _twice in range(2):
        page = client.page(address)
        assert application.display_reference in page and 'method="post"' in page
    application.refresh_from_db()
    assert not application.is_confirmed
    response = client.post(address)
    assert response.status_code == 302 and "Set-Cookie" not in response.headers
    assert "***" not in client.page(response.url)
    application.refresh_from_db()
    assert application.is_confirmed and application.spam_signals == ["challenge"]
    assert len(emails()) == 2 and len(emails(RECRUITER)) == 1
    for repeated in (client.post(address), client.get(address)):
        assert application.display_reference in client.page(repeated.url)
    assert Email.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_confirmation_eight_times_at_once(client):
    apply_unsolved(client, make.role())
    address, start, statuses = link(*emails()), threading.Barrier(8), []

    def press():
        try:
            start.wait()
            statuses.append(Visitor().post(address).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 8
    assert len(emails()) == 2 and len(emails(RECRUITER)) == 1


def test_confirmation_token_only_in_email(client):
    apply_unsolved(client, make.role())
    token = link(*emails()).rstrip("/").rpartition("/")[2]
    assert len(token) == 22  # 128 bits
    confirmation = Confirmation.objects.get()
    assert confirmation.token_hash == sha256(token.encode()).hexdigest()
    response = client.get(f"/en/apply/confirm/{token}/")
    assert token not in logs.route(response.request["PATH_INFO"], response.resolver_match)
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get("/en/apply/confirm/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_confirmation_link_in_application_language(client):
    apply_unsolved(client, make.role(), "ja")
    address = link(*emails())
    assert client.get(address.replace("/ja/", "/en/", 1)).url == address


@pytest.mark.parametrize(
    ("language", "text"), [("en", "has expired"), ("ja", "有効期限が切れています")]
)
def test_confirmation_link_expired(client, language, text):
    apply_unsolved(client, make.role(), language)
    address = link(*emails())
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 410
            assert text in re.sub("<wbr>|</?span[^>]*>", "", response.text)
            assert (
                Application.objects.get().display_reference in response.text
                and RECRUITER in response.text
            )
    assert Application.objects.confirmed().count() == 0


def test_release_queues_same_emails(client):
    apply_unsolved(client, make.role())
    application = Application.objects.get()
    assert confirm(application) and not confirm(application)
    assert len(emails()) == 2 and len(emails(RECRUITER)) == 1
    assert "has arrived" in client.page(client.get(link(emails()[0])).url)


def test_confirmation_link_confirms_all_of_form(client):
    role = make.role()
    form = form_values(client, role, solution=None, resume=None, resume_text="I watch the sky.")
    client.post(path(role), form)
    corrected = {**form, "message": "I forgot this.", "send_again": "yes"}
    response = client.post(path(role), corrected)
    assert "t***@example.org" in client.page(response.url)
    (email,) = emails()
    client.post(link(email))
    assert Application.objects.confirmed().count() == 2


def test_quarantine_pruned_after_thirty_days(client, folder, django_capture_on_commit_callbacks):
    role = make.role()
    apply_unsolved(client, role)
    apply(client, role, email="hana@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        call_command("prune_quarantine")
    assert Application.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        call_command("prune_quarantine")
        with django_capture_on_commit_callbacks(execute=True):
            call_command("prune_pending_uploads")
    assert Application.objects.get().email == "hana@example.org"
    assert not Email.objects.filter(recipient="taro@example.org").exists()
    assert Email.objects.filter(recipient="hana@example.org").exists()
    assert Document.objects.count() == len(list(folder.iterdir())) == 1


# --- Limits of emails --------------------------------------------------------------------------


def test_email_limit_per_role_and_day(client):
    roles = [make.role() for _role in range(4)]
    apply_unsolved(client, roles[0])
    page = apply_unsolved(client, roles[0], message="again, from another form")
    assert "We can’t send the link right away" in page and RECRUITER in page
    assert Application.objects.latest("pk").display_reference in page
    apply_unsolved(client, roles[1])
    apply_unsolved(client, None)
    assert "We can’t send the link right away" in apply_unsolved(
        client, roles[2], email="TARO@example.org"
    )
    assert len(emails()) == 3
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        apply_unsolved(client, roles[3])
    assert len(emails()) == 4


def test_email_limit_counts_acknowledgments(client):
    role = make.role()
    apply(client, role)
    response = apply(client, role, message="Once more, with feeling.")
    page = client.page(response.url)
    assert "has arrived" in page and "your confirmation email will arrive later" in page
    assert Application.objects.confirmed().count() == 2
    assert len(emails()) == 1 and len(emails(RECRUITER)) == 2


def test_deferred_acknowledgment_sent_next_day(client):
    role = make.role()
    apply(client, role)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        second = apply(client, role, message="Once more, with feeling.").url
    reference = Application.objects.latest("pk").display_reference
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)):
        call_command("send_deferred_mail")
    assert len(emails()) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("prune_quarantine")
        assert "your confirmation email will arrive later" in client.page(second)
        for _twice in range(2):
            call_command("send_deferred_mail")
            deferred = emails()[1:]
            assert [reference in email.body for email in deferred] == [True]
            assert "You’ll get a confirmation email" in client.page(second)
    assert len(emails(RECRUITER)) == 2
    status_path = re.search(
        r"https://careers\.example\.com(/en/application/\S+)", deferred[0].body
    )[1]
    assert reference in client.page(status_path)


def test_deferred_email_replaced_by_resend(client, signed_in):
    role = make.role()
    apply(client, role)
    apply(client, role, message="Once more, with feeling.")
    deferred = Application.objects.latest("pk")
    signed_in("Recruiters").post(f"/admin/applications/application/{deferred.pk}/resend/")
    assert len(emails()) == 2
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("send_deferred_mail")
    assert len(emails()) == 2


def test_deferred_email_of_corrected_application(client):
    """Each was sent from its own form, so the link of one does not confirm the other."""
    role, start = make.role(), timezone.now()
    with time_machine.travel(start) as clock:
        apply_unsolved(client, role)
        clock.shift(timedelta(minutes=5))
        page = apply_unsolved(client, role, message="Corrected.")
        assert "open the link that we’ll email to t***@example.org" in page
        corrected = Application.objects.latest("pk")
        clock.shift(timedelta(hours=8))
        client.post(link(*emails()))
        clock.shift(timedelta(hours=23))
        for command in ("send_deferred_mail", "prune_quarantine"):
            call_command(command)
        assert len(emails()) == 2, "to confirm the first, and that it has arrived"
        clock.shift(timedelta(hours=2))
        call_command("prune_quarantine")
        call_command("send_deferred_mail")
        client.post(link(emails()[2]))
    corrected.refresh_from_db()
    assert corrected.is_confirmed and len(emails()) == 4


def test_deferred_email_not_sent_after_expired_link(client):
    role = make.role()
    form = form_values(client, role, solution=None, resume=None, resume_text="I watch the sky.")
    for message in ("Once.", "Twice."):
        client.post(path(role), {**form, "message": message, "send_again": "yes"})
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        call_command("send_deferred_mail")
    assert len(emails()) == 1


def test_email_limit_per_network(client):
    role = make.role()
    for number in range(22):
        page = apply_unsolved(client, role, email=f"person{number}@example.org")
        assert ("We can’t send the link right away" in page) is (number >= 20)
    assert Email.objects.count() == 20
    call_command("send_deferred_mail")
    assert Email.objects.count() == 20
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        call_command("send_deferred_mail")
        assert Email.objects.count() == 22
        call_command("send_deferred_mail")
    assert Email.objects.count() == 22
    client.post(link(*emails("person21@example.org")))
    assert Application.objects.confirmed().get().email == "person21@example.org"


def test_deferred_emails_unconfirmed_first(client):
    role = make.role()
    for number in range(20):
        apply_unsolved(client, role, email=f"person{number}@example.org")
    apply(client, role, email="passed@example.org")
    apply_unsolved(client, role, email="unsolved@example.org")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        call_command("send_deferred_mail")
    queued = Email.objects.exclude(recipient=RECRUITER).order_by("pk")
    deferred = list(queued.values_list("recipient", flat=True))[20:]
    assert deferred == ["unsolved@example.org", "passed@example.org"]


@pytest.mark.django_db(transaction=True)
def test_email_limit_eight_at_once():
    roles = [make.role() for _number in range(8)]
    start = threading.Barrier(8)
    forms = [(role, form_values(Visitor(), role, solution=None)) for role in roles]

    def send(role, form):
        try:
            start.wait()
            Visitor().post(path(role), form)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=pair) for pair in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Application.objects.count() == 8
    assert len(emails()) == 3


# --- Files beyond the quota --------------------------------------------------------------------


@pytest.fixture
def link_without_files(client, settings):
    """The confirmation link of an application whose files exceeded the quota."""
    role = make.role()
    question = make.question(make.form(role), "file")
    settings.PENDING_UPLOAD_QUOTA = 0
    apply_unsolved(client, role, **{f"question_{question.pk}": cv("clouds.txt", b"Cirrus.")})
    return link(*emails())


def test_missing_files_requested_by_link(client, link_without_files):
    application = Application.objects.get()
    assert not application.attachments.exists()
    page = client.page(link_without_files)
    assert 'name="resume"' in page and page.count('type="file"') == 2
    question = application.answers.get().question_id
    values = {"resume": cv(), f"question_{question}": cv("clouds.txt", b"Cirrus.")}
    assert client.post(link_without_files, values).status_code == 302
    application.refresh_from_db()
    assert application.is_confirmed
    attachments = {row.kind: row for row in application.attachments.all()}
    assert attachments.keys() == {"resume", "answer"}
    assert attachments["answer"].answer == application.answers.get()
    assert "Résumé" in emails()[1].body
    assert client.get(link_without_files).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_missing_files_four_times_at_once(link_without_files):
    start, statuses = threading.Barrier(4), []
    question = Application.objects.get().answers.get().question_id

    def press():
        try:
            start.wait()
            values = {"resume": cv(), f"question_{question}": cv("clouds.txt", b"Cirrus.")}
            statuses.append(Visitor().post(link_without_files, values).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    attachments = Application.objects.get().attachments.order_by("kind")
    assert list(attachments.values_list("kind", flat=True)) == ["answer", "resume"]
    assert Document.objects.count() == 2 and len(emails()) == 2


def test_missing_files_requested_again(client, link_without_files):
    response = client.post(link_without_files)
    assert response.status_code == 422 and "Please choose your résumé" in response.text
    assert Application.objects.get().is_confirmed and len(emails()) == 2
    assert "Add your files" in client.page(link_without_files)
    client.post(link_without_files, {"resume": cv()})
    assert Application.objects.get().attachments.count() == 1
    assert len(emails()) == 2
