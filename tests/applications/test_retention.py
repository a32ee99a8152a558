"""Retention with consent: candidates are asked once to renew it before it ends."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from careers.applications.models import Application
from careers.outbox.models import Email
from tests import make

pytestmark = pytest.mark.django_db


def days(number):
    return timezone.localdate() + timedelta(days=number)


def renewal_recipients():
    call_command("renew_retention_consent")
    return list(Email.objects.values_list("recipient", flat=True))


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "extend this by another 12 months"), ("ja", "引き続き12か月間の保管に同意")],
)
def test_renewal_email_sent_once_and_confirmed(client, language, text):
    """One email in the candidate's language; one button on the status page extends the consent."""
    make.application(retention_consent_until=days(365), language=language)
    assert renewal_recipients() == []
    with time_machine.travel(timezone.now() + timedelta(days=336)):
        assert len(renewal_recipients()) == 1 and len(renewal_recipients()) == 1
        email = Email.objects.get()
        assert text in email.body and email.language == language
        address = re.search(r"https://\S+?(/\w\w/application/\S+/)", email.body)[1]
        assert client.page(address).count('name="keep"') == 2
        assert client.post(address, {"keep": "yes"}).status_code == 302
        assert Application.objects.get().retention_consent_until == days(365)
        assert client.page(address).count('name="keep"') == 1
        assert len(renewal_recipients()) == 1
    with time_machine.travel(timezone.now() + timedelta(days=336 + 336)):
        assert len(renewal_recipients()) == 2


def test_renewal_only_before_consent_ends():
    """Only confirmed applications whose consent ends within 30 days get the email."""
    make.application(retention_consent_until=None)
    make.application(retention_consent_until=days(31))
    make.application(retention_consent_until=days(-1))
    make.application(retention_consent_until=days(10), confirmed_at=None)
    assert renewal_recipients() == []
    for last in (0, 30):
        make.application(retention_consent_until=days(last))
    assert len(renewal_recipients()) == 2


def test_consent_ends_without_renewal(client):
    application = make.application(retention_consent_until=days(20), language="en")
    renewal_recipients()
    with time_machine.travel(timezone.now() + timedelta(days=21)):
        assert len(renewal_recipients()) == 1
        page = client.page(f"/en/application/{application.status_token()}/")
        assert "for this application only, not for other roles" in page
