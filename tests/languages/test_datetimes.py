"""Dates and times with weekday and the site's time zone, in the language of a page or an email."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

pytestmark = pytest.mark.one_database

RECEIVED_AT = datetime(2026, 11, 21, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("Asia/Tokyo", "en", "Saturday, 21 November 2026, 10:15 (Japan time)"),
        ("Asia/Tokyo", "ja", "2026年11月21日（土）10:15（日本時間）"),
        ("Europe/Berlin", "en", "Saturday, 21 November 2026, 02:15 (Central European time)"),
        ("Europe/Berlin", "ja", "2026年11月21日（土）2:15（中央ヨーロッパ時間）"),
        ("America/New_York", "en", "Friday, 20 November 2026, 20:15 (Eastern time)"),
        ("Etc/UTC", "en", "Saturday, 21 November 2026, 01:15 (UTC)"),
        ("UTC", "ja", "2026年11月21日（土）1:15（UTC）"),
    ],
)
def test_datetime_with_weekday_and_zone(settings, zone, language, expected):
    """A filter of templates and emails."""
    settings.TIME_ZONE = zone
    with translation.override(language):
        template = Template("{% load datetimes %}{{ value|with_zone }}")
        assert template.render(Context({"value": RECEIVED_AT})) == expected
