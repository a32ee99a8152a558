"""Findings: external targets and active content are noted in every format, and ordinary résumés are not."""

import time
import zlib

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from careers.documents.models import FINDINGS
from careers.documents.types import NAMES
from tests.documents import corpus, findings_corpus
from tests.documents.conftest import inspection_result
from tests.documents.findings_corpus import NOTED, ORDINARY

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def _all_types(settings):
    settings.DOCUMENT_TYPES = tuple(NAMES)


def _type(name):
    return name.rpartition(".")[2]


def test_findings_corpus_covers_formats():
    assert {_type(name) for name, *_ in NOTED} == NAMES.keys() - {"txt"}
    assert {_type(name) for name, _ in ORDINARY} == NAMES.keys() - {"txt"}
    assert len(NOTED) >= 40 and len(ORDINARY) >= 15
    assert {code for _, _, codes in NOTED for code in codes} <= FINDINGS.keys()


@pytest.mark.parametrize(("name", "data", "findings"), NOTED, ids=[row[0] for row in NOTED])
def test_findings_noted(name, data, findings):
    """Such a file is accepted, with a note."""
    assert inspection_result(name, data) == (_type(name), findings)


@pytest.mark.parametrize(("name", "data"), ORDINARY, ids=[row[0] for row in ORDINARY])
def test_findings_absent_from_ordinary_files(name, data):
    """Links that a reader clicks, fields and pictures inside the file are no findings."""
    assert inspection_result(name, data) == (_type(name), [])


@pytest.mark.parametrize(("name", "data"), findings_corpus.MACROS)
def test_findings_of_macros_reject(name, data):
    """Macros are recognized by relationship and record, whatever their names."""
    assert inspection_result(name, data) == "macros"


# --- The same content in another form ----------------------------------------------------------


@hypothesis(max_examples=100, deadline=None)
@given(st.data())
def test_findings_of_names_in_any_form(data):
    """A name of PDF may have any character as #xx, in an object stream or not, wherever a read ends."""
    name, code = data.draw(
        st.sampled_from(
            [("JavaScript", "javascript"), ("Launch", "launch"), ("GoToE", "embedded"), ("GoToR", "external"),
             ("RichMedia", "media"), ("Movie", "media"), ("XFA", "dynamic_form"), ("FFilter", "external")]
        )
    )  # fmt: skip
    forms = st.sampled_from(["{0}", "#{1:02x}", "#{1:02X}"])
    written = "".join(data.draw(forms).format(letter, ord(letter)) for letter in name).encode()
    filler = b"(" + b"x" * data.draw(st.integers(0, 300) | st.integers(65_000, 65_800)) + b")"
    content = b"<</A" + filler + b"/" + written + b" 1>>"
    make = data.draw(st.sampled_from([findings_corpus.pdf_object, findings_corpus.packed]))
    assert inspection_result("cv.pdf", make(content)) == ("pdf", [code])


_STRING_FORMS = st.sampled_from(["{0}", "\\{1:03o}", "{0}\\\n", "\\\r\n{0}"])


@hypothesis(max_examples=100, deadline=None)
@given(
    st.sampled_from(["file:///c:/a.exe", "smb://srv/a", "javascript:x", "//srv/a", "ms-word:ofe"]),
    st.lists(_STRING_FORMS, min_size=1),
    st.sampled_from(["string", "hexadecimal", "utf-16"]),
    st.integers(65_000, 65_700) | st.just(0),
)
def test_findings_of_links_in_any_form(target, forms, kind, filler):
    """So may the target of a link be a string with escapes, or in hexadecimal."""
    if kind == "string":
        letters = (
            forms[n % len(forms)].format(letter, ord(letter)) for n, letter in enumerate(target)
        )
        string = b"(" + "".join(letters).encode() + b")"
    elif kind == "hexadecimal":
        string = b"<" + target.encode().hex(" ").encode() + b">"
    else:
        string = b"<FEFF" + target.encode("utf-16-be").hex().encode() + b">"
    content = b"<</S/URI %" + b"x" * 20 + b"\n/A(" + b"x" * filler + b")/URI" + string + b">>"
    assert inspection_result("cv.pdf", findings_corpus.pdf_object(content)) == ("pdf", ["external"])


