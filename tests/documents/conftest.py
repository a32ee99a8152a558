"""Fixtures for documents: a folder or an S3 bucket as storage, and the upload of a form."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import translation

from careers.documents import config, errors
from careers.documents.checking import inspect
from careers.documents.errors import DocumentRejected
from careers.documents.ingest import receive, stored
from careers.documents.storage import StorageUnavailable
from careers.documents.uploads import read_form
from tests.components import s3
from tests.documents import corpus


def use_storage(settings, entry):
    settings.STORAGES = {**settings.STORAGES, "documents": entry}


@pytest.fixture
def folder(settings, tmp_path):
    """The storage is a new folder."""
    path = tmp_path / "documents"
    use_storage(settings, config.parse_documents_url("", path))
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return path


@pytest.fixture(scope="session")
def s3_server():
    with s3.running() as server:
        yield server


@pytest.fixture
def bucket(settings, s3_server, folder):
    """The storage is an empty bucket on an S3 server."""
    s3_server.bucket.objects.all().delete()
    use_storage(settings, config.parse_documents_url(s3_server.url, None))
    return s3_server.bucket


@pytest.fixture(params=["folder", "bucket"])
def any_storage(request):
    return request.getfixturevalue(request.param)


def stored_document(data=None, name="履歴書.pdf"):
    """A document that was received and saved."""
    return store(SimpleUploadedFile(name, corpus.pdf() if data is None else data))


def store(upload):
    """The document of an upload, received and saved."""
    document = receive(upload)
    with stored([document]):
        document.save()
    return document


def upload(files, fields=()):
    """The result of a form's view: the fields, and for each file its key or the reason of the rejection."""
    request = RequestFactory().post("/", {**dict(fields), "files": files})
    read_form(request)
    result = {"fields": dict(request.POST.items()), "files": []}
    for file in request.FILES.getlist("files"):
        try:
            result["files"].append([file.name, store(file).key])
        except StorageUnavailable:
            result["files"].append([file.name, "unavailable"])
        except DocumentRejected as rejection:
            result["files"].append([file.name, rejection.messages[0]])
    request.close()
    return result


class CountingFile(io.BytesIO):
    """A file that counts reads and bytes read."""

    def __init__(self, data):
        super().__init__(data)
        self.reads = self.amount = self.largest_read = 0

    def read(self, *length):
        data = super().read(*length)
        self.reads, self.amount = self.reads + 1, self.amount + len(data)
        self.largest_read = max(self.largest_read, len(data))
        return data


@pytest.fixture
def rejection_message():
    """A function for the message of a rejection in a language."""

    def message(language, name, data):
        with translation.override(language), pytest.raises(DocumentRejected) as rejection:
            inspect(io.BytesIO(data), name)
        with translation.override(language):
            return rejection.value.messages[0]

    return message


def inspection_result(name, data):
    """(type, findings), or the code of the rejection."""
    file = CountingFile(data)
    try:
        return tuple(inspect(file, name))
    except DocumentRejected as rejection:
        assert rejection.code in errors.MESSAGES
        assert rejection.message % rejection.params
        return rejection.code
    finally:
        # The amount of work is bounded for any content; this replaces a measurement of time.
        assert file.amount <= 2 * len(data) + 3 * corpus.MEGABYTE
        assert file.reads <= 3_000 + len(data) // 10_000
        assert file.largest_read <= corpus.MEGABYTE
