"""Active content in the parts of .docx and .xlsx files (ECMA-376): fields, formulas and linked pictures."""

import re

from . import fields
from .links import is_ordinary_link, is_outside
from .xml_parts import local_name

# Parts without these names need not be parsed. Names have no character references.
NAMES = re.compile(
    rb"fldChar|fldSimple|instrText|mailMerge|ddeLink|(?:href|src)\s*=|[<:]f[\s>]|formula|definedName"
)
_VML = "urn:schemas-microsoft-com:vml "
_OFFICE_HREF = "urn:schemas-microsoft-com:office:office href"
_TEXTS = {"t", "instrText", "delInstrText"}
_FORMULAS = {"f", "formula", "formula1", "formula2", "definedName"}
_LOADS = re.compile(r"(?<![\w.])(?:_xl\w+\.)*(?:WEBSERVICE|IMAGE|RTD)\s*\(", re.IGNORECASE)
_HYPERLINK = re.compile(r'(?<![\w.])HYPERLINK\s*\(\s*"([^"]*)"', re.IGNORECASE)
_FINDINGS = {"ddeLink": "launch", "mailMerge": "external"}


class OfficePart:
    """Collects the `findings` of one part."""

    def __init__(self) -> None:
        self.findings: set[str] = set()
        self._fields: list[_Field] = []  # from the outermost to the innermost
        self._is_text = False
        self._formula: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local in _TEXTS:
            self._is_text = True
        elif local == "fldChar":
            self._on_field_character(_attribute(attributes, "fldCharType"))
        elif local == "fldSimple":
            self._add(fields.finding(_attribute(attributes, "instr")))
        elif local in _FORMULAS:
            self._formula = []
        elif local in _FINDINGS:
            self._add(_FINDINGS[local])
        if name.startswith(_VML):
            self._on_vml(attributes)

    def end(self, name: str) -> None:
        self._is_text = False
        if self._formula is not None and local_name(name) in _FORMULAS:
            self._add(_formula_finding("".join(self._formula)))
            self._formula = None

    def text(self, text: str) -> None:
        if self._is_text and self._fields:
            self._fields[-1].add(text)
        elif self._formula is not None:
            self._formula.append(text)

    def finish(self) -> None:
        """Examine fields that do not end: Word repairs them."""
        while self._fields:
            self._examine(self._fields.pop())

    def _on_field_character(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_instruction = False
        elif kind == "end" and self._fields:
            self._examine(self._fields.pop())

    def _examine(self, field: "_Field") -> None:
        self._add(fields.finding("".join(field.instruction)))
        if self._fields and self._fields[-1].is_computed():
            self._add("unexamined")

    def _on_vml(self, attributes: dict[str, str]) -> None:
        for name in ("src", _OFFICE_HREF):
            if is_outside(attributes.get(name, "")):
                self._add("external")
        if not is_ordinary_link(attributes.get("href", "")):
            self._add("external")

    def _add(self, code: str | None) -> None:
        if code:
            self.findings.add(code)


class _Field:
    """A field between its `begin` and its `end`: the instruction ends with `separate`."""

    def __init__(self) -> None:
        self.instruction: list[str] = []
        self.is_instruction = True
        self._length = 0

    def add(self, text: str) -> None:
        text = text if self._length else text.lstrip()
        if self.is_instruction and self._length < fields.INSTRUCTION_LIMIT:
            self.instruction.append(text)
            self._length += len(text)

    def is_computed(self) -> bool:
        """Whether another field comes before its name, which Word calculates then."""
        return self.is_instruction and not self._length


def _attribute(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if local_name(key) == name), "")


def _formula_finding(formula: str) -> str | None:
    links = _HYPERLINK.findall(formula)
    is_external = _LOADS.search(formula) or not all(map(is_ordinary_link, links))
    return "external" if is_external else None
