"""The files for which there was no room: asked for once more, when somebody has confirmed."""

from django import forms

from careers.application_forms.enums import Requirement
from careers.application_forms.models import ApplicationForm

from .asking import PAPER_MISSING, every_field
from .enums import DocumentKind
from .models import Application, Attachment


class MissingPapers(forms.Form):
    """The file fields that `applications` of one form still lack, as they stood in it."""

    def __init__(self, applications, **kwargs):
        super().__init__(auto_id="%s", label_suffix="", **kwargs)
        self.lacking = [
            row for row in applications.exclude(confirmation=None) if row.confirmation.missing
        ]
        names = {name for row in self.lacking for name in row.confirmation.missing}
        if not names:
            return
        last = self.lacking[-1]
        self.asked = ApplicationForm.of(last.role)
        questions = {f"question_{row.pk}": row for row in self.asked.questions()}
        every = every_field(self.asked, last.language, questions)
        self.fields = {name: field for name, field in every.items() if name in names}
        if resume := self.fields.get("resume"):
            resume.required = (
                self.asked.wanted("resume") == Requirement.REQUIRED and not last.resume_text
            )
            resume.error_messages["required"] = PAPER_MISSING["resume"]

    def attach(self):
        """Give the files to the applications that lack them, in the caller's transaction.

        Whoever pressed twice has sent them twice: what the other request attached is not missing any
        more. Its bytes are named by nothing, and are swept.
        """
        chosen = {name: file for name, file in self.cleaned_data.items() if file}
        rows = Application.objects.filter(pk__in=[row.pk for row in self.lacking])
        for application in rows.select_for_update().order_by("pk"):
            step = application.confirmation
            for name in chosen.keys() & set(step.missing):
                chosen[name].save()
                Attachment.objects.create(
                    application=application,
                    document=chosen[name],
                    paper=name if name in DocumentKind.values else DocumentKind.ANSWER,
                    answer=_answer(application, name),
                )
            step.missing = [name for name in step.missing if name not in chosen]
            step.save(update_fields=["missing"])

    @property
    def faults(self):
        """Pairs of a field and what to do about it."""
        return [(field, field.errors[0]) for field in self if field.errors]


def _answer(application, name):
    if not name.startswith("question_"):
        return None
    return application.answers.filter(question=name.removeprefix("question_")).first()
