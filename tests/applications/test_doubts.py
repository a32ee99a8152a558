"""Bots without cruelty: what makes an application doubtful, and that nothing of it refuses anybody."""

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

from .conftest import again as sent_again
from .conftest import apply, cv, filled, opened, path, token

HERE = "https://careers.example.com"
PERSON = {"given_name": "Taro", "family_name": "Yamada", "agree": "on"}


def doubts(answer):
    """Why the application of this answer waits; nothing if it does not."""
    assert answer.status_code == 302, answer.text
    application = Application.objects.latest("pk")
    assert application.is_confirmed is not bool(application.spam_signals)
    return application.spam_signals


def bot(client, role, number, **changes):
    """What a program sends that has never opened a page, but has seen a form somewhere."""
    form = {"token": opened(role, str(new_token(role))), "resume_text": "I am a program."}
    changes = {"email": f"victim{number}@example.org", **changes}
    return client.post(path(role), {**form, **PERSON, **changes})


# --- What a person's browser does --------------------------------------------------------------


def test_nobody_who_is_good_notices_anything(client):
    role = make.role()
    headers = {"HTTP_ORIGIN": HERE, "HTTP_SEC_FETCH_SITE": "same-origin"}
    answer = client.post(path(role), filled(client, role), **headers)
    assert doubts(answer) == []
    assert "has arrived" in client.page(answer.url)
    kinds = [letter.recipient for letter in Email.objects.order_by("pk")]
    assert kinds == ["taro@example.org", "jobs@kumo.example.com"]


