"""Serving documents: as a file to save, under a harmless name, with a record of who opened it."""

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
from tests.documents.conftest import stored_document, use_storage

pytestmark = pytest.mark.one_database


@pytest.fixture
def reader(db):
    return User.objects.create_user("hana@example.com")


@pytest.fixture
def download_document(reader, client, settings):
    """Download a document through all middleware, as a browser does."""
    settings.ROOT_URLCONF = "tests.documents.urls"
    client.force_login(reader)

    def download_document(document, query=""):
        response = client.get(f"/download/{document.key}/{query}")
        response.body = b"".join(response)
        return response

    return download_document


def file_names(header):
    """The file name for clients that support RFC 2231, and the one for all others."""
    assert "\r" not in header and "\n" not in header
    message = email.message_from_string(f"Content-Disposition: {header}\n\n", policy=policy.HTTP)
    assert message["Content-Disposition"].content_disposition == "attachment"
    plain = header.split('filename="')[1].split('"')[0]
    encoded = header.split("filename*=UTF-8''")[1]
    assert header == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    assert plain.isascii() and encoded.isascii()
    return unquote(encoded), plain


def test_download_headers(download_document, any_storage):
    data = corpus.pdf(stream=b"x" * 300_000)
    response = download_document(stored_document(data))
    assert response.body == data
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Length"] == str(len(data))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store"
    assert file_names(response.headers["Content-Disposition"]) == ("履歴書.pdf", "document.pdf")


def test_download_is_recorded(download_document, reader, folder):
    document = stored_document()
    download_document(document)
    access = DocumentAccess.objects.get()
    assert (access.document, access.reader) == (document, reader)
    reader.delete()
    assert DocumentAccess.objects.get().reader is None
    document.delete()
    assert not DocumentAccess.objects.exists()


@pytest.mark.parametrize(
    ("name", "encoded", "plain"),
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
def test_download_name_is_harmless(name, encoded, plain):
    assert file_names(disposition(name, "pdf")) == (encoded, plain)


def test_download_name_from_caller(download_document, folder):
    response = download_document(stored_document(), "?as=20261121_山田太郎.pdf")
    assert file_names(response.headers["Content-Disposition"])[0] == "20261121_山田太郎.pdf"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "A virus was found in it"), ("ja", "ウイルスが検出されました")],
)
def test_download_infected(reader, folder, language, text):
    document = stored_document()
    Document.objects.update(scan="infected")
    document.refresh_from_db()
    with translation.override(language):
        response = download(document, reader)
    assert response.status_code == 403
    assert text in response.text and f'<html lang="{language}">' in response.text
    assert not DocumentAccess.objects.exists()


def test_download_missing_file(reader, any_storage, caplog):
    document = stored_document(name="山田太郎.pdf")
    document_storage().delete(document.key)
    with caplog.at_level(logging.ERROR):
        response = download(document, reader)
    assert response.status_code == 410
    assert "no longer in storage" in response.text
    assert document.key in caplog.text and "山田" not in caplog.text
    assert not DocumentAccess.objects.exists()


def test_download_storage_down(reader, folder, settings):
    document = stored_document()
    use_storage(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{free_port()}/documents", None),
    )
    response = download(document, reader)
    assert response.status_code == 503
    assert "try again in a few minutes" in response.text
