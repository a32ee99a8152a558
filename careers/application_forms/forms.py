"""The admin forms of questions: a warning beside sensitive topics, and the limit of files."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.html import format_html
from django.utils.translation import gettext as _

from careers.bilingual.forms import BilingualForm, BilingualFormSet
from careers.languages import LANGUAGES, format_list

from .enums import QuestionKind, Requirement
from .fair_hiring import advice, sensitive_topics
from .models import Question, QuestionSet

TEXT_FIELDS = ("text", "help", "choices")


class QuestionForm(BilingualForm):
    """Warns about sensitive topics. The question can be saved nevertheless."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (f"{name}_{language}" for name in TEXT_FIELDS for language in LANGUAGES):
            if field := self.fields.get(name):
                for text in advice(sensitive_topics(self._current_text(name) or "")):
                    field.help_text = format_html(
                        '{} <strong class="warning">{}</strong>', field.help_text, text
                    )

    def _current_text(self, name):
        """The text that a field shows. A BoundField would copy the help text before it is changed."""
        field = self.fields[name]
        if self.is_bound:
            return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return self.get_initial_for_field(field, name)


class QuestionFormSet(BilingualFormSet):
    """The questions of a form or of a question set.

    Refused if a form would ask for more files than a candidate can send with it: its documents, its
    own questions and those of its question sets, required or not.
    """

    page_formsets = ()  # all formsets of the page, set by QuestionsAdmin

    def clean(self):
        super().clean()
        limit, files = settings.DOCUMENTS_MAX_FILES, self._file_count()
        if isinstance(self.instance, QuestionSet):
            self._check_forms(files, limit)
            return
        files += self.instance.document_count() + _file_count(
            question_set__in=self._question_sets()
        )
        if files > limit:
            error = _(
                "This form asks for %(count)s files, but candidates can send up to %(limit)s."
                " Set a document to “%(off)s”, or delete a question that asks for a file."
            )
            values = {"count": files, "limit": limit, "off": Requirement.OFF.label}
            raise ValidationError(error % values)

    def _check_forms(self, files, limit):
        """Refuse the questions of a set if a form that uses it would ask for too many files."""
        too_large = []
        for form in self.instance.forms.all() if self.instance.pk else ():
            others = form.question_sets.exclude(pk=self.instance.pk)
            count = files + form.document_count()
            count += _file_count(form=form) + _file_count(question_set__in=others)
            if count > limit:
                too_large.append(f"{form} ({count})")
        if too_large:
            error = _(
                "Candidates can send up to %(limit)s files, but with these questions, these forms"
                " ask for more: %(forms)s. Delete a question that asks for a file."
            )
            raise ValidationError(error % {"limit": limit, "forms": format_list(too_large)})

    def _file_count(self):
        """How many of the submitted rows ask for a file."""
        rows = [row.cleaned_data for row in self._remaining_rows(self)]
        return sum(row.get("kind") == QuestionKind.FILE for row in rows)

    def _question_sets(self):
        """The question sets that the page names."""
        uses = [formset for formset in self.page_formsets if formset is not self]
        rows = [row.cleaned_data for formset in uses for row in self._remaining_rows(formset)]
        return [row["question_set"] for row in rows if row.get("question_set")]

    @staticmethod
    def _remaining_rows(formset):
        return [
            row
            for row in formset.forms
            if row.is_valid() and (row.has_changed() or row.instance.pk)
            if not row.cleaned_data.get(DELETION_FIELD_NAME)
        ]


def _file_count(**owner):
    return Question.objects.filter(kind=QuestionKind.FILE, **owner).count()


def question_topics(question):
    """The sensitive topics that a question touches in either language."""
    names = (f"{name}_{code}" for name in TEXT_FIELDS for code in LANGUAGES)
    return sensitive_topics(*(getattr(question, name) or "" for name in names))
