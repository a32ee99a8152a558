"""Moments for people who may be elsewhere: with the day of the week, and whose time it is."""

from babel.dates import get_timezone_name
from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

register = Library()

FORMATS = {"en": "l, j F Y, H:i", "ja": "Y年n月j日（D）G:i"}
WITH_ZONE = {"en": "{moment} ({zone})", "ja": "{moment}（{zone}）"}


@register.filter
def moment(when):
    """`Saturday, 21 November 2026, 10:15 (Japan time)`, 2026年11月21日（土）10:15（日本時間）."""
    language = get_language() or "en"
    when = timezone.localtime(when)
    return WITH_ZONE[language].format(
        moment=date_format(when, FORMATS[language]), zone=_zone(when, language)
    )


def _zone(when, language):
    """Whose time it is: Japan time, 日本時間. A zone of no place (Etc/UTC) has only its own name."""
    name = str(when.tzinfo)
    if "/" not in name or name.startswith("Etc/"):
        return when.tzname()
    zone = get_timezone_name(when.tzinfo, locale=language)
    return zone.removesuffix(" Time") + " time" if zone.endswith(" Time") else zone
