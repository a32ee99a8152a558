"""Applying with documents in an S3 bucket, also while the server is down."""

import pytest

from careers.applications.models import Application
from careers.documents import config
from careers.documents.models import Document
from careers.outbox.models import Email
from tests import make
from tests.components import s3

from .conftest import apply, cv, form_values, path, retry_values, token

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]

CONTENT = b"I have watched the sky for twenty years."
UNAVAILABLE = {
    "en": ("Not sent yet", "We cannot take files at this moment. What you wrote is still here:"),
    "ja": (
        "まだ送信されていません",
        "現在、ファイルを受け付けられません。入力内容は残っています。",
    ),
}

each_language = pytest.mark.parametrize("language", ["en", "ja"])


@pytest.fixture
def server(settings, folder):
    """The S3 server of the site. Stopping it deletes its content."""
    with s3.running() as s3_server:
        documents = config.parse_documents_url(s3_server.url, None)
        settings.STORAGES = {**settings.STORAGES, "documents": documents}
        yield s3_server


def stored_contents(server):
    return [item.get()["Body"].read() for item in server.bucket.objects.all()]


@each_language
def test_s3_application_stored_and_downloaded(client, signed_in, server, folder, language):
    role = make.role()
    form = form_values(client, role, language, email="x", resume=cv("履歴書.txt", CONTENT))
    response = client.post(path(role, language), form)
    assert response.status_code == 422 and stored_contents(server) == [CONTENT]
    retry = retry_values(response, form, email="taro@example.org")
    assert client.post(path(role, language), retry).status_code == 302
    attachment = Application.objects.get().attachments.get()
    assert [item.key for item in server.bucket.objects.all()] == [attachment.document.key]
    assert not folder.exists()
    download_path = (
        f"/admin/applications/application/{attachment.application_id}/documents/{attachment.pk}/"
    )
    download = signed_in("Recruiters").get(download_path)
    assert download.headers["Content-Disposition"].startswith("attachment;")
    assert b"".join(download.streaming_content) == CONTENT


@each_language
@pytest.mark.parametrize("script", [False, True], ids=["page", "script"])
def test_s3_down_rejects_with_503_and_keeps_values(client, server, language, script):
    role = make.role()
    form = form_values(client, role, language, message="Long thought about.")
    server.stop()
    headers = {"Accept": "application/json"} if script else {}
    response = client.post(path(role, language), form, headers=headers)
    assert response.status_code == 503
    heading, text = UNAVAILABLE[language]
    if script:  # the typed values are still in the page
        data = response.json()
        assert data["summary"]["heading"] == heading and data["summary"]["text"].startswith(text)
        assert data["summary"]["errors"] == []
        new_token = data["token"]
    else:
        page = response.text.replace("\u200b", "")
        assert f"<h2>{heading}</h2>" in page and text in page
        assert "Long thought about." in page and 'class="error"' not in page
        new_token = token(response.text)
    for model in (Application, Document, Email):
        assert not model.objects.exists()
    server.start()
    retry = {**form, "token": new_token, "resume": cv(content=CONTENT)}
    assert client.post(path(role, language), retry).status_code == 302
    assert Application.objects.get().message == "Long thought about."
    assert stored_contents(server) == [CONTENT]


def test_s3_down_application_without_files(client, server):
    server.stop()
    response = apply(client, make.role(), resume="", resume_text="Ten years of sky.")
    assert response.status_code == 302
    assert Application.objects.get().resume_text == "Ten years of sky."
