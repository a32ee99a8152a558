"""The relationships between parts of an Office file (ECMA-376, part 2): what it loads and contains.

Office finds parts by the types of their relationships. The names of folders are free.
"""

from .errors import DocumentRejected, NotExamined
from .links import is_ordinary_link
from .xml_parts import local_name, parse

# By the last segment of the type, in lower case; what comes before it has several versions.
MACROS = {"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet"}
FINDINGS = {
    "afchunk": "embedded",
    "oleobject": "embedded",
    "package": "embedded",
    "activexcontrolbinary": "macro_like",
    "attachedtoolbars": "macro_like",
    "control": "macro_like",
    "ctrlprop": "macro_like",
    "dialogsheet": "macro_like",
    "extensibility": "macro_like",  # buttons in the ribbon
    "connections": "external",
    "externallink": "external",
    "querytable": "external",
    "taskpanes": "external",
    "webextension": "external",
    "webextensiontaskpanes": "external",
}
_HYPERLINKS = {
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/hyperlink",
}
DEPTH_LIMIT = 8  # genuine parts have 2 levels


def findings(part: bytes) -> set[str]:
    """The findings of a .rels part. DocumentRejected if it is not plain XML, or names macros."""
    reader = _Relationships()
    try:
        parse([part], reader)
    except NotExamined:
        raise DocumentRejected("broken") from None
    return reader.findings


class _Relationships:
    def __init__(self) -> None:
        self.findings: set[str] = set()
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise DocumentRejected("broken")
        if local_name(name) != "Relationship":
            return
        type_name = attributes.get("Type", "")
        segment = type_name.rpartition("/")[2].lower()
        if segment in MACROS:
            raise DocumentRejected("macros")
        if attributes.get("TargetMode") != "External":
            self.findings.update({FINDINGS[segment]} if segment in FINDINGS else ())
        elif type_name not in _HYPERLINKS or not is_ordinary_link(attributes.get("Target", "")):
            self.findings.add("external")

    def end(self, _name: str) -> None:
        self.depth -= 1

    def text(self, text: str) -> None:
        pass
