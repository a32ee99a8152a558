"""Registers application forms as a part of their roles: an incomplete form makes its role incomplete.

See `roles.completeness`. The general application has no role and is never unpublished: its form shows a
missing text in the other language, and the admin names it.
"""

from careers.roles.completeness import RolePart

from .completeness import note_text
from .models import ApplicationForm, FormQuestionSet, Question


def _incomplete_roles(language):
    """Three queries. Each starts from an index of incomplete rows."""
    forms = ApplicationForm.objects.exclude(role=None)
    uses = FormQuestionSet.objects.exclude(form__role=None)
    return [
        forms.filter(**{f"incomplete_{language}": True}).values("role"),
        forms.filter(pk__in=Question.objects.incomplete(language, "form")).values("role"),
        uses.filter(question_set__in=Question.objects.incomplete(language, "question_set")).values(
            "form__role"
        ),
    ]


def _missing_texts(roles, language):
    forms = list(ApplicationForm.objects.filter(role__in=roles).order_by("pk"))
    texts = ApplicationForm.missing_texts(forms, language)
    return {
        form.role_id: [
            *([note_text(form, language)] if getattr(form, f"incomplete_{language}") else []),
            *texts.get(form.pk, []),
        ]
        for form in forms
    }


PART = RolePart(_incomplete_roles, _missing_texts)
