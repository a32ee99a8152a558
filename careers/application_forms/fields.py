"""The fixed fields of an application form, in one table.

Models, admin, form, job board API and review page derive from `FIELDS`. To add a field, add a row here
and a column to `Application`, or a `DocumentKind` if it is a file; if it is configurable, also a column to
`ApplicationForm`. tests/application_forms/test_fields.py compares them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .enums import DocumentKind, Eligibility, Requirement, Source


class FormSection(TextChoices):
    """The sections of the form, in their order. Only `QUESTIONS` has none of the fixed fields."""

    PERSON = "person", _("About you")
    DOCUMENTS = "documents", pgettext_lazy("on the form", "Documents")
    WORK = "work", _("Start and eligibility")
    QUESTIONS = "questions", _("Our questions")
    OTHER = "other", _("Anything else")


class FieldType(Enum):
    """The type of input. applications.form_fields has a form field for each."""

    NAME = auto()
    KANA = auto()
    EMAIL = auto()
    PHONE = auto()
    LINE = auto()
    TEXT = auto()
    LINKS = auto()
    RADIO = auto()
    SELECT = auto()
    DOCUMENT = auto()


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One field of the form. Texts are lazy translations.

    A field with a `default` is configurable: `ApplicationForm` has a column of the same name with its
    `Requirement`. All others are on every form, and required if `is_required`. A field that is
    `alternative_to` another field is on the form with it; if required, one of both is enough.
    """

    name: str
    section: FormSection
    type: FieldType
    label: str  # on the form
    help_text: str = ""
    general_label: str = ""  # on the form of the general application, if it differs
    general_help_text: str = ""
    required_error: str = ""  # the error if it is required and empty
    is_required: bool = False
    default: Requirement | None = None
    requirements: Iterable[Requirement] = tuple(Requirement)  # choices of a configurable field
    verbose_name: str = ""  # in the admin, if it is configurable
    admin_help: str = ""
    alternative_to: str = ""
    choices: type[TextChoices] | None = None
    max_length: int | None = None  # characters
    autocomplete: str = "on"  # the HTML attribute
    rows: int | None = None  # height of a text area, in lines
    review_section: str = ""  # "details": shown in that list of the review page
    recruiters_only: bool = False  # not shown to hiring managers


LINE_LENGTH, TEXT_LENGTH, NAME_LENGTH = 200, 5_000, 100
_CHOICE_REQUIRED = _("Please choose one of the answers.")

