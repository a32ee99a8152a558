"""Formats the pay and the closing time of a role."""

from datetime import datetime, time

from babel.dates import get_timezone_name
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext

from careers.cldr import amounts

from .enums import PayPeriod


def pay(role):
    """`¥6,000,000–¥10,000,000 per year` or 年収600万円～1,000万円; empty if the role has no pay."""
    if role.pay_min is None:
        return ""
    numbers = sorted({role.pay_min, role.pay_max or role.pay_min})
    texts = amounts(numbers, role.pay_currency)
    if role.pay_max is None:
        amount = pgettext("pay", "from %(amount)s") % {"amount": texts[0]}
    else:
        amount = pgettext("between two amounts", "–").join(texts)
    return _per(role.pay_period) % {"amount": amount}


def _per(period):
    return {
        PayPeriod.YEAR: pgettext("pay", "%(amount)s per year"),
        PayPeriod.MONTH: pgettext("pay", "%(amount)s per month"),
        PayPeriod.DAY: pgettext("pay", "%(amount)s per day"),
        PayPeriod.HOUR: pgettext("pay", "%(amount)s per hour"),
    }[period]


def closing_time(day):
    """`November 30, 2026, 23:59 JST`, 2026年11月30日（月）23:59まで（日本標準時）."""
    zone = timezone.get_default_timezone()
    end = datetime.combine(day, time(23, 59, 59), tzinfo=zone)
    return pgettext("last day", "%(day)s, 23:59 %(zone)s") % {
        "day": date_format(day, pgettext("date format of the last day", "F j, Y")),
        "zone": _zone(end),
    }


def _zone(value):
    """The abbreviation in English (JST) if there is one, else the full name (日本標準時)."""
    abbreviation = value.tzname()
    if get_language() == "en" and abbreviation.isalpha():
        return abbreviation
    return get_timezone_name(value, locale=get_language())
