"""The Django form fields of an application form: its fixed fields, its questions and the two consents."""

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from careers.application_forms.enums import KINDS_WITH_CHOICES, QuestionKind, Requirement
from careers.application_forms.fields import FIELDS, FieldType, fields_in_language
from careers.datetimes.durations import span
from careers.documents.errors import MEGABYTE, MESSAGES
from careers.documents.types import MEDIA_TYPES
from careers.languages import localized

from . import fields
from .error_list import label_with_separator

CHOICE_MISSING = _("Please choose one of the answers.")
ALTERNATIVES = {field.alternative_to for field in FIELDS.values() if field.alternative_to}


def build_fields(application_form, language, questions):
    """{name: form field} of everything that `application_form` asks a reader of `language` for.

    `questions` is {field name: Question}.
    """
    form_fields = {
        **_fixed_fields(application_form, language),
        **_consent_fields(),
        **{name: _question_field(question, language) for name, question in questions.items()},
    }
    for field in form_fields.values():
        if isinstance(field, fields.DocumentField):  # for the errors of apply.js
            field.widget.attrs["data-label"] = label_with_separator(field.label)
    return form_fields


def translate_choices(data, questions, source, target):
    """A copy of `data`, sent by a form in `source`, with the choices of the form in `target`.

    The choices of a question have the same order in both languages.
    """
    data = data.copy()
    for name, question in questions.items():
        if question.kind in KINDS_WITH_CHOICES and name in data:
            lines = question.choices_for(source), question.choices_for(target)
            translations = dict(zip(*lines, strict=False))
            data.setlist(name, [translations.get(line, line) for line in data.getlist(name)])
    return data


def answer_to(application, field_name):
    """The answer that belongs to a form field, or None if it is another field."""
    if not field_name.startswith("question_"):
        return None
    return application.answers.filter(question=field_name.removeprefix("question_")).first()


def _fixed_fields(application_form, language):
    form_fields = {}
    for field in fields_in_language(language):
        requirement = _requirement(field, application_form)
        if requirement == Requirement.OFF:
            continue
        is_required = requirement == Requirement.REQUIRED
        # Of a field and its alternative, ApplyForm.clean requires one.
        has_alternative = field.name in ALTERNATIVES or bool(field.alternative_to)
        form_field = _fixed_field(
            field,
            is_required=is_required and not has_alternative,
            is_general=application_form.role_id is None,
        )
        form_field.one_of_required = is_required and has_alternative
        form_fields[field.name] = form_field
    return form_fields


def _requirement(field, application_form):
    name = field.alternative_to or field.name
    if FIELDS[name].default:
        return application_form.requirement(name)
    return Requirement.REQUIRED if field.is_required else Requirement.OPTIONAL


def _fixed_field(field, *, is_required, is_general):
    options = {
        "label": (is_general and field.general_label) or field.label,
        "help_text": (is_general and field.general_help_text) or field.help_text,
        "required": is_required,
        "error_messages": {"required": field.required_error, "invalid_choice": CHOICE_MISSING},
    }
    if field.max_length:
        options["limit"] = field.max_length
    match field.type:
        case FieldType.NAME | FieldType.LINE:
            return fields.LineField(widget=_text_input(field.autocomplete), **options)
        case FieldType.KANA:
            return fields.KanaField(widget=_text_input(field.autocomplete, lang="ja"), **options)
        case FieldType.EMAIL:
            widget = _text_input(field.autocomplete, input_type="email", spellcheck="false")
            return fields.EmailAddressField(widget=widget, **options)
        case FieldType.PHONE:
            widget = _text_input(field.autocomplete, input_type="tel")
            return fields.PhoneField(widget=widget, **options)
        case FieldType.TEXT:
            return fields.TextField(widget=_text_area(field.rows), **options)
        case FieldType.LINKS:
            widget = _text_area(field.rows, spellcheck="false")
            return fields.LinksField(widget=widget, **options)
        case FieldType.RADIO:
            return _radio_field(field.choices, options)
        case FieldType.SELECT:
            choices = [("", _("Please choose")), *field.choices.choices]
            return forms.ChoiceField(choices=choices, widget=forms.Select, **options)
        case FieldType.DOCUMENT:
            options["help_text"] = upload_limits()
            return fields.DocumentField(widget=file_input(), **options)