@hypothesis(max_examples=80, deadline=None)
@given(
    st.sampled_from(["DDE", "dde", "DDEAUTO"]),
    st.lists(st.sampled_from(["{0}", "&#{1};", "&#x{1:x};", "</w:t></w:r><w:r><w:t>{0}"]), min_size=1),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be"]),
    st.integers(0, 3) | st.integers(16_000, 16_400),
)  # fmt: skip
def test_findings_of_fields_in_any_xml(name, forms, encoding, filler):
    """The instruction of a field may be split over runs, and in any encoding."""
    letters = (forms[n % len(forms)].format(letter, ord(letter)) for n, letter in enumerate(name))
    body = (
        "<w:p>"
        + " " * filler
        + "</w:p>"
        + findings_corpus.instruction("".join(letters) + " cmd", tag="t")
    )
    text = f'<w:document xmlns:w="x">{body}</w:document>'
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    file = corpus.office(files={"word/a.xml": (mark + text).encode(encoding)})
    assert inspection_result("cv.docx", file) == ("docx", ["launch"])


@hypothesis(max_examples=80, deadline=None)
@given(
    st.sampled_from(["DDE", "dde", "DDEAUTO"]),
    st.lists(
        st.sampled_from(["{0}", "\\'{1:02x}", "\\u{1}?", "\\uc0\\u{1}\\uc1 ", "{{\\b {0}}}", "{{\\*\\x y}}{0}", "\r\n{0}"]),
        min_size=1,
    ),
    st.integers(0, 3) | st.integers(61_000, 66_000),
)  # fmt: skip
def test_findings_of_fields_in_any_rtf(name, forms, filler):
    """In RTF it may be split over groups, and in two kinds of escapes, wherever a read ends."""
    letters = (forms[n % len(forms)].format(letter, ord(letter)) for n, letter in enumerate(name))
    field = b"{\\field{\\*\\fldinst {" + "".join(letters).encode() + b" cmd}}{\\fldrslt}}"
    file = findings_corpus.rtf(b"x" * filler + field + b"x" * 5000)
    assert inspection_result("cv.rtf", file) == ("rtf", ["launch"])


@hypothesis(max_examples=80, deadline=None)
@given(
    st.sampled_from(["cp1252", "utf-16-le"]),
    st.integers(0, 5000),
    st.sampled_from([0, 5000, 90_000]),
    st.sampled_from([512, 4096]),
    st.randoms(use_true_random=False),
)
def test_findings_of_fields_in_any_sectors(encoding, filler, size, sector, random):
    """In .doc it may be in sectors of any order."""
    text = "x" * filler + "\x13 DDEAUTO cmd \x15"
    file = findings_corpus.doc(
        text, encoding=encoding, size=size, sector=sector, shuffle=random.shuffle
    )
    assert inspection_result("cv.doc", file) == ("doc", ["launch"])


# --- Damaged and large files -------------------------------------------------------------------

_SLOW = {"long.docx", "unpacks-to-much.pdf", "many.rtf"}
_SEEDS = [row[:2] for row in NOTED + ORDINARY if len(row[1]) < 70_000 and row[0] not in _SLOW]


@hypothesis(max_examples=300, deadline=None)
@given(
    st.sampled_from(_SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=6),
)
def test_findings_of_mutated_files(seed, edits):
    """Damage never raises anything but a rejection, and costs no more than an intact file."""
    name, file = seed
    for where, data in edits:
        at = int(where * len(file))
        file = file[:at] + data + file[at + len(data) :]
    inspection_result(name, file)


_TOKENS = st.sampled_from(
    [b"<<", b">>", b"(", b")", b"<", b"/S", b"/URI", b"/AA", b"/OpenAction", b"20 0 R", b"#", b"%", b"\\", b"\xfe\xff",
     b"/First", b"-1", b"9999999999", b"20 0 obj", b"endstream", b">>stream\n", b"/ObjStm", b"\0"]
)  # fmt: skip


