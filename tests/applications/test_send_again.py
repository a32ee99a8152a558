"""A form that is sent again names the first application and asks before it makes another one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import time_machine
from django.db import connections

from careers.applications import erasure, workflow
from careers.applications.models import Application, PendingUpload, Submission
from careers.documents.models import Document
from careers.outbox.models import Email
from tests import make
from tests.components.candidate import solution
from tests.conftest import Visitor
from tests.html import form_data, parse

from .conftest import apply, cv, form_values, path

HEADING = {"en": "You’ve already sent this form", "ja": "このフォームはすでに送信されています"}
JSON = {"Accept": "application/json"}

each_language = pytest.mark.parametrize("language", ["en", "ja"])


def without_files(form):
    """The form after the Back button, which empties the file inputs."""
    return {**form, "resume": ""}


def question(response):
    """The section that asks whether to send it again."""
    return parse(response.text).one("#already-sent")


def send_again(client, url, response, **changes):
    """Press the button of the question; the response."""
    root = parse(response.text)
    button = root.one("#already-sent button")
    assert button["form"] == "application"
    data = form_data(root.one("form#application"))
    return client.post(url, {**data, "agree": "on", **changes, button["name"]: button["value"]})


@pytest.fixture(params=["role", "general"])
def role(request):
    return make.role() if request.param == "role" else None


@each_language
def test_form_sent_again_asks_with_reference(client, role, language):
    """Nothing is stored; values and the file of the first application are on the page."""
    url = path(role, language)
    form = form_values(client, role, language)
    receipt = client.post(url, form).url
    first = Application.objects.get()
    response = client.post(url, {**without_files(form), "message": "And this."})
    assert response.status_code == 409
    section = question(response)
    assert section.one("h2").text == HEADING[language]
    assert first.display_reference in section.text
    assert client.page(section.one("a")["href"]) == client.page(receipt)
    root = parse(response.text)
    assert root.one("[name=message]").text == "And this."
    assert root.texts(".pending-upload span") == ["cv.txt"]
    assert root.all("#error-summary") == []
    assert (Application.objects.count(), Submission.objects.count()) == (1, 1)
    assert Email.objects.filter(recipient=first.email).count() == 1


@each_language
def test_send_again_anyway_replaces_first_application(client, role, language):
    """The second one has the corrected text, the same file, and is not quarantined."""
    url = path(role, language)
    form = form_values(client, role, language)
    client.post(url, form)
    asked = client.post(url, {**without_files(form), "message": "And this."})
    # The challenge of the form has been redeemed, so the page has a new one.
    again = send_again(
        client, url, asked, solution=solution(asked.content.decode()), token=form["token"]
    )
    assert again.status_code == 302
    second, first = Application.objects.all()
    assert (second.replaces, second.message, second.is_confirmed) == (first, "And this.", True)
    assert second.attachments.get().document == first.attachments.get().document
    assert second.display_reference in client.page(again.url)


def test_identical_form_leads_to_receipt(client, role):
    """Also after the question, with the files that its page shows."""
    form = form_values(client, role)
    receipt = client.post(path(role), form).url
    asked = client.post(path(role), without_files(form))
    assert asked.status_code == 409  # without its file the content differs
    again = send_again(client, path(role), asked)
    assert again.status_code == 302 and client.page(again.url) == client.page(receipt)
    assert client.post(path(role), {**form, "resume": cv()}).status_code == 302
    assert Application.objects.count() == 1


def test_send_again_twice_is_one_more_application(client, role):
    form = form_values(client, role)
    client.post(path(role), form)
    asked = client.post(path(role), {**form, "resume": cv(), "message": "And this."})
    responses = [send_again(client, path(role), asked) for _click in range(2)]
    assert [response.status_code for response in responses] == [302, 302]
    assert client.page(responses[0].url) == client.page(responses[1].url)
    assert Application.objects.count() == 2


def test_question_keeps_new_file_and_errors(client, role):
    """A file that was chosen now replaces the first one; other errors are listed below the question."""
    form = form_values(client, role)
    client.post(path(role), form)
    changes = {"resume": cv("better.txt", b"Eleven years."), "email": "x"}
    response = client.post(path(role), {**form, **changes})
    assert response.status_code == 422
    assert question(response).text
    root = parse(response.text)
    assert root.texts(".pending-upload span") == ["better.txt"]
    assert [link["href"] for link in root.all("#error-summary li a")] == ["#email"]
    assert send_again(client, path(role), response, email="a@example.org").status_code == 302
    second, first = Application.objects.all()
    assert [row.attachments.get().document.name for row in (second, first)] == [
        "better.txt",
        "cv.txt",
    ]


def test_file_of_first_application_can_be_removed(client, role):
    form = {**form_values(client, role), "cover_letter": cv("letter.txt", b"Dear all")}
    client.post(path(role), form)
    asked = client.post(path(role), {**form, "resume": "", "cover_letter": ""})
    data = form_data(parse(asked.text).one("form#application"))
    removed = client.post(path(role), {**data, "remove": "cover_letter"})
    assert removed.status_code == 200 and question(removed).text
    assert parse(removed.text).texts(".pending-upload span") == ["cv.txt"]
    assert send_again(client, path(role), removed).status_code == 302
    assert Application.objects.latest("pk").attachments.get().document.name == "cv.txt"


def test_question_switches_language(client, role):
    form = form_values(client, role)
    client.post(path(role), form)
    asked = client.post(path(role), {**without_files(form), "message": "And this."})
    data = form_data(parse(asked.text).one("form#application"))
    switched = client.post(path(role, "ja"), {**data, "switch_language": "ja"})
    assert switched.status_code == 200
    assert question(switched).one("h2").text == HEADING["ja"]
    changes = {"family_kana": "ヤマダ", "given_kana": "タロウ"}
    assert send_again(client, path(role, "ja"), switched, **changes).status_code == 302
    second, first = Application.objects.all()
    assert (second.replaces, second.language, second.message) == (first, "ja", "And this.")


def test_script_is_told_to_show_the_question(client, role):
    """It stores nothing: apply.js sends the form again as a page, with its files."""
    form = form_values(client, role)
    client.post(path(role), form)
    documents = Document.objects.count()
    values = {**form}
    for changes in ({}, {"email": "x"}):
        values["resume"] = cv("better.txt", b"Eleven years.")
        response = client.post(path(role), {**values, **changes}, headers=JSON)
        assert (response.status_code, response.json()) == (409, {"already_sent": True})
    assert (Document.objects.count(), PendingUpload.objects.count()) == (documents, documents)
    values["resume"] = cv("better.txt", b"Eleven years.")
    response = client.post(path(role), {**values, "send_again": "yes"}, headers=JSON)
    assert "/apply/received/" in response.json()["address"]


def test_question_about_quarantined_application(client, role):
    """The question says that the first one is incomplete, and links to the page that explains the next step."""
    form = form_values(client, role, solution=None)
    client.post(path(role), form)
    asked = client.post(path(role), without_files(form))
    assert "It isn’t complete yet" in question(asked).text
    assert "Not complete yet" in client.page(question(asked).one("a")["href"])


def test_question_after_withdrawal(client, role):
    """The question mentions the withdrawal. The same content can be sent again, and makes one application."""
    form = form_values(client, role)
    client.post(path(role), form)
    first = Application.objects.get()
    workflow.withdraw(first)
    asked = client.post(path(role), {**form, "resume": cv()})
    assert asked.status_code == 409
    section = question(asked)
    assert "After that, you withdrew it." in section.text and section.all("a") == []
    responses = [send_again(client, path(role), asked) for _click in range(2)]
    assert [response.status_code for response in responses] == [302, 302]
    second = Application.objects.latest("pk")
    assert (Application.objects.count(), second.replaces, second.stage) == (2, first, "new")


def test_question_after_recruiter_set_withdrawn(client, role, signed_in):
    """A stage that a recruiter set stays internal."""
    form = form_values(client, role)
    receipt = client.post(path(role), form).url
    first = Application.objects.get()
    first.move("withdrawn", signed_in("Recruiters").user)
    asked = client.post(path(role), without_files(form))
    assert "withdrew" not in question(asked).text
    assert client.page(client.post(path(role), {**form, "resume": cv()}).url) == client.page(
        receipt
    )


def test_question_after_erasure_request(client, role):
    form = form_values(client, role)
    client.post(path(role), form)
    erasure.request_erasure(Application.objects.get())
    asked = client.post(path(role), {**form, "resume": cv()})
    assert "After that, you asked us to delete it." in question(asked).text
    assert send_again(client, path(role), asked).status_code == 302
    assert Application.objects.count() == 2


def test_erased_application_is_not_mentioned(client, role):
    """After an erasure, the same form makes a new application that replaces none."""
    form = form_values(client, role)
    client.post(path(role), form)
    assert erasure.erase(Application.objects.get().reference)
    response = client.post(path(role), {**form, "resume": cv()})
    assert response.status_code == 302
    assert Application.objects.get().replaces is None


def test_other_form_never_tells_of_an_application(client, role):
    """Another form with the same email address never mentions an application."""
    apply(client, role)
    assert apply(client, role, message="From another form").status_code == 302
    response = apply(client, role, email="x", message="And another")
    assert response.status_code == 422 and "already-sent" not in response.text


def test_closed_role_mentions_first_application(client):
    """If the role has closed, the page says that the first application is stored and the change is not."""
    with time_machine.travel("2026-11-21T20:00:00+09:00", tick=False):
        role = make.role(closes_on=date(2026, 11, 21))
        form = form_values(client, role, message="First")
        receipt = client.post(path(role), form).url
    first = Application.objects.get()
    with time_machine.travel("2026-11-23T00:00:01+09:00", tick=False):
        response = client.post(path(role), {**form, "resume": cv(), "message": "Second"})
        page = parse(response.text)
        assert response.status_code == 410
        assert first.display_reference in page.one(".lead").text
        assert "we can’t accept changes" in page.one(".lead").text
        assert "Second" in page.texts(".facts dd")
        href = next(link["href"] for link in page.all("main a") if "received" in link["href"])
        assert client.page(href) == client.page(receipt)


@pytest.mark.django_db(transaction=True)
def test_two_versions_at_once_make_one_application(client):
    """Two tabs with the same form: one is stored, the other is asked about."""
    role = make.role()
    form = form_values(client, role, resume=None, resume_text="I watch the sky.")

    def send(number):
        try:
            return Visitor().post(path(role), {**form, "message": f"Version {number}"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(send, range(4)))
    assert statuses == [302, 409, 409, 409]
    assert Application.objects.count() == 1
