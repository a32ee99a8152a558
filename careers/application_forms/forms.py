"""The admin form of a question, with a warning beside a text that touches a sensitive topic."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from careers.bilingual.forms import BilingualForm
from careers.languages import LANGUAGES

from .fair_hiring import sensitive_topic

TEXT_FIELDS = ("text", "help", "choices")


class QuestionForm(BilingualForm):
    """Warns about sensitive topics. The question can be saved nevertheless."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (f"{name}_{language}" for name in TEXT_FIELDS for language in LANGUAGES):
            field = self.fields.get(name)
            if field and (topic := sensitive_topic(self._current_text(name) or "")):
                field.help_text = format_html(
                    '{} <strong class="warning">{}</strong>', field.help_text, advice(topic)
                )

    def _current_text(self, name):
        """The text that a field shows. A BoundField would copy the help text before it is changed."""
        field = self.fields[name]
        if self.is_bound:
            return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return self.get_initial_for_field(field, name)


def question_topic(question):
    """The sensitive topic that a question touches in either language, or None."""
    texts = (
        getattr(question, f"{name}_{code}") or "" for name in TEXT_FIELDS for code in LANGUAGES
    )
    return next(filter(None, map(sensitive_topic, texts)), None)


def advice(topic):
    """What to do about a question that touches a sensitive topic."""
    return _(
        "This may ask about: %(topic)s. Japanese guidance on fair hiring says not to ask people who"
        " apply about this. Please delete the question, or ask only for what the work requires."
    ) % {"topic": topic}
