"""Uploads of a form: the limits, and that a rejected file affects nothing else."""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from careers.documents.models import Document
from tests.documents import corpus
from tests.documents.conftest import upload
from tests.documents.test_storage import file_size_limit

pytestmark = pytest.mark.one_database

MEGABYTE = corpus.MEGABYTE


def pdf(name="cv.pdf", size=1000):
    frame = len(corpus.pdf(stream=b"x" * size)) - size
    return SimpleUploadedFile(name, corpus.pdf(stream=b"x" * (size - frame)))


def test_upload_with_fields(db, folder):
    result = upload([pdf(corpus.NFD), pdf()], {"message": "よろしくお願いします"})
    assert result["fields"] == {"message": "よろしくお願いします"}
    assert Document.objects.count() == 2
    assert Document.objects.first().name == "履歴書_プログラマー.pdf"


def test_upload_of_maximum_size(db, folder):
    file = pdf(size=10 * MEGABYTE)
    assert file.size == 10 * MEGABYTE
    upload([file])
    assert Document.objects.get().size == 10 * MEGABYTE


@pytest.mark.parametrize(
    ("size", "english", "japanese"),
    [
        (
            13_002_342,
            "Please choose a file of up to 10 MB (this one has 12.4 MB).",
            "ファイルサイズは10MB以内にしてください（選択されたファイル：12.4MB）。",
        ),
        (
            10 * MEGABYTE + 1,
            "Please choose a file of up to 10 MB (this one has 10.1 MB).",
            "ファイルサイズは10MB以内にしてください（選択されたファイル：10.1MB）。",
        ),
    ],
)
def test_upload_too_large_error_states_size(db, folder, settings, size, english, japanese):
    for language, message in (("en", english), ("ja", japanese)):
        with translation.override(language):
            result = upload([pdf(size=size), pdf("small.pdf")], {"name": "Hana"})
        assert result["fields"] == {"name": "Hana"}
        assert result["files"][0] == ["cv.pdf", message]
        assert result["files"][1][1] in Document.objects.values_list("key", flat=True)
    assert not os.listdir(settings.FILE_UPLOAD_TEMP_DIR)


def test_upload_stops_writing_at_limit(db, folder):
    """The kernel rejects every write beyond the limit."""
    with file_size_limit(10 * MEGABYTE):
        result = upload([pdf(size=30 * MEGABYTE)])
    assert "30.0 MB" in result["files"][0][1]


def test_upload_too_many_files(db, folder):
    result = upload([pdf(f"{number}.pdf") for number in range(7)])
    assert Document.objects.count() == 5
    assert [message for _, message in result["files"]][5:] == ["Please send up to 5 files."] * 2


def test_upload_full_disk_keeps_fields(db, folder):
    with file_size_limit(50_000):
        result = upload([pdf(size=200_000), pdf("other.pdf", 300_000)], {"name": "Hana"})
    assert result["fields"] == {"name": "Hana"}
    assert [message for _, message in result["files"]] == ["unavailable", "unavailable"]
    assert not any(folder.iterdir() if folder.exists() else ())


def test_upload_folder_is_in_var_dir(settings):
    assert settings.FILE_UPLOAD_TEMP_DIR.is_relative_to(settings.VAR_DIR)