@hypothesis(max_examples=300, deadline=None)
@given(st.lists(_TOKENS | st.binary(max_size=8), max_size=60), st.booleans(), st.booleans())
def test_findings_of_random_object_streams(tokens, is_packed, has_head):
    content = b" ".join(tokens)
    head = b"20 0 21 8 " if has_head else b""
    data = zlib.compress(head + content) if is_packed else head + content
    objects = b"8 0 obj<</Type/ObjStm/First 10>>stream\n" + data + b"\nendstream\n" + content
    inspection_result("cv.pdf", corpus.pdf(objects=objects))


_RTF_TOKENS = st.sampled_from(
    [b"{", b"}", b"\\", b"\\*", b"\\fldinst", b"\\field", b"\\sn", b"\\sv", b"pibName", b"\\uc9", b"\\u-1?", b"\\u55296 ",
     b"\\bin9999999999", b"\\bin-9", b"\\'", b"\\'4", b"\\'zz", b"DDE", b"HYPERLINK", b'"', b" ", b"%ff%", b"\r"]
)  # fmt: skip


@hypothesis(max_examples=200, deadline=None)
@given(st.lists(_RTF_TOKENS | st.binary(max_size=4), max_size=80))
def test_findings_of_random_fields(tokens):
    inspection_result("cv.rtf", findings_corpus.rtf_field(b"".join(tokens)))
    inspection_result("cv.doc", findings_corpus.doc("\x13" + b"\x13".join(tokens).decode("latin-1"), encoding="latin-1"))  # fmt: skip
    text = b"".join(tokens).decode("latin-1").translate(dict.fromkeys([*range(32), *b"<&"]))
    inspection_result("cv.docx", findings_corpus.docx(findings_corpus.instruction(text, text)))


LARGE = 10 * corpus.MEGABYTE
CPU_LIMIT = 5  # seconds, as in test_inspect


def _filled(pattern, size=LARGE):
    return pattern * (size // len(pattern))


def _expensive_files():
    packed = zlib.compress(b"1 0 " + b"/" * 500_000)
    for number, pattern in enumerate(
        [b"/ObjStm>>stream\nx\nendstream", b"/ObjStm>>stream\n" + packed + b"endstream", b">>stream\n" + b"obj" * 1000,
         b"/URI(a)", b"/URI%", b"/S/URI ", b"1 0 obj /S/URI ", b"/AA<<", b">>%", b"/OpenAction 1 0 R "]
    ):  # fmt: skip
        yield f"{number}.pdf", b"%PDF-1.7\n" + _filled(pattern) + b"\n%%EOF"
    for number, pattern in enumerate([rb"\fldinst", rb"{\fldinst a}", rb"{\sn a}{\sv b}", rb"{\fldinst\u68?", rb"\objx\\"]):  # fmt: skip
        yield f"{number}.rtf", findings_corpus.rtf(_filled(pattern))
    for number, pattern in enumerate([b"\x13", b"\x13 DDE ", b"\x13  "]):
        stream = corpus.word() + _filled(pattern)
        yield f"{number}.doc", corpus.compound({"WordDocument": stream, "0Table": b""})
    for number, pattern in enumerate(["<a/>", "<fldChar fldCharType='begin'/>", "<f>a</f>"]):
        part = "<x><fldChar/>" + _filled(pattern) + "</x>"
        yield f"{number}.docx", corpus.office(files={"word/a.xml": part})
    records = corpus.BIFF + _filled(b"\xae\1\0\0")
    yield "records.xls", corpus.compound({"Workbook": records})


_EXPENSIVE = dict(_expensive_files())


@pytest.mark.parametrize("name", _EXPENSIVE)
def test_findings_of_large_files_in_bounded_time(name):
    start = time.process_time()
    result = inspection_result(name, _EXPENSIVE[name])
    assert time.process_time() - start < CPU_LIMIT
    assert result[0] == _type(name)


def test_findings_of_many_parts():
    """A part that is beyond the limits is not examined, and the note says so."""
    files = {f"word/media/{number}.png": b"\x89PNG" for number in range(700)}
    assert inspection_result("cv.docx", corpus.office(files=files)) == ("docx", [])
    files |= {f"word/media/a{number}.png": b"\x89PNG" for number in range(200)}
    assert inspection_result("cv.docx", corpus.office(files=files)) == ("docx", ["unexamined"])
