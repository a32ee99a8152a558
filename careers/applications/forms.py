"""The form by which people apply: what they send is cleaned, and what is wrong is said in one list."""

from typing import NamedTuple

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from careers import japanese
from careers.questions.facts import Wanted

from .asking import PAIRED, PAPER_MISSING, PAPERS, PERSON, every_field
from .fields import Paper

KANA_WANTED = gettext_lazy("Please write the reading of your name in katakana.")
UNAVAILABLE = gettext_lazy(
    "We cannot take files at this moment. What you wrote is still here: please choose your files"
    " again and send the form in a few minutes."
)
FULL = gettext_lazy(
    "We could not keep your files meanwhile: please choose them again before you send the form."
)
ONCE_MORE = gettext_lazy(
    "For your safety we have to be sure that this form is ours. What you wrote is still here."
)


class Section(NamedTuple):
    """A part of the page: a heading and the fields below it, the first `paired` of them two on a line."""

    heading: str
    fields: list
    paired: int = 0

    @property
    def pairs(self):
        """The fields that stand two on a line."""
        return [self.fields[first : first + 2] for first in range(0, self.paired, 2)]

    @property
    def others(self):
        """The fields that have a line of their own."""
        return self.fields[self.paired :]


class ApplyForm(forms.Form):
    """What the role's form `asked` for, in `language`. `drafts` are the documents that wait for it,
    {field: Document}.

    The page has `novalidate`: so every word about a mistake is ours, and a full-width ＠ is none.
    """

    def __init__(self, asked, language, *, drafts=None, **kwargs):
        self.questions = {f"question_{row.pk}": row for row in asked.questions()}
        self.asked, self.language = asked, language
        super().__init__(auto_id="%s", label_suffix="", **kwargs)
        self.fields = every_field(asked, language, self.questions)
        self.wait(drafts or {})

    def wait(self, drafts):
        """Show these files, and no others, as waiting: nobody has to choose them again."""
        for name, field in self.fields.items():
            if isinstance(field, Paper):
                self.initial[name] = field.waiting = drafts.get(name)

    def clean(self):
        """A reading is wanted only where there are kanji; a résumé may be a file or a text."""
        cleaned = super().clean()
        for part in ("family", "given"):
            kana, name = f"{part}_kana", cleaned.get(f"{part}_name") or ""
            unread = japanese.has_kanji(name) and not cleaned.get(kana)
            if kana in self.fields and kana not in self.errors and unread:
                self.add_error(kana, KANA_WANTED)
        wanted = self.asked.wanted("resume") == Wanted.REQUIRED and "resume" not in self.errors
        if wanted and not (cleaned.get("resume") or cleaned.get("resume_text")):
            self.add_error("resume", PAPER_MISSING["resume"])
        return cleaned

    def documents(self):
        """{field: Document} of every file that was accepted, whatever else is wrong with the form."""
        files = (name for name, field in self.fields.items() if isinstance(field, Paper))
        return {name: self.cleaned_data[name] for name in files if self.cleaned_data.get(name)}

    # --- How it is shown ----------------------------------------------------------------------

    @cached_property
    def sections(self):
        """The parts of the page that ask for something."""
        papers = ("resume", "resume_text", *list(PAPERS)[1:], "links")
        every = [
            (_("About you"), (*PERSON[self.language], "email", "phone"), PAIRED[self.language]),
            (pgettext("on the form", "Documents"), papers, 0),
            (_("Start and eligibility"), ("eligibility", "start"), 0),
            (_("Our questions"), tuple(self.questions), 0),
            (_("Anything else"), ("message", "source", "accommodation"), 0),
        ]
        shown = [
            Section(heading, [self[name] for name in names if name in self.fields], paired)
            for heading, names, paired in every
        ]
        return [section for section in shown if section.fields]

    def summary(self, *, unavailable=False, once_more=False, full=False):
        """What stands above the form that came back: a heading, a text or what is to be done where;
        None if there is nothing to say."""
        faults = self._faults()
        if unavailable:
            heading, text = _("Not sent yet"), UNAVAILABLE
        elif faults:
            said = ngettext(
                "Please check one thing", "Please check %(counter)s things", len(faults)
            )
            heading, text = said % {"counter": len(faults)}, FULL if full else ""
        elif once_more:
            heading, text = _("Please send it once more"), ONCE_MORE
        else:
            return None
        return {"heading": heading, "text": text and str(text), "faults": faults}

    def _faults(self):
        """Each wrong field once, in the order of the page: its name, its place, what to do."""
        order = [field for section in self.sections for field in section.fields] + [self["agree"]]
        return [
            {
                "name": field.name,
                "target": field.id_for_label or field.auto_id,
                "text": str(field.errors[0]),
            }
            for field in order
            if field.errors
        ]

    @property
    def written(self):
        """Pairs of a label and what was written or chosen there, in words: to be copied."""
        said = [
            (field.label, _in_words(field)) for section in self.sections for field in section.fields
        ]
        return [(label, text) for label, text in said if text]

    @property
    def needed(self):
        """What to have at hand: the documents that are required."""
        wanted = (name for name in PAPERS if self.asked.wanted(name) == Wanted.REQUIRED)
        return [str(PAPERS[name]) for name in wanted]


def _in_words(field):
    if isinstance(field.field, Paper):
        return ""
    value = field.value() or []
    chosen = dict(getattr(field.field, "choices", ()))
    values = value if isinstance(value, list) else [value]
    return "\n".join(str(chosen.get(value, value)) for value in values).strip()
