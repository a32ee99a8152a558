"""Plain text: in every usual encoding, and nothing that is not text."""

import contextlib
import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from tests.documents import corpus
from tests.documents.conftest import inspection_result

pytestmark = pytest.mark.one_database

JAPANESE = "履歴書\r\n山田 太郎\r\n\vプログラマー。ｶﾅ、①、〜、―。\r\n"
KANJI = "履歴書\r\n山田 太郎\r\nプログラマー。\r\n"
SAMPLES = {
    "utf-8": JAPANESE,
    "utf-8-sig": JAPANESE,
    "utf-16": JAPANESE,
    "utf-16-le": JAPANESE,
    "utf-16-be": JAPANESE,
    "utf-32": JAPANESE,
    "cp932": "髙橋 﨑\r\n①Ⅳ㈱\r\n",
    "shift_jis": KANJI,
    "shift_jis_2004": "𠮟田 俱\r\nか゚ ㇰ ☞\r\n",
    "euc_jp": KANJI,
    "euc_jis_2004": "𠮟田 俱\r\nか゚\r\n",
    "iso2022_jp": KANJI,
    "iso2022_jp_ext": KANJI,
    "iso2022_jp_2004": "𠮟田\r\n",
    "iso2022_kr": "이력서\r\n",
    "cp949": "이력서\r\n김철수\r\n",
    "euc_kr": "이력서\r\n",
    "gb18030": "简历\r\n王小明\r\n",
    "big5": "履歷\r\n王小明\r\n",
    "cp1250": "Życiorys: Łódź, Příliš žluťoučký kůň. „Ť”\r\n",
    "iso8859-2": "Životopis: Příliš žluťoučký kůň.\r\n",
    "cp1251": "Резюме: Ёлка №1 — «да»\r\n",
    "koi8-r": "Резюме\r\n",
    "cp1252": "Née à Orléans ; 10 € l’heure\r\n",
    "iso8859-15": "Née à Orléans, 10 €\r\n",
    "mac_roman": "Curriculum vitæ “Née à Orléans” ﬁ Ω\r",
    "cp1253": "Βιογραφικό\r\n",
    "cp1254": "Özgeçmiş İı\r\n",
    "cp1255": "קורות חיים\r\n",
    "cp1256": "السيرة الذاتية\r\n",
    "cp874": "ประวัติ\r\n",
    "cp437": "Señor Müller ½\r\n",
}


@pytest.mark.parametrize("encoding", SAMPLES)
def test_text_encoding_accepted(encoding):
    data = SAMPLES[encoding].encode(encoding)
    assert inspection_result("cv.txt", data) == ("txt", [])
    assert inspection_result("cv.txt", data * 200 + data) == ("txt", [])
    if "16" not in encoding and "32" not in encoding:  # the end mark of DOS is one byte
        assert inspection_result("cv.txt", data + b"\x1a") == ("txt", [])
    assert inspection_result("履歴書", data) == ("txt", [])


def _alphabet(encoding):
    """The characters of all samples, and some of each script, that an encoding has."""
    ranges = [range(0x21, 0x7F), range(0xA1, 0x180), range(0x390, 0x3CF), range(0x401, 0x460)]
    ranges += [range(0x3041, 0x30FF, 3), range(0x4E00, 0x9FA0, 97)]
    pool = {chr(code) for numbers in ranges for code in numbers} | set("".join(SAMPLES.values()))
    pool = {character for character in pool if unicodedata.category(character) != "Cn"}
    alphabet = []
    for character in sorted(pool - set("\r\n\v ")):
        with contextlib.suppress(UnicodeEncodeError):
            character.encode(encoding)
            alphabet.append(character)
    return alphabet


ALPHABETS = {encoding: _alphabet(encoding) for encoding in SAMPLES}


@hypothesis(max_examples=120, deadline=None)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.sampled_from(["\n", "\r", "\r\n", "\n\x0b", "\x0c\n", " \t\n"]),
    st.randoms(use_true_random=False),
)
def test_text_of_any_words_accepted(encoding, separator, random):
    """Every text that an encoding can write is taken, whatever its spaces and line ends."""
    words = ["".join(random.choices(ALPHABETS[encoding], k=5)) for _ in range(20)]
    text = separator.join(words)
    assert inspection_result("cv.txt", text.encode(encoding)) == ("txt", [])


