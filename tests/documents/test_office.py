"""Office files that load content from elsewhere: the external relationships of any part."""

import pytest

from careers.documents.types import NAMES
from tests.documents import corpus
from tests.documents.conftest import inspection_result

pytestmark = pytest.mark.one_database

TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def rels(kind, *, base=TRANSITIONAL, mode="External", prefix="", head='<?xml version="1.0"?>'):
    colon = f"{prefix}:" if prefix else ""
    xmlns = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'{head}<{colon}Relationships {xmlns}="{PACKAGE}"><{colon}Relationship Id="rId1" Type="{base}{kind}" '
        f'Target="http://x.example/履歴書" TargetMode="{mode}"/></{colon}Relationships>'
    )


def docx(part, name="word/_rels/document.xml.rels"):
    return corpus.office(files={name: part})


@pytest.mark.parametrize("base", [TRANSITIONAL, STRICT])
@pytest.mark.parametrize(
    "kind",
    ["attachedTemplate", "image", "oleObject", "frame", "subDocument", "aFChunk", "video", "audio", "externalLinkPath", "mailMergeSource"],
)  # fmt: skip
def test_external_content_noticed(kind, base):
    """Content of the file itself is not external; objects and other documents in it are embedded."""
    assert inspection_result("cv.docx", docx(rels(kind, base=base))) == ("docx", ["external"])
    inside = ["embedded"] if kind in ("oleObject", "aFChunk") else []
    part = rels(kind, base=base, mode="Internal")
    assert inspection_result("cv.docx", docx(part)) == ("docx", inside)


@pytest.mark.parametrize("base", [TRANSITIONAL, STRICT])
def test_hyperlinks_are_not_noticed(base):
    """A link to a portfolio is in nearly every résumé."""
    assert inspection_result("cv.docx", docx(rels("hyperlink", base=base))) == ("docx", [])


@pytest.mark.parametrize(
    "name",
    ["_rels/settings.xml.rels", "word/_rels/settings.xml.rels", "word/_rels/header1.xml.rels", "WORD/_RELS/X.RELS", "customXml/_rels/a.rels"],
)  # fmt: skip
@pytest.mark.parametrize(
    "part",
    [
        rels("attachedTemplate"),
        rels("attachedTemplate", prefix="r"),
        rels("attachedTemplate").encode("utf-8-sig"),
        rels("attachedTemplate", head='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
        rels("attachedTemplate", head="").encode("utf-16"),
        rels("attachedTemplate", head="<!-- comment -->"),
        rels("attached&#84;emplate").replace("External", "Exter&#110;al"),
        rels("", base="http://example.com/hyperlink"),
        rels("hyperlink/x"),
    ],
)
def test_external_content_in_any_part_and_encoding(name, part):
    assert inspection_result("cv.docx", docx(part, name)) == ("docx", ["external"])


def test_external_content_of_excel(settings):
    settings.DOCUMENT_TYPES = tuple(NAMES)
    files = {"xl/worksheets/_rels/sheet1.xml.rels": rels("oleObject")}
    file = corpus.office(corpus.EXCEL, "xl/workbook.xml", files=files)
    assert inspection_result("cv.xlsx", file) == ("xlsx", ["external"])


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (rels("image", head='<!DOCTYPE x SYSTEM "http://x/">'), "broken"),
        (rels("image", head='<!DOCTYPE x [<!ENTITY e "External">]>', mode="&e;"), "broken"),
        (rels("image")[:-9], "broken"),
        (rels("image", head='<?xml version="1.0" encoding="x-none"?>'), "broken"),
        (b"\xff\xfe\0", "broken"),
        (b"", "broken"),
        (b"<a>" * 100_000, "broken"),
        (b"<a>" * 9 + b"</a>" * 9, "broken"),
        ("<Relationships>" + " " * 1_100_000 + "</Relationships>", "bomb"),
    ],
)
def test_broken_relationships_rejected(part, code):
    assert inspection_result("cv.docx", docx(part)) == code


def test_many_relationships_rejected():
    part = "<Relationships>" + " " * 1_000_000 + "</Relationships>"
    files = {f"word/_rels/{number}.rels": part for number in range(5)}
    assert inspection_result("cv.docx", corpus.office(files=files)) == "bomb"
    files = {f"word/_rels/{number}.rels": "<Relationships/>" for number in range(500)}
    assert inspection_result("cv.docx", corpus.office(files=files)) == "bomb"
    files = {f"word/_rels/{number}.rels": "<Relationships/>" for number in range(390)}
    assert inspection_result("cv.docx", corpus.office(files=files)) == ("docx", [])


@pytest.mark.parametrize("other", ["x/externalLinks/y", "word/externallinks/a.xml"])
@pytest.mark.parametrize(
    ("part", "code"),
    [
        (rels("image")[:-9], "broken"),
        (rels("image", head='<!DOCTYPE x SYSTEM "http://x/">'), "broken"),
        ("<Relationships>" + " " * 1_100_000 + "</Relationships>", "bomb"),
    ],
)
def test_broken_relationships_rejected_beside_external_links(part, code, other):
    """An entry that is already a finding does not end the check of relationships."""
    files = {other: "x", "word/_rels/document.xml.rels": part}
    assert inspection_result("cv.docx", corpus.office(files=files)) == code


def test_many_relationships_rejected_beside_external_links():
    files = {f"word/_rels/{number}.rels": "<Relationships/>" for number in range(500)}
    file = corpus.office(files={"x/externallinks/y": "x", **files})
    assert inspection_result("cv.docx", file) == "bomb"


APPLE_DOUBLE = b"\0\5\x16\7\0\2\0\0Mac OS X        " + b"\0\2\0\0\0\x09" + b"\0" * 200


@pytest.mark.parametrize(
    "name",
    [
        "__MACOSX/_rels/._.rels",
        "__MACOSX/word/_rels/._document.xml.rels",
        "word/_rels/._document.xml.rels",
    ],
)
def test_attributes_of_macos_accepted(name):
    """macOS adds a binary file for each file that it compresses, and on other disks beside it."""
    assert inspection_result("cv.docx", docx(APPLE_DOUBLE, name)) == ("docx", [])


@pytest.mark.parametrize(
    "name", ["__MACOSX/word/_rels/document.xml.rels", "__MACOSX/word/_rels/._document.xml.rels"]
)
def test_external_content_in_folder_of_macos(name):
    """Office loads a main part of any name, so the name of a folder hides nothing."""
    assert inspection_result("cv.docx", docx(rels("image"), name)) == ("docx", ["external"])
    assert inspection_result("cv.docx", docx("", name)) == "broken"
