"""Checks of RTF files: objects, links and fields, by the control words that introduce them."""

import re
from collections.abc import Iterator

from . import fields
from .errors import DocumentRejected, NotExamined
from .links import is_outside
from .reading import BinaryFile, end_of_zip, read_from_start

WINDOW = 4096  # bytes after a control word in which its text is
TOKENS_LIMIT = 200_000  # control words, groups and texts of all windows

_WORDS = {
    "embedded": rb"obj(?:ect|data|emb|html|ocx|icemb)",
    "external": rb"obj(?:autlink|link|pub|sub|update)|template|subdocument|nextfile"
    rb"|mm(?:datasource|headersource|connectstr|connectstrdata|query)",
}
# After an even number of backslashes, another one begins a control word. This is slow to search for, so
# the words alone are searched for first.
_BACKSLASH = rb"(?<!\\)(?:\\\\)*+\\"
FINDINGS = {
    code: (
        re.compile(rb"\\(?:%s)(?![a-z])" % words),
        re.compile(_BACKSLASH + rb"(?:%s)(?![a-z])" % words),
    )
    for code, words in _WORDS.items()
}
# Their text says more: the instruction of a field, the property of a drawing.
_WITH_TEXT = re.compile(_BACKSLASH + rb"(fldinst|sn)(?![a-z])")
_PICTURES = ("pibname", "pibprintname", "fillblipname", "lineblipname", "linefillblipname")

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
_SCHEME_LENGTH = 8  # characters, as of `"mailto:`
_SPACES = {"tab", "par", "line", "emspace", "enspace", "qmspace"}
_ESCAPED = {b"\\": "\\", b"{": "{", b"}": "}", b"~": " "}


def check(file: BinaryFile) -> set[str]:
    """The findings in an RTF file. DocumentRejected if it is a polyglot.

    Links that a reader clicks are findings only if they lead elsewhere than `links.is_ordinary_link`.
    """
    if end_of_zip(file) is not None:
        raise DocumentRejected("polyglot")
    search = _Search()
    rest = b""
    for chunk in read_from_start(file):
        text = rest + chunk
        search.examine(text, len(text) - WINDOW)
        rest = text[_start_of_token(text, max(len(text) - WINDOW, 0)) :]
    search.examine(rest, len(rest))
    return search.findings


def _start_of_token(text: bytes, at: int) -> int:
    """`at`, or one more if an escaped backslash is there."""
    before = text[:at]
    return at + (len(before) - len(before.rstrip(b"\\"))) % 2


class _Search:
    """Collects the `findings` of consecutive texts."""

    def __init__(self) -> None:
        self.findings: set[str] = set()
        self._tokens = TOKENS_LIMIT

    def examine(self, text: bytes, end: int) -> None:
        """Search `text`. Words with text of their own are examined if they begin before `end`."""
        for code, patterns in FINDINGS.items():
            if code not in self.findings and all(pattern.search(text) for pattern in patterns):
                self.findings.add(code)
        if self._tokens <= 0 or not (b"\\fldinst" in text or b"\\sn" in text):
            return
        try:
            for match in _WITH_TEXT.finditer(text):
                if match.start() >= end:
                    break
                self._examine_text(match[1], text, match.end())
        except NotExamined:
            self.findings.add("unexamined")

    def _examine_text(self, word: bytes, text: bytes, start: int) -> None:
        groups = self._groups(text, start)
        content = next(groups)
        if word == b"fldinst":
            code = fields.finding(content)
        elif content.strip().lower() in _PICTURES:
            code = "external" if is_outside(next(groups)) else None
        else:
            code = None
        if code:
            self.findings.add(code)

    def _groups(self, text: bytes, start: int) -> Iterator[str]:
        """The plain text of the group around `start`, then of the next one. NotExamined over the limits."""
        reader, at, end = _GroupReader(), start, min(start + WINDOW, len(text))
        while at < end:
            match = _TOKEN.match(text, at, end)
            if match is None:  # a line break, or half a token
                at += 1
                continue
            self._tokens -= 1
            if self._tokens <= 0:
                raise NotExamined
            at = match.end()
            if skipped := reader.read(match):
                at += skipped
            if reader.has_ended or reader.length >= fields.INSTRUCTION_LIMIT:
                yield reader.plain
                reader = _GroupReader()
                at = _next_group(text, at, end)
        if end == start + WINDOW and not _has_argument(reader.plain):
            raise NotExamined
        yield reader.plain
        yield ""


def _has_argument(instruction: str) -> bool:
    """Whether a field has its name and enough of an argument to know a link by its scheme."""
    return len("".join(instruction.split(maxsplit=1)[1:])) >= _SCHEME_LENGTH


def _next_group(text: bytes, at: int, end: int) -> int:
    place = text.find(b"{", at, end)
    return end if place < 0 else place + 1


class _GroupReader:
    """Decodes the text of a group: of inner groups too, but not of those that programs may ignore."""

    def __init__(self) -> None:
        self.has_ended = False
        self.length = 0
        self._parts: list[str] = []
        self._depth = 0
        self._hidden_from = 0  # the depth of an ignored group, or 0
        self._fallback = [1]  # for each depth: characters after \u for programs without Unicode
        self._to_skip = 0

    @property
    def plain(self) -> str:
        return "".join(self._parts)

    def read(self, token: re.Match[bytes]) -> int:
        """Take a token. The result is the number of bytes to skip, which are binary."""
        word, number, digits, symbol, bracket, text = token.groups()
        if bracket:
            self._on_bracket(bracket)
        elif word:
            return self._on_word(word.decode("ascii"), int(number or 0))
        elif digits:
            self._add(chr(int(digits, 16)))
        elif symbol == b"*":
            self._hide()
        elif symbol:
            self._add(_ESCAPED.get(symbol, ""))
        else:
            self._add(text.decode("latin-1"))
        return 0

    def _on_bracket(self, bracket: bytes) -> None:
        self._to_skip = 0
        if bracket == b"{":
            self._depth += 1
            self._fallback.append(self._fallback[-1])
            return
        if self._hidden_from == self._depth:
            self._hidden_from = 0
        self._depth -= 1
        self._fallback.pop()
        self.has_ended = self._depth < 0

    def _on_word(self, word: str, number: int) -> int:
        if word == "u":
            self._to_skip = 0
            self._add(chr(number % 0x10000))
            self._to_skip = self._fallback[-1]
        elif word == "uc":
            self._fallback[-1] = min(max(number, 0), 8)
        elif word == "field":
            self._hide()  # a field in the instruction is examined on its own
        elif word == "bin":
            return max(number, 0)
        elif word in _SPACES:
            self._add(" ")
        return 0

    def _hide(self) -> None:
        if self._depth and not self._hidden_from:
            self._hidden_from = self._depth

    def _add(self, text: str) -> None:
        skipped = min(self._to_skip, len(text))
        self._to_skip -= skipped
        text = text[skipped:] if self.length else text[skipped:].lstrip()
        if not self._hidden_from:
            self._parts.append(text)
            self.length += len(text)
