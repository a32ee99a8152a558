"""Delivery to a real SMTP server: the message, retries, failures, logs."""

import time
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.mail import send_mail
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from careers.logs import JSONFormatter
from careers.outbox.config import parse_smtp_url
from careers.outbox.delivery import send_due
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


def test_message_arrives_unchanged(mail_server):
    email = make.email(
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
    [message] = mail_server.messages
    assert message["Subject"] == SUBJECT
    assert str(message["From"]) == "クモ採用チーム <jobs@kumo.example.com>"
    assert str(message["To"]) == "hana@example.org"
    assert str(message["Reply-To"]) == "クモ、採用 <answers@kumo.example.com>"
    assert message["Message-ID"] == email.message_id
    assert email.message_id.endswith("@careers.example.com>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ja"
    assert message["Date"].datetime == email.queued_at.replace(microsecond=0)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert text(message) == BODY
    email.refresh_from_db()
    assert (email.state, email.attempts, email.body) == ("sent", 1, BODY)
    assert email.sent_at and email.leased_until is None


def test_message_keeps_long_links(mail_server):
    long_link = "https://careers.example.com/" + "a" * 2000
    make.email(body=f"Please open\n{LINK}\n{long_link}\n")
    deliver()
    [(_sender, _recipients, raw)] = mail_server.envelopes
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert {LINK, long_link} <= set(text(mail_server.messages[0]).split())


LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120)


@hypothesis(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(subject=LINES, body=LINES)
def test_message_keeps_any_text(mail_server, subject, body):
    mail_server.messages.clear()
    make.email(subject=subject, body=body)
    deliver()
    [message] = mail_server.messages
    assert str(message["Subject"]) == subject.strip()
    assert text(message).rstrip("\n") == body


def test_one_time_link_erased_after_delivery(mail_server):
    send_mail("Welcome", LINK, None, ["hana@example.org"])
    deliver()
    assert LINK in text(mail_server.messages[0])
    email = Email.objects.get()
    assert (email.state, email.body) == ("sent", "")
    assert (email.recipient, email.subject) == ("hana@example.org", "Welcome")
    deliver()
    assert len(mail_server.messages) == 1


def test_batch_uses_one_connection(mail_server):
    for number in range(5):
        make.email(recipient=f"person{number}@example.org")
    deliver()
    assert len(mail_server.messages) == 5
    assert mail_server.connections == 1


def test_batch_ends_after_its_time(mail_server):
    """The other tasks of the worker do not wait until thousands of emails are sent."""
    for _ in range(5):
        make.email()
    send_due(seconds=0.001)
    assert len(mail_server.messages) == 1
    deliver()
    assert len(mail_server.messages) == 5


def test_server_down_is_retried(settings):
    use(settings, free_port())
    emails = [make.email(), make.email()]
    deliver()
    states = Email.objects.values_list("state", "failure", "attempts").order_by("pk")
    # The second was not tried: the server would not have accepted it either.
    assert list(states) == [("waiting", "unreachable", 1), ("waiting", "", 0)]
    with smtp.running() as server, time_machine.travel(timezone.now() + timedelta(seconds=61)):
        use(settings, server.port)
        deliver()
        message_ids = {message["Message-ID"] for message in server.messages}
    assert message_ids == {email.message_id for email in emails}
    assert not Email.objects.exclude(state="sent", failure="").exists()


def attempt_hours(start):
    """Hours after queueing of each attempt; no retry happens a second before it is due."""
    deliver()
    email = Email.objects.get()
    assert email.attempts == 1
    hours = [0]
    while email.state == "waiting":
        with time_machine.travel(email.due_at - timedelta(seconds=1), tick=False):
            deliver()
        assert Email.objects.get().attempts == email.attempts, "too early"
        with time_machine.travel(email.due_at, tick=False):
            deliver()
        hours.append((email.due_at - start).total_seconds() / 3600)
        email = Email.objects.get()
        assert email.attempts == len(hours)
    return hours


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_temporary_failure_retried_for_three_days(mail_server, command):
    mail_server.replies[command] = "450 4.2.0 hana@example.org is greylisted"
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        send_mail("Welcome", LINK, None, ["hana@example.org"])
        hours = attempt_hours(start)
    first_day = [hour for hour in hours if hour <= 24]
    assert [round(hour * 60) for hour in first_day[:4]] == [0, 1, 6, 21]
    assert {round((b - a) * 60) for a, b in pairwise(first_day[3:])} == {15}
    later = hours[len(first_day) :]
    assert later[0] - first_day[-1] <= 0.25
    assert {round(b - a, 3) for a, b in pairwise(later)} == {1.0}
    assert 71 < hours[-1] <= 72
    email = Email.objects.get()
    assert (email.state, email.failure, email.body) == ("failed", "later", "")
    assert not mail_server.messages


@pytest.fixture
def clock():
    """A clock that stands still; `clock.shift(seconds)` moves it."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def use(settings, port):
    settings.SMTP = parse_smtp_url(f"smtp+plain://127.0.0.1:{port}")


def go_through_outage(settings, clock, minutes):
    """Ten emails, queued while the mail server is down, which the worker tries to send all the time."""
    use(settings, free_port())
    for number in range(10):
        make.email(recipient=f"person{number}@example.org")
    for _ in range(2 * minutes):
        deliver()
        clock.shift(30)
    assert Email.objects.filter(state="waiting", failure="unreachable").count() == 10


def test_outage_of_two_hours_ends_within_15_minutes(settings, clock):
    """Whatever the moment of the repair: no attempt is further away, and one success is enough for all."""
    go_through_outage(settings, clock, minutes=120)
    with smtp.running() as server:
        use(settings, server.port)
        half_minutes = 0
        while len(server.messages) < 10 and half_minutes < 30:
            deliver()
            clock.shift(30)
            half_minutes += 1
        assert len(server.messages) == 10


def test_success_hurries_waiting_emails(settings, clock):
    go_through_outage(settings, clock, minutes=120)
    with smtp.running() as server:
        use(settings, server.port)
        make.email(recipient="new@example.org")
        deliver()
        clock.shift(60)  # for those whose last attempt was a moment ago
        deliver()
        assert len(server.messages) == 11
    assert set(Email.objects.values_list("state", "failure")) == {("sent", "")}


@pytest.mark.parametrize("failure", Email.Failure.values)
def test_success_hurries_temporary_failures_only(mail_server, failure):
    """Another sender, or a fault of the site, is not cured by it."""
    now = timezone.now()
    times = {"attempted_at": now - timedelta(minutes=5), "due_at": now + timedelta(minutes=10)}
    waiting = make.email()
    Email.objects.filter(pk=waiting.pk).update(failure=failure, attempts=3, **times)
    deliver()
    assert not mail_server.messages  # without a success nothing is hurried
    make.email(recipient="new@example.org")
    deliver()
    is_temporary = failure in ("unreachable", "encryption", "sign_in", "later")
    assert len(mail_server.messages) == 1 + is_temporary


def test_success_hurries_no_email_twice_a_minute(mail_server, clock):
    """A recipient's server that defers is not asked again with every email to others."""
    mail_server.replies["RCPT hana@example.org"] = "450 4.2.0 greylisted"
    deferred = make.email()
    for _ in range(120):
        make.email(recipient="ken@example.org")
        deliver()
        clock.shift(1)
    assert len(mail_server.messages) == 120
    deferred.refresh_from_db()
    assert (deferred.state, deferred.attempts) == ("waiting", 2)


AHEAD = timedelta(hours=2)


def test_email_queued_by_wrong_clock_is_sent_at_once(mail_server):
    with time_machine.travel(timezone.now() + AHEAD):
        make.email()
    deliver()
    assert len(mail_server.messages) == 1


@pytest.mark.parametrize("attempts", [1, 3, 9])
def test_email_retried_by_wrong_clock_does_not_wait_for_it(settings, clock, attempts):
    use(settings, free_port())
    email = make.email()
    clock.shift(AHEAD)
    Email.objects.update(attempts=attempts - 1)
    deliver()
    clock.shift(-AHEAD)
    email.refresh_from_db()
    assert (email.attempts, email.state) == (attempts, "waiting")
    with smtp.running() as server:
        use(settings, server.port)
        clock.shift(settings.EMAIL_RETRY_DELAYS[-1])
        deliver()
        assert len(server.messages) == 1


def test_email_leased_by_wrong_clock_does_not_wait_for_it(mail_server):
    """The worker was killed while its clock was wrong."""
    make.email()
    with time_machine.travel(timezone.now() + AHEAD):
        assert Email.objects.claim()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        deliver()
    assert len(mail_server.messages) == 1


def test_clocks_of_two_workers_may_differ_by_seconds(settings):
    """A lease and a retry that another worker has set are valid if its clock is a little ahead."""
    use(settings, free_port())
    make.email()
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        Email.objects.update(attempts=8)
        deliver()
    assert not Email.objects.due().exists()
    Email.objects.update(attempts=0)
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        assert Email.objects.claim()
    assert not Email.objects.due().exists()


def test_command_sends_all_waiting_emails(settings, capsys):
    use(settings, free_port())
    make.email()
    deliver()
    with smtp.running() as server:
        use(settings, server.port)
        call_command("send_queued_mail")
        assert capsys.readouterr().out == "Emails: none due.\n"
        call_command("send_queued_mail", "--all")
        assert capsys.readouterr().out == "Emails: 1 sent.\n"
        assert len(server.messages) == 1


@pytest.mark.parametrize(("command", "failure"), [("RCPT", "recipient"), ("DATA", "text")])
def test_permanent_failure_is_not_retried(mail_server, command, failure):
    mail_server.replies[command] = "550 5.1.1 <hana@example.org> nobody here"
    send_mail("Welcome", LINK, None, ["hana@example.org"])
    other = make.email()
    deliver()
    mail_server.replies.clear()
    make.email(recipient="ken@example.org")
    deliver()
    assert [message["To"] for message in mail_server.messages] == ["ken@example.org"]
    emails = Email.objects.failed().order_by("pk")
    assert [(email.failure, email.attempts) for email in emails] == [(failure, 1)] * 2
    assert [email.body for email in emails] == ["", other.body]


def test_refused_sender_is_retried(mail_server):
    """The operator can correct MAIL_FROM, so the email stays in the queue."""
    mail_server.replies["MAIL"] = "553 5.7.1 not your address"
    make.email()
    deliver()
    email = Email.objects.get()
    assert (email.state, email.failure) == ("waiting", "sender")


def test_reply_421_ends_batch(mail_server):
    mail_server.replies["RCPT"] = "421 4.3.2 closing"
    make.email()
    make.email()
    deliver()
    attempts = Email.objects.order_by("pk").values_list("attempts", "failure")
    assert list(attempts) == [(1, "later"), (0, "")]


def test_internal_error_does_not_stop_batch(mail_server):
    broken, intact = make.email(), make.email()
    Email.objects.filter(pk=broken.pk).update(recipient="no address")
    deliver()
    broken.refresh_from_db()
    assert (broken.state, broken.failure) == ("waiting", "fault")
    assert [message["Message-ID"] for message in mail_server.messages] == [intact.message_id]


def test_server_timeout(mail_server):
    mail_server.hangs = "DATA"
    make.email()
    start = time.monotonic()
    deliver()
    assert 9 < time.monotonic() - start < 15
    email = Email.objects.get()
    assert (email.state, email.failure) == ("waiting", "unreachable")


def test_logs_contain_no_personal_data(mail_server, caplog, capsys):
    caplog.set_level("DEBUG")
    secrets = ("hana", "example.org", "Confidential", "the-secret-text", "S3CRET")
    for reply in (None, "450 4.2.0 hana@example.org S3CRET", "550 hana@example.org S3CRET"):
        mail_server.replies = {"RCPT": reply} if reply else {}
        send_mail("Confidential", "the-secret-text", None, ["hana@example.org"])
        deliver()
    broken = make.email(recipient="hana@example.org", subject="Confidential")
    Email.objects.filter(pk=broken.pk).update(recipient="hana at example.org")
    deliver()
    records = [record for record in caplog.records if record.name.startswith("careers")]
    assert [record.levelname for record in records] == [
        "INFO",
        "WARNING",
        "ERROR",
        "ERROR",
        "WARNING",
    ]
    lines = "\n".join(map(JSONFormatter().format, records)) + "".join(capsys.readouterr())
    assert not [secret for secret in secrets if secret in lines]


def test_message_is_the_same_each_time():
    email = make.email()
    assert build_message(email) == build_message(Email.objects.get())
