"""Nothing is acknowledged that is not kept: twice at one moment, a full or broken store, a broken row."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from careers.applications.models import Application, Attachment
from careers.documents.models import Document
from careers.outbox.models import Email
from tests import make
from tests.conftest import Visitor

from .conftest import apply, cv, filled, path, token


@pytest.mark.django_db(transaction=True)
def test_at_one_moment_it_is_one_application(client):
    role = make.role()
    form = filled(client, role)
    del form["resume"]

    def send(_number):
        try:
            return Visitor().post(path(role), {**form, "resume": cv()})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert [answer.status_code for answer in answers] == [302] * 6
    application = Application.objects.get()
    assert {application.display_reference in client.page(answer.url) for answer in answers} == {
        True
    }
    assert application.attachments.count() == 1
    assert Email.objects.filter(recipient="taro@example.org").count() == 1


def test_a_store_that_takes_nothing_refuses_nothing(client, folder):
    role = make.role()
    form = filled(client, role, message="Long thought about.")
    folder.write_text("not a folder")
    answer = client.post(path(role), form)
    assert answer.status_code == 503
    assert "Not sent yet" in answer.text and "Long thought about." in answer.text
    assert (Application.objects.count(), Document.objects.count()) == (0, 0)
    folder.unlink()
    later = {**form, "token": token(answer.text), "resume": cv()}
    assert client.post(path(role), later).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_what_the_database_does_not_take_is_not_acknowledged(client):
    """A row that cannot be written at the end takes all others with it; the form sent again is whole."""
    role = make.role()
    form = filled(client, role)
    client.raise_request_exception = False
    table = Attachment._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        answer = client.post(path(role), form)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")
    assert answer.status_code == 500
    assert (Application.objects.count(), Email.objects.count()) == (0, 0)
    assert client.post(path(role), {**form, "resume": cv()}).status_code == 302
    assert Application.objects.get().attachments.count() == 1


def test_more_files_than_a_form_may_have(client):
    role = make.role()
    form = make.form(role)
    questions = [make.question(form, "file", position=number) for number in range(4)]
    files = {
        f"question_{question.pk}": cv(f"{number}.txt") for number, question in enumerate(questions)
    }
    answer = apply(client, role, cover_letter=cv("letter.txt"), **files)
    assert answer.status_code == 422
    assert "Please send up to 5 files." in answer.text


def test_mail_and_its_server_are_not_needed(client):
    """Letters are rows: nobody waits for a server, and nobody is refused without one."""
    assert apply(client, make.role()).status_code == 302
    assert set(Email.objects.values_list("state", flat=True)) == {"waiting"}
