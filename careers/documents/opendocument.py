"""Active and external content in the parts of OpenDocument files (ISO/IEC 26300)."""

import re

from .links import is_ordinary_link, is_outside, is_remote
from .xml_parts import local_name

# Parts without these names need not be parsed.
NAMES = re.compile(
    rb"href\s*=|dde-source|dde-connection|event-listener|applet|plugin|floating-frame|object-ole|execute-macro"
)
_XLINK = "http://www.w3.org/1999/xlink href"
_LINKS = {
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0 a",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 a",
}
# LibreOffice stores where the template of the author was, and loads only what it finds on this computer.
_TEMPLATE = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0 template"
_FINDINGS = {
    "dde-source": "launch",
    "dde-connection-decl": "launch",
    "event-listener": "macro_like",
    "execute-macro": "macro_like",
    "applet": "embedded",
    "floating-frame": "embedded",
    "object-ole": "embedded",
    "plugin": "embedded",
}


class OpenDocumentPart:
    """Collects the `findings` of one part."""

    def __init__(self) -> None:
        self.findings: set[str] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if code := _FINDINGS.get(local_name(name)):
            self.findings.add(code)
        target = attributes.get(_XLINK, "")
        if name in _LINKS:
            is_external = not is_ordinary_link(target)
        elif name == _TEMPLATE:
            is_external = is_remote(target)
        else:
            is_external = is_outside(target) or target.startswith(("/", "../"))
        if is_external and local_name(name) != "event-listener":
            self.findings.add("external")

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass

    def finish(self) -> None:
        pass
