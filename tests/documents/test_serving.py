"""A document leaves as a file to save, under a harmless name, and who opened it is written down."""

import email
import logging
from email import policy
from urllib.parse import unquote

import pytest
from django.utils import translation

from careers.documents import config
from careers.documents.models import Document, DocumentAccess
from careers.documents.serving import disposition, download
from careers.documents.storage import document_storage
from careers.staff.models import User
from tests.components.site import free_port
from tests.documents import corpus
from tests.documents.conftest import keep_in, sent

pytestmark = pytest.mark.one_database


@pytest.fixture
def reader(db):
    return User.objects.create_user("hana@example.com")


@pytest.fixture
def take(reader, client, settings):
    """Download a document as a browser does, through all that stands before a view."""
    settings.ROOT_URLCONF = "tests.documents.urls"
    client.force_login(reader)

    def take(document, query=""):
        response = client.get(f"/take/{document.key}/{query}")
        response.body = b"".join(response)
        return response

    return take


def saved_as(header):
    """The name under which a program that knows RFC 2231 saves it, and the one for those that do not."""
    assert "\r" not in header and "\n" not in header
    message = email.message_from_string(f"Content-Disposition: {header}\n\n", policy=policy.HTTP)
    assert message["Content-Disposition"].content_disposition == "attachment"
    plain = header.split('filename="')[1].split('"')[0]
    encoded = header.split("filename*=UTF-8''")[1]
    assert header == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    assert plain.isascii() and encoded.isascii()
    return unquote(encoded), plain


def test_it_is_given_as_a_file_and_never_as_a_page(take, any_store):
    data = corpus.pdf(stream=b"x" * 300_000)
    response = take(sent(data))
    assert response.body == data
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Length"] == str(len(data))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store"
    assert saved_as(response.headers["Content-Disposition"]) == ("履歴書.pdf", "document.pdf")


def test_who_opened_it_is_written_down(take, reader, folder):
    document = sent()
    take(document)
    reading = DocumentAccess.objects.get()
    assert (reading.document, reading.reader) == (document, reader)
    reader.delete()
    assert DocumentAccess.objects.get().reader is None
    document.delete()
    assert not DocumentAccess.objects.exists()


@pytest.mark.parametrize(
    ("name", "saved", "plain"),
    [
        ("cv.pdf", "cv.pdf", "cv.pdf"),
        ("20261121_山田太郎_職務経歴書.pdf", "20261121_山田太郎_職務経歴書.pdf", "document.pdf"),
        (corpus.NFD, "履歴書_プログラマー.pdf", "document.pdf"),
        ('a";x="b.pdf', "a_;x=_b.pdf", "document.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a__Set-Cookie_ x=1.pdf", "document.pdf"),
        ("cv\u202efdp.exe", "cvfdp.exe.pdf", "cvfdp.exe.pdf"),
        ("../../x", "x.pdf", "x.pdf"),
        ("100%.pdf", "100%.pdf", "document.pdf"),
        ("", "file.pdf", "file.pdf"),
        ("\ud800.pdf", "_.pdf", "_.pdf"),
    ],
)
def test_its_name_is_harmless(name, saved, plain):
    assert saved_as(disposition(name, "pdf")) == (saved, plain)


def test_the_caller_may_choose_a_better_name(take, folder):
    response = take(sent(), "?as=20261121_山田太郎.pdf")
    assert saved_as(response.headers["Content-Disposition"])[0] == "20261121_山田太郎.pdf"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "A virus was found in it"), ("ja", "ウイルスが検出されました")],
)
def test_an_infected_one_is_given_to_nobody(reader, folder, language, said):
    document = sent()
    Document.objects.update(scan="infected")
    document.refresh_from_db()
    with translation.override(language):
        response = download(document, reader)
    assert response.status_code == 403
    assert said in response.text and f'<html lang="{language}">' in response.text
    assert not DocumentAccess.objects.exists()


def test_one_whose_bytes_are_gone_is_said_to_be_gone(reader, any_store, caplog):
    document = sent(name="山田太郎.pdf")
    document_storage().delete(document.key)
    with caplog.at_level(logging.ERROR):
        response = download(document, reader)
    assert response.status_code == 410
    assert "no longer in storage" in response.text
    assert document.key in caplog.text and "山田" not in caplog.text
    assert not DocumentAccess.objects.exists()


def test_a_store_that_is_away_is_said_to_be_away(reader, folder, settings):
    document = sent()
    keep_in(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{free_port()}/documents", None),
    )
    response = download(document, reader)
    assert response.status_code == 503
    assert "try again in a few minutes" in response.text
