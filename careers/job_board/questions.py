"""The questions of a job post, derived from the application form."""

from django import forms
from django.utils import translation

from careers.application_forms.fields import FIELDS
from careers.application_forms.models import ApplicationForm
from careers.applications.fields import DocumentField, TextField
from careers.applications.forms import ApplyForm

NAMES = {"given_name": "first_name", "family_name": "last_name"}  # as Greenhouse calls them
TYPES = {  # the first that fits
    DocumentField: "input_file",
    TextField: "textarea",
    forms.MultipleChoiceField: "multi_value_multi_select",
    forms.ChoiceField: "multi_value_single_select",
    forms.Field: "input_text",
}


def form_questions(role, language):
    """The form of a role, or with None of the general application, as properties of its job post.

    Only `questions` is used: the form asks none of the other kinds that Greenhouse has.
    """
    with translation.override(language):
        form = ApplyForm(ApplicationForm.for_role(role), language)
        return {
            "questions": _questions(form),
            "location_questions": [],
            "compliance": None,
            "demographic_questions": None,
        }


def _questions(form):
    """In the order of the form. A field and its alternative are one question with two fields."""
    questions = []
    for bound in (bound for section in form.sections for bound in section.fields):
        if bound.name in FIELDS and FIELDS[bound.name].alternative_to:
            questions[-1]["fields"].append(_field(bound))
        else:
            questions.append(_question(bound))
    return questions


def _question(bound):
    field = bound.field
    about = bound.help_text or getattr(field, "requirement_note", "")
    return {
        "required": field.required or getattr(field, "one_of_required", False),
        "label": str(bound.label),
        "description": str(about) or None,
        "fields": [_field(bound)],
    }


def _field(bound):
    choices = getattr(bound.field, "choices", ())
    return {
        "name": NAMES.get(bound.name, bound.name),
        "type": next(name for kind, name in TYPES.items() if isinstance(bound.field, kind)),
        "values": [
            {"value": value, "label": str(label)} for value, label in choices if value != ""
        ],
    }