FIELDS = {
    field.name: field
    for field in (
        FormField(
            name="family_name",
            section=FormSection.PERSON,
            type=FieldType.NAME,
            label=_("Family name"),
            required_error=_("Please write your family name."),
            is_required=True,
            max_length=NAME_LENGTH,
            autocomplete="family-name",
        ),
        # Optional: people with a single name enter it as the family name.
        FormField(
            name="given_name",
            section=FormSection.PERSON,
            type=FieldType.NAME,
            label=_("Given name"),
            help_text=_("If you have only one name, enter it as your family name."),
            max_length=NAME_LENGTH,
            autocomplete="given-name",
        ),
        FormField(
            name="preferred_name",
            section=FormSection.PERSON,
            type=FieldType.NAME,
            label=_("Name you go by"),
            max_length=NAME_LENGTH,
            autocomplete="nickname",
        ),
        FormField(
            name="family_kana",
            section=FormSection.PERSON,
            type=FieldType.KANA,
            label=_("Family name in katakana"),
            required_error=_("Please write the reading of your name in katakana."),
            max_length=NAME_LENGTH,
        ),
        FormField(
            name="given_kana",
            section=FormSection.PERSON,
            type=FieldType.KANA,
            label=_("Given name in katakana"),
            required_error=_("Please write the reading of your name in katakana."),
            max_length=NAME_LENGTH,
        ),
        FormField(
            name="email",
            section=FormSection.PERSON,
            type=FieldType.EMAIL,
            label=_("E-mail"),
            help_text=_("We answer to this address."),
            required_error=_("Please write your e-mail address."),
            is_required=True,
            max_length=254,  # what mail servers take
            autocomplete="email",
        ),
        FormField(
            name="phone",
            section=FormSection.PERSON,
            type=FieldType.PHONE,
            label=_("Telephone number"),
            required_error=_("Please write your telephone number."),
            default=Requirement.OPTIONAL,
            verbose_name=_("telephone number"),
            max_length=60,
            autocomplete="tel",
        ),
        FormField(
            name=DocumentKind.RESUME.value,
            section=FormSection.DOCUMENTS,
            type=FieldType.DOCUMENT,
            label=pgettext_lazy("on the form", "Résumé"),
            required_error=_("Please choose your résumé, or paste it as text."),
            default=Requirement.REQUIRED,
            verbose_name=DocumentKind.RESUME.label,
            admin_help=_("A file, or the text of one."),
        ),
        FormField(
            name="resume_text",
            section=FormSection.DOCUMENTS,
            type=FieldType.TEXT,
            label=_("Or your résumé as text"),
            alternative_to=DocumentKind.RESUME.value,
            max_length=TEXT_LENGTH,
            rows=5,
        ),
        FormField(
            name=DocumentKind.CAREER_HISTORY.value,
            section=FormSection.DOCUMENTS,
            type=FieldType.DOCUMENT,
            label=pgettext_lazy("on the form", "Career history"),
            required_error=_("Please choose your career history."),
            default=Requirement.OPTIONAL,
            verbose_name=DocumentKind.CAREER_HISTORY.label,
        ),
        FormField(
            name=DocumentKind.COVER_LETTER.value,
            section=FormSection.DOCUMENTS,
            type=FieldType.DOCUMENT,
            label=pgettext_lazy("on the form", "Cover letter"),
            required_error=_("Please choose your cover letter."),
            default=Requirement.OPTIONAL,
            verbose_name=DocumentKind.COVER_LETTER.label,
        ),
        FormField(
            name=DocumentKind.PORTFOLIO.value,
            section=FormSection.DOCUMENTS,
            type=FieldType.DOCUMENT,
            label=pgettext_lazy("on the form", "Portfolio"),
            required_error=_("Please choose your portfolio."),
            default=Requirement.OFF,
            verbose_name=DocumentKind.PORTFOLIO.label,
        ),
        FormField(
            name="links",
            section=FormSection.DOCUMENTS,
            type=FieldType.LINKS,
            label=_("Links"),
            help_text=_("A portfolio, a profile, code: one address in each line."),
            required_error=_("Please write at least one address."),
            default=Requirement.OPTIONAL,
            verbose_name=_("links"),
            max_length=TEXT_LENGTH,
            rows=3,
            review_section="details",
        ),
        FormField(
            name="eligibility",
            section=FormSection.WORK,
            type=FieldType.RADIO,
            label=_("Are you, or will you be, eligible to do this work in the job’s location?"),
            general_label=_(
                "Are you, or will you be, eligible to work in the location you’re interested in?"
            ),
            required_error=_CHOICE_REQUIRED,
            default=Requirement.OPTIONAL,
            verbose_name=_("right to work"),
            choices=Eligibility,
            review_section="details",
        ),
        FormField(
            name="start",
            section=FormSection.WORK,
            type=FieldType.LINE,
            label=_("Earliest start"),
            help_text=_("A date or a few words: “April 2027”, “three months after an offer”."),
            required_error=_("Please write when you could start."),
            default=Requirement.OPTIONAL,
            verbose_name=_("earliest start"),
            max_length=LINE_LENGTH,
            review_section="details",
        ),
        FormField(
            name="message",
            section=FormSection.OTHER,
            type=FieldType.TEXT,
            label=_("Message"),
            help_text=_("Why this role, why now: whatever you would like us to know."),
            general_help_text=_(
                "Why you’d like to work here, the kind of work you’re looking for, or anything else"
                " you’d like us to know."
            ),
            required_error=_("Please write a message."),
            default=Requirement.OPTIONAL,
            verbose_name=_("message"),
            max_length=TEXT_LENGTH,
            rows=6,
        ),
        FormField(
            name="source",
            section=FormSection.OTHER,
            type=FieldType.SELECT,
            label=_("How did you hear about us?"),
            required_error=_CHOICE_REQUIRED,
            default=Requirement.OPTIONAL,
            verbose_name=_("how people heard of the opening"),
            choices=Source,
            review_section="details",
        ),
        FormField(
            name="accommodation",
            section=FormSection.OTHER,
            type=FieldType.TEXT,
            label=_("Is there anything you need for the interviews?"),
            help_text=_(
                "Such as an interpreter or more time. It does not affect the outcome in any way."
            ),
            default=Requirement.OPTIONAL,
            requirements=(Requirement.OFF, Requirement.OPTIONAL),
            verbose_name=_("accommodation"),
            admin_help=_(
                "Adjustments a candidate needs for interviews. This question is never mandatory."
            ),
            max_length=TEXT_LENGTH,
            rows=3,
            review_section="details",
            recruiters_only=True,
        ),
    )
}
CONFIGURABLE_FIELDS = [field for field in FIELDS.values() if field.default]
DOCUMENT_FIELDS = [field for field in FIELDS.values() if field.type == FieldType.DOCUMENT]
# The fields that name a person, in the order of each language.
NAME_FIELDS = {
    "en": ("given_name", "family_name", "preferred_name"),
    "ja": ("family_name", "given_name", "family_kana", "given_kana"),
}


def fields_in_language(language):
    """The fields of a form in `language`, in its order."""
    names = [FIELDS[name] for name in NAME_FIELDS[language]]
    every_name = {name for order in NAME_FIELDS.values() for name in order}
    return [*names, *(field for field in FIELDS.values() if field.name not in every_name)]
