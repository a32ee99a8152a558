"""Spam signals: what puts an application into quarantine; no signal rejects it."""

import base64
import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from careers.applications.models import Application, RedeemedChallenge, Submission
from careers.applications.tokens import FormToken, new_token, read_token
from careers.documents.storage import document_storage
from careers.outbox.models import Email
from tests import make
from tests.conftest import Visitor

from .conftest import apply, backdated_token, cv, form_values, path, retry_values, token

SITE = "https://careers.example.com"
PERSON = {"given_name": "Taro", "family_name": "Yamada", "agree": "on"}


def spam_signals(response):
    """The signals of the application that this response confirms; [] if it was not quarantined."""
    assert response.status_code == 302, response.text
    application = Application.objects.latest("pk")
    assert application.is_confirmed is not bool(application.spam_signals)
    return application.spam_signals


def bot(client, role, number, **changes):
    """Send what a program sends that copied a form elsewhere and never opened the page."""
    form = {"token": backdated_token(role, str(new_token(role))), "resume_text": "I am a program."}
    changes = {"email": f"victim{number}@example.org", **changes}
    return client.post(path(role), {**form, **PERSON, **changes})


# --- Browsers ----------------------------------------------------------------------------------


def test_signals_empty_for_ordinary_browser(client):
    role = make.role()
    headers = {"HTTP_ORIGIN": SITE, "HTTP_SEC_FETCH_SITE": "same-origin"}
    response = client.post(path(role), form_values(client, role), **headers)
    assert spam_signals(response) == []
    assert "has arrived" in client.page(response.url)
    recipients = [email.recipient for email in Email.objects.order_by("pk")]
    assert recipients == ["taro@example.org", "jobs@kumo.example.com"]


@pytest.mark.parametrize(
    ("changes", "headers", "signal"),
    [
        ({"solution": None}, {}, "challenge"),
        ({"solution": "bm90IGEgc29sdXRpb24="}, {}, "challenge"),
        ({"solution": "%%%"}, {}, "challenge"),
        ({"solution": "A" * 5000}, {}, "challenge"),
        ({"solution": base64.b64encode(b"[" * 2000).decode()}, {}, "challenge"),
        ({"website": "https://example.net"}, {}, "honeypot"),
        ({}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, "cross_origin"),
        ({}, {"HTTP_ORIGIN": "https://evil.example.net"}, "cross_origin"),
    ],
)
def test_signal_quarantines_complete_application(client, changes, headers, signal):
    """Everything is stored; the candidate is asked to confirm by one email."""
    role = make.role()
    response = client.post(path(role), form_values(client, role, **changes), **headers)
    assert spam_signals(response) == [signal]
    application = Application.objects.get()
    document = application.attachments.get().document
    with document_storage().open(document.key) as stored:
        assert stored.read() == cv().read()
    page = client.page(response.url)
    assert (
        application.display_reference in page
        and "Not complete yet: open the link in our email" in page
        and "t***@example.org" in page
    )
    (email,) = Email.objects.all()
    assert (email.recipient, email.erase_after_sending) == ("taro@example.org", True)
    assert "/en/apply/confirm/" in email.body and "Set-Cookie" not in response.headers


@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": "null"}, {"HTTP_SEC_FETCH_SITE": "none"}])
def test_cross_origin_ignores_missing_headers(client, headers):
    role = make.role()
    assert spam_signals(client.post(path(role), form_values(client, role), **headers)) == []


def test_fast_signal(client):
    role = make.role()
    form = form_values(client, role)
    form_token = read_token(form["token"], role)
    form["token"] = str(
        FormToken(form_token.role, form_token.key, timezone.now() - timedelta(seconds=1))
    )
    assert spam_signals(client.post(path(role), form)) == ["fast"]


# --- Proof of work -----------------------------------------------------------------------------


def test_challenge_survives_form_error(client):
    """A rejected form does not redeem its solution."""
    role = make.role()
    form = form_values(client, role, email="taro@")
    response = client.post(path(role), form)
    assert response.status_code == 422
    assert f'value="{form["solution"]}"' in response.text and 'data-challenge=""' in response.text
    assert not RedeemedChallenge.objects.exists()
    retry = retry_values(response, form, email="taro@example.org")
    assert spam_signals(client.post(path(role), retry)) == []


def test_challenge_valid_for_one_form_once(client):
    role = make.role()
    first, second = form_values(client, role), form_values(client, role, email="jiro@example.org")
    other = {**second, "solution": first["solution"]}
    assert spam_signals(client.post(path(role), other)) == ["challenge"]
    assert spam_signals(client.post(path(role), first)) == []
    replay = {**first, "email": "saburo@example.org", "resume": cv(), "send_again": "yes"}
    assert spam_signals(client.post(path(role), replay)) == ["challenge"]
    assert RedeemedChallenge.objects.count() == 1


