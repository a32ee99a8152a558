"""The form widget of rich text: a textarea that JavaScript replaces with an editor for the allowed tags.

The editor is not a security measure: `careers.rich_text` cleans everything that is saved.
"""

from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms import Script
from django.utils.safestring import mark_safe

from careers import rich_text
from careers.languages import LANGUAGES


def render_rich_text(record):
    """Mark the rich texts of a read-only record as HTML, so that the admin shows no tags."""
    for field in record._meta.concrete_fields:
        if isinstance(field, rich_text.RichTextField):
            html = rich_text.render(getattr(record, field.attname)).replace("\n", " ")
            # The admin turns every line break into <br>, even between two items of a list.
            setattr(record, field.attname, mark_safe(html))  # noqa: S308


class RichTextWidget(AdminTextareaWidget):
    """A textarea with HTML, and the script that replaces it with an editor."""

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
        widget_attrs = context["widget"]["attrs"]
        language = name.rpartition("_")[2]
        if language in LANGUAGES:
            widget_attrs.setdefault("lang", language)
        widget_attrs["data-rich-text"] = ""
        return context