@pytest.mark.parametrize(
    "data",
    [
        b"Curriculum\0vitae",
        b"\x07 bell",
        b"\x1b[31mred\x1b[0m",
        b"delete \x7f",
        b"\xff\xfe\0\xd8 \0",  # half of a surrogate pair
        b"\xff\xfe" + "a\0b\n".encode("utf-16-le"),
        b"\xff\xfe\0\0" + b"\xff" * 8,
        "a \ue000\x01".encode("utf-16-le"),  # without a mark: a private character
        "\u0378\u0379 \n".encode("utf-16-le"),  # without a mark: not assigned
        "山田太郎".encode("utf-16-le") + b"\x01\0",
        bytes(range(256)) * 9,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\x1b$B\x21",
    ],
)
def test_text_with_control_characters_rejected(data):
    assert inspection_result("cv.txt", data) == "broken"
    assert inspection_result("cv", data) in ("type", "other_type")


@hypothesis(max_examples=200, deadline=None)
@given(st.integers(0, 2**64), st.integers(200, 4000))
def test_random_bytes_are_no_text(seed, size):
    """Compressed or encrypted data: of 200 such bytes, about 20 are control characters."""
    data = random.Random(seed).randbytes(size)
    assert inspection_result("cv.txt", data) == "broken"
    assert inspection_result("cv", data) in ("type", "other_type")  # a signature has 2 bytes


ASSIGNED = ("utf-16-le", "utf-16-be")  # accepted without a mark, if all characters are assigned


def readable(data, encoding):
    """Whether bytes are text without control characters in an encoding."""
    try:
        text = data.decode(encoding).rstrip("\0")
    except UnicodeDecodeError:
        return False
    categories = {unicodedata.category(char) for char in text if char not in "\t\n\v\f\r\x1a"}
    is_assigned = encoding not in ASSIGNED or not categories & {"Cn", "Co"}
    return "Cc" not in categories and is_assigned


@hypothesis(max_examples=400, deadline=None)
@given(st.binary(min_size=1, max_size=300) | st.text(max_size=100).map(str.encode))
def test_accepted_bytes_are_text_in_some_encoding(data):
    """Few bytes may happen to be text. Then an encoding exists in which they have no control characters."""
    if inspection_result("cv.txt", data) == ("txt", []):
        assert any(readable(data, encoding) for encoding in SAMPLES)


# --- Office's formats in text, under the names of its binary files -----------------------------

WORD_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<?mso-application progid="Word.Document"?>\r\n<w:wordDocument/>'
MHTML = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n<html>'
CHROME = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x/\r\nSubject: CV\r\n of Taro\r\n"
    + MHTML
)


@pytest.mark.parametrize(
    ("data", "english", "japanese"),
    [
        (WORD_XML, "a Word XML document", "Word XML文書"),
        (b"\xef\xbb\xbf" + WORD_XML, "a Word XML document", "Word XML文書"),
        (WORD_XML.replace(b"Word.Document", b"Excel.Sheet"), "an Excel XML document", "Excel XML文書"),
        (MHTML, "a web page saved as a single file", "単一ファイルのWebページ"),
        (CHROME, "a web page saved as a single file", "単一ファイルのWebページ"),
        (b"<html xmlns:o='urn:x'>", "a web page", "Webページ"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["cv.doc", "cv.docx", "cv.xls", "cv"])
def test_office_text_formats_are_named(rejection_message, name, data, english, japanese):
    """The message says what the file is, and in which formats to save it."""
    assert english in rejection_message("en", name, data)
    assert "PDF, Word (.docx)" in rejection_message("en", name, data)
    assert japanese in rejection_message("ja", name, data)


def test_web_archive_under_txt_is_text():
    assert inspection_result("cv.txt", MHTML) == ("txt", [])
    letter = b"Subject: my CV\nMIME-Version: 1.0\nContent-Type: text/plain\n\nHello"
    assert inspection_result("letter", letter) == ("txt", [])
    assert inspection_result("cv.txt", corpus.TEXT.encode()) == ("txt", [])
