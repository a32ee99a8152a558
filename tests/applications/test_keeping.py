"""Kept for other openings, with consent and for a year: whoever agreed is asked again before it ends."""

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


def told():
    call_command("renew_retention_consent")
    return list(Email.objects.values_list("recipient", flat=True))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "may keep them for another 12 months"), ("ja", "引き続き12か月間の保管に同意")],
)
def test_asked_once_in_their_language_and_one_button_says_yes(client, language, said):
    make.application(retention_consent_until=days(365), language=language)
    assert told() == []
    with time_machine.travel(timezone.now() + timedelta(days=336)):
        assert len(told()) == 1 and len(told()) == 1
        letter = Email.objects.get()
        assert said in letter.body and letter.language == language
        address = re.search(r"https://\S+?(/\w\w/application/\S+/)", letter.body)[1]
        assert client.page(address).count('name="keep"') == 2
        assert client.post(address, {"keep": "yes"}).status_code == 302
        assert Application.objects.get().retention_consent_until == days(365)
        assert client.page(address).count('name="keep"') == 1
        assert len(told()) == 1
    with time_machine.travel(timezone.now() + timedelta(days=336 + 336)):
        assert len(told()) == 2


def test_nobody_else_is_asked():
    make.application(retention_consent_until=None)
    make.application(retention_consent_until=days(31))
    make.application(retention_consent_until=days(-1))
    make.application(retention_consent_until=days(10), confirmed_at=None)
    assert told() == []
    for last in (0, 30):
        make.application(retention_consent_until=days(last))
    assert len(told()) == 2


def test_an_answer_that_never_comes_ends_the_consent(client):
    made = make.application(retention_consent_until=days(20), language="en")
    told()
    with time_machine.travel(timezone.now() + timedelta(days=21)):
        assert len(told()) == 1
        page = client.page(f"/en/application/{made.status_token()}/")
        assert "for this selection only, and not for other openings" in page
