"""The forms of candidates: to apply, to add a document, and to send files that exceeded the quota."""

from copy import deepcopy
from typing import NamedTuple

from django import forms
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from careers import japanese
from careers.application_forms.enums import DocumentKind, Requirement
from careers.application_forms.fields import (
    DOCUMENT_FIELDS,
    FIELDS,
    NAME_FIELDS,
    FormSection,
    fields_in_language,
)
from careers.application_forms.models import ApplicationForm
from careers.languages import other_language

from .error_list import field_errors
from .fields import DocumentField
from .form_content import FormContent
from .form_fields import (
    answer_to,
    file_input,
    translate_choices,
    upload_limits,
)
from .models import Application, Attachment

UNAVAILABLE = gettext_lazy(
    "We cannot take files at this moment. What you wrote is still here: please choose your files"
    " again and send the form in a few minutes."
)
QUOTA_EXCEEDED = gettext_lazy(
    "We could not keep your files meanwhile: please choose them again before you send the form."
)
INVALID_TOKEN = gettext_lazy(
    "We couldn’t verify this form, so nothing has been sent. Your answers are still here. Send the"
    " form again."
)

# Personal fields shown in pairs: the parts of the name and, in Japanese, their readings.
PAIRED_NAMES = {"en": 2, "ja": 4}


class PageSection(NamedTuple):
    """A section of the form and its fields. The first `paired` fields are shown two in a row."""

    heading: str
    fields: list
    paired: int = 0

    @property
    def pairs(self):
        """The paired fields, two by two."""
        return [self.fields[first : first + 2] for first in range(0, self.paired, 2)]

    @property
    def others(self):
        """The fields with a line of their own."""
        return self.fields[self.paired :]


class ApplyForm(forms.Form):
    """What the application form of a `FormContent` asks for, in its language.

    `pending_uploads` is {field name: Document}. `typed_in` is the language of the form that sent the
    data, if it is another one. The page has `novalidate`, so that all errors are ours: a browser
    would reject a full-width ＠.
    """

    def __init__(self, content, *, pending_uploads=None, typed_in=None, **kwargs):
        self.application_form, self.language = content.application_form, content.language
        super().__init__(auto_id="%s", label_suffix="", **kwargs)
        self.questions = content.questions
        self.fields = deepcopy(content.form_fields)
        if typed_in:
            self.data = translate_choices(self.data, self.questions, typed_in, self.language)
        self.set_pending_uploads(pending_uploads or {})

    def set_pending_uploads(self, documents):
        """Use and show exactly these uploads, {field name: Document}."""
        self.pending_uploads = documents
        for name, field in self.fields.items():
            if isinstance(field, DocumentField):
                self.initial[name] = field.pending_upload = documents.get(name)

    def clean(self):
        """Require the reading of a name with kanji, and one of a required field and its alternative."""
        cleaned = super().clean()
        for part in ("family", "given"):
            kana, name = f"{part}_kana", cleaned.get(f"{part}_name") or ""
            is_missing = japanese.has_kanji(name) and not cleaned.get(kana)
            if kana in self.fields and kana not in self.errors and is_missing:
                self.add_error(kana, FIELDS[kana].required_error)
        for field in FIELDS.values():
            main = field.alternative_to
            if not main or main not in self.fields or main in self.errors:
                continue
            is_empty = not (cleaned.get(main) or cleaned.get(field.name))
            if is_empty and self.fields[main].one_of_required:
                self.add_error(main, FIELDS[main].required_error)
        return cleaned

    def documents(self):
        """{field name: Document} of every accepted file, whatever else is wrong with the form."""
        names = (name for name, field in self.fields.items() if isinstance(field, DocumentField))
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    # --- Display ------------------------------------------------------------------------------

    @cached_property
    def sections(self):
        """The sections of the page that have fields. The two consents are in none of them."""
        names = {section: [] for section in FormSection}
        for field in fields_in_language(self.language):
            names[field.section].append(field.name)
        names[FormSection.QUESTIONS] = list(self.questions)
        sections = [
            PageSection(
                str(section.label),
                [self[name] for name in names[section] if name in self.fields],
                paired=PAIRED_NAMES[self.language] if section == FormSection.PERSON else 0,
            )
            for section in FormSection
        ]
        return [section for section in sections if section.fields]

    def summary(self, *, unavailable=False, invalid_token=False, exceeds_quota=False):
        """The box above a form that was not accepted: heading, text and errors. None if there is none."""
        errors = [error._asdict() for error in field_errors(self._page_fields())]
        if unavailable:
            heading, text = _("Not sent yet"), UNAVAILABLE
        elif errors:
            heading = ngettext(
                "Please check one thing", "Please check %(counter)s things", len(errors)
            )
            heading %= {"counter": len(errors)}
            text = QUOTA_EXCEEDED if exceeds_quota else ""
        elif exceeds_quota:
            heading, text = _("Choose your files again"), QUOTA_EXCEEDED
        elif invalid_token:
            heading, text = _("Please send it once more"), INVALID_TOKEN
        else:
            return None
        return {"heading": heading, "text": text and str(text), "errors": errors}

    def _page_fields(self):
        """The fields that can have errors, in the order of the page."""
        return [*(field for section in self.sections for field in section.fields), self["agree"]]

    def clear_errors(self):
        """Forget all errors, because the candidate did not try to send the form.

        Only those of rejected files stay: such a file has to be chosen again.
        """
        for name in [name for name in self.errors if not self.files.get(name)]:
            del self.errors[name]

    def clear_missing_uploads(self):
        """Forget the errors of required files that `set_pending_uploads` has provided since."""
        for name, field in self.fields.items():
            if getattr(field, "pending_upload", None) and not self.files.get(name):
                self.errors.pop(name, None)

    @property
    def hidden_values(self):
        """Pairs of name and text: values of fields that only the form in the other language has.

        The page sends them as hidden fields, so that switching back restores them.
        """
        names = NAME_FIELDS[other_language(self.language)]
        pairs = [(name, self.data.get(name)) for name in names if name not in self.fields]
        return [(name, text) for name, text in pairs if text]

    @property
    def typed_values(self):
        """Pairs of name and text: the values of all fields except files."""
        names = [name for name in self.fields if not isinstance(self.fields[name], DocumentField)]
        pairs = [(name, text) for name in names for text in _values(self[name])]
        return [*pairs, *self.hidden_values]

    @property
    def entries(self):
        """Pairs of label and text of everything that was typed or chosen, to be copied by the candidate."""
        pairs = [
            (field.label, _entry_text(field))
            for section in self.sections
            for field in section.fields
        ]
        pairs += [(FIELDS[name].label, text) for name, text in self.hidden_values]
        return [(label, text) for label, text in pairs if text]

    @property
    def required_documents(self):
        """The labels of the documents that are required."""
        return [
            str(field.label)
            for field in DOCUMENT_FIELDS
            if self.application_form.requirement(field.name) == Requirement.REQUIRED
        ]


