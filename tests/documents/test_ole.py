"""OLE2 files (.doc, .xls): passwords, rights management and embedded files, wherever their streams are."""

import struct

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from careers.documents.types import NAMES
from tests.documents import corpus, findings_corpus
from tests.documents.conftest import inspection_result

pytestmark = pytest.mark.one_database

FILE_PASS = struct.pack("<HH6s", 0x2F, 6, b"")
CODE_PAGE = struct.pack("<HHH", 0x42, 2, 1200)
WRITE_PROTECTED = struct.pack("<HH", 0x86, 0)


def book(locked):
    """The first records of a Workbook stream."""
    return corpus.BIFF + WRITE_PROTECTED + (FILE_PASS if locked else b"") + CODE_PAGE


MAIN = {
    "WordDocument": lambda locked: corpus.word(0x100 if locked else 0),
    "Workbook": book,
    "Book": book,
}
TYPES = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls"}
sizes = st.integers(64, 1500) | st.integers(4000, 4200) | st.integers(4200, 30_000)


def filled(start, size, decoy):
    """A stream of `size` bytes; everything after `start` repeats `decoy` in each mini sector."""
    return (start + decoy.ljust(64, b"\0") * (size // 64 + 1))[:size]


@hypothesis(max_examples=120, deadline=None)
@given(
    st.sampled_from(sorted(MAIN)),
    st.booleans(),
    sizes,
    st.lists(sizes, max_size=6),
    st.sampled_from([512, 4096]),
    st.randoms(use_true_random=False),
)
def test_ole_password(name, locked, size, others, sector, random):
    """A locked file is rejected and an open one accepted, whatever the order and size of its streams.

    All other streams begin like the opposite, so that a read at a wrong place is noticed.
    """
    decoy = MAIN[name](not locked)
    main = MAIN[name](locked)
    streams = {f"Stream {number}": filled(b"", other, decoy) for number, other in enumerate(others)}
    streams[name] = filled(main.ljust(128, b"\0"), max(size, 128), decoy)
    order = list(streams)
    random.shuffle(order)
    file = corpus.ole2({key: streams[key] for key in order}, sector=sector, shuffle=random.shuffle)
    expected = "encrypted" if locked else (TYPES[name], [])
    if TYPES[name] == "xls" and not locked:
        expected = "other_type"  # not among the accepted types
    assert inspection_result(f"cv.{TYPES[name]}", file) == expected


@pytest.mark.parametrize("size", [12, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097])
def test_ole_password_at_boundaries_of_sectors(size):
    for locked in (False, True):
        main = MAIN["WordDocument"](locked).ljust(size, b"\0")
        file = corpus.ole2({"Data": b"\xff" * 900, "WordDocument": main})
        assert inspection_result("cv.doc", file) == ("encrypted" if locked else ("doc", []))


def test_ole_type_is_that_of_the_root_storage(settings):
    """An embedded object has streams of the same names."""
    settings.DOCUMENT_TYPES = tuple(NAMES)
    word = {"WordDocument": corpus.word(0x100), "EncryptedPackage": b"x", "\x06DataSpaces": {}}
    excel = {"Workbook": book(locked=True)}
    file = corpus.ole2({"MBD0001": word, "Workbook": book(locked=False)})
    assert inspection_result("cv.xls", file) == ("xls", ["embedded"])
    file = corpus.ole2({"ObjectPool": {"_1": excel}, "WordDocument": corpus.word()})
    assert inspection_result("cv.doc", file) == ("doc", ["embedded"])
    assert inspection_result("cv.doc", corpus.ole2({"ObjectPool": {"_1": word}})) == "broken"


@pytest.mark.parametrize(
    "protection",
    [
        {"\x06DataSpaces": {"Version": b"x"}},
        {"\tDRMContent": b"x" * 5000},
        {"\tDRMViewerContent": b"x"},
        {"\x06dataspaces": {}, "EncryptedPackage": b"x"},
    ],
)
@pytest.mark.parametrize("name", ["WordDocument", "Workbook"])
def test_ole_rights_management_rejected(settings, name, protection):
    """[MS-OFFCRYPTO]: the stream that remains is a notice, and the document is encrypted."""
    settings.DOCUMENT_TYPES = tuple(NAMES)
    file = corpus.ole2({name: MAIN[name](False), **protection})
    assert inspection_result(f"cv.{TYPES[name]}", file) == "encrypted"


def test_ole_macros_in_embedded_file_rejected():
    file = corpus.ole2(
        {"WordDocument": corpus.word(), "ObjectPool": {"_1": {"Macros": {"VBA": {"dir": b"x"}}}}}
    )
    assert inspection_result("cv.doc", file) == "macros"


def test_ole_empty_main_stream_rejected():
    assert inspection_result("cv.doc", corpus.ole2({"WordDocument": b""})) == "broken"
    assert inspection_result("cv.doc", corpus.ole2({"WordDocument": b"\xec\xa5"})) == "broken"


@hypothesis(max_examples=150, deadline=None)
@given(
    st.integers(100, 6000),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_ole_mutated(size, edits, random):
    """Damage never raises anything but a rejection, and costs no more than an intact file."""
    main = corpus.word().ljust(size, b"\0")
    file = corpus.ole2({"Data": b"x" * 700, "WordDocument": main}, shuffle=random.shuffle)
    for where, data in edits:
        at = int(where * len(file))
        file = file[:at] + data + file[at + len(data) :]
    inspection_result("cv.doc", file)


@pytest.mark.parametrize("table", ["fat", "mini fat"])
def test_ole_circular_chains(table):
    """A chain that leads back to its start ends after as many sectors as there are."""
    main = corpus.word().ljust(6000 if table == "fat" else 600, b"\0")
    file = corpus.ole2({"WordDocument": main, "Data": b"x" * 700})
    for number in range(len(file) // 4 - 128):
        at = 512 + number * 4
        following = int.from_bytes(file[at : at + 4], "little")
        if following == number + 1:
            file = file[:at] + number.to_bytes(4, "little") + file[at + 4 :]
    inspection_result("cv.doc", file + b"\0" * corpus.MEGABYTE)


def test_ole_offsets_beyond_the_file():
    """No limit of small streams and no offset makes reads endless."""
    intact = findings_corpus.template("http://x/a.dotm")
    at = intact.index(bytes(0x19A - 12) + b"\x64\0\0\0") + 0x19A - 12
    offset = intact[:at] + b"\xf0\xff\xff\xff" + intact[at + 4 :]
    assert inspection_result("cv.doc", offset) == ("doc", [])
    cutoff = intact[:56] + b"\xff\xff\xff\x7f" + intact[60:]
    assert inspection_result("cv.doc", cutoff) == ("doc", ["external"])
