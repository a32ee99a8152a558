"""Opening and closing in the wrong order, and messages about published records that visitors do not see."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from tests import make
from tests.bilingual.forms import edit, errors_of, fields_of, path_of
from tests.html import parse

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # noon in Tokyo


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def dates(opens, closes):
    """The fields of a form. `opens` is a day with a time, or empty."""
    day, _, clock = opens.partition(" ")
    return {"opens_at_0": day, "opens_at_1": clock, "closes_on": closes}


ORDERS = [  # opening in Tokyo, last day, whether it is in order
    ("2026-12-01 09:00", "2026-11-30", False),
    ("2026-12-01 00:00", "2026-11-30", False),  # the end of November 30 is midnight
    ("2026-11-30 23:59", "2026-11-30", True),
    ("2026-12-01 09:00", "2026-12-01", True),
    ("2026-11-01 09:00", "2026-10-31", False),  # both in the past
    ("", "2026-11-30", True),
    ("2026-12-01 09:00", "", True),
]
ORDER_ERROR = {
    "en": "This is before it opens. Enter 2026-12-01 or a later day, or open it earlier.",
    "ja": "掲載開始日時より前の日付です。2026/12/01以降の日付を入力するか、掲載開始日時を早めてください。",
}


@pytest.mark.parametrize(("opens", "closes", "in_order"), ORDERS)
@pytest.mark.parametrize("make_record", [make.role, make.article])
def test_closing_before_opening_is_an_error(signed_in, make_record, opens, closes, in_order):
    record, recruiter = make_record(), signed_in("Recruiters")
    path = path_of(record)
    page = recruiter.post(path, fields_of(recruiter.get(path)) | dates(opens, closes))
    assert page.status_code == (302 if in_order else 200)
    record.refresh_from_db()
    assert (record.closes_on is not None) == (in_order and bool(closes))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_error_of_closing_before_opening_is_at_its_field(signed_in, language):
    record, recruiter = make.role(), signed_in("Recruiters", language)
    path = path_of(record)
    changes = dates("2026-12-01 09:00", "2026-11-30")
    page = recruiter.post(path, fields_of(recruiter.get(path)) | changes)
    assert ORDER_ERROR[language] in errors_of(page)
    field = parse(page.text).one("[name=closes_on]")
    assert field["aria-invalid"] == "true"


def test_end_of_last_day_is_in_the_zone_of_the_site(signed_in, settings):
    """21:00 of November 30 in New York is a day later in Tokyo, and still before the end of that day."""
    settings.TIME_ZONE = "America/New_York"
    record, recruiter = make.role(), signed_in("Recruiters")
    edit(recruiter, path_of(record), **dates("2026-11-30 21:00", "2026-11-30"))
    record.refresh_from_db()
    assert record.opens_at == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    path = path_of(record)
    changes = dates("2026-12-01 00:00", "2026-11-30")
    assert recruiter.post(path, fields_of(recruiter.get(path)) | changes).status_code == 200


def test_new_record_closing_before_opening_is_refused(signed_in):
    """A duplicate too: its form is the form of a new record."""
    original, recruiter = make.role(), signed_in("Recruiters")
    path = f"/admin/roles/role/add/?from={original.pk}"
    form = fields_of(recruiter.get(path)) | {"reference_id": "COPY-1"}
    page = recruiter.post(path, form | dates("2026-12-01 09:00", "2026-11-30"))
    assert ORDER_ERROR["en"] in errors_of(page)
    assert type(original).objects.count() == 1


def test_restored_version_cannot_close_before_opening(signed_in):
    """A restored version does not change the dates, but the form checks them."""
    record, recruiter = make.role(), signed_in("Recruiters")
    edit(recruiter, path_of(record), title_en="Second title")
    version = record.revisions.last()
    path = f"{path_of(record)}?version={version.pk}"
    form = fields_of(recruiter.get(path)) | dates("2026-12-01 09:00", "2026-11-30")
    assert ORDER_ERROR["en"] in errors_of(recruiter.post(path, form))


# --- Messages after saving -----------------------------------------------------------------------

CLOSED = {
    "en": "“Wind” is published, but its last day, November 20, 2026, is in the past. No list shows it.",
    "ja": "「風」は公開の設定になっていますが、掲載終了日（2026年11月20日）を過ぎているため、"
    "一覧には表示されません。",
}
SCHEDULED = {
    "en": "“Wind” will appear on Tuesday, 1 December 2026, 09:00 (Japan time).",
    "ja": "「風」は2026年12月1日（火）9:00（日本時間）から表示されます。",
}


def messages(visitor):
    """{level: [text]} of the messages on the start page."""
    items = parse(visitor.page("/admin/")).all(".messagelist li")
    levels = [(item["class"].split()[0], item.one(".message-text").text) for item in items]
    return {level: [text for other, text in levels if other == level] for level, _ in levels}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("make_record", [make.role, make.article])
def test_saving_closed_or_scheduled_record_says_so(signed_in, make_record, language):
    recruiter = signed_in("Recruiters", language)
    record = make_record(title_en="Wind", title_ja="風")
    edit(recruiter, path_of(record), **dates("", "2026-11-20"))
    assert messages(recruiter)["warning"] == [CLOSED[language]]
    edit(recruiter, path_of(record), **dates("2026-12-01 09:00", ""))
    assert messages(recruiter)["info"] == [SCHEDULED[language]]
    edit(recruiter, path_of(record), **dates("2026-11-21 11:00", "2026-11-21"))
    assert messages(recruiter).keys() == {"success"}


def test_saving_draft_says_nothing_about_visibility(signed_in):
    recruiter = signed_in("Recruiters")
    record = make.role(published_at_en=None, published_at_ja=None)
    edit(recruiter, path_of(record), **dates("", "2026-11-20"))
    assert messages(recruiter).keys() == {"success"}
    record.refresh_from_db()
    assert record.closes_on == date(2026, 11, 20)
