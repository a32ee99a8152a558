"""The one more step of a doubtful application: its letter, its link, its button; and what comes after."""

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

from .conftest import apply, cv, filled, path

RECRUITER = "jobs@kumo.example.com"


def doubtful(client, role, language="en", **changes):
    """Apply without script; the page that follows."""
    answer = apply(client, role, language, **{"solution": None, **changes})
    return client.page(answer.url)


def link(letter):
    """The path in a letter that asks for confirmation."""
    return re.search(r"https://careers\.example\.com(/\S+/apply/confirm/\S+)", letter.body)[1]


def letters(recipient="taro@example.org"):
    return list(Email.objects.filter(recipient=recipient).order_by("pk"))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_link_shows_and_a_button_confirms(client, language):
    role = make.role()
    name = "https://evil.example.net/"
    doubtful(client, role, language, family_name=name, message="secret", family_kana="ヤマダ")
    application = Application.objects.get()
    (letter,) = letters()
    assert (letter.language, Email.objects.count()) == (language, 1)
    assert name not in letter.body and "secret" not in letter.body
    address = link(letter)
    assert address.startswith(f"/{language}/apply/confirm/")
    for _twice in range(2):
        page = client.page(address)
        assert application.display_reference in page and 'method="post"' in page
    application.refresh_from_db()
    assert not application.is_confirmed
    answer = client.post(address)
    assert answer.status_code == 302 and "Set-Cookie" not in answer.headers
    assert "***" not in client.page(answer.url)
    application.refresh_from_db()
    assert application.is_confirmed and application.spam_signals == ["challenge"]
    assert len(letters()) == 2 and len(letters(RECRUITER)) == 1
    for again in (client.post(address), client.get(address)):
        assert application.display_reference in client.page(again.url)
    assert Email.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_pressed_eight_times_at_once_there_is_one_acknowledgement(client):
    doubtful(client, make.role())
    address, start, statuses = link(*letters()), threading.Barrier(8), []

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
    assert len(letters()) == 2 and len(letters(RECRUITER)) == 1


def test_the_token_is_nowhere_but_in_the_letter(client):
    doubtful(client, make.role())
    token = link(*letters()).rstrip("/").rpartition("/")[2]
    assert len(token) == 22  # 128 bits
    step = Confirmation.objects.get()
    assert step.token_hash == sha256(token.encode()).hexdigest()
    answer = client.get(f"/en/apply/confirm/{token}/")
    assert token not in logs.route(answer.request["PATH_INFO"], answer.resolver_match)
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/en/apply/confirm/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_the_link_speaks_the_language_of_the_application(client):
    doubtful(client, make.role(), "ja")
    address = link(*letters())
    assert client.get(address.replace("/ja/", "/en/", 1)).url == address


@pytest.mark.parametrize(
    ("language", "said"), [("en", "has expired"), ("ja", "有効期限が切れています")]
)
def test_an_expired_link_says_what_to_do(client, language, said):
    doubtful(client, make.role(), language)
    address = link(*letters())
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 410
            assert said in re.sub("<wbr>|</?span[^>]*>", "", answer.text)
            assert (
                Application.objects.get().display_reference in answer.text
                and RECRUITER in answer.text
            )
    assert Application.objects.confirmed().count() == 0


def test_a_recruiter_releases_with_the_same_letters(client):
    doubtful(client, make.role())
    application = Application.objects.get()
    assert confirm(application) and not confirm(application)
    assert len(letters()) == 2 and len(letters(RECRUITER)) == 1
    assert "has arrived" in client.page(client.get(link(letters()[0])).url)


def test_one_link_is_for_all_that_was_sent_from_the_form(client):
    role = make.role()
    form = filled(client, role, solution=None, resume=None, resume_text="I watch the sky.")
    client.post(path(role), form)
    answer = client.post(path(role), {**form, "message": "I forgot this."})
    assert "t***@example.org" in client.page(answer.url)
    (letter,) = letters()
    client.post(link(letter))
    assert Application.objects.confirmed().count() == 2


def test_what_nobody_confirms_is_deleted_with_its_files(
    client, folder, django_capture_on_commit_callbacks
):
    role = make.role()
    doubtful(client, role)
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


# --- Letters to strangers ----------------------------------------------------------------------


def test_one_letter_for_a_role_and_three_a_day(client):
    roles = [make.role() for _number in range(4)]
    doubtful(client, roles[0])
    page = doubtful(client, roles[0], message="again, from another form")
    assert "no further email is sent now" in page and RECRUITER in page
    assert Application.objects.latest("pk").display_reference in page
    doubtful(client, roles[1])
    doubtful(client, None)
    assert "no further email" in doubtful(client, roles[2], email="TARO@example.org")
    assert len(letters()) == 3
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        doubtful(client, roles[3])
    assert len(letters()) == 4


def test_acknowledgements_are_counted_too(client):
    role = make.role()
    apply(client, role)
    answer = apply(client, role, message="Once more, with feeling.")
    page = client.page(answer.url)
    assert "has arrived" in page and "follows as soon as we can write again" in page
    assert Application.objects.confirmed().count() == 2
    assert len(letters()) == 1 and len(letters(RECRUITER)) == 2


def test_an_acknowledgement_that_had_to_wait_is_written_a_day_later(client):
    role = make.role()
    apply(client, role)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        second = apply(client, role, message="Once more, with feeling.").url
    number = Application.objects.latest("pk").display_reference
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)):
        call_command("send_deferred_mail")
    assert len(letters()) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("prune_quarantine")
        assert "follows as soon as" in client.page(second)
        for _twice in range(2):
            call_command("send_deferred_mail")
            late = letters()[1:]
            assert [number in letter.body for letter in late] == [True]
            assert "A confirmation is on its way" in client.page(second)
    assert len(letters(RECRUITER)) == 2
    own = re.search(r"https://careers\.example\.com(/en/application/\S+)", late[0].body)[1]
    assert number in client.page(own)


