"""What tests of documents ask for: a store of their own, and a candidate's form that fills it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from careers.documents import config
from careers.documents.errors import DocumentRejected
from careers.documents.ingest import receive
from careers.documents.storage import StorageUnavailable
from careers.documents.uploads import LimitedUploadHandler
from tests.components import s3
from tests.documents import corpus


def keep_in(settings, entry):
    settings.STORAGES = {**settings.STORAGES, "documents": entry}


@pytest.fixture
def folder(settings, tmp_path):
    """The store is a new folder."""
    path = tmp_path / "documents"
    keep_in(settings, config.parse_documents_url("", path))
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return path


@pytest.fixture(scope="session")
def s3_server():
    with s3.running() as server:
        yield server


@pytest.fixture
def bucket(settings, s3_server, folder):
    """The store is an empty bucket on an S3 server."""
    s3_server.bucket.objects.all().delete()
    keep_in(settings, config.parse_documents_url(s3_server.url, None))
    return s3_server.bucket


@pytest.fixture(params=["folder", "bucket"])
def any_store(request):
    return request.getfixturevalue(request.param)


def sent(data=None, name="履歴書.pdf"):
    """A received and saved document."""
    document = receive(SimpleUploadedFile(name, corpus.pdf() if data is None else data))
    document.save()
    return document


def post(files, fields=()):
    """What a form's view makes of an upload: its fields, and what became of each file."""
    request = RequestFactory().post("/", {**dict(fields), "files": files})
    request.upload_handlers = [LimitedUploadHandler(request)]
    answer = {"fields": dict(request.POST.items()), "files": []}
    for upload in request.FILES.getlist("files"):
        try:
            document = receive(upload)
            document.save()
            answer["files"].append([upload.name, document.key])
        except StorageUnavailable:
            answer["files"].append([upload.name, "unavailable"])
        except DocumentRejected as refusal:
            answer["files"].append([upload.name, refusal.messages[0]])
    request.close()
    return answer
