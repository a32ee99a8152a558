"""Fields of Word documents: .docx, .doc and RTF store the same instructions (ECMA-376, part 1, 17.16)."""

import re

from .links import is_ordinary_link

FINDINGS = {
    "DDE": "launch",
    "DDEAUTO": "launch",
    "DATABASE": "external",
    "IMPORT": "external",  # the old name of INCLUDEPICTURE
    "INCLUDE": "external",  # the old name of INCLUDETEXT
    "INCLUDEPICTURE": "external",
    "INCLUDETEXT": "external",
    "LINK": "external",
    "RD": "external",
}
HYPERLINK = "HYPERLINK"
INSTRUCTION_LIMIT = 512  # characters that are examined: the name and its first argument
_NAME = re.compile(r"[\s\"]*([A-Za-z]+)")
# A switch and its argument, or the target: in quotation marks or not.
_ARGUMENT = re.compile(r'\s*(?:(\\[A-Za-z@*#!])\s*|"([^"]*)"?|(\S+))')
_SWITCHES_WITH_ARGUMENT = {"\\l", "\\m", "\\o", "\\t"}


def finding(instruction: str) -> str | None:
    """The code of models.FINDINGS for the instruction of a field, such as `DDEAUTO cmd "/k calc"`."""
    instruction = instruction.lstrip()[:INSTRUCTION_LIMIT]
    match = _NAME.match(instruction)
    if not match:
        return None
    name = match[1].upper()
    if name == HYPERLINK:
        return None if is_ordinary_link(_target(instruction[match.end() :])) else "external"
    return FINDINGS.get(name)


def _target(arguments: str) -> str:
    """The first argument of HYPERLINK that belongs to no switch, "" for a place in the document."""
    is_of_switch = False
    for switch, quoted, plain in _ARGUMENT.findall(arguments):
        if switch:
            is_of_switch = switch.lower() in _SWITCHES_WITH_ARGUMENT
        elif is_of_switch:
            is_of_switch = False
        else:
            return str(quoted or plain).replace("\\\\", "\\").strip('"')
    return ""
