"""Emails in the admin: what superusers see, sending again, sending a copy."""

from datetime import timedelta

import pytest
from django.utils import timezone

from careers.outbox.models import Email
from tests import make
from tests.conftest import queries
from tests.outbox.conftest import deliver, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

LIST = "/admin/outbox/email/"


def failed_email(**changes):
    email = make.email(**changes)
    Email.objects.filter(pk=email.pk).update(state="failed", failure="recipient", attempts=1)
    return email


def wait(email):
    """Let the email wait ten minutes for its third attempt."""
    due_at = timezone.now() + timedelta(minutes=10)
    Email.objects.filter(pk=email.pk).update(failure="later", attempts=2, due_at=due_at)


def run_action(visitor, *emails, action="try_again"):
    form = {"action": action, "_selected_action": [email.pk for email in emails]}
    return visitor.post(LIST, form, follow=True).text


def test_list_search_and_filter(signed_in):
    superuser = signed_in(None)
    make.email(recipient="ken@example.org", subject="An interview")
    failed_email()
    for query in ("?q=ken@", "?q=interview", "?state__exact=waiting"):
        page = superuser.page(f"{LIST}{query}")
        assert "ken@example.org" in page and "hana@example.org" not in page


def test_email_page_hides_text(signed_in):
    email = failed_email()
    page = signed_in(None, language="ja").page(f"{LIST}{email.pk}/change/")
    assert "Your application" in page
    assert "メールサーバーが宛先のアドレスを拒否しました。" in page
    assert "We have received it." not in page
    assert 'name="_save"' not in page


def test_my_work_failed_emails_for_superusers(signed_in):
    superuser, recruiter = signed_in(None), signed_in("Recruiters")
    notice = "could not be delivered"
    assert notice not in superuser.page("/admin/")
    failed_email()
    assert f"1 email {notice}" in superuser.page("/admin/")
    failed_email()
    page = superuser.page("/admin/")
    assert f"2 emails {notice}" in page and f'href="{LIST}?state__exact=failed"' in page
    assert notice not in recruiter.page("/admin/")


def test_try_again(signed_in, mail_server):
    superuser = signed_in(None)
    undelivered, scheduled = failed_email(), make.email()
    wait(scheduled)
    assert "2 emails will leave within seconds." in run_action(superuser, undelivered, scheduled)
    deliver()
    assert {message["Message-ID"] for message in mail_server.messages} == {
        undelivered.message_id,
        scheduled.message_id,
    }


@pytest.mark.parametrize(
    ("language", "count", "button", "message"),
    [
        ("en", "2 emails are waiting for their next attempt.", "Try now", "2 emails will leave"),
        ("ja", "再送信待ちのメールが2通あります。", "今すぐ送信する", "2通のメールを"),
    ],
)
def test_try_now_button(signed_in, mail_server, language, count, button, message):
    superuser = signed_in(None, language)
    new, waiting, failed = make.email(), [make.email(), make.email()], failed_email()
    for email in waiting:
        wait(email)
    page = superuser.page(LIST)
    assert count in page and f"{button}</button>" in page
    assert message in superuser.post(f"{LIST}try-now/", follow=True).text
    deliver()
    ids = {arrived["Message-ID"] for arrived in mail_server.messages}
    assert ids == {email.message_id for email in (new, *waiting)}
    failed.refresh_from_db()
    assert failed.state == "failed"


@pytest.mark.parametrize(
    ("language", "button", "message"),
    [
        ("en", "Try now", "No email is waiting for its next attempt."),
        ("ja", "今すぐ送信する", "再送信待ちのメールはありません。"),
    ],
)
def test_try_now_without_waiting_emails(signed_in, language, button, message):
    superuser = signed_in(None, language)
    make.email()
    assert button not in superuser.page(LIST)
    assert message in superuser.post(f"{LIST}try-now/", follow=True).text


def test_email_list_has_constant_queries(signed_in):
    superuser = signed_in(None)
    wait(make.email())
    before = queries(superuser, LIST)
    for _ in range(49):
        wait(make.email())
    assert queries(superuser, LIST) == before


def test_try_again_impossible(signed_in, mail_server):
    superuser = signed_in(None)
    sent = make.email()
    deliver()
    erased = failed_email()
    Email.objects.filter(pk=erased.pk).update(body="")
    page = run_action(superuser, sent, erased)
    assert "2 emails cannot leave again" in page and "within seconds" not in page
    deliver()
    assert len(mail_server.messages) == 1


def test_copy_is_a_new_email(signed_in, mail_server):
    """A copy has the same text and headers, but its own row and Message-ID."""
    superuser = signed_in(None)
    undelivered = make.email(sender="Kumo <jobs@example.com>", reply_to="rin@example.com")
    deliver()
    page = run_action(superuser, undelivered, action="send_copy")
    assert "1 email will leave within seconds." in page and "not copied" not in page
    deliver()
    first, second = mail_server.messages
    for name in ("To", "From", "Reply-To", "Subject", "Content-Language"):
        assert first[name] == second[name]
    assert text(first) == text(second) and text(first, "html") == text(second, "html")
    assert first["Message-ID"] == undelivered.message_id != second["Message-ID"]
    states = Email.objects.values_list("state", "attempts")
    assert list(states) == [("sent", 1)] * 2


def test_copy_impossible(signed_in, mail_server):
    superuser = signed_in(None)
    erased, scrubbed = (
        make.email(erase_after_sending=True),
        make.email(recipient="ken@example.org"),
    )
    deliver()
    Email.objects.scrub("ken@example.org")
    page = run_action(superuser, erased, scrubbed, failed_email(), make.email(), action="send_copy")
    assert "4 emails were not copied" in page and "within seconds" not in page
    assert Email.objects.count() == 4
