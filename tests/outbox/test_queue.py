"""A letter is a row, written with what it tells or not at all; the ways in, and the ways out."""

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


def test_a_letter_of_a_transaction_that_failed_does_not_exist(mail_server):
    class Failed(Exception):
        pass

    with pytest.raises(Failed), transaction.atomic():
        make.letter()
        send_mail("Welcome", "Come in.", None, ["hana@example.org"])
        assert Email.objects.count() == 2
        raise Failed
    deliver()
    assert not Email.objects.exists()
    assert not mail_server.envelopes


def test_djangos_mail_functions_write_rows():
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
    letters = Email.objects.order_by("pk")
    addresses = ["hana@example.org", "ken@example.org", "mika@example.org"]
    assert [letter.recipient for letter in letters] == addresses
    assert len({letter.message_id for letter in letters}) == 3
    for letter in letters:
        assert (letter.subject, letter.body) == ("ようこそ", "こちらからどうぞ。")
        assert (letter.language, letter.state, letter.erase_after_sending) == (
            "ja",
            "waiting",
            True,
        )
        assert letter.sender == "Kumo Careers <careers@example.com>"
        assert letter.reply_to == "jobs@example.com"


def test_what_is_no_plain_text_is_refused_whole():
    attached = EmailMessage("Hello", "See there.", to=["hana@example.org"])
    attached.attach("a.txt", "a")
    html = EmailMessage("Hello", "<p>See there.</p>", to=["hana@example.org"])
    html.content_subtype = "html"
    for message in (attached, html):
        with pytest.raises(ValueError, match="plain text without attachments"):
            message.send()
    assert not Email.objects.exists()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x0b", "\0"])
@pytest.mark.parametrize("field", ["subject", "recipient", "sender", "reply_to"])
def test_a_second_line_in_a_header_is_refused(field, end):
    with pytest.raises(BadHeaderError, match="one line"):
        make.letter(**{field: f"hana@example.org{end}Bcc: everybody@example.org"})
    assert not Email.objects.exists()


@pytest.mark.parametrize("address", ["", "hana", "hana@", "a@example.org, b@example.org", "<>"])
def test_a_letter_has_one_real_address(address):
    with pytest.raises(ValueError, match="must be an address like"):
        make.letter(recipient=address)


def test_a_domain_beyond_ascii_is_kept_as_servers_know_it():
    letter = make.letter(recipient="hana@例え.jp")
    assert letter.recipient == "hana@xn--r8jz45g.jp"
    Email.objects.scrub("hana@例え.jp")
    assert not Email.objects.exists()


def test_erasing_a_person(mail_server):
    sent, other = make.letter(), make.letter(recipient="ken@example.org")
    deliver()
    make.letter(recipient="HANA@example.org")
    Email.objects.scrub("Hana@example.org")
    deliver()
    assert len(mail_server.letters) == 2  # what waited for her never left
    assert set(Email.objects.all()) == {sent, other}
    sent.refresh_from_db()
    assert (sent.recipient, sent.subject, sent.body) == ("", "", "")
    assert sent.state == "sent" and sent.sent_at
    other.refresh_from_db()
    assert other.body == "We have received it."


def test_what_was_settled_long_ago_is_forgotten(settings):
    long_ago = timezone.now() - timedelta(days=settings.EMAIL_RETENTION_DAYS, hours=1)
    kept = {make.letter()}
    for state in Email.State.values:
        letter = make.letter()
        Email.objects.filter(pk=letter.pk).update(state=state, queued_at=long_ago)
        recent = make.letter()
        Email.objects.filter(pk=recent.pk).update(state=state)
        kept |= {recent, letter} if state == "waiting" else {recent}
    call_command("prune_emails")
    assert set(Email.objects.all()) == kept
