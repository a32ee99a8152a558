"""Rich text in a form: a textarea, which becomes an editor of exactly the tags in prose.py.

The editor is only a convenience: what is saved is cleaned by prose.py however it was written.
"""

from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms import Script
from django.utils.safestring import mark_safe

from careers.languages import LANGUAGES
from careers.prose import ProseField, as_html


def as_it_reads(record):
    """Let the admin show the rich texts of a record that cannot be edited as they read."""
    for field in record._meta.concrete_fields:
        if isinstance(field, ProseField):
            html = as_html(getattr(record, field.attname)).replace("\n", " ")
            # The admin makes a <br> of every line break, even between two items of a list.
            setattr(record, field.attname, mark_safe(html))  # noqa: S308


class RichText(AdminTextareaWidget):
    """Without JavaScript it stays the textarea that it is, with the HTML in it."""

    class Media:
        css = {
            "all": (
                "django_prose_editor/material-icons.css",
                "django_prose_editor/editor.css",
                "css/admin/rich-text.css",
            )
        }
        js = (Script("js/rich-text.js", type="module"),)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        marks = context["widget"]["attrs"]
        language = name.rpartition("_")[2]
        if language in LANGUAGES:
            marks.setdefault("lang", language)
        marks["data-rich-text"] = ""
        return context
