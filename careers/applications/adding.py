"""The form by which a document follows an application that has been sent."""

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from careers.application_forms.enums import Requirement
from careers.application_forms.models import ApplicationForm

from .asking import PAPERS, chooser, limits
from .fields import DocumentField


def free(application):
    """How many documents may still be added: as many again as a form takes, in all."""
    if not application.is_open:
        return 0
    return max(0, 2 * settings.DOCUMENTS_MAX_FILES - application.attachments.count())


class AddForm(forms.Form):
    """One document, of a kind for which the form of the role asks."""

    paper = forms.ChoiceField(label=_("What it is"))
    document = DocumentField(
        label=_("Document"),
        help_text=lazy(limits, str)(),
        error_messages={"required": _("Please choose a document.")},
    )

    def __init__(self, application, *args):
        super().__init__(*args, auto_id="%s", label_suffix="")
        asked = ApplicationForm.of(application.role)
        self.fields["paper"].choices = [
            (name, label) for name, label in PAPERS.items() if asked.wanted(name) != Requirement.OFF
        ]
        self.fields["document"].widget = chooser()

    @property
    def has_kinds(self):
        """Whether there is anything to be added."""
        return bool(self.fields["paper"].choices)
