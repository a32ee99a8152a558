"""The questions of a job post, derived from the application form."""

from django import forms
from django.utils import translation

from careers.application_forms.fields import FIELDS
from careers.applications.fields import DocumentField, TextField
from careers.applications.form_content import FormContent
from careers.applications.forms import ApplyForm

NAMES = {"given_name": "first_name", "family_name": "last_name"}  # as Greenhouse calls them
TYPES = {  # the first matching class counts
    DocumentField: "input_file",
    TextField: "textarea",
    forms.MultipleChoiceField: "multi_value_multi_select",
    forms.ChoiceField: "multi_value_single_select",
    forms.Field: "input_text",
}


def form_questions(role, language):
    """The form of a role (None: the general application) as properties of its job post.

    Only `questions` is used; the form has none of Greenhouse's other kinds of questions.
    """
    with translation.override(language):
        form = ApplyForm(FormContent(role, language))
        return {
            "questions": _questions(form),
            "location_questions": [],
            "compliance": None,
            "demographic_questions": None,
        }


def _questions(form):
    """In the order of the form. A field and its alternative are one question with two fields."""
    questions = []
    for bound_field in (bound_field for section in form.sections for bound_field in section.fields):
        if bound_field.name in FIELDS and FIELDS[bound_field.name].alternative_to:
            questions[-1]["fields"].append(_field(bound_field))
        else:
            questions.append(_question(bound_field))
    return questions


def _question(bound_field):
    field = bound_field.field
    description = bound_field.help_text or getattr(field, "requirement_note", "")
    return {
        "required": field.required or getattr(field, "one_of_required", False),
        "label": str(bound_field.label),
        "description": str(description) or None,
        "fields": [_field(bound_field)],
    }


def _field(bound_field):
    choices = getattr(bound_field.field, "choices", ())
    return {
        "name": NAMES.get(bound_field.name, bound_field.name),
        "type": next(name for kind, name in TYPES.items() if isinstance(bound_field.field, kind)),
        "values": [
            {"value": value, "label": str(label)} for value, label in choices if value != ""
        ],
    }
