"""Inspecting uploads: every file, of the corpus or random, gets a result quickly and without an error."""

import io
import struct
import time
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from careers.documents import errors
from careers.documents.checking import inspect
from careers.documents.errors import DocumentRejected
from careers.documents.models import FINDINGS
from careers.documents.types import NAMES
from careers.japanese import display_filename, is_japanese
from tests.documents import corpus
from tests.documents.conftest import inspection_result

pytestmark = pytest.mark.one_database

MEGABYTE = corpus.MEGABYTE


@pytest.mark.parametrize(("name", "data", "type_name"), corpus.GOOD)
def test_inspect_accepts_good_files(name, data, type_name):
    assert inspection_result(name, data) == (type_name, [])


@pytest.mark.parametrize(("name", "data", "type_name", "findings"), corpus.ODD)
def test_inspect_reports_findings(name, data, type_name, findings):
    assert inspection_result(name, data) == (type_name, findings)
    assert FINDINGS.keys() >= set(findings)


@pytest.mark.parametrize(("name", "data", "code"), corpus.HOSTILE)
def test_inspect_rejects_hostile_files(name, data, code):
    assert inspection_result(name, data) == code


@pytest.mark.parametrize(("name", "data", "expected"), corpus.WITH_ALL_TYPES)
def test_document_types_enabled(settings, name, data, expected):
    settings.DOCUMENT_TYPES = tuple(NAMES)
    result = inspection_result(name, data)
    assert (result if isinstance(result, str) else result[0]) == expected


def test_document_types_disabled(settings):
    settings.DOCUMENT_TYPES = ("pdf",)
    assert inspection_result("cv.docx", corpus.office()) == "other_type"
    assert inspection_result("cv.txt", b"text") == "other_type"


def test_rejections_give_advice_in_both_languages():
    params = {
        "limit": 10,
        "size": "12.4",
        "seems": NAMES["doc"],
        "extension": ".doc",
        "types": "PDF",
    }
    for code in errors.MESSAGES:
        rejection = DocumentRejected(code, **params)
        assert isinstance(rejection, ValidationError)
        with translation.override("en"):
            english = str(rejection.messages[0])
        with translation.override("ja"):
            japanese = str(DocumentRejected(code, **params).messages[0])
        assert "lease" in english and english.endswith("."), code
        assert "ください" in japanese and japanese.endswith("。"), code


def test_rejection_names_detected_and_accepted_types():
    with pytest.raises(DocumentRejected) as rejection:
        inspect(io.BytesIO(corpus.RTF), "職務経歴書.doc")
    with translation.override("ja"):
        assert "RTF" in rejection.value.messages[0] and "「.rtf」" in rejection.value.messages[0]
    with pytest.raises(DocumentRejected) as rejection:
        inspect(io.BytesIO(b"\x89PNG"), "cv.png")
    with translation.override("en"):
        assert "a picture" in rejection.value.messages[0]
        assert (
            "PDF, Word (.docx), Word (.doc), RTF, plain text (.txt)" in rejection.value.messages[0]
        )
    with translation.override("ja"):
        assert "PDF、Word（.docx）" in rejection.value.messages[0]


def test_findings_are_translated():
    for label in FINDINGS.values():
        with translation.override("ja"):
            assert is_japanese(str(label))


# --- Random files ------------------------------------------------------------------------------

SEEDS = [
    data for _, data, *_ in corpus.GOOD + corpus.ODD + corpus.HOSTILE if len(data) < 20_000
]  # fmt: skip
EXTENSIONS = [*NAMES, "exe", ""]
edits = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["set", "cut", "add"]), st.binary(max_size=12)),
    max_size=6,
)


def mutate(data, edits):
    for where, action, chunk in edits:
        offset = int(where * len(data))
        if action == "cut":
            data = data[:offset] + data[offset + len(chunk) * 7 :]
        else:
            data = data[:offset] + chunk + data[offset + (len(chunk) if action == "set" else 0) :]
    return data


@hypothesis(max_examples=400, deadline=None)
@given(st.sampled_from(SEEDS), edits, st.sampled_from(EXTENSIONS))
def test_inspect_mutated_files(data, edits, extension):
    inspection_result(f"cv.{extension}", mutate(data, edits))


@hypothesis(max_examples=100, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(EXTENSIONS))
def test_inspect_random_bytes(data, extension):
    inspection_result(f"cv.{extension}", data)
    inspection_result(f"cv.{extension}", corpus.DOC[:512] + data + corpus.DOC[512 + len(data) :])


