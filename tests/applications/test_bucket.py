"""Applying where documents are in a bucket on an S3 server: whole, and while the server is away."""

import pytest

from careers.applications.models import Application
from careers.documents import config
from careers.documents.models import Document
from careers.outbox.models import Email
from tests import make
from tests.components import s3

from .conftest import again, apply, cv, filled, path, token

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]

CONTENT = b"I have watched the sky for twenty years."
AWAY = {
    "en": ("Not sent yet", "We cannot take files at this moment. What you wrote is still here:"),
    "ja": (
        "まだ送信されていません",
        "現在、ファイルを受け付けられません。入力内容は残っています。",
    ),
}

each_language = pytest.mark.parametrize("language", ["en", "ja"])


@pytest.fixture
def server(settings, folder):
    """The S3 server of the site; stopped, it forgets what it has."""
    with s3.running() as running:
        documents = config.parse_documents_url(running.url, None)
        settings.STORAGES = {**settings.STORAGES, "documents": documents}
        yield running


def in_bucket(server):
    return [found.get()["Body"].read() for found in server.bucket.objects.all()]


@each_language
def test_an_application_arrives_whole_and_is_read_by_a_recruiter(
    client, signed_in, server, folder, language
):
    role = make.role()
    form = filled(client, role, language, email="x", resume=cv("履歴書.txt", CONTENT))
    answer = client.post(path(role, language), form)
    assert answer.status_code == 422 and in_bucket(server) == [CONTENT]
    right = again(answer, form, email="taro@example.org")
    assert client.post(path(role, language), right).status_code == 302
    attached = Application.objects.get().attachments.get()
    assert [found.key for found in server.bucket.objects.all()] == [attached.document.key]
    assert not folder.exists()
    file = f"/admin/applications/application/{attached.application_id}/documents/{attached.pk}/"
    download = signed_in("Recruiters").get(file)
    assert download.headers["Content-Disposition"].startswith("attachment;")
    assert b"".join(download.streaming_content) == CONTENT


@each_language
@pytest.mark.parametrize("script", [False, True], ids=["page", "script"])
def test_while_the_server_is_away_nothing_is_acknowledged_and_nothing_lost(
    client, server, language, script
):
    role = make.role()
    form = filled(client, role, language, message="Long thought about.")
    server.stop()
    headers = {"Accept": "application/json"} if script else {}
    answer = client.post(path(role, language), form, headers=headers)
    assert answer.status_code == 503
    heading, text = AWAY[language]
    if script:  # what was typed has never left the page
        said = answer.json()
        assert said["summary"]["heading"] == heading and said["summary"]["text"].startswith(text)
        assert said["summary"]["errors"] == []
        fresh = said["token"]
    else:
        page = answer.text.replace("\u200b", "")
        assert f"<h2>{heading}</h2>" in page and text in page
        assert "Long thought about." in page and 'class="error"' not in page
        fresh = token(answer.text)
    for model in (Application, Document, Email):
        assert not model.objects.exists()
    server.start()
    later = {**form, "token": fresh, "resume": cv(content=CONTENT)}
    assert client.post(path(role, language), later).status_code == 302
    assert Application.objects.get().message == "Long thought about."
    assert in_bucket(server) == [CONTENT]


def test_who_sends_no_file_does_not_need_the_server(client, server):
    server.stop()
    answer = apply(client, make.role(), resume="", resume_text="Ten years of sky.")
    assert answer.status_code == 302
    assert Application.objects.get().resume_text == "Ten years of sky."