def test_what_a_recruiter_has_sent_meanwhile_is_not_owed_any_more(client, signed_in):
    role = make.role()
    apply(client, role)
    apply(client, role, message="Once more, with feeling.")
    late = Application.objects.latest("pk")
    signed_in("Recruiters").post(f"/admin/applications/application/{late.pk}/resend/")
    assert len(letters()) == 2
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("send_deferred_mail")
    assert len(letters()) == 2


def test_a_corrected_application_gets_its_letter_however_late_the_first_is_confirmed(client):
    """Each from a form of its own: the link of one is not good for the other."""
    role, start = make.role(), timezone.now()
    with time_machine.travel(start) as clock:
        doubtful(client, role)
        clock.shift(timedelta(minutes=5))
        page = doubtful(client, role, message="Corrected.")
        assert "As soon as we can write to you again" in page
        corrected = Application.objects.latest("pk")
        clock.shift(timedelta(hours=8))
        client.post(link(*letters()))
        clock.shift(timedelta(hours=23))
        for command in ("send_deferred_mail", "prune_quarantine"):
            call_command(command)
        assert len(letters()) == 2, "to confirm the first, and that it has arrived"
        clock.shift(timedelta(hours=2))
        call_command("prune_quarantine")
        call_command("send_deferred_mail")
        client.post(link(letters()[2]))
    corrected.refresh_from_db()
    assert corrected.is_confirmed and len(letters()) == 4


def test_who_lets_the_link_of_a_form_pass_is_not_written_to_again(client):
    role = make.role()
    form = filled(client, role, solution=None, resume=None, resume_text="I watch the sky.")
    for message in ("Once.", "Twice."):
        client.post(path(role), {**form, "message": message})
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        call_command("send_deferred_mail")
    assert len(letters()) == 1


def test_twenty_addresses_an_hour_and_the_others_later(client):
    role = make.role()
    for number in range(22):
        page = doubtful(client, role, email=f"person{number}@example.org")
        assert ("no further email is sent now" in page) is (number >= 20)
    assert Email.objects.count() == 20
    call_command("send_deferred_mail")
    assert Email.objects.count() == 20
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        call_command("send_deferred_mail")
        assert Email.objects.count() == 22
        call_command("send_deferred_mail")
    assert Email.objects.count() == 22
    client.post(link(*letters("person21@example.org")))
    assert Application.objects.confirmed().get().email == "person21@example.org"


def test_who_has_still_to_confirm_is_written_to_first(client):
    role = make.role()
    for number in range(20):
        doubtful(client, role, email=f"person{number}@example.org")
    apply(client, role, email="passed@example.org")
    doubtful(client, role, email="doubtful@example.org")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        call_command("send_deferred_mail")
    written = Email.objects.exclude(recipient=RECRUITER).order_by("pk")
    late = list(written.values_list("recipient", flat=True))[20:]
    assert late == ["doubtful@example.org", "passed@example.org"]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_write_no_more_letters_than_one_after_the_other():
    roles = [make.role() for _number in range(8)]
    start = threading.Barrier(8)
    forms = [(role, filled(Visitor(), role, solution=None)) for role in roles]

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
    assert len(letters()) == 3


# --- Files for which there was no room ---------------------------------------------------------


@pytest.fixture
def without_files(client, settings):
    """The link of an application whose résumé and answer could not be kept."""
    role = make.role()
    question = make.question(make.form(role), "file")
    settings.PENDING_UPLOAD_QUOTA = 0
    doubtful(client, role, **{f"question_{question.pk}": cv("clouds.txt", b"Cirrus.")})
    return link(*letters())


def test_files_are_asked_for_behind_the_link(client, without_files):
    application = Application.objects.get()
    assert not application.attachments.exists()
    page = client.page(without_files)
    assert 'name="resume"' in page and page.count('type="file"') == 2
    question = application.answers.get().question_id
    sent = {"resume": cv(), f"question_{question}": cv("clouds.txt", b"Cirrus.")}
    assert client.post(without_files, sent).status_code == 302
    application.refresh_from_db()
    assert application.is_confirmed
    found = {row.kind: row for row in application.attachments.all()}
    assert found.keys() == {"resume", "answer"}
    assert found["answer"].answer == application.answers.get()
    assert "Résumé" in letters()[1].body
    assert client.get(without_files).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_pressed_four_times_at_once_every_file_is_attached_once(without_files):
    start, statuses = threading.Barrier(4), []
    question = Application.objects.get().answers.get().question_id

    def press():
        try:
            start.wait()
            sent = {"resume": cv(), f"question_{question}": cv("clouds.txt", b"Cirrus.")}
            statuses.append(Visitor().post(without_files, sent).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    papers = Application.objects.get().attachments.order_by("kind")
    assert list(papers.values_list("kind", flat=True)) == ["answer", "resume"]
    assert Document.objects.count() == 2 and len(letters()) == 2


def test_without_a_file_it_is_confirmed_and_asks_again(client, without_files):
    answer = client.post(without_files)
    assert answer.status_code == 422 and "Please choose your résumé" in answer.text
    assert Application.objects.get().is_confirmed and len(letters()) == 2
    assert "Add your files" in client.page(without_files)
    client.post(without_files, {"resume": cv()})
    assert Application.objects.get().attachments.count() == 1
    assert len(letters()) == 2
