"""PDF files: which open without a password, and what may follow their end."""

import logging

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from tests.documents import corpus
from tests.documents.conftest import inspection_result

pytestmark = pytest.mark.one_database

OPEN = ("pdf", [])
REFERENCE = b"/Encrypt 8 0 R/ID"


def encrypted_in_form(form, algorithm, user):
    """A PDF with the same encryption, and its trailer in one of the forms that files have."""
    encryption, identifier = corpus.encryption(algorithm, user)
    objects = b"8 0 obj\n" + encryption + b"\nendobj\n"
    match form:
        case "table":
            return corpus.locked_pdf(algorithm, user)
        case "wrong startxref":
            return corpus.pdf(objects=objects, trailer=REFERENCE + identifier)
        case "direct dictionary":
            return corpus.pdf(trailer=b"/ID" + identifier + b"/Encrypt" + encryption)
        case "xref stream":
            return corpus.pdf_with_xref_stream(REFERENCE + identifier, objects)
        case "xref stream, wrong startxref":
            file = corpus.pdf_with_xref_stream(REFERENCE + identifier, objects)
            return file.replace(b"startxref\n", b"startxref\n9")
        case "two revisions":
            old = corpus.pdf(objects=objects.replace(b"Standard", b"Another"))
            return old + corpus.pdf(objects=objects, trailer=REFERENCE + identifier)
        case "lines before the header":
            return b"\n" * 200 + corpus.locked_pdf(algorithm, user)
        case "offsets from the start of the file":
            file = corpus.pdf_with_xref_stream(REFERENCE + identifier, objects)
            place, after = file.index(b"9 0 obj"), file.index(b"startxref")
            return b"\n" * 200 + file[:after] + b"startxref\n%d\n%%%%EOF" % (place + 200)
        case "comment before the dictionary":
            objects = objects.replace(b"obj\n", b"obj % Standard <<\r\n ", 1)
            return corpus.pdf(objects=objects, trailer=REFERENCE + identifier)
        case "comment in the trailer":
            file = corpus.pdf(objects=objects, trailer=REFERENCE + identifier)
            return file.replace(b"trailer\n", b"trailer % the last\n")
        case "other bytes before the header":
            return b"\0" * 200 + corpus.pdf_with_xref_stream(REFERENCE + identifier, objects)


FORMS = [
    "table",
    "wrong startxref",
    "direct dictionary",
    "xref stream",
    "xref stream, wrong startxref",
    "two revisions",
    "lines before the header",
    "offsets from the start of the file",
    "comment before the dictionary",
    "comment in the trailer",
    "other bytes before the header",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("algorithm", corpus.ALGORITHMS)
def test_encrypted_pdf_accepted_if_user_password_is_empty(algorithm, form):
    """Every revision (R2 to R6): the owner's password only forbids copying or printing."""
    assert inspection_result("cv.pdf", encrypted_in_form(form, algorithm, "")) == OPEN
    assert inspection_result("cv.pdf", encrypted_in_form(form, algorithm, "秘密")) == "encrypted"


@hypothesis(max_examples=40, deadline=None)
@given(
    st.sampled_from(corpus.ALGORITHMS),
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30),
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1, max_size=30),
    st.integers(0, 3000),
)
def test_encrypted_pdf_of_any_password(algorithm, user, owner, padding):
    file = corpus.locked_pdf(algorithm, user, owner) + b"\0" * padding
    assert inspection_result("cv.pdf", file) == ("encrypted" if user else OPEN)


def test_encrypted_pdf_findings_remain():
    """Names are not encrypted, so what they announce is found as in other files."""
    encryption, identifier = corpus.encryption("AES-128", "")
    objects = b"8 0 obj" + encryption + b"endobj 7 0 obj<</S/JavaScript/JS<00>>>endobj\n"
    file = corpus.pdf(objects=objects, trailer=REFERENCE + identifier)
    assert inspection_result("cv.pdf", file) == ("pdf", ["javascript"])


def test_encrypted_pdf_with_open_pages_accepted():
    """A password for the attachments only (crypt filter Identity) hides no page."""
    encryption, identifier = corpus.encryption("AES-128", "secret")
    encryption = encryption.replace(b"/StmF /StdCF", b"/StmF /Identity")
    encryption = encryption.replace(b"/StrF /StdCF", b"/StrF /Identity /EFF /StdCF")
    assert encryption.count(b"Identity") == 2
    file = corpus.pdf(trailer=b"/ID" + identifier + b"/Encrypt" + encryption)
    assert inspection_result("cv.pdf", file) == OPEN


@pytest.mark.parametrize(
    "file",
    [
        corpus.pdf(trailer=b"/Title(see /Encrypt 1 0 R)"),
        corpus.pdf(trailer=b"/Title(\\(/Encrypt <</Filter/Standard>>)"),
        corpus.pdf(objects=b"9 0 obj<</Title(How to write /Encrypt 1 0 R)>>endobj\n"),
        corpus.pdf(objects=b"9 0 obj<</Private<</Encrypt 1 0 R>>>>endobj\n"),
        corpus.pdf(objects=b"% /Encrypt 1 0 R\n% trailer <</Encrypt 1 0 R>>\n"),
        corpus.pdf(after=b"\n% /Encrypt 1 0 R\n"),
        corpus.pdf_with_xref_stream(b"/Title(/Encrypt 1 0 R)"),
        corpus.pdf_with_xref_stream(b"", b"8 0 obj(trailer<</Encrypt 1 0 R>>)endobj\n"),
        corpus.pdf_with_xref_stream(b"", b"% trailer<</Encrypt 1 0 R>>\n"),
        corpus.pdf(trailer=b"/Encrypt null"),
    ],
)
def test_encryption_named_in_text_only(file):
    """Titles, comments and dictionaries other than the trailer encrypt nothing."""
    assert inspection_result("cv.pdf", file) == OPEN


