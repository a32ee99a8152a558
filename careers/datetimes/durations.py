"""Durations as people read them: `12 hours`, 12時間. Texts that name a policy number take it from here.

Not Babel's format_timedelta: it rounds 7 days to a week and 30 days to a month, and writes 12 時間
with a space, which no other text of the site has between a number and a Japanese word.
"""

from datetime import timedelta

from django.conf import settings
from django.template import Library
from django.utils.translation import ngettext, npgettext

register = Library()

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60  # seconds
UNITS = (("day", DAY), ("hour", HOUR), ("minute", MINUTE), ("second", 1))


def duration(value):
    """`30 days`, 30日: within or after this time. `value` is a timedelta or a number of seconds.

    In the largest unit that needs no fraction. Years are written as months, as people say of a
    retention period: `12 months`, 12か月.
    """
    number, unit = _in_largest_unit(value)
    texts = {
        "month": ngettext("%(number)d month", "%(number)d months", number),
        "day": ngettext("%(number)d day", "%(number)d days", number),
        "hour": ngettext("%(number)d hour", "%(number)d hours", number),
        "minute": ngettext("%(number)d minute", "%(number)d minutes", number),
        "second": ngettext("%(number)d second", "%(number)d seconds", number),
    }
    return texts[unit] % {"number": number}


def span(value):
    """`30 days`, 30日間: for this time. In English the same as `duration`."""
    number, unit = _in_largest_unit(value)
    texts = {
        "month": npgettext("for", "%(number)d month", "%(number)d months", number),
        "day": npgettext("for", "%(number)d day", "%(number)d days", number),
        "hour": npgettext("for", "%(number)d hour", "%(number)d hours", number),
        "minute": npgettext("for", "%(number)d minute", "%(number)d minutes", number),
        "second": npgettext("for", "%(number)d second", "%(number)d seconds", number),
    }
    return texts[unit] % {"number": number}


@register.simple_tag(name="duration")
def duration_tag(setting):
    """{% duration "CLOSED_PAGE_LIFETIME" %}: the value of a setting as a `duration`."""
    return duration(getattr(settings, setting))


@register.simple_tag(name="span")
def span_tag(setting):
    """{% span "SHARE_LINK_LIFETIME" %}: the value of a setting as a `span`."""
    return span(getattr(settings, setting))


def _in_largest_unit(value):
    """`(number, unit)` of whole seconds."""
    seconds = round(value.total_seconds() if isinstance(value, timedelta) else value)
    if seconds and seconds % (365 * DAY) == 0:
        return 12 * seconds // (365 * DAY), "month"
    for unit, size in UNITS:
        if seconds and seconds % size == 0:
            return seconds // size, unit
    return 0, "second"
