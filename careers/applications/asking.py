"""What a form asks for, as fields of Django: the fixed ones by what the role wants, and its questions."""

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from careers.documents.refusals import MEGABYTE, SENTENCES
from careers.languages import words
from careers.questions.facts import Kind, Wanted

from . import fields
from .facts import Eligibility, Source

# Family, given in Japanese; given, family in English.
PERSON = {
    "en": ("given_name", "family_name", "preferred_name"),
    "ja": ("family_name", "given_name", "family_kana", "given_kana"),
}
PAIRED = {"en": 2, "ja": 4}  # how many of these stand two on a line: a name beside a name
PAPERS = {
    "resume": pgettext_lazy("on the form", "Résumé"),
    "career_history": pgettext_lazy("on the form", "Career history"),
    "cover_letter": pgettext_lazy("on the form", "Cover letter"),
    "portfolio": pgettext_lazy("on the form", "Portfolio"),
}
PAPER_MISSING = {
    "resume": _("Please choose your résumé, or paste it as text."),
    "career_history": _("Please choose your career history."),
    "cover_letter": _("Please choose your cover letter."),
    "portfolio": _("Please choose your portfolio."),
}
CHOICE_MISSING = _("Please choose one of the answers.")


def every_field(asked, language, questions):
    """{name: field} of all that the form `asked` for wants to know from a reader of `language`."""
    made = {**_person(language), **_contact(), **_wanted(asked), **_consents()}
    made |= {name: _question(row, language) for name, row in questions.items()}
    return made


def _person(language):
    every = {
        "family_name": fields.Name(
            label=_("Family name"),
            widget=_input("family-name"),
            error_messages={"required": _("Please write your family name.")},
        ),
        # People with one name write it as the family name.
        "given_name": fields.Name(
            label=_("Given name"), required=False, widget=_input("given-name")
        ),
        "preferred_name": fields.Name(
            label=_("Name you go by"), required=False, widget=_input("nickname")
        ),
        "family_kana": fields.Kana(
            label=_("Family name in katakana"), required=False, widget=_input("off", lang="ja")
        ),
        "given_kana": fields.Kana(
            label=_("Given name in katakana"), required=False, widget=_input("off", lang="ja")
        ),
    }
    return {name: every[name] for name in PERSON[language]}


def _contact():
    return {
        "email": fields.Email(
            label=_("E-mail"),
            help_text=_("We answer to this address."),
            widget=_input("email", kind="email", spellcheck="false"),
            error_messages={
                "required": _("Please write your e-mail address."),
                "invalid": _("Please check the e-mail address; it looks like name@example.com."),
            },
        )
    }


def _wanted(asked):
    """The fields that a form may ask for or not, each with its own word for when it is missing."""
    paper = {"help_text": limits(), "widget": chooser()}
    every = {
        "resume": fields.Paper(label=PAPERS["resume"], **paper),
        "resume_text": fields.Prose(
            label=_("Or your résumé as text"), required=False, widget=_textarea(5)
        ),
        "career_history": fields.Paper(label=PAPERS["career_history"], **paper),
        "cover_letter": fields.Paper(label=PAPERS["cover_letter"], **paper),
        "portfolio": fields.Paper(label=PAPERS["portfolio"], **paper),
        "phone": fields.Phone(label=_("Telephone number"), widget=_input("tel", kind="tel")),
        "links": fields.Links(
            label=_("Links"),
            help_text=_("A portfolio, a profile, code: one address in each line."),
            widget=_textarea(3, spellcheck="false"),
        ),
        "eligibility": forms.ChoiceField(
            label=_("Are you, or will you be, eligible to do this work in the job’s location?"),
            choices=Eligibility,
            widget=forms.RadioSelect,
        ),
        "start": fields.Line(
            label=_("Earliest start"),
            help_text=_("A date or a few words: “April 2027”, “three months after an offer”."),
            widget=_input("off"),
        ),
        "message": fields.Prose(
            label=_("Message"),
            help_text=_("Why this role, why now: whatever you would like us to know."),
            widget=_textarea(6),
        ),
        "source": forms.ChoiceField(
            label=_("How did you hear about us?"),
            choices=[("", _("Please choose")), *Source.choices],
            widget=forms.Select,
        ),
        "accommodation": fields.Prose(
            label=_("Is there anything you need for the interviews?"),
            help_text=_(
                "Such as an interpreter or more time. It does not affect the outcome in any way."
            ),
            widget=_textarea(3),
        ),
    }
    missing = PAPER_MISSING | {
        "phone": _("Please write your telephone number."),
        "links": _("Please write at least one address."),
        "eligibility": CHOICE_MISSING,
        "start": _("Please write when you could start."),
        "message": _("Please write a message."),
        "source": CHOICE_MISSING,
    }
    made = {}
    for name, field in every.items():
        wanted = asked.wanted("resume" if name == "resume_text" else name)
        if wanted != Wanted.OFF:
            field.required = wanted == Wanted.REQUIRED and not name.startswith("resume")
            # A résumé may be a file or a text: the form checks that there is one of them.
            field.marked_required = wanted == Wanted.REQUIRED and name != "resume_text"
            field.widget.is_required = field.required
            field.error_messages["required"] = missing.get(name, "")
            field.error_messages["invalid_choice"] = CHOICE_MISSING
            made[name] = field
    return made


