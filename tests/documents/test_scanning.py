"""Virus scanning: infected uploads are rejected; without a scanner they are accepted and scanned later."""

import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from careers.documents import config
from careers.documents.errors import DocumentRejected
from careers.documents.ingest import receive
from careers.documents.models import Document
from tests.components import clamd
from tests.components.site import free_port
from tests.documents import corpus
from tests.documents.conftest import stored_document

pytestmark = pytest.mark.one_database

INFECTED = corpus.pdf(stream=clamd.EICAR)


@pytest.fixture(params=["tcp", "unix"])
def scanner(request, settings, tmp_path):
    """A scanner that is configured in the settings."""
    path = tmp_path / "clamd.ctl" if request.param == "unix" else None
    with clamd.running(path) as clamd_server:
        settings.CLAMD = config.parse_clamd_url(clamd_server.url)
        yield clamd_server


@pytest.fixture
def scanner_down(settings):
    """The configured scanner cannot be reached."""
    settings.CLAMD = config.parse_clamd_url(f"tcp://127.0.0.1:{free_port()}")


def test_scan_clean_file(db, folder, scanner):
    data = corpus.pdf(stream=os.urandom(200_000))
    document = stored_document(data)
    assert scanner.received == [data]
    assert document.scan == "clean" and document.scanned_at
    assert Document.objects.scan_backlog() == (0, None)


def test_scan_infected_file_not_stored(db, folder, scanner):
    with pytest.raises(DocumentRejected) as rejection:
        receive(SimpleUploadedFile("cv.pdf", INFECTED))
    assert rejection.value.code == "infected"
    assert not folder.exists()


@pytest.mark.parametrize("reply", [b"INSTREAM: cannot scan. ERROR\0", b"nonsense\0", b"\0"])
def test_scan_invalid_reply(db, folder, scanner, reply):
    scanner.reply = reply
    assert stored_document().scan == "unscanned"


def test_scan_scanner_down(db, folder, scanner_down):
    before = timezone.now()
    document = stored_document()
    stored_document()
    assert (document.scan, document.scanned_at) == ("unscanned", None)
    count, since = Document.objects.scan_backlog()
    assert count == 2
    assert before <= since <= before + timedelta(minutes=1)


def test_scan_timeout(db, folder, scanner, settings):
    scanner.hangs.set()
    started = timezone.now()
    assert stored_document().scan == "unscanned"
    assert timezone.now() - started < timedelta(seconds=settings.VIRUS_SCAN_UPLOAD_TIMEOUT + 4)


def test_scan_file_beyond_limit_of_scanner(db, folder, scanner):
    scanner.limit = 1000
    assert stored_document(corpus.pdf(stream=os.urandom(2_000_000))).scan == "unscanned"


def test_scan_backlog_scanned_later(db, any_storage, settings, scanner_down):
    clean, infected = stored_document(), stored_document(INFECTED)
    call_command("scan_documents", verbosity=0)
    assert Document.objects.scan_backlog().count == 2  # still down; the documents stay unscanned
    with clamd.running() as clamd_server:
        settings.CLAMD = config.parse_clamd_url(clamd_server.url)
        call_command("scan_documents", verbosity=0)
    clean.refresh_from_db()
    infected.refresh_from_db()
    assert (clean.scan, infected.scan) == ("clean", "infected")
    assert clean.scanned_at and infected.scanned_at
    assert Document.objects.scan_backlog() == (0, None)


def test_scan_backlog_skips_missing_file(db, folder, settings, scanner_down):
    missing, other = stored_document(), stored_document()
    (folder / missing.key).unlink()
    with clamd.running() as clamd_server:
        settings.CLAMD = config.parse_clamd_url(clamd_server.url)
        call_command("scan_documents", verbosity=0)
    other.refresh_from_db()
    assert other.scan == "clean"
    assert Document.objects.scan_backlog().count == 1


def test_scan_backlog_skips_unreadable_file(db, folder, settings, scanner_down):
    large, other = stored_document(corpus.pdf(stream=os.urandom(2_000_000))), stored_document()
    with clamd.running() as clamd_server:
        clamd_server.limit = 1000
        settings.CLAMD = config.parse_clamd_url(clamd_server.url)
        call_command("scan_documents", verbosity=0)
    large.refresh_from_db()
    other.refresh_from_db()
    assert (large.scan, other.scan) == ("unscanned", "clean")


def test_scan_all_after_adding_scanner(db, folder, settings):
    document = stored_document()
    assert document.scan == "none"
    with clamd.running() as clamd_server:
        settings.CLAMD = config.parse_clamd_url(clamd_server.url)
        call_command("scan_documents", verbosity=0)
        assert Document.objects.get().scan == "none"
        call_command("scan_documents", "--all", verbosity=0)
    assert Document.objects.get().scan == "clean"


def test_scan_task_without_scanner(db, folder, settings):
    stored_document()
    call_command("scan_documents", verbosity=0)
    assert settings.CLAMD is None
    assert Document.objects.get().scan == "none"
