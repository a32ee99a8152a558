"""What arrives, and what happens when it cannot: seen from a real mail server."""

import time
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.mail import send_mail
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as thorough
from hypothesis import strategies as st

from careers.logs import JSONFormatter
from careers.outbox.config import parse_smtp_url
from careers.outbox.message import build_message
from careers.outbox.models import Email
from tests import make
from tests.components import smtp
from tests.components.site import free_port
from tests.outbox.conftest import deliver, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outbox")]

LINK = "https://careers.example.com/invitation/" + "Ab9_-" * 30 + "/?next=/admin/=3D"
SUBJECT = "【株式会社クモ】採用管理画面へのご招待：バックエンドエンジニア（東京・リモート可）のご応募について"
BODY = f"""佐藤 花 様

採用管理画面へご招待します。

{LINK}

.
From クモ採用チーム
"""


def test_a_letter_arrives_as_it_was_written(mail_server):
    letter = make.letter(
        recipient="花 <hana@example.org>",
        sender="クモ採用チーム <jobs@kumo.example.com>",
        reply_to="クモ、採用 <answers@kumo.example.com>",
        subject=SUBJECT,
        body=BODY,
        language="ja",
    )
    deliver()
    [(sender, recipients, raw)] = mail_server.envelopes
    assert (sender, recipients) == ("jobs@kumo.example.com", ["hana@example.org"])
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) < 100
    [arrived] = mail_server.letters
    assert arrived["Subject"] == SUBJECT
    assert str(arrived["From"]) == "クモ採用チーム <jobs@kumo.example.com>"
    assert str(arrived["To"]) == "hana@example.org"
    assert str(arrived["Reply-To"]) == "クモ、採用 <answers@kumo.example.com>"
    assert arrived["Message-ID"] == letter.message_id
    assert letter.message_id.endswith("@careers.example.com>")
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Content-Language"] == "ja"
    assert arrived["Date"].datetime == letter.queued_at.replace(microsecond=0)
    assert arrived.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]
    assert text(arrived) == BODY
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.body) == ("sent", 1, BODY)
    assert letter.sent_at and letter.leased_until is None


def test_a_long_link_in_an_english_letter_stays_whole(mail_server):
    long = "https://careers.example.com/" + "a" * 2000
    make.letter(body=f"Please open\n{LINK}\n{long}\n")
    deliver()
    [(_sender, _recipients, raw)] = mail_server.envelopes
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert {LINK, long} <= set(text(mail_server.letters[0]).split())


LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120)