def _consents():
    return {
        "agree": forms.BooleanField(
            label=lazy(_agreement, str)(),
            error_messages={
                "required": _("To apply, please agree to how personal data is handled.")
            },
        ),
        "keep": forms.BooleanField(
            label=_("You may keep my details for 12 months, to tell me of other openings."),
            required=False,
        ),
    }


def _agreement():
    said = gettext(
        'I have read <a href="{}" target="_blank">how you handle personal data</a>, and agree.'
    )
    return format_html(said, reverse("privacy"))


def _question(question, language):
    """The field of a question. Its words may exist in the other language only: `said_in`."""
    text, said_in = words(question, "text", language)
    options = {
        "label": text,
        "help_text": words(question, "help", language).text,
        "required": question.must_answer,
        "error_messages": {
            "required": _("Please answer this question."),
            "invalid_choice": CHOICE_MISSING,
        },
    }
    lines = [(line, line) for line in question.offered(language)]
    yes_no = [("yes", _("Yes")), ("no", _("No"))]
    make = {
        Kind.LINE: lambda: fields.Line(widget=_input("off"), **options),
        Kind.TEXT: lambda: fields.Prose(widget=_textarea(6), **options),
        Kind.YES_NO: lambda: _radio(yes_no, options),
        Kind.ONE_OF: lambda: _radio(lines, options),
        Kind.SEVERAL_OF: lambda: forms.MultipleChoiceField(
            choices=lines, widget=forms.CheckboxSelectMultiple, **options
        ),
        Kind.NUMBER: lambda: fields.Number(widget=_input("off", inputmode="decimal"), **options),
        Kind.DATE: lambda: fields.Day(widget=_input("off"), **options),
        Kind.FILE: lambda: fields.Paper(
            widget=chooser(), **options | {"help_text": options["help_text"] or limits()}
        ),
    }
    field = make[question.kind]()
    field.said_in = said_in
    return field


def chooser():
    """What a file is chosen with: it offers those that are taken."""
    accept = ",".join(f".{name}" for name in settings.DOCUMENT_TYPES)
    return forms.FileInput(attrs={"accept": accept})


def limits():
    """Which files are taken, and how large: `PDF, DOC, DOCX, RTF, TXT; up to 10 MB`."""
    types = pgettext("between types of files", ", ").join(map(str.upper, settings.DOCUMENT_TYPES))
    said = gettext("%(types)s; up to %(size)s MB")
    return said % {"types": types, "size": settings.DOCUMENT_MAX_BYTES // (1024 * 1024)}


def sizes():
    """How many bytes a file and all files of a form may have, and what is said of more: `{size}` is
    for apply.js to fill in, which compares before anything is sent."""
    file = settings.DOCUMENT_MAX_BYTES
    files = settings.DOCUMENTS_MAX_FILES * file
    too_large = gettext(
        "Together, the files are larger than %(limit)s MB. Please choose smaller ones."
    )
    return {
        "file": file,
        "file_said": SENTENCES["too_large"] % {"limit": f"{file / MEGABYTE:g}", "size": "{size}"},
        "files": files,
        "files_said": too_large % {"limit": f"{files / MEGABYTE:g}"},
    }


def _radio(choices, options):
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)


def _input(autocomplete, *, kind="text", **attrs):
    return forms.TextInput(attrs={"type": kind, "autocomplete": autocomplete, **attrs})


def _textarea(rows, **attrs):
    return forms.Textarea(attrs={"rows": rows, "cols": False, **attrs})