@hypothesis(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_inspect_random_file_names(name):
    inspection_result(name, corpus.pdf())
    displayed = display_filename(name)
    assert 0 < len(displayed) <= 120
    assert not set(displayed) & set('\r\n\0<>:"|?*/\\\u202e\u200b\u2028')
    assert display_filename(displayed) == displayed
    displayed.encode()


@pytest.mark.parametrize(
    ("name", "displayed"),
    [
        (corpus.NFD, "履歴書_プログラマー.pdf"),
        ("C:\\Users\\山田\\履歴書.pdf", "履歴書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("ｶﾞｲﾄﾞ.pdf", "ガイド.pdf"),
        ("福\ufa1b㈱.pdf", "福\ufa1b㈱.pdf"),
        ("𠮷田.pdf", "𠮷田.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_b__Set-Cookie_ x.pdf"),
        ("O'Brien.pdf", "O'Brien.pdf"),
        ("...", "file"),
        ("", "file"),
        ("あ" * 300 + ".docx", "あ" * 115 + ".docx"),
    ],
)
def test_display_filename(name, displayed):
    assert display_filename(name) == displayed


# --- Large hostile files -----------------------------------------------------------------------

LARGE = 10 * MEGABYTE
PATTERNS = [
    b"/", b"/JS ", b"/a", b"#4a", b">>stream\n", b">>stream\nendstream", b">> ", b"/Encrypt ", b"PK\x05\x06",
    b"PK\x01\x02", b"/Encrypt 1 ", b"\\obj", b"\xff",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("extension", ["pdf", "rtf", "docx", "doc"])
def test_inspect_large_hostile_files(pattern, extension):
    body = (pattern * (LARGE // len(pattern)))[: LARGE - 2000]
    data = {
        "pdf": b"%PDF-1.7\n" + body + b"\n%%EOF",
        "rtf": rb"{\rtf1 " + body + b"}",
        "docx": b"PK\x03\x04" + body + corpus.archive({})[-22:],
        "doc": corpus.DOC + body,
    }[extension]
    inspection_result(f"cv.{extension}", data)


@pytest.mark.parametrize(
    "pattern",
    [b"\0", b"/Encrypt 1 0 R ", b"trailer<</Encrypt 1 0 R", b"1 0 obj", b"1 0 obj<<", b"/Type/XRef ", b"[", b"<html "],
)  # fmt: skip
def test_inspect_large_hostile_trailers(pattern):
    """The work on a PDF that mentions encryption is bounded too, wherever its `startxref` points to."""
    body = (pattern * (LARGE // len(pattern)))[: LARGE // 2]
    for start in (9, LARGE):
        end = b"\ntrailer<</Encrypt 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
        inspection_result("cv.pdf", b"%PDF-1.7\nxref\n" + body + end)
    inspection_result("cv", b"junk\0 %PDF-1.7\n%%EOF" + body)


def _large_archive():
    """A .docx with nearly as many relationships and entries as are read."""
    part = "<a>" + "<b c='d'/>" * 1000 + "</a>"
    files = {f"word/_rels/{number}.rels": part for number in range(390)}
    files |= {f"word/media/{number}": b"PK\x01\x02PK\x05\x06" * 800 for number in range(1000)}
    return corpus.office(files=files, compression=zipfile.ZIP_STORED)


CPU_LIMIT = 5  # seconds for 10 MB; linear work takes less than one, quadratic work minutes
EXPENSIVE = {
    "comments.pdf": b"%PDF-1.7\n" + b"8 0 obj%" * (LARGE // 8) + corpus.pdf(trailer=b"/Encrypt 8 0 R"),
    "objects.pdf": b"%PDF-1.7\n" + b"8 0 obj<</A[" * (LARGE // 12) + corpus.pdf(trailer=b"/Encrypt 8 0 R"),
    "references.pdf": b"%PDF-1.7\n" + b"8 0 obj\n\n\n" * (LARGE // 10) + corpus.pdf(trailer=b"/Encrypt 8 0 R"),
    "names.pdf": b"%PDF-1.7\n" + b"/#4a#53 >>stream\n" * (LARGE // 17) + b"\n%%EOF",
    "ends.pdf": corpus.pdf(after=b"\0\n%%EOF PK\x05\x06" * (LARGE // 13)),
    "sectors.doc": corpus.DOC[:512] + b"\0\0\0\0" * (LARGE // 4),
    "chain.doc": corpus.DOC[:512] + struct.pack(f"<{LARGE // 4}L", *range(1, LARGE // 4 + 1)),
    "directory.doc": corpus.DOC + corpus.DOC[1024:1536] * (LARGE // 512),
    "parts.docx": _large_archive(),
    "ends.docx": b"PK\x03\x04" + corpus.archive({})[-22:] * (LARGE // 22),
    "entries.docx": b"PK\x03\x04" + b"PK\x01\x02" * (LARGE // 4) + corpus.archive({})[-22:],
}  # fmt: skip


@pytest.mark.parametrize("name", EXPENSIVE)
def test_inspect_large_hostile_files_in_bounded_time(name):
    """The number of reads says nothing about the work on what was read; this is the time of the CPU."""
    start = time.process_time()
    inspection_result(name, EXPENSIVE[name])
    assert time.process_time() - start < CPU_LIMIT


def test_inspect_circular_directory():
    data = bytearray(corpus.DOC + b"\0" * MEGABYTE)
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # the directory sector links to itself
    assert inspection_result("cv.doc", bytes(data)) in ("broken", ("doc", []))
    for field in range(0x1E, 0x4C, 2):  # every number of the header at its maximum
        large = bytearray(corpus.DOC)
        large[field : field + 2] = b"\xff\xff"
        inspection_result("cv.doc", bytes(large))
