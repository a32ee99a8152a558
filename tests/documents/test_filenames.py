"""File names: without a known extension the bytes decide, and the stored name gets one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from careers.documents.filenames import OTHER_EXTENSIONS, extension, with_extension
from careers.documents.ingest import receive
from careers.documents.models import Document
from careers.documents.types import MEDIA_TYPES, NAMES
from tests.documents import corpus
from tests.documents.conftest import inspection_result, upload
from tests.html import parse

pytestmark = pytest.mark.one_database

FILES = {
    "pdf": corpus.pdf(),
    "docx": corpus.office(),
    "doc": corpus.DOC,
    "rtf": corpus.RTF,
    "txt": corpus.TEXT.encode(),
}
NAMES_WITHOUT_EXTENSION = [
    ("1000012345", "1000012345.{}"),
    ("履歴書", "履歴書.{}"),
    ("resume 2026", "resume 2026.{}"),
    ("v1.0", "v1.0.{}"),
    ("2026.11.30", "2026.11.30.{}"),
    ("山田.太郎", "山田.太郎.{}"),
    ("Tanaka.H", "Tanaka.H.{}"),
    ("J.R. Smith", "J.R. Smith.{}"),
    ("taro@example.com", "taro@example.com.{}"),
    ("resume.{} (1)", "resume (1).{}"),
    ("resume.{}(12)", "resume(12).{}"),
    ("resume.{}.1", "resume.1.{}"),
    ("resume.{} - Copy", "resume - Copy.{}"),
    ("履歴書.{}のコピー", "履歴書のコピー.{}"),
    ("resume.{}_2", "resume_2.{}"),
    ("resume.{}?dl=1", "resume_dl=1.{}"),
    ("RESUME.{} (1)", "RESUME (1).{}"),
    ("my.resume.{} (1)", "my.resume (1).{}"),
    (".{}", "{0}.{0}"),
    ("resume.", "resume.{}"),
]


@pytest.mark.parametrize(("name", "stored"), NAMES_WITHOUT_EXTENSION)
def test_upload_without_extension_is_named_by_its_bytes(db, folder, name, stored):
    for type_name, data in FILES.items():
        file = SimpleUploadedFile("x", data)
        file._name = name.format(type_name)  # as the browser sends it
        document = receive(file)
        assert document.type == type_name
        assert document.name == stored.format(type_name)


def test_upload_without_extension_through_the_form(db, folder):
    upload(
        [SimpleUploadedFile("resume.pdf (1)", corpus.pdf()), SimpleUploadedFile("10", corpus.RTF)]
    )
    assert [row.name for row in Document.objects.all()] == ["resume (1).pdf", "10.rtf"]


@pytest.mark.parametrize(
    "extension", ["exe", "docx", "jpg", "pages", "PHP", "ＥＸＥ", "docm", "heic", "zip", "js"]
)
def test_wrong_known_extension_rejected(extension):
    assert inspection_result(f"resume.{extension}", corpus.pdf()) == "wrong_extension"
    assert inspection_result(f"resume.pdf.{extension}", corpus.pdf()) == "wrong_extension"


COPIES = [
    "{} (1)",
    "{}(12)",
    "{}.1",
    "{}_2",
    "{} - Copy",
    "{} - Copy (2)",
    "{} copy 2",
    "{}のコピー",
    "{} - コピー",
    "{}?dl=1",
]


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("extension", ["docx", "exe", "ＤＯＣ", "PAGES", "mp3", "docm"])
def test_wrong_known_extension_of_copy_rejected(extension, copy):
    """The stored name would have two extensions: `resume.docx (1).pdf`."""
    name = copy.format(f"resume.{extension}")
    assert inspection_result(name, corpus.pdf()) == "wrong_extension"
    assert inspection_result(f"{name}.pdf", corpus.pdf()) == ("pdf", [])


@pytest.mark.parametrize(
    "name", ["node.js developer", "resume.doc and letter", "asp.net", "v1.0 (1)", "山田.太郎 (1)", "J.R. (2)"]
)  # fmt: skip
def test_word_after_dot_is_no_extension(name):
    assert inspection_result(name, corpus.pdf()) == ("pdf", [])
    assert with_extension(name, "pdf") == f"{name}.pdf"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n", "other_type"),
        (b"MZ\x90\0", "other_type"),
        (b"#!/bin/sh\n", "other_type"),
        (b"<!DOCTYPE html><p>", "other_type"),
        (b"<?php phpinfo(); ?>", "type"),
        (b"<svg onload='alert(1)'/>", "type"),
        (corpus.archive({"a": b"a"}), "other_type"),
        (corpus.office(corpus.EXCEL, "xl/workbook.xml"), "other_type"),
        (corpus.office(files={"word/vbaProject.bin": b"x"}), "macros"),
        (corpus.locked_pdf(), "encrypted"),
        (corpus.pdf()[:-30], "broken"),
        (b"text\n" * 300_000, "too_large"),
        (b"\x01\x02\x03\0" * 50, "type"),
        (b"", "empty"),
    ],
)
def test_name_without_extension_opens_no_way_around_the_checks(data, code):
    assert inspection_result("resume", data) == code
    assert inspection_result("resume.pdf (1)", data) == code


def test_pdf_with_lines_before_its_header_and_without_extension():
    job = corpus.pdf(before=b"\x1b%-12345X@PJL JOB\r\n")
    assert inspection_result("scan", job) == ("pdf", ["odd_start"])
    assert inspection_result("notes", b"I have written a parser of %PDF-1.7 files.") == ("txt", [])


@hypothesis(max_examples=200, deadline=None)
@given(
    st.text(max_size=150) | st.from_regex(r"\w{1,5}\.\w{1,5}[ .(_~-]\w{0,3}\)?", fullmatch=True),
    st.sampled_from(sorted(FILES)),
)
def test_stored_name_has_the_extension_of_its_type(name, type_name):
    """Any name: the stored one is short, ends with its type, and does not change when stored again."""
    stored = with_extension(name, type_name)
    assert len(stored) <= 120
    assert with_extension(stored, type_name) == stored
    if not extension(name):
        assert stored.endswith(f".{type_name}") and extension(stored) == type_name


def test_file_input_offers_files_without_extension(db, client):
    """A phone chooses such files by their media type, other devices by the extension."""
    inputs = parse(client.get("/en/apply/").text).all("input[type=file]")
    assert inputs
    for field in inputs:
        accepted = field["accept"].split(",")
        assert {".pdf", "application/pdf", ".txt", "text/plain"} <= set(accepted)
        assert ".xls" not in accepted and MEDIA_TYPES["xls"] not in accepted


def test_every_type_has_an_extension_and_a_media_type():
    assert not OTHER_EXTENSIONS & NAMES.keys()
    assert MEDIA_TYPES.keys() == NAMES.keys()
