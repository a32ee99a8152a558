"""Which targets of links and of loaded content are worth a note.

A link that a reader clicks is ordinary if it leads to the web, an email address, a phone number or a
place in the same document. What a program loads by itself is noted wherever it comes from.
"""

import re
from urllib.parse import unquote

ORDINARY_SCHEMES = {"http", "https", "mailto", "tel"}
# Content of the email that the text was copied from, and of the file itself.
INSIDE_SCHEMES = {"cid", "data"}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20\x7f]+")  # programs drop them: `java\nscript:` is javascript:


def is_ordinary_link(target: str) -> bool:
    """Whether a link that a reader clicks needs no note.

    A target without a scheme is ordinary, except the path of a server (`\\\\server\\share`).
    """
    scheme, path = _split(target)
    return scheme in ORDINARY_SCHEMES or (not scheme and not path.startswith("//"))


def is_outside(target: str) -> bool:
    """Whether content that a program loads from `target` is neither in the file nor beside it."""
    scheme, path = _split(target)
    return (bool(scheme) and scheme not in INSIDE_SCHEMES) or path.startswith("//")


def is_remote(target: str) -> bool:
    """Whether `target` is on another machine: programs store local paths of templates everywhere."""
    scheme, path = _split(target)
    if scheme == "file":
        return bool(re.match(r"//(?!/[^/]|localhost/)", path))
    return len(scheme) > 1 or path.startswith("//")  # C: is a Windows drive


def _split(target: str) -> tuple[str, str]:
    """(scheme in lower case or "", the rest with / for \\)."""
    target = _IGNORED.sub("", unquote(target))
    match = _SCHEME.match(target)
    path = target[match.end() :] if match else target
    return match[1].lower() if match else "", path.replace("\\", "/")
