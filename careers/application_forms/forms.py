"""The form of a question: beside its words stands what guidance on fair hiring says about them."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from careers.bilingual.forms import BilingualForm
from careers.languages import LANGUAGES

from .fair_hiring import touches


class QuestionForm(BilingualForm):
    """A question may be saved whatever it asks: the warning informs, it blocks nothing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (f"{name}_{language}" for name in WORDS for language in LANGUAGES):
            field = self.fields.get(name)
            if field and (topic := touches(self._typed(name) or "")):
                field.help_text = format_html(
                    '{} <strong class="warning">{}</strong>', field.help_text, advice(topic)
                )

    def _typed(self, name):
        """What a field shows. A `BoundField` would say it too, and keep the help as it was."""
        field = self.fields[name]
        if self.is_bound:
            return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return self.get_initial_for_field(field, name)


WORDS = ("text", "help", "choices")  # in which a question can ask for something


def topic_of(question):
    """The topic that a question touches in either language, or None."""
    said = (getattr(question, f"{name}_{code}") or "" for name in WORDS for code in LANGUAGES)
    return next(filter(None, map(touches, said)), None)


def advice(topic):
    """What somebody should do about a question that touches a topic."""
    return _(
        "This may ask about: %(topic)s. Japanese guidance on fair hiring says not to ask people who"
        " apply about this. Please delete the question, or ask only for what the work requires."
    ) % {"topic": topic}
