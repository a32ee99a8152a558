"""Viruses are refused at the door; a scanner that is away refuses nobody, and looks later."""

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
from tests.documents.conftest import sent

pytestmark = pytest.mark.one_database

INFECTED = corpus.pdf(stream=clamd.EICAR)


@pytest.fixture(params=["tcp", "unix"])
def scanner(request, settings, tmp_path):
    """A scanner that the site knows."""
    path = tmp_path / "clamd.ctl" if request.param == "unix" else None
    with clamd.running(path) as running:
        settings.CLAMD = config.parse_clamd_url(running.url)
        yield running


@pytest.fixture
def away(settings):
    """The scanner that the site knows is not there."""
    settings.CLAMD = config.parse_clamd_url(f"tcp://127.0.0.1:{free_port()}")


def test_every_byte_is_scanned_and_a_clean_file_is_marked(db, folder, scanner):
    data = corpus.pdf(stream=os.urandom(200_000))
    document = sent(data)
    assert scanner.seen == [data]
    assert document.scan == "clean" and document.scanned_at
    assert Document.objects.scan_backlog() == (0, None)


def test_a_virus_is_refused_and_not_stored(db, folder, scanner):
    with pytest.raises(DocumentRejected) as refusal:
        receive(SimpleUploadedFile("cv.pdf", INFECTED))
    assert refusal.value.code == "infected"
    assert not folder.exists()


@pytest.mark.parametrize("answer", [b"INSTREAM: cannot scan. ERROR\0", b"nonsense\0", b"\0"])
def test_a_scanner_that_makes_no_sense_refuses_nobody(db, folder, scanner, answer):
    scanner.answer = answer
    assert sent().scan == "unscanned"


def test_a_scanner_that_is_away_refuses_nobody(db, folder, away):
    before = timezone.now()
    document = sent()
    sent()
    assert (document.scan, document.scanned_at) == ("unscanned", None)
    count, since = Document.objects.scan_backlog()
    assert count == 2
    assert before <= since <= before + timedelta(minutes=1)


def test_a_scanner_that_is_too_slow_refuses_nobody(db, folder, scanner, settings):
    scanner.hangs.set()
    started = timezone.now()
    assert sent().scan == "unscanned"
    assert timezone.now() - started < timedelta(seconds=settings.VIRUS_SCAN_UPLOAD_TIMEOUT + 4)


def test_a_file_beyond_the_limit_of_the_scanner_refuses_nobody(db, folder, scanner):
    scanner.limit = 1000
    assert sent(corpus.pdf(stream=os.urandom(2_000_000))).scan == "unscanned"


def test_what_was_not_scanned_is_scanned_later(db, any_store, settings, away):
    clean, infected = sent(), sent(INFECTED)
    call_command("scan_documents", verbosity=0)
    assert Document.objects.scan_backlog().count == 2  # still away; nothing is claimed
    with clamd.running() as running:
        settings.CLAMD = config.parse_clamd_url(running.url)
        call_command("scan_documents", verbosity=0)
    clean.refresh_from_db()
    infected.refresh_from_db()
    assert (clean.scan, infected.scan) == ("clean", "infected")
    assert clean.scanned_at and infected.scanned_at
    assert Document.objects.scan_backlog() == (0, None)


def test_a_document_without_bytes_does_not_hold_up_the_others(db, folder, settings, away):
    missing, other = sent(), sent()
    (folder / missing.key).unlink()
    with clamd.running() as running:
        settings.CLAMD = config.parse_clamd_url(running.url)
        call_command("scan_documents", verbosity=0)
    other.refresh_from_db()
    assert other.scan == "clean"
    assert Document.objects.scan_backlog().count == 1


def test_a_document_that_the_scanner_cannot_read_does_not_hold_up_the_others(
    db, folder, settings, away
):
    large, other = sent(corpus.pdf(stream=os.urandom(2_000_000))), sent()
    with clamd.running() as running:
        running.limit = 1000
        settings.CLAMD = config.parse_clamd_url(running.url)
        call_command("scan_documents", verbosity=0)
    large.refresh_from_db()
    other.refresh_from_db()
    assert (large.scan, other.scan) == ("unscanned", "clean")


def test_after_a_scanner_was_added_all_can_be_scanned(db, folder, settings):
    document = sent()
    assert document.scan == "none"
    with clamd.running() as running:
        settings.CLAMD = config.parse_clamd_url(running.url)
        call_command("scan_documents", verbosity=0)
        assert Document.objects.get().scan == "none"
        call_command("scan_documents", "--all", verbosity=0)
    assert Document.objects.get().scan == "clean"


def test_without_a_scanner_the_duty_has_nothing_to_do(db, folder, settings):
    sent()
    call_command("scan_documents", verbosity=0)
    assert settings.CLAMD is None
    assert Document.objects.get().scan == "none"
