"""The page after sending: in each state, title, heading and text agree."""

import re
from base64 import urlsafe_b64decode

import pytest
from django.core import signing

from careers.applications.models import Application, Confirmation, Submission
from careers.applications.tokens import RECEIPT_SALT
from careers.outbox.models import Email
from tests import make
from tests.html import parse

from .conftest import apply

pytestmark = pytest.mark.one_database

# By (confirmed, its email has been queued): title, heading, and the first sentences.
STATES = {
    (True, True): (
        ("Application received", "ご応募を受け付けました"),
        ("Your application has arrived", "ご応募を受け付けました"),
        (
            "You’ll get a confirmation email",
            "ご入力のメールアドレスに受付完了メールをお送りします。",
        ),
    ),
    (True, False): (
        ("Application received", "ご応募を受け付けました"),
        ("Your application has arrived", "ご応募を受け付けました"),
        ("Keep your reference number.", "受付番号をお控えください。"),
    ),
    (False, True): (
        ("Application not complete yet", "応募の確認（未完了）"),
        (
            "Not complete yet: open the link in our email",
            "応募はまだ完了していません。メールのリンクを開いてください",
        ),
        (
            "We’ve saved your application. To complete it, open the link in the email to t***@",
            "ご応募の内容を保存しました。t***@",
        ),
    ),
    (False, False): (
        ("Application not complete yet", "応募の確認（未完了）"),
        (
            "Not complete yet: we’ll email you a link",
            "応募はまだ完了していません。確認用のリンクをメールでお送りします",
        ),
        (
            "We’ve saved your application. To complete it, open the link that we’ll email to t***@",
            "ご応募の内容を保存しました。通常は24時間以内に、t***@",
        ),
    ),
}
# Words that a page contains exactly in the states that they are true for.
ONLY_IF = {
    "completed": re.compile("has arrived|ご応募を受け付けました"),
    "incomplete": re.compile("[Nn]ot complete|完了していません"),
    "later": re.compile("arrive later|right away|後ほど|すぐにお送りできません"),
    "sent": re.compile("within an hour|1時間"),
}
PROMISE = re.compile("outcome|every application|結果|拝見|合否")
OF_ROLE = re.compile("this role|the role|\\bjob\\b|この職|この求人")


@pytest.mark.parametrize("general", [False, True], ids=["role", "general"])
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("state", STATES, ids=str)
def test_receipt_says_one_thing(client, state, language, general):
    is_confirmed, is_queued = state
    solution = {} if is_confirmed else {"solution": None}
    response = apply(client, None if general else make.role(), language, **solution)
    if not is_queued:
        Submission.objects.update(emailed_at=None)
        Confirmation.objects.update(token_hash=None, expires_at=None)
    assert Application.objects.get().is_confirmed is is_confirmed
    page = parse(client.page(response.url))
    title, heading, lead = (texts[language == "ja"] for texts in STATES[state])
    assert page.one("title").text.startswith(title)
    assert page.one("h1").text == heading
    assert page.one(".lead").text.startswith(lead)
    main = page.one("main").text
    assert {name: bool(pattern.search(main)) for name, pattern in ONLY_IF.items()} == {
        "completed": is_confirmed,
        "incomplete": not is_confirmed,
        "later": not is_queued,
        "sent": is_queued,
    }
    assert not PROMISE.search(main)
    assert not (general and OF_ROLE.search(main))
    assert page.one("main a[href^=mailto]").text == "jobs@kumo.example.com"


def test_receipt_without_contact_address(client, company):
    """Without a contact address, no sentence asks candidates to email the company."""
    company.contact_email = ""
    company.save()
    for solution in ({}, {"solution": None}):
        response = apply(client, None, **solution, email=f"a{len(solution)}@example.org")
        for is_queued in (True, False):
            if not is_queued:
                Submission.objects.update(emailed_at=None)
                Confirmation.objects.update(token_hash=None, expires_at=None)
            main = parse(client.page(response.url)).one("main").text
            _receipt, time, sentences = main.partition("(Japan time)")
            assert time and len(sentences) > 50
            assert "email us" not in sentences.lower() and ":" not in sentences


@pytest.mark.one_database
@pytest.mark.parametrize("solution", [{}, {"solution": None}], ids=["confirmed", "quarantined"])
def test_receipt_and_emails_without_running_number(client, solution):
    """Neither a link, decoded too, nor an email to the candidate says how many applications there are."""
    make.application(make.role(), pk=987653)
    response = apply(client, make.role(), **solution)
    application = Application.objects.get(pk=987654)
    [email] = Email.objects.to_address(application.email).filter(reference=application.reference)
    links = re.findall(r"https://\S+", email.body)
    assert links and application.display_reference in email.subject + email.body
    page = client.page(response.url)
    for text in (page, response.url, email.subject, email.body, email.message_id, *links):
        assert "987654" not in text
        for word in re.findall(r"[\w-]{8,}", text, re.ASCII):
            if len(word) % 4 != 1:
                decoded = urlsafe_b64decode(word + "=" * (-len(word) % 4))
                assert b"987654" not in decoded
    payload = response.url.split("/")[-2].partition(":")[0]
    decoded = urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    assert decoded == f'"{application.reference}"'
    assert len(response.url) < 100


def test_receipt_link_with_wrong_token(client):
    """Signed primary keys, references without a signature and other texts answer 404."""
    response = apply(client, make.role())
    application = Application.objects.get()
    right = response.url.split("/")[-2]
    assert client.get(response.url).status_code == 200
    wrong = [
        signing.dumps(application.pk, salt=RECEIPT_SALT),
        signing.dumps(application.reference, salt="other"),
        signing.dumps({"reference": application.reference}, salt=RECEIPT_SALT),
        signing.dumps("9" * 23, salt=RECEIPT_SALT),
        application.reference,
        right[:-1],
        "é",
    ]
    for token in wrong:
        assert client.get(response.url.replace(right, token)).status_code == 404, token