@thorough(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(subject=LINES, body=LINES)
def test_any_text_survives_the_way(mail_server, subject, body):
    mail_server.letters.clear()
    make.letter(subject=subject, body=body)
    deliver()
    [arrived] = mail_server.letters
    assert str(arrived["Subject"]) == subject.strip()
    assert text(arrived).rstrip("\n") == body


def test_the_text_with_a_one_time_link_is_gone_once_it_has_arrived(mail_server):
    send_mail("Welcome", LINK, None, ["hana@example.org"])
    deliver()
    assert LINK in text(mail_server.letters[0])
    letter = Email.objects.get()
    assert (letter.state, letter.body) == ("sent", "")
    assert (letter.recipient, letter.subject) == ("hana@example.org", "Welcome")
    deliver()
    assert len(mail_server.letters) == 1


def test_many_letters_take_one_connection(mail_server):
    for number in range(5):
        make.letter(recipient=f"person{number}@example.org")
    deliver()
    assert len(mail_server.letters) == 5
    assert mail_server.connections == 1


def test_a_letter_waits_for_a_server_that_is_down(settings):
    settings.SMTP = parse_smtp_url(f"smtp+plain://127.0.0.1:{free_port()}")
    letters = [make.letter(), make.letter()]
    deliver()
    states = Email.objects.values_list("state", "failure", "attempts").order_by("pk")
    # The second was not even tried: the server would not have taken it either.
    assert list(states) == [("waiting", "unreachable", 1), ("waiting", "", 0)]
    with smtp.running() as server, time_machine.travel(timezone.now() + timedelta(seconds=61)):
        settings.SMTP = parse_smtp_url(f"smtp+plain://127.0.0.1:{server.port}")
        deliver()
        arrived = {letter["Message-ID"] for letter in server.letters}
    assert arrived == {letter.message_id for letter in letters}
    assert not Email.objects.exclude(state="sent", failure="").exists()


def attempts_until_settled(start):
    """Hours after queueing at which a letter was tried, looking a second too early and in time."""
    hours, letter = [], Email.objects.get()
    while letter.state == "waiting":
        with time_machine.travel(letter.due_at - timedelta(seconds=1), tick=False):
            deliver()
        assert Email.objects.get().attempts == letter.attempts, "too early"
        with time_machine.travel(letter.due_at, tick=False):
            deliver()
        hours.append((letter.due_at - start).total_seconds() / 3600)
        letter = Email.objects.get()
        assert letter.attempts == len(hours)
    return hours


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_asks_for_patience_is_asked_again_for_three_days(mail_server, command):
    mail_server.answers[command] = "450 4.2.0 hana@example.org is greylisted"
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        send_mail("Welcome", LINK, None, ["hana@example.org"])
    hours = attempts_until_settled(start)
    first = [0, 1, 6, 21, 81, 441]
    assert [round(hour * 60) for hour in hours[:6]] == first
    assert {round(b - a, 3) for a, b in pairwise(hours[5:])} == {6.0}
    assert 66 < hours[-1] <= 72
    letter = Email.objects.get()
    assert (letter.state, letter.failure, letter.body) == ("failed", "later", "")
    assert not mail_server.letters


@pytest.mark.parametrize(("command", "failure"), [("RCPT", "recipient"), ("DATA", "text")])
def test_a_refusal_for_good_is_not_asked_again(mail_server, command, failure):
    mail_server.answers[command] = "550 5.1.1 <hana@example.org> nobody here"
    send_mail("Welcome", LINK, None, ["hana@example.org"])
    kept = make.letter()
    deliver()
    mail_server.answers.clear()
    make.letter(recipient="ken@example.org")
    deliver()
    assert [letter["To"] for letter in mail_server.letters] == ["ken@example.org"]
    letters = Email.objects.failed().order_by("pk")
    assert [(letter.failure, letter.attempts) for letter in letters] == [(failure, 1)] * 2
    assert [letter.body for letter in letters] == ["", kept.body]


def test_a_refused_sender_is_for_the_operator_to_mend(mail_server):
    mail_server.answers["MAIL"] = "553 5.7.1 not your address"
    make.letter()
    deliver()
    letter = Email.objects.get()
    assert (letter.state, letter.failure) == ("waiting", "sender")


def test_a_server_that_says_goodbye_ends_the_batch(mail_server):
    mail_server.answers["RCPT"] = "421 4.3.2 closing"
    make.letter()
    make.letter()
    deliver()
    tried = Email.objects.order_by("pk").values_list("attempts", "failure")
    assert list(tried) == [(1, "later"), (0, "")]


def test_a_fault_of_the_site_keeps_no_other_letter_waiting(mail_server):
    broken, whole = make.letter(), make.letter()
    Email.objects.filter(pk=broken.pk).update(recipient="no address")
    deliver()
    broken.refresh_from_db()
    assert (broken.state, broken.failure) == ("waiting", "fault")
    assert [letter["Message-ID"] for letter in mail_server.letters] == [whole.message_id]


def test_a_server_that_never_answers_is_given_up_after_ten_seconds(mail_server):
    mail_server.hangs = "DATA"
    make.letter()
    start = time.monotonic()
    deliver()
    assert 9 < time.monotonic() - start < 15
    letter = Email.objects.get()
    assert (letter.state, letter.failure) == ("waiting", "unreachable")


def test_logs_hold_no_address_no_subject_and_no_text(mail_server, caplog, capsys):
    caplog.set_level("DEBUG")
    secrets = ("hana", "example.org", "Confidential", "opening-of-a-door", "S3CRET")
    for answer in (None, "450 4.2.0 hana@example.org S3CRET", "550 hana@example.org S3CRET"):
        mail_server.answers = {"RCPT": answer} if answer else {}
        send_mail("Confidential", "opening-of-a-door", None, ["hana@example.org"])
        deliver()
    broken = make.letter(recipient="hana@example.org", subject="Confidential")
    Email.objects.filter(pk=broken.pk).update(recipient="hana at example.org")
    deliver()
    said = [record for record in caplog.records if record.name.startswith("careers")]
    assert [record.levelname for record in said] == ["INFO", "WARNING", "ERROR", "ERROR", "WARNING"]
    lines = "\n".join(map(JSONFormatter().format, said)) + "".join(capsys.readouterr())
    assert not [secret for secret in secrets if secret in lines]


def test_the_same_letter_is_the_same_message_each_time():
    letter = make.letter()
    assert str(build_message(letter)) == str(build_message(Email.objects.get()))