def _entry_text(bound_field):
    if isinstance(bound_field.field, DocumentField):
        return ""
    labels = dict(getattr(bound_field.field, "choices", ()))
    return "\n".join(str(labels.get(value, value)) for value in _values(bound_field)).strip()


def _values(bound_field):
    """The value of a field as a list; empty without a value."""
    value = bound_field.value() or []
    return value if isinstance(value, list) else [value]


class AddDocumentForm(forms.Form):
    """One more document, of a kind that the role's form asks for."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"))
    document = DocumentField(
        label=gettext_lazy("Document"),
        help_text=lazy(upload_limits, str)(),
        error_messages={"required": gettext_lazy("Please choose a document.")},
    )

    def __init__(self, application, *args):
        super().__init__(*args, auto_id="%s", label_suffix="")
        application_form = ApplicationForm.for_role(application.role)
        self.fields["kind"].choices = [
            (field.name, field.label)
            for field in DOCUMENT_FIELDS
            if application_form.requirement(field.name) != Requirement.OFF
        ]
        self.fields["document"].widget = file_input()

    @property
    def has_kinds(self):
        """Whether any document can be added."""
        return bool(self.fields["kind"].choices)


class MissingFilesForm(forms.Form):
    """The file fields that `applications` of one opened form still lack. No fields if none is missing."""

    def __init__(self, applications, **kwargs):
        super().__init__(auto_id="%s", label_suffix="", **kwargs)
        self.incomplete = [
            row for row in applications.exclude(confirmation=None) if row.confirmation.missing_files
        ]
        names = {name for row in self.incomplete for name in row.confirmation.missing_files}
        if not names:
            return
        last = self.incomplete[-1]
        form_fields = FormContent(last.role, last.language).form_fields
        self.fields = {name: field for name, field in form_fields.items() if name in names}
        for field in FIELDS.values():
            main = self.fields.get(field.alternative_to)
            if main and not getattr(last, field.name):
                main.required = main.one_of_required
                main.one_of_required = False  # its alternative is not on the page

    def documents(self):
        """{field name: Document} of a valid form."""
        return {name: document for name, document in self.cleaned_data.items() if document}

    def attach(self):
        """Attach the documents to the applications that lack them, in the caller's transaction.

        A form sent twice brings its files twice: what the first request attached is not missing any
        more, and the second copy is not saved.
        """
        files = self.documents()
        rows = Application.objects.filter(pk__in=[row.pk for row in self.incomplete])
        for application in rows.select_for_update().order_by("pk"):
            confirmation = application.confirmation
            for name in files.keys() & set(confirmation.missing_files):
                files[name].save()
                Attachment.objects.create(
                    application=application,
                    document=files[name],
                    kind=DocumentKind.for_field(name),
                    answer=answer_to(application, name),
                )
            missing = [name for name in confirmation.missing_files if name not in files]
            confirmation.missing_files = missing
            confirmation.save(update_fields=["missing_files"])

    @property
    def field_errors(self):
        """The `FieldError` of each field that has one."""
        return field_errors(self)
