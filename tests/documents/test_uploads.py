"""A form with files, as a browser sends it: limits, and nothing else lost when one of them is broken."""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from careers.documents.models import Document
from tests.documents import corpus
from tests.documents.conftest import post
from tests.documents.test_store import no_file_longer_than

pytestmark = pytest.mark.one_database

MEGABYTE = corpus.MEGABYTE


def pdf(name="cv.pdf", size=1000):
    frame = len(corpus.pdf(stream=b"x" * size)) - size
    return SimpleUploadedFile(name, corpus.pdf(stream=b"x" * (size - frame)))


def test_files_arrive_beside_the_fields(db, folder):
    answer = post([pdf(corpus.NFD), pdf()], {"message": "よろしくお願いします"})
    assert answer["fields"] == {"message": "よろしくお願いします"}
    assert Document.objects.count() == 2
    assert Document.objects.first().name == "履歴書_プログラマー.pdf"


def test_a_file_of_the_permitted_size_is_taken(db, folder):
    upload = pdf(size=10 * MEGABYTE)
    assert upload.size == 10 * MEGABYTE
    post([upload])
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
def test_a_file_that_is_too_large_is_told_its_size(db, folder, settings, size, english, japanese):
    for language, said in (("en", english), ("ja", japanese)):
        with translation.override(language):
            answer = post([pdf(size=size), pdf("small.pdf")], {"name": "Hana"})
        assert answer["fields"] == {"name": "Hana"}
        assert answer["files"][0] == ["cv.pdf", said]
        assert answer["files"][1][1] in Document.objects.values_list("key", flat=True)
    assert not os.listdir(settings.FILE_UPLOAD_TEMP_DIR)


def test_no_byte_beyond_the_limit_is_stored(db, folder):
    """The kernel would refuse them: nothing longer may be written."""
    with no_file_longer_than(10 * MEGABYTE):
        answer = post([pdf(size=30 * MEGABYTE)])
    assert "30.0 MB" in answer["files"][0][1]


def test_one_file_too_many_is_refused_and_the_others_are_taken(db, folder):
    answer = post([pdf(f"{number}.pdf") for number in range(7)])
    assert Document.objects.count() == 5
    assert [said for _, said in answer["files"]][5:] == ["Please send up to 5 files."] * 2


def test_a_full_disk_loses_no_field(db, folder):
    with no_file_longer_than(50_000):
        answer = post([pdf(size=200_000), pdf("other.pdf", 300_000)], {"name": "Hana"})
    assert answer["fields"] == {"name": "Hana"}
    assert [said for _, said in answer["files"]] == ["unavailable", "unavailable"]
    assert not any(folder.iterdir() if folder.exists() else ())


def test_uploads_wait_on_the_disk_of_the_documents(settings):
    assert settings.FILE_UPLOAD_TEMP_DIR.is_relative_to(settings.VAR_DIR)
