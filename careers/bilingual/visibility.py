"""Messages after saving a record that visitors cannot see, and the error if it cannot be published."""

from django.contrib import messages
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from careers.datetimes.tags import with_zone
from careers.languages import LANGUAGES


def visibility_messages(record):
    """Yield (message level, text) for each reason why the saved `record` is not visible.

    Nothing for a draft. The texts are HTML.
    """
    published = [code for code in LANGUAGES if getattr(record, f"published_at_{code}")]
    if not published:
        return
    if record.is_closed:
        text = _(
            "“%(record)s” is published, but its last day, %(day)s, is in the past. No list shows it."
        )
        day = date_format(record.closes_on, "DATE_FORMAT")
        yield messages.WARNING, text % {"record": record, "day": day}
        return
    if record.opens_at and record.opens_at > timezone.now():
        text = _("“%(record)s” will appear on %(time)s.")
        yield messages.INFO, text % {"record": record, "time": with_zone(record.opens_at)}
    for language in published:
        if texts := type(record).missing_texts([record], language).get(record.pk):
            yield messages.WARNING, _missing_texts_message(record, language, texts)


def _missing_texts_message(record, language, texts):
    pattern = {
        "en": _("“{record}” is not visible in English. {texts}"),
        "ja": _("“{record}” is not visible in Japanese. {texts}"),
    }[language]
    return format_html(pattern, record=record, texts=_links(texts))


def missing_texts_error(texts):
    """The error of a form that would publish a language in which `texts` (MissingText) are missing."""
    return format_html(_("Before this can be published, please write: {}"), _links(texts))


def _links(texts):
    return format_html_join(
        mark_safe(" · "), '<a href="{}">{}</a>', ((text.url, text.sentence) for text in texts)
    )
