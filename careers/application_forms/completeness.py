"""Names the texts that application forms and question sets lack in a language, for the admin.

A form shows its note and its questions with their help and choices, in the other language if necessary.
A question without any text is shown too, so it is incomplete in both languages.
"""

from itertools import groupby

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from careers.bilingual.models import MissingText
from careers.languages import other_language

from .enums import KINDS_WITH_CHOICES

QUESTION_CHARACTERS = 60  # of a question in a message


def note_text(form, language):
    """The `MissingText` of the note of an application form."""
    return MissingText(
        _("Note of the application form"), language, _field_url(form, f"note_{language}")
    )


def question_texts(questions, owner, rows, language):
    """{form or question set: [MissingText]} of the incomplete ones of `questions`.

    `questions` is a queryset of all questions of some records, `owner` the foreign key to them, `rows`
    the name of their formset: the field is found by the position of the question.
    """
    in_order = questions.select_related(owner).order_by(owner, "position", "pk")
    return {
        record: [
            _question_text(question, record, f"{rows}-{number}", language)
            for number, question in enumerate(own_questions)
            if getattr(question, f"incomplete_{language}")
        ]
        for record, own_questions in groupby(in_order, key=lambda row: getattr(row, owner))
    }


def _question_text(question, record, row, language):
    text = Truncator(str(question)).chars(QUESTION_CHARACTERS)
    name = _("Question “%(question)s”") % {"question": text}
    field = f"{row}-{_missing_field(question, language)}_{language}"
    return MissingText(name, language, _field_url(record, field))


def _missing_field(question, language):
    if not getattr(question, f"text_{language}"):
        return "text"
    has_choices = question.kind in KINDS_WITH_CHOICES
    return next(
        name
        for name in (["choices", "help"] if has_choices else ["help"])
        if getattr(question, f"{name}_{other_language(language)}")
        and not getattr(question, f"{name}_{language}")
    )


def _field_url(record, field):
    url = reverse(f"admin:application_forms_{record._meta.model_name}_change", args=[record.pk])
    return f"{url}#id_{field}"