@pytest.mark.parametrize(
    ("encryption", "expected"),
    [
        (b"<</Filter/Standard/V 2/R 3/O(short)/U(short)/P -4/Length 99999999999>>", "encrypted"),
        (b"<</Filter/Standard/V 2/R 3/O<" + b"41" * 400 + b">/U()/P -4>>", "broken"),
        (b"<</Filter/Standard/V 5/R 6/CF 5 0 R/StmF/StdCF/StrF/StdCF>>", "broken"),
        (b"<</Filter/Standard/V(x)/R(x)/P(x)/O 1/U 2>>", "encrypted"),
        (b"<</Filter" * 900, "broken"),
        (b"[" * 9000, "broken"),
        (b"<</V 9>>", "encrypted"),
    ],
)
def test_broken_encryption_rejected(encryption, expected):
    in_object = corpus.pdf(trailer=b"/Encrypt 8 0 R", objects=b"8 0 obj" + encryption + b"endobj\n")
    assert inspection_result("cv.pdf", in_object) == expected
    in_trailer = corpus.pdf(trailer=b"/Encrypt" + encryption)
    is_found = encryption.startswith(b"<<")
    assert inspection_result("cv.pdf", in_trailer) == (expected if is_found else OPEN)


@hypothesis(max_examples=150, deadline=None)
@given(
    st.sampled_from([encrypted_in_form(form, "AES-128", "") for form in FORMS]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=8),
)
def test_encrypted_pdf_mutated(file, edits):
    """Damage never raises anything but a rejection."""
    for where, data in edits:
        at = int(where * len(file))
        file = file[:at] + data + file[at + len(data) :]
    inspection_result("cv.pdf", file)


def test_encrypted_pdf_is_not_logged(caplog):
    """The warnings of pypdf would repeat parts of the file."""
    caplog.set_level(logging.DEBUG)
    file = corpus.pdf(trailer=b"/Encrypt<</Filter/Standard /Author(Taro) (Taro) /V 9>>")
    inspection_result("cv.pdf", file)
    assert "Taro" not in caplog.text


# --- What follows the end ----------------------------------------------------------------------

PADDING = [b"\0", b"\n", b" ", b"\r\n", b"\0\n", b"\t\0\x0c "]


@hypothesis(max_examples=60, deadline=None)
@given(st.sampled_from(PADDING), st.integers(0, 200_000))
def test_padding_accepted(padding, length):
    """Scanners and disks pad files to a round size."""
    padding = (padding * length)[:length]
    assert inspection_result("cv.pdf", corpus.pdf(after=padding)) == OPEN
    assert inspection_result("cv.docx", corpus.office() + padding) == ("docx", [])
    assert inspection_result("cv.doc", corpus.DOC + padding) == ("doc", [])
    assert inspection_result("cv.rtf", corpus.RTF + padding) == ("rtf", [])
    assert inspection_result("cv.txt", corpus.TEXT.encode() + b"\0" * length) == ("txt", [])


def test_padding_alone_rejected():
    for padding in PADDING:
        assert inspection_result("cv.pdf", b"%PDF-1.7" + padding * 5000) == "broken"
        assert inspection_result("cv.pdf", corpus.pdf()[:-30] + padding * 5000) == "broken"
    assert inspection_result("cv.txt", b"\0" * 5000) == "broken"


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body>Thank you</body></html>",
        b"\r\n<!DOCTYPE html>\n<html>" + b"<p>x" * 10_000 + b"</html>",
        b"\n<!-- served in 0.1 s -->",
        b"\n<br />\n<b>Warning</b>: Cannot modify header information",
        b"<script>var x</script>" + b"\0" * 5000,
        b"\0" * 3000 + b"<html><body>Thank you</body></html>",
        b"\r\n\0" * 3000 + b"\t<!DOCTYPE html>",
    ],
)
def test_web_page_after_pdf_noticed(page):
    """Web servers append a page to what they send."""
    assert inspection_result("cv.pdf", corpus.pdf(after=b"\n" + page)) == ("pdf", ["odd_end"])


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (b"x" * 2000, OPEN),
        (b"x" * 3000, "broken"),
        (b"<3 " + b"x" * 3000, "broken"),
        (b"\0" * 3000 + b"x", "broken"),
        (b"<html>" + b"x" * 70_000, "broken"),
        (corpus.archive({"a": b"a"}), "polyglot"),
        (corpus.archive({"a": b"a"}) + b"\0" * 100_000, "polyglot"),
        (corpus.archive({"a": b"a"}, comment=b"<html>") + b"\n" * 3000, "polyglot"),
        (b"<html>" + corpus.archive({"a": b"a"}), "polyglot"),
        (corpus.archive({}) + b"\0" * 9, "polyglot"),
    ],
)
def test_other_bytes_after_pdf(after, expected):
    assert inspection_result("cv.pdf", corpus.pdf(after=b"\n" + after)) == expected


def test_padding_of_any_length_read_in_parts():
    """`inspection_result` checks the largest read."""
    file = corpus.pdf(after=b"\0" * (10 * corpus.MEGABYTE - 2000))
    assert inspection_result("cv.pdf", file) == OPEN