def _consent_fields():
    agree = forms.BooleanField(
        label=_policy_consent(),
        error_messages={"required": _("To apply, please agree to how personal data is handled.")},
    )
    agree.short_label = _("Personal data")  # its label is a sentence with a link
    return {
        "agree": agree,
        "keep": forms.BooleanField(label=_retention_consent(), required=False),
    }


def _policy_consent():
    sentence = gettext(
        'I have read <a href="{}" target="_blank">how you handle personal data</a>, and agree.'
    )
    return format_html(sentence, reverse("privacy"))


def _retention_consent():
    text = gettext("You may keep my data for %(duration)s and consider me for other roles.")
    return text % {"duration": span(settings.RETENTION_CONSENT_LIFETIME)}


def _question_field(question, language):
    """The field of a question. `label_language`: it may be written in the other language only."""
    text, label_language = localized(question, "text", language)
    options = {
        "label": text,
        "help_text": localized(question, "help", language).text,
        "required": question.is_required,
        "error_messages": {
            "required": _("Please answer this question."),
            "invalid_choice": CHOICE_MISSING,
        },
    }
    field = _field_of_kind(question, language, options)
    field.label_language = label_language
    return field


def _field_of_kind(question, language, options):
    choices = [(line, line) for line in question.choices_for(language)]
    match question.kind:
        case QuestionKind.LINE:
            return fields.LineField(widget=_text_input("on"), **options)
        case QuestionKind.TEXT:
            return fields.TextField(widget=_text_area(6), **options)
        case QuestionKind.YES_NO:
            return _radio_field([("yes", _("Yes")), ("no", _("No"))], options)
        case QuestionKind.SINGLE_SELECT:
            return _radio_field(choices, options)
        case QuestionKind.MULTI_SELECT:
            return forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, **options
            )
        case QuestionKind.NUMBER:
            widget = _text_input("on", inputmode="decimal")
            return fields.NumberField(widget=widget, **options)
        case QuestionKind.DATE:
            return fields.DayField(widget=_text_input("on"), **options)
        case QuestionKind.FILE:
            options["help_text"] = options["help_text"] or upload_limits()
            return fields.DocumentField(widget=file_input(), **options)


def file_input():
    """A file input that offers the accepted types, by media type for files without an extension."""
    accept = ",".join(f".{name},{MEDIA_TYPES[name]}" for name in settings.DOCUMENT_TYPES)
    return forms.FileInput(attrs={"accept": accept})


def upload_limits():
    """The accepted types and the size of a file: `PDF, DOC, DOCX, RTF, TXT; up to 10 MB`."""
    types = pgettext("between types of files", ", ").join(map(str.upper, settings.DOCUMENT_TYPES))
    limits = gettext("%(types)s; up to %(size)s MB")
    return limits % {"types": types, "size": settings.DOCUMENT_MAX_BYTES // (1024 * 1024)}


def size_limits():
    """Bytes that a file and all files of a form may have, and the error for each.

    apply.js compares them before it sends anything, and replaces `{size}`.
    """
    file_bytes = settings.DOCUMENT_MAX_BYTES
    form_bytes = settings.DOCUMENTS_MAX_FILES * file_bytes
    form_error = gettext(
        "Together, the files are larger than %(limit)s MB. Please choose smaller ones."
    )
    return {
        "file_bytes": file_bytes,
        "file_error": MESSAGES["too_large"]
        % {"limit": f"{file_bytes / MEGABYTE:g}", "size": "{size}"},
        "form_bytes": form_bytes,
        "form_error": form_error % {"limit": f"{form_bytes / MEGABYTE:g}"},
    }


def _radio_field(choices, options):
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)


def _text_input(autocomplete, *, input_type="text", **attrs):
    """`autocomplete` is never "off": with it, browsers do not restore the text after the Back button."""
    return forms.TextInput(attrs={"type": input_type, "autocomplete": autocomplete, **attrs})


def _text_area(rows, **attrs):
    return forms.Textarea(attrs={"rows": rows, "cols": False, **attrs})
