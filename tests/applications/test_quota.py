"""PENDING_UPLOAD_QUOTA: the bytes that unconfirmed applications and rejected forms may store."""

import shutil

import pytest

from careers.applications.models import Application, PendingUpload
from careers.applications.pending_uploads import FILE_OVERHEAD
from careers.documents.models import Document
from tests import make

from .conftest import apply

GIGABYTE = 1024**3


@pytest.mark.django_db(transaction=True)  # files are deleted after the commit
def test_quota_exceeded_stores_text_without_files(client, settings, folder):
    settings.PENDING_UPLOAD_QUOTA = 50 + FILE_OVERHEAD
    role = make.role()
    assert apply(client, role, solution=None).status_code == 302
    apply(client, role, solution=None, email="jiro@example.org", message="雨が好き")
    second = Application.objects.latest("pk")
    assert second.spam_signals == ["challenge"] and second.message == "雨が好き"
    assert not second.attachments.exists()
    assert second.confirmation.missing_files == ["resume"]
    assert Document.objects.count() == len(list(folder.iterdir())) == 1


def test_quota_ignores_confirmed_applications(client, settings):
    settings.PENDING_UPLOAD_QUOTA = 0
    role = make.role()
    apply(client, role)
    application = Application.objects.get()
    assert application.is_confirmed and application.attachments.count() == 1


@pytest.mark.django_db(transaction=True)  # files are deleted after the commit
def test_quota_exceeded_asks_for_files_again(client, settings, folder):
    settings.PENDING_UPLOAD_QUOTA = 0
    role = make.role()
    response = apply(client, role, email="taro@")
    assert response.status_code == 422 and "choose them again" in response.text
    assert "cv.txt" not in response.text and not Document.objects.exists()
    assert not list(folder.iterdir())


def fill_quota(size):
    """Store pending uploads of this total size, in the database only; a row holds 1 GB at most."""
    sizes = [GIGABYTE] * (size // GIGABYTE) + [size % GIGABYTE]
    documents = Document.objects.bulk_create(
        Document(key=f"{number:032}", name="cv.txt", type="txt", size=size, sha256="0" * 64)
        for number, size in enumerate(sizes)
    )
    PendingUpload.objects.bulk_create(
        PendingUpload(form_key=document.key, field_name="resume", document=document)
        for document in documents
    )


@pytest.mark.parametrize(
    ("quota", "used", "fits"),
    [(10, 0.9, True), (10, 1.1, False), (0.5, 0.4, True), (0.5, 0.6, False)],
)
def test_quota_is_limited_by_free_space(client, settings, folder, quota, used, fits):
    """The quota is the setting or a tenth of the free disk space beyond the reserve; the smaller one."""
    assert settings.PENDING_UPLOAD_QUOTA == 2 * GIGABYTE
    tenth = (shutil.disk_usage(folder.parent).free - settings.APPLICATION_DISK_RESERVE) // 10
    settings.PENDING_UPLOAD_QUOTA = int(quota * tenth)
    fill_quota(int(used * tenth))
    before = Document.objects.count()
    response = apply(client, make.role(), email="taro@")
    assert response.status_code == 422
    assert ("cv.txt" in response.text) is fits
    assert ("choose them again" in response.text) is not fits
    assert Document.objects.count() - before == fits
