"""Downloads of documents in the admin: permissions, file names, headers, the access log."""

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


def path(attachment):
    application = attachment.application_id
    return f"/admin/applications/application/{application}/documents/{attachment.pk}/"


def make_attachment(role=None, kind=DocumentKind.CAREER_HISTORY, **changes):
    return make.application(role, documents=(kind,), **changes).attachments.get()


def set_scan(attachment, state):
    attachment.document.scan = state
    attachment.document.save()
    return attachment


def get(visitor, address, method="get"):
    """The response, with all its bytes as `content_bytes`."""
    response = getattr(visitor, method)(address)
    response.content_bytes = b"".join(response.streaming_content) if response.streaming else b""
    return response


def test_download_headers(signed_in):
    """A document is sent as a file to save, never as a page that a browser opens."""
    response = get(signed_in("Recruiters"), path(make_attachment()))
    assert response.status_code == 200
    assert response.content_bytes == b"I have watched the sky."
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
            "ja",
            {"family_name": "김", "given_name": "철수"},
            "20261121_UI UXデザイナー_김철수_職務経歴書.txt",
        ),
        (
            "en",
            {"family_name": "O/Brien_x", "given_name": "../Ann"},
            "20261121_UI UX designer_.. Ann O Brien x_career history.txt",
        ),
    ],
)
def test_download_file_name(signed_in, language, changes, name):
    role = make.role(title_en="UI/UX designer", title_ja="UI/UXデザイナー")
    attachment = make_attachment(role, received_at=MORNING, **changes)
    response = get(signed_in("Recruiters", language), path(attachment))
    assert response.headers["Content-Disposition"].endswith(f"UTF-8''{quote(name)}")


def test_download_file_name_without_role(signed_in):
    attachment = make_attachment(kind=DocumentKind.ANSWER, received_at=MORNING)
    response = get(signed_in("Recruiters"), path(attachment))
    assert quote("20261121_山田太郎_履歴書.txt") in response.headers["Content-Disposition"]


def test_download_recorded_and_shown(signed_in, caplog):
    recruiter, attachment = signed_in("Recruiters"), make_attachment(email="taro@example.org")
    with caplog.at_level(logging.DEBUG, logger="careers"):
        get(recruiter, path(attachment))
    access = DocumentAccess.objects.get()
    assert (access.document, access.reader) == (attachment.document, recruiter.user)
    page = recruiter.page(f"/admin/applications/application/{attachment.application_id}/change/")
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
def test_download_permissions(signed_in, group, manages, status, scan, method):
    visitor, attachment = signed_in(group), set_scan(make_attachment(make.role()), scan)
    if manages:
        attachment.application.role.department.managers.add(visitor.user)
    assert get(visitor, path(attachment), method).status_code == status
    is_held = scan == "unscanned" and method == "get"
    assert DocumentAccess.objects.count() == (1 if status == 200 and not is_held else 0)


def test_download_anonymous_redirected_to_sign_in(client):
    address = path(make_attachment())
    assert client.get(address).headers["Location"] == f"/admin/login/?next={address}"
    assert not DocumentAccess.objects.exists()


def test_download_bound_to_application(signed_in):
    manager = signed_in("Hiring managers")
    own, other = make_attachment(make.role()), make_attachment(make.role())
    own.application.role.department.managers.add(manager.user)
    folder = f"/admin/applications/application/{own.application_id}/documents/"
    assert get(manager, f"{folder}{own.pk}/").status_code == 200
    assert manager.get(f"{folder}{other.pk}/").status_code == 404


def test_download_hidden_from_managers(signed_in):
    manager, recruiter = signed_in("Hiring managers"), signed_in("Recruiters")
    application = make.application(make.role(), documents=())
    application.role.department.managers.add(manager.user)
    answer = application.answers.create(
        question_text="?", question_language="en", kind="file", visible_to_hiring_managers=False
    )
    attachment = application.attachments.create(
        document=make.document(), kind=DocumentKind.ANSWER, answer=answer
    )
    assert manager.get(path(attachment)).status_code == 404
    assert get(recruiter, path(attachment)).status_code == 200


def test_download_unscanned_asks_first(signed_in):
    recruiter, attachment = signed_in("Recruiters"), set_scan(make_attachment(), "unscanned")
    page = recruiter.page(path(attachment))
    assert "This file has not been scanned for viruses yet" in page
    assert "Download it anyway" in page and not DocumentAccess.objects.exists()
    assert get(recruiter, path(attachment), "post").content_bytes == b"I have watched the sky."
    assert get(recruiter, f"{path(attachment)}?anyway").content_bytes == b"I have watched the sky."
    assert DocumentAccess.objects.count() == 2


@pytest.mark.parametrize("language", ["en", "ja"])
def test_download_infected_refused(signed_in, language):
    recruiter, attachment = (
        signed_in("Recruiters", language),
        set_scan(make_attachment(), "infected"),
    )
    text = {"en": "ask the candidate for a clean file", "ja": "ファイル"}[language]
    for response in (recruiter.get(path(attachment)), recruiter.post(path(attachment))):
        assert response.status_code == 403
        assert text in response.text
    assert not DocumentAccess.objects.exists()
    page = recruiter.page(f"/admin/applications/application/{attachment.application_id}/change/")
    assert path(attachment) not in page
