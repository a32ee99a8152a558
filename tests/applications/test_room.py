"""How many bytes may wait: of doubtful applications and of forms that are not right yet."""

import shutil

import pytest

from careers.applications.models import Application, PendingUpload
from careers.documents.models import Document
from tests import make

from .conftest import apply

GIGABYTE = 1024**3


@pytest.mark.django_db(transaction=True)  # files go when that is certain
def test_beyond_the_budget_words_are_kept_and_files_are_not(client, settings, folder):
    settings.PENDING_UPLOAD_QUOTA = 50
    role = make.role()
    assert apply(client, role, solution=None).status_code == 302
    apply(client, role, solution=None, email="jiro@example.org", message="雨が好き")
    late = Application.objects.latest("pk")
    assert late.spam_signals == ["challenge"] and late.message == "雨が好き"
    assert not late.attachments.exists()
    assert late.confirmation.missing_files == ["resume"]
    assert Document.objects.count() == len(list(folder.iterdir())) == 1


def test_whoever_passes_always_has_room(client, settings):
    settings.PENDING_UPLOAD_QUOTA = 0
    role = make.role()
    apply(client, role)
    application = Application.objects.get()
    assert application.is_confirmed and application.attachments.count() == 1


@pytest.mark.django_db(transaction=True)  # files go when that is certain
def test_a_form_with_a_mistake_asks_for_files_again_where_there_is_no_room(
    client, settings, folder
):
    settings.PENDING_UPLOAD_QUOTA = 0
    role = make.role()
    answer = apply(client, role, email="taro@")
    assert answer.status_code == 422 and "choose them again" in answer.text
    assert "cv.txt" not in answer.text and not Document.objects.exists()
    assert not list(folder.iterdir())


def wait(size):
    """As many bytes as this wait already, in the database at least; a row holds 1 GB."""
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
    ("budget", "waiting", "is_room"),
    [(10, 0.9, True), (10, 1.1, False), (0.5, 0.4, True), (0.5, 0.6, False)],
)
def test_the_budget_is_the_smaller_of_its_own_and_a_tenth_of_the_free_space(
    client, settings, folder, budget, waiting, is_room
):
    """Both in tenths of what is free on this machine, of which others take and give meanwhile."""
    assert settings.PENDING_UPLOAD_QUOTA == 2 * GIGABYTE
    tenth = shutil.disk_usage(folder.parent).free // 10
    settings.PENDING_UPLOAD_QUOTA = int(budget * tenth)
    wait(int(waiting * tenth))
    before = Document.objects.count()
    answer = apply(client, make.role(), email="taro@")
    assert answer.status_code == 422
    assert ("cv.txt" in answer.text) is is_room
    assert ("choose them again" in answer.text) is not is_room
    assert Document.objects.count() - before == is_room
