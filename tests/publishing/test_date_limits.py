"""Dates out of range, such as 9999-12-31 for "no end": forms reject them, and pages render stored ones."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from careers.publishing import next_change_at
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # noon in Tokyo
ZONES = ["Asia/Tokyo", "America/New_York"]
CLOSES_ERROR = {
    "en": "Please enter a day up to December 31, 2100, or leave this empty if it stays open.",
    "ja": "2100年12月31日までの日付を入力してください。期限を設けない場合は、空欄のままにしてください。",
}
OPENS_ERROR = {
    "en": "Please enter a day of the years 2000 to 2100, or leave this empty to open at once.",
    "ja": "2000年から2100年までの日付を入力してください。公開と同時に掲載する場合は、空欄のままにしてください。",
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("make_record", [make.role, make.article])
def test_closing_date_after_2100_is_rejected(make_record, language, signed_in):
    record, recruiter = make_record(), signed_in("Recruiters", language)
    for typed in ("2101-01-01", "9999-12-31"):
        path = path_of(record)
        page = recruiter.post(path, fields_of(recruiter.get(path)) | {"closes_on": typed})
        assert page.status_code == 200
        assert CLOSES_ERROR[language] in page.text
        assert fields_of(page)["closes_on"] == typed  # the form still shows the input
    record.refresh_from_db()
    assert record.closes_on is None
    edit(recruiter, path, closes_on="2100-12-31")
    record.refresh_from_db()
    assert record.closes_on == date(2100, 12, 31)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("make_record", [make.role, make.article])
def test_opening_time_outside_2000_to_2100_is_rejected(
    make_record, language, zone, signed_in, settings
):
    settings.TIME_ZONE = zone
    record, recruiter = make_record(), signed_in("Recruiters", language)
    path = path_of(record)
    for day, clock in (("0001-01-01", "00:00:00"), ("9999-12-31", "23:59:59")):
        typed = {"opens_at_0": day, "opens_at_1": clock}
        page = recruiter.post(path, fields_of(recruiter.get(path)) | typed)
        assert page.status_code == 200
        assert OPENS_ERROR[language] in page.text
        assert typed.items() <= fields_of(page).items()
    edit(recruiter, path, opens_at_0="2100-12-31", opens_at_1="23:59:59")
    record.refresh_from_db()
    assert record.opens_at.year in (2100, 2101)  # in UTC


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", [date(9999, 12, 1), date(9999, 12, 2), date.max])
def test_pages_render_with_a_stored_closing_date_out_of_range(day, zone, client, settings):
    settings.TIME_ZONE = zone
    make.company()
    role, article = make.role(), make.article()
    for record in (role, article):
        type(record).objects.filter(pk=record.pk).update(closes_on=day)
    for language in ("en", "ja"):
        for record in (role, article):
            page = client.page(record.get_absolute_url(language))
            assert getattr(record, f"title_{language}") in page
        assert role.get_absolute_url(language) in client.page(f"/{language}/roles/")
        assert role.get_absolute_url(language) in client.page(f"/{language}/roles/jobs.xml")
    posts = client.get("/v1/boards/kumo/jobs").json()["jobs"]
    assert [post["application_deadline"][:10] for post in posts] == ["2100-12-31"] * 2


def test_next_change_ignores_dates_out_of_range():
    for record in (make.role(), make.article()):
        type(record).objects.filter(pk=record.pk).update(closes_on=date.max)
    assert next_change_at() == datetime(2100, 12, 31, 15, tzinfo=UTC)
    make.role(closes_on=date(2026, 11, 21))
    assert next_change_at() == datetime(2026, 11, 21, 15, tzinfo=UTC)
