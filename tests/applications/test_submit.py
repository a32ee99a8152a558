"""Submitting under failures: simultaneous requests, an unavailable storage, a failing transaction."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from careers.applications.models import Application, Attachment
from careers.documents.models import Document
from careers.outbox.models import Email
from tests import make
from tests.conftest import Visitor

from .conftest import apply, cv, form_values, path, token


@pytest.mark.django_db(transaction=True)
def test_submit_six_times_at_once_is_one_application(client):
    role = make.role()
    form = form_values(client, role)
    del form["resume"]

    def send(_number):
        try:
            return Visitor().post(path(role), {**form, "resume": cv()})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        responses = list(pool.map(send, range(6)))
    assert [response.status_code for response in responses] == [302] * 6
    application = Application.objects.get()
    assert {
        application.display_reference in client.page(response.url) for response in responses
    } == {True}
    assert application.attachments.count() == 1
    assert Email.objects.filter(recipient="taro@example.org").count() == 1


def test_submit_storage_unavailable_keeps_values(client, folder):
    """Without a working document storage the form comes back with its values and status 503."""
    role = make.role()
    form = form_values(client, role, message="Long thought about.")
    folder.write_text("not a folder")
    response = client.post(path(role), form)
    assert response.status_code == 503
    assert "Not sent yet" in response.text and "Long thought about." in response.text
    assert (Application.objects.count(), Document.objects.count()) == (0, 0)
    folder.unlink()
    retry = {**form, "token": token(response.text), "resume": cv()}
    assert client.post(path(role), retry).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_submit_failed_transaction_stores_nothing(client):
    """A row that fails at the end rolls back all others; the same form can be sent again."""
    role = make.role()
    form = form_values(client, role)
    client.raise_request_exception = False
    table = Attachment._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        response = client.post(path(role), form)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")
    assert response.status_code == 500
    assert (Application.objects.count(), Email.objects.count()) == (0, 0)
    assert client.post(path(role), {**form, "resume": cv()}).status_code == 302
    assert Application.objects.get().attachments.count() == 1


def test_submit_too_many_files(client):
    role = make.role()
    form = make.form(role)
    questions = [make.question(form, "file", position=number) for number in range(4)]
    files = {
        f"question_{question.pk}": cv(f"{number}.txt") for number, question in enumerate(questions)
    }
    response = apply(client, role, cover_letter=cv("letter.txt"), **files)
    assert response.status_code == 422
    assert "Please send up to 5 files." in response.text


def test_submit_needs_no_mail_server(client):
    """Emails are queued rows: applying works while no mail server can be reached."""
    assert apply(client, make.role()).status_code == 302
    assert set(Email.objects.values_list("state", flat=True)) == {"waiting"}
