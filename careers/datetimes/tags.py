"""Date and time with weekday and time zone, for readers who may be in another zone."""

from babel.dates import get_timezone_name
from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

register = Library()

FORMATS = {"en": "l, j F Y, H:i", "ja": "Y年n月j日（D）G:i"}
WITH_ZONE = {"en": "{datetime} ({zone})", "ja": "{datetime}（{zone}）"}


@register.filter
def with_zone(value):
    """In the site's zone: `Saturday, 21 November 2026, 10:15 (Japan time)`, 2026年11月21日（土）10:15（日本時間）."""
    language = get_language() or "en"
    value = timezone.localtime(value)
    return WITH_ZONE[language].format(
        datetime=date_format(value, FORMATS[language]), zone=_zone_name(value, language)
    )


def _zone_name(value, language):
    """Japan time, 日本時間. A zone without a region (Etc/UTC) has only its own abbreviation."""
    name = str(value.tzinfo)
    if "/" not in name or name.startswith("Etc/"):
        return value.tzname()
    zone = get_timezone_name(value.tzinfo, locale=language)
    return zone.removesuffix(" Time") + " time" if zone.endswith(" Time") else zone
