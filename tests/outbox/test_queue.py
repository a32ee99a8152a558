"""The queue: an email is a row of the transaction that causes it, until it is sent, scrubbed or pruned."""

from datetime import timedelta

import pytest
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone, translation

from careers.outbox.models import Email
from tests import make
from tests.outbox.conftest import deliver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outbox")]


def test_rolled_back_email_does_not_exist(mail_server):
    class Failed(Exception):
        pass

    with pytest.raises(Failed), transaction.atomic():
        make.email()
        send_mail("Welcome", "Come in.", None, ["hana@example.org"])
        assert Email.objects.count() == 2
        raise Failed
    deliver()
    assert not Email.objects.exists()
    assert not mail_server.envelopes


def test_django_mail_functions_write_rows():
    with translation.override("ja"):
        message = EmailMultiAlternatives(
            "ようこそ",
            "こちらからどうぞ。",
            to=["Hana <hana@example.org>"],
            cc=["ken@example.org"],
            bcc=["mika@example.org"],
            reply_to=["jobs@example.com"],
        )
        message.attach_alternative("<p>こちらからどうぞ。</p>", "text/html")
        assert message.send() == 1
    emails = Email.objects.order_by("pk")
    addresses = ["hana@example.org", "ken@example.org", "mika@example.org"]
    assert [email.recipient for email in emails] == addresses
    assert len({email.message_id for email in emails}) == 3
    for email in emails:
        assert (email.subject, email.body) == ("ようこそ", "こちらからどうぞ。")
        assert (email.language, email.state, email.erase_after_sending) == (
            "ja",
            "waiting",
            True,
        )
        assert email.sender == "Kumo Careers <careers@example.com>"
        assert email.reply_to == "jobs@example.com"


def test_html_and_attachments_are_rejected():
    with_attachment = EmailMessage("Hello", "See there.", to=["hana@example.org"])
    with_attachment.attach("a.txt", "a")
    html = EmailMessage("Hello", "<p>See there.</p>", to=["hana@example.org"])
    html.content_subtype = "html"
    for message in (with_attachment, html):
        with pytest.raises(ValueError, match="plain text without attachments"):
            message.send()
    assert not Email.objects.exists()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x0b", "\0"])
@pytest.mark.parametrize("field", ["subject", "recipient", "sender", "reply_to"])
def test_header_injection_is_rejected(field, end):
    with pytest.raises(BadHeaderError, match="one line"):
        make.email(**{field: f"hana@example.org{end}Bcc: everybody@example.org"})
    assert not Email.objects.exists()


@pytest.mark.parametrize("address", ["", "hana", "hana@", "a@example.org, b@example.org", "<>"])
def test_recipient_is_one_valid_address(address):
    with pytest.raises(ValueError, match="must be an address like"):
        make.email(recipient=address)


def test_recipient_domain_stored_as_ascii():
    email = make.email(recipient="hana@例え.jp")
    assert email.recipient == "hana@xn--r8jz45g.jp"
    Email.objects.scrub("hana@例え.jp")
    assert not Email.objects.exists()


def test_scrub_recipient(mail_server):
    sent, other = make.email(), make.email(recipient="ken@example.org")
    deliver()
    make.email(recipient="HANA@example.org")
    Email.objects.scrub("Hana@example.org")
    deliver()
    assert len(mail_server.messages) == 2  # the queued email to this person was not sent
    assert set(Email.objects.all()) == {sent, other}
    sent.refresh_from_db()
    assert (sent.recipient, sent.subject, sent.body) == ("", "", "")
    assert sent.state == "sent" and sent.sent_at
    other.refresh_from_db()
    assert other.body == "We have received it."


def test_old_emails_are_pruned(settings):
    long_ago = timezone.now() - timedelta(days=settings.EMAIL_RETENTION_DAYS, hours=1)
    remaining = {make.email()}
    for state in Email.State.values:
        email = make.email()
        Email.objects.filter(pk=email.pk).update(state=state, queued_at=long_ago)
        recent = make.email()
        Email.objects.filter(pk=recent.pk).update(state=state)
        remaining |= {recent, email} if state == "waiting" else {recent}
    call_command("prune_emails")
    assert set(Email.objects.all()) == remaining
