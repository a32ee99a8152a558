"""The list of errors above a form: one line for each field, which begins with the name of the field."""

from typing import NamedTuple

from django.utils.text import Truncator
from django.utils.translation import get_language, pgettext

MAX_LABEL = 80  # characters; a question may have 300


class FieldError(NamedTuple):
    """The first error of a field. `target` is the id to link to.

    `label` ends with its separator; it is "" if the text begins with the label. `label_language` is ""
    if the label is in the language of the page.
    """

    name: str
    target: str
    label: str
    label_language: str
    text: str


def field_errors(bound_fields):
    """The `FieldError` of each of these fields that has one, in the same order."""
    return [_field_error(bound_field) for bound_field in bound_fields if bound_field.errors]


def _field_error(bound_field):
    label = str(getattr(bound_field.field, "short_label", bound_field.label))
    language = getattr(bound_field.field, "label_language", "")
    text = str(bound_field.errors[0])
    return FieldError(
        name=bound_field.name,
        target=bound_field.id_for_label or bound_field.auto_id,
        label="" if text.startswith(label) else label_with_separator(label),
        label_language="" if language == get_language() else language,
        text=text,
    )


def label_with_separator(label):
    """`Earliest start: `, for the beginning of a line; after a question mark without a colon."""
    label = Truncator(label).chars(MAX_LABEL)
    if label.endswith(("?", "？")):
        pattern = pgettext("a question, before what is wrong with its answer", "%(question)s ")
        return pattern % {"question": label}
    pattern = pgettext("a field, before what is wrong with it", "%(field)s: ")
    return pattern % {"field": label.rstrip(".。")}
