"""The document types that the site can check, and their names.

The settings import this module, so it does not import the settings.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

NAMES = {
    "pdf": _("PDF"),
    "docx": _("Word (.docx)"),
    "doc": _("Word (.doc)"),
    "rtf": _("RTF"),
    "txt": _("plain text (.txt)"),
    "xlsx": _("Excel (.xlsx)"),
    "xls": _("Excel (.xls)"),
    "odt": _("OpenDocument (.odt)"),
}
# Media types, by which a phone chooses files whose names have no extension.
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "odt": "application/vnd.oasis.opendocument.text",
}
# Types that people send by mistake, for error messages.
OTHERS = {
    "picture": _("a picture"),
    "html": _("a web page"),
    "web_archive": _("a web page saved as a single file (MHTML)"),
    "word_xml": _("a Word XML document"),
    "excel_xml": _("an Excel XML document"),
    "pptx": _("a presentation"),
    "zip": _("a ZIP archive"),
    "program": _("a program"),
}


def parse_document_types(names: Iterable[str]) -> tuple[str, ...]:
    """DOCUMENT_TYPES, such as `["pdf", "docx"]` → a tuple of types in the order of NAMES."""
    chosen = {name.strip().lower().lstrip(".") for name in names}
    if not chosen or chosen - NAMES.keys():
        raise ValueError(f"must be one or more of these, separated by commas: {', '.join(NAMES)}")
    return tuple(name for name in NAMES if name in chosen)
