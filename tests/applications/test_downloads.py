"""Downloads: for whom, under which name, as what, and written down before the first byte."""

import logging
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from careers.application_forms.enums import DocumentKind
from careers.documents.models import DocumentAccess
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MORNING = datetime(2026, 11, 21, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo"))


def path(attached):
    application = attached.application_id
    return f"/admin/applications/application/{application}/documents/{attached.pk}/"


def attachment(role=None, kind=DocumentKind.CAREER_HISTORY, **changes):
    return make.application(role, documents=(kind,), **changes).attachments.get()


def scanned(attached, state):
    attached.document.scan = state
    attached.document.save()
    return attached


def get(visitor, address, method="get"):
    """The answer, and its bytes: they are read to the end, as a browser does."""
    response = getattr(visitor, method)(address)
    response.whole = b"".join(response.streaming_content) if response.streaming else b""
    return response


def test_a_file_to_save_and_never_a_page(signed_in):
    response = get(signed_in("Recruiters"), path(attachment()))
    assert response.status_code == 200
    assert response.whole == b"I have watched the sky."
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "changes", "name"),
    [
        ("ja", {}, "20261121_UI UXデザイナー_山田太郎_職務経歴書.txt"),
        ("en", {}, "20261121_UI UX designer_山田太郎_career history.txt"),
        (
            "en",
            {"family_name": "O/Brien_x", "given_name": "../Ann"},
            "20261121_UI UX designer_.. Ann O Brien x_career history.txt",
        ),
    ],
)
def test_it_is_called_what_a_recruiter_would_call_it(signed_in, language, changes, name):
    role = make.role(title_en="UI/UX designer", title_ja="UI/UXデザイナー")
    attached = attachment(role, received_at=MORNING, **changes)
    response = get(signed_in("Recruiters", language), path(attached))
    assert response.headers["Content-Disposition"].endswith(f"UTF-8''{quote(name)}")


def test_without_a_role_and_for_an_answer(signed_in):
    attached = attachment(kind=DocumentKind.ANSWER, received_at=MORNING)
    response = get(signed_in("Recruiters"), path(attached))
    assert quote("20261121_山田太郎_履歴書.txt") in response.headers["Content-Disposition"]


def test_who_read_it_and_when_is_written_down_and_shown(signed_in, caplog):
    recruiter, attached = signed_in("Recruiters"), attachment(email="taro@example.org")
    with caplog.at_level(logging.DEBUG, logger="careers"):
        get(recruiter, path(attached))
    reading = DocumentAccess.objects.get()
    assert (reading.document, reading.reader) == (attached.document, recruiter.user)
    page = recruiter.page(f"/admin/applications/application/{attached.application_id}/change/")
    assert "Opened 1 time" in page
    assert page.count(str(recruiter.user)) >= 1
    assert "山田" not in caplog.text and "taro@" not in caplog.text


# group and department → the status of a download
READERS = [
    ("Recruiters", False, 200),
    (None, False, 200),
    ("Hiring managers", True, 200),
    ("Hiring managers", False, 404),
    ("Editors", True, 403),
    ("Viewers", True, 403),
]


@pytest.mark.parametrize(("group", "manages", "status"), READERS)
@pytest.mark.parametrize("scan", ["none", "clean", "unscanned"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_read(signed_in, group, manages, status, scan, method):
    visitor, attached = signed_in(group), scanned(attachment(make.role()), scan)
    if manages:
        attached.application.role.department.managers.add(visitor.user)
    assert get(visitor, path(attached), method).status_code == status
    held = scan == "unscanned" and method == "get"
    assert DocumentAccess.objects.count() == (1 if status == 200 and not held else 0)


def test_a_stranger_is_led_to_the_sign_in(client):
    address = path(attachment())
    assert client.get(address).headers["Location"] == f"/admin/login/?next={address}"
    assert not DocumentAccess.objects.exists()


def test_a_document_is_read_by_its_own_application_alone(signed_in):
    manager = signed_in("Hiring managers")
    mine, other = attachment(make.role()), attachment(make.role())
    mine.application.role.department.managers.add(manager.user)
    start = f"/admin/applications/application/{mine.application_id}/documents/"
    assert get(manager, f"{start}{mine.pk}/").status_code == 200
    assert manager.get(f"{start}{other.pk}/").status_code == 404


def test_a_file_that_only_recruiters_read(signed_in):
    manager, recruiter = signed_in("Hiring managers"), signed_in("Recruiters")
    made = make.application(make.role(), documents=())
    made.role.department.managers.add(manager.user)
    answer = made.answers.create(
        question_text="?", question_language="en", kind="file", visible_to_hiring_managers=False
    )
    attached = made.attachments.create(
        document=make.document(), kind=DocumentKind.ANSWER, answer=answer
    )
    assert manager.get(path(attached)).status_code == 404
    assert get(recruiter, path(attached)).status_code == 200


def test_what_no_scanner_has_seen_is_held_until_somebody_insists(signed_in):
    recruiter, attached = signed_in("Recruiters"), scanned(attachment(), "unscanned")
    page = recruiter.page(path(attached))
    assert "This file has not been scanned for viruses yet" in page
    assert "Download it anyway" in page and not DocumentAccess.objects.exists()
    assert get(recruiter, path(attached), "post").whole == b"I have watched the sky."
    assert get(recruiter, f"{path(attached)}?anyway").whole == b"I have watched the sky."
    assert DocumentAccess.objects.count() == 2


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_has_a_virus_is_refused(signed_in, language):
    recruiter, attached = signed_in("Recruiters", language), scanned(attachment(), "infected")
    said = {"en": "ask the candidate for a clean file", "ja": "ファイル"}[language]
    for response in (recruiter.get(path(attached)), recruiter.post(path(attached))):
        assert response.status_code == 403
        assert said in response.text
    assert not DocumentAccess.objects.exists()
    page = recruiter.page(f"/admin/applications/application/{attached.application_id}/change/")
    assert path(attached) not in page