def test_challenge_forged_or_expired(client):
    role = make.role()
    form = form_values(client, role)
    easier = json.loads(base64.b64decode(form["solution"]))
    easier["challenge"]["parameters"]["cost"] = 1
    forged = base64.b64encode(json.dumps(easier).encode()).decode()
    assert spam_signals(client.post(path(role), {**form, "solution": forged})) == ["challenge"]
    form = form_values(client, role, email="jiro@example.org")
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert spam_signals(client.post(path(role), form)) == ["challenge"]


@pytest.mark.django_db(transaction=True)
def test_challenge_eight_replays_at_once(client):
    role = make.role()
    form = form_values(client, role, resume=None, resume_text="I have watched the sky.")
    start, statuses = threading.Barrier(8), []

    def send(number):
        try:
            start.wait()
            changes = {"email": f"taro{number}@example.org", "send_again": "yes"}
            response = Visitor().post(path(role), {**form, **changes})
            statuses.append(response.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 8
    assert Application.objects.count() == 8
    assert Application.objects.confirmed().count() == RedeemedChallenge.objects.count() == 1


# --- Limits ------------------------------------------------------------------------------------


def test_network_limit(client):
    role = make.role()
    for number in range(21):
        response = apply(client, role, email=f"person{number}@example.org")
        assert spam_signals(response) == (["network"] if number == 20 else [])
    other = Visitor(REMOTE_ADDR="192.0.2.7")
    assert spam_signals(apply(other, role, email="elsewhere@example.org")) == []
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert spam_signals(apply(client, role, email="later@example.org")) == []


def test_network_limit_counts_unsolved_separately(client):
    """Submissions without a solution never use up the limit of those that have one."""
    role = make.role()
    signals = [spam_signals(bot(client, role, number)) for number in range(6)]
    assert signals[4:] == [["challenge"], ["challenge", "network"]]
    assert spam_signals(apply(client, role)) == []


def test_network_ipv6_prefix():
    """One IPv6 /64 is one network."""
    role = make.role()
    for number in range(6):
        visitor = Visitor(REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
        signals = spam_signals(bot(visitor, role, number))
    assert "network" in signals
    assert "network" not in spam_signals(bot(Visitor(REMOTE_ADDR="2001:db8:1:3::1"), role, 7))


@pytest.mark.parametrize(("proxies", "same"), [(0, True), (1, False), (2, True)])
def test_network_from_trusted_proxies_only(settings, proxies, same):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    role = make.role()
    for number in range(6):
        forwarded = {"HTTP_X_FORWARDED_FOR": f"198.51.100.7, 192.0.2.{number}"}
        signals = spam_signals(bot(Visitor(**forwarded), role, number))
    assert ("network" in signals) is same


def test_network_without_address(client):
    role = make.role()
    assert spam_signals(apply(Visitor(REMOTE_ADDR=""), role)) == []


def test_repeat_signal(client):
    role = make.role()
    assert spam_signals(apply(client, role)) == []
    assert spam_signals(apply(client, role)) == ["repeat"]


def test_repeat_ignores_other_roles(client):
    for role in (make.role(), make.role(), None):
        assert spam_signals(apply(client, role)) == []


def test_submissions_are_hashed_and_pruned(client):
    """Submissions hold keyed hashes only, for a day; redeemed challenges for two days."""
    role = make.role()
    apply(Visitor(REMOTE_ADDR="192.0.2.99"), role)
    (submission,) = Submission.objects.all()
    stored = " ".join(map(str, Submission.objects.values_list().get()))
    assert "192.0.2" not in stored and "taro" not in stored
    assert (
        len(submission.network_hash)
        == len(submission.email_hash)
        == len(submission.content_hash)
        == 64
    )
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("prune_quarantine")
        assert not Submission.objects.exists() and RedeemedChallenge.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        call_command("prune_quarantine")
        assert not RedeemedChallenge.objects.exists()
    assert Application.objects.count() == 1


# --- Bots --------------------------------------------------------------------------------------


def test_bot_run_stays_in_quarantine(client):
    """100 automated applications reach no recruiter and send 20 emails at most."""
    role = make.role()
    for number in range(100):
        assert bot(client, role, number).status_code == 302
    assert Application.objects.confirmed().count() == 0
    assert Application.objects.quarantined().count() == 100
    recipients = set(Email.objects.values_list("recipient", flat=True))
    assert len(recipients) == Email.objects.count() == 20
    assert not Email.objects.filter(recipient="jobs@kumo.example.com").exists()


def test_bot_with_stolen_token_stays_in_quarantine(client):
    role = make.role()
    stolen = backdated_token(role, token(client.page(path(role))))
    for number in range(30):
        assert bot(client, role, number, token=stolen, send_again="yes").status_code == 302
    assert Application.objects.confirmed().count() == 0
    assert Email.objects.count() == 20
