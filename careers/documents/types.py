"""The types of documents that the site can judge, and their names for people.

The settings ask here, so nothing here asks the settings.
"""

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
# What people send by mistake, to be named in the answer.
OTHERS = {
    "picture": _("a picture"),
    "html": _("a web page"),
    "pptx": _("a presentation"),
    "zip": _("a ZIP archive"),
    "program": _("a program"),
}


def types(names):
    """`["pdf", "docx"]` as set by the operator → a tuple of types, each once, in the order of NAMES."""
    chosen = {name.strip().lower().lstrip(".") for name in names}
    if not chosen or chosen - NAMES.keys():
        raise ValueError(f"give some of these, with commas between them: {', '.join(NAMES)}")
    return tuple(name for name in NAMES if name in chosen)
