"""What becomes of every file of the corpus, and of anything else: an answer, quickly, and never a fault."""

import io

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

pytestmark = pytest.mark.one_database

MEGABYTE = corpus.MEGABYTE


class Counted(io.BytesIO):
    """A file that counts how often and how much of it is read."""

    def __init__(self, data):
        super().__init__(data)
        self.reads = self.amount = self.most = 0

    def read(self, *length):
        data = super().read(*length)
        self.reads, self.amount = self.reads + 1, self.amount + len(data)
        self.most = max(self.most, len(data))
        return data


def judged(name, data):
    """(type, findings), or the code of the refusal."""
    file = Counted(data)
    try:
        return tuple(inspect(file, name))
    except DocumentRejected as refusal:
        assert refusal.code in errors.MESSAGES
        assert refusal.message % refusal.params
        return refusal.code
    finally:
        # Bounds on the work, whatever is in the file: no clock is needed to see that it is quick.
        assert file.amount <= 2 * len(data) + 3 * MEGABYTE
        assert file.reads <= 3_000 + len(data) // 10_000
        assert file.most <= MEGABYTE


@pytest.mark.parametrize(("name", "data", "kind"), corpus.GOOD)
def test_a_good_file_is_accepted(name, data, kind):
    assert judged(name, data) == (kind, [])


@pytest.mark.parametrize(("name", "data", "kind", "findings"), corpus.ODD)
def test_an_odd_file_is_accepted_and_what_is_odd_is_noted(name, data, kind, findings):
    assert judged(name, data) == (kind, findings)
    assert FINDINGS.keys() >= set(findings)


@pytest.mark.parametrize(("name", "data", "code"), corpus.HOSTILE)
def test_a_bad_file_is_refused_for_the_right_reason(name, data, code):
    assert judged(name, data) == code


@pytest.mark.parametrize(("name", "data", "became"), corpus.SWITCHED_ON)
def test_more_types_can_be_switched_on(settings, name, data, became):
    settings.DOCUMENT_TYPES = tuple(NAMES)
    said = judged(name, data)
    assert (said if isinstance(said, str) else said[0]) == became


def test_a_type_can_be_switched_off(settings):
    settings.DOCUMENT_TYPES = ("pdf",)
    assert judged("cv.docx", corpus.office()) == "other_type"
    assert judged("cv.txt", b"text") == "other_type"


def test_every_refusal_says_in_both_languages_what_to_do():
    params = {
        "limit": 10,
        "size": "12.4",
        "seems": NAMES["doc"],
        "extension": ".doc",
        "types": "PDF",
    }
    for code in errors.MESSAGES:
        said = DocumentRejected(code, **params)
        assert isinstance(said, ValidationError)
        with translation.override("en"):
            english = str(said.messages[0])
        with translation.override("ja"):
            japanese = str(DocumentRejected(code, **params).messages[0])
        assert "lease" in english and english.endswith("."), code
        assert "ください" in japanese and japanese.endswith("。"), code


def test_a_refusal_names_what_it_saw_and_what_would_do():
    with pytest.raises(DocumentRejected) as said:
        inspect(io.BytesIO(corpus.RTF), "職務経歴書.doc")
    with translation.override("ja"):
        assert "RTF" in said.value.messages[0] and "「.rtf」" in said.value.messages[0]
    with pytest.raises(DocumentRejected) as said:
        inspect(io.BytesIO(b"\x89PNG"), "cv.png")
    with translation.override("en"):
        assert "a picture" in said.value.messages[0]
        assert "PDF, Word (.docx), Word (.doc), RTF, plain text (.txt)" in said.value.messages[0]
    with translation.override("ja"):
        assert "PDF、Word（.docx）" in said.value.messages[0]


def test_what_is_noticed_has_words_in_both_languages():
    for words in FINDINGS.values():
        with translation.override("ja"):
            assert is_japanese(str(words))


# --- Anything at all ---------------------------------------------------------------------------

SEEDS = [
    data for _, data, *_ in corpus.GOOD + corpus.ODD + corpus.HOSTILE if len(data) < 20_000
]  # fmt: skip
EXTENSIONS = [*NAMES, "exe", ""]
edits = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["set", "cut", "add"]), st.binary(max_size=12)),
    max_size=6,
)


def mutated(data, edits):
    for where, kind, piece in edits:
        at = int(where * len(data))
        if kind == "cut":
            data = data[:at] + data[at + len(piece) * 7 :]
        else:
            data = data[:at] + piece + data[at + (len(piece) if kind == "set" else 0) :]
    return data


@hypothesis(max_examples=400, deadline=None)
@given(st.sampled_from(SEEDS), edits, st.sampled_from(EXTENSIONS))
def test_no_file_breaks_the_check(data, edits, extension):
    judged(f"cv.{extension}", mutated(data, edits))


@hypothesis(max_examples=100, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(EXTENSIONS))
def test_no_bytes_break_the_check(data, extension):
    judged(f"cv.{extension}", data)
    judged(f"cv.{extension}", corpus.DOC[:512] + data + corpus.DOC[512 + len(data) :])


@hypothesis(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_no_file_name_breaks_anything(name):
    judged(name, corpus.pdf())
    shown = display_filename(name)
    assert 0 < len(shown) <= 120
    assert not set(shown) & set('\r\n\0<>:"|?*/\\\u202e\u200b\u2028')
    assert display_filename(shown) == shown
    shown.encode()


@pytest.mark.parametrize(
    ("raw", "shown"),
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
def test_a_file_name_is_shown_as_it_was_meant(raw, shown):
    assert display_filename(raw) == shown


# --- Large and hostile: the same work as for any other file of that size -------------------------

LARGE = 10 * MEGABYTE
PATTERNS = [
    b"/", b"/JS ", b"/a", b"#4a", b">>stream\n", b">>stream\nendstream", b">> ", b"/Encrypt ", b"PK\x05\x06",
    b"PK\x01\x02", b"/Encrypt 1 ", b"\\obj", b"\xff",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("extension", ["pdf", "rtf", "docx", "doc"])
def test_a_large_hostile_file_costs_no_more_than_its_size(pattern, extension):
    body = (pattern * (LARGE // len(pattern)))[: LARGE - 2000]
    whole = {
        "pdf": b"%PDF-1.7\n" + body + b"\n%%EOF",
        "rtf": rb"{\rtf1 " + body + b"}",
        "docx": b"PK\x03\x04" + body + corpus.archive({})[-22:],
        "doc": corpus.DOC + body,
    }[extension]
    judged(f"cv.{extension}", whole)


def test_a_directory_that_goes_in_circles_is_left():
    data = bytearray(corpus.DOC + b"\0" * MEGABYTE)
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # the directory is followed by itself
    assert judged("cv.doc", bytes(data)) in ("broken", ("doc", []))
    for field in range(0x1E, 0x4C, 2):  # every number of the header, as large as it goes
        large = bytearray(corpus.DOC)
        large[field : field + 2] = b"\xff\xff"
        judged("cv.doc", bytes(large))