@pytest.mark.parametrize(
    ("changes", "headers", "code"),
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
def test_a_doubt_keeps_everything_and_asks_for_one_step(client, changes, headers, code):
    role = make.role()
    answer = client.post(path(role), filled(client, role, **changes), **headers)
    assert doubts(answer) == [code]
    application = Application.objects.get()
    document = application.attachments.get().document
    with document_storage().open(document.key) as kept:
        assert kept.read() == cv().read()
    page = client.page(answer.url)
    assert (
        application.display_reference in page
        and "One more step" in page
        and "t***@example.org" in page
    )
    (letter,) = Email.objects.all()
    assert (letter.recipient, letter.erase_after_sending) == ("taro@example.org", True)
    assert "/en/apply/confirm/" in letter.body and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": "null"}, {"HTTP_SEC_FETCH_SITE": "none"}])
def test_a_proxy_may_take_headers_away(client, headers):
    role = make.role()
    assert doubts(client.post(path(role), filled(client, role), **headers)) == []


def test_nobody_fills_in_a_form_in_two_seconds(client):
    role = make.role()
    form = filled(client, role)
    early = read_token(form["token"], role)
    form["token"] = str(FormToken(early.role, early.key, timezone.now() - timedelta(seconds=1)))
    assert doubts(client.post(path(role), form)) == ["fast"]


# --- The puzzle --------------------------------------------------------------------------------


def test_a_mistake_elsewhere_does_not_burn_the_puzzle(client):
    role = make.role()
    form = filled(client, role, email="taro@")
    answer = client.post(path(role), form)
    assert answer.status_code == 422
    assert f'value="{form["solution"]}"' in answer.text and 'data-puzzle=""' in answer.text
    assert not RedeemedChallenge.objects.exists()
    right = sent_again(answer, form, email="taro@example.org")
    assert doubts(client.post(path(role), right)) == []


def test_a_solution_is_good_for_its_own_form_and_once(client):
    role = make.role()
    first, second = filled(client, role), filled(client, role, email="jiro@example.org")
    other = {**second, "solution": first["solution"]}
    assert doubts(client.post(path(role), other)) == ["challenge"]
    assert doubts(client.post(path(role), first)) == []
    again = {**first, "email": "saburo@example.org", "resume": cv()}
    assert doubts(client.post(path(role), again)) == ["challenge"]
    assert RedeemedChallenge.objects.count() == 1


def test_a_puzzle_is_ours_and_of_these_days(client):
    role = make.role()
    form = filled(client, role)
    easier = json.loads(base64.b64decode(form["solution"]))
    easier["challenge"]["parameters"]["cost"] = 1
    forged = base64.b64encode(json.dumps(easier).encode()).decode()
    assert doubts(client.post(path(role), {**form, "solution": forged})) == ["challenge"]
    form = filled(client, role, email="jiro@example.org")
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert doubts(client.post(path(role), form)) == ["challenge"]


@pytest.mark.django_db(transaction=True)
def test_eight_replays_at_once_count_once(client):
    role = make.role()
    form = filled(client, role, resume=None, resume_text="I have watched the sky.")
    start, statuses = threading.Barrier(8), []

    def send(number):
        try:
            start.wait()
            answer = Visitor().post(path(role), {**form, "email": f"taro{number}@example.org"})
            statuses.append(answer.status_code)
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


def test_twenty_an_hour_from_one_network(client):
    role = make.role()
    for number in range(21):
        answer = apply(client, role, email=f"person{number}@example.org")
        assert doubts(answer) == (["network"] if number == 20 else [])
    other = Visitor(REMOTE_ADDR="192.0.2.7")
    assert doubts(apply(other, role, email="elsewhere@example.org")) == []
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert doubts(apply(client, role, email="later@example.org")) == []


def test_a_flood_without_puzzles_makes_nobody_else_doubtful(client):
    role = make.role()
    found = [doubts(bot(client, role, number)) for number in range(6)]
    assert found[4:] == [["challenge"], ["challenge", "network"]]
    assert doubts(apply(client, role)) == []


def test_a_house_is_one_network_and_its_neighbour_another():
    role = make.role()
    for number in range(6):
        inside = Visitor(REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
        found = doubts(bot(inside, role, number))
    assert "network" in found
    assert "network" not in doubts(bot(Visitor(REMOTE_ADDR="2001:db8:1:3::1"), role, 7))


@pytest.mark.parametrize(("proxies", "same"), [(0, True), (1, False), (2, True)])
def test_only_our_own_proxies_say_who_somebody_is(settings, proxies, same):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    role = make.role()
    for number in range(6):
        forwarded = {"HTTP_X_FORWARDED_FOR": f"198.51.100.7, 192.0.2.{number}"}
        found = doubts(bot(Visitor(**forwarded), role, number))
    assert ("network" in found) is same


def test_an_address_that_is_none_refuses_nobody(client):
    role = make.role()
    assert doubts(apply(Visitor(REMOTE_ADDR=""), role)) == []


def test_the_same_from_another_form_is_a_repeat(client):
    role = make.role()
    assert doubts(apply(client, role)) == []
    assert doubts(apply(client, role)) == ["repeat"]


def test_the_same_for_another_role_is_somebody_who_looks_for_work(client):
    for role in (make.role(), make.role(), None):
        assert doubts(apply(client, role)) == []


def test_nobody_is_remembered_by_name_or_for_long(client):
    role = make.role()
    apply(Visitor(REMOTE_ADDR="192.0.2.99"), role)
    (submission,) = Submission.objects.all()
    kept = " ".join(map(str, Submission.objects.values_list().get()))
    assert "192.0.2" not in kept and "taro" not in kept
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


# --- A bot run ---------------------------------------------------------------------------------


def test_a_thousand_without_a_page_reach_nobodys_list(client):
    """Scaled to 100: the limits are passed long before."""
    role = make.role()
    for number in range(100):
        assert bot(client, role, number).status_code == 302
    assert Application.objects.confirmed().count() == 0
    assert Application.objects.quarantined().count() == 100
    recipients = set(Email.objects.values_list("recipient", flat=True))
    assert len(recipients) == Email.objects.count() == 20
    assert not Email.objects.filter(recipient="jobs@kumo.example.com").exists()


def test_a_copied_token_is_worth_nothing(client):
    role = make.role()
    copied = opened(role, token(client.page(path(role))))
    for number in range(30):
        assert bot(client, role, number, token=copied).status_code == 302
    assert Application.objects.confirmed().count() == 0
    assert Email.objects.count() == 20
