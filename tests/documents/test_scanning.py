"""Virus scanning: infected uploads are rejected; without a scanner they are accepted and scanned later."""

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
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
from tests.documents.conftest import stored_document, upload

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


# --- A scanner that hangs ------------------------------------------------------------------------


@pytest.fixture
def hanging_scanner(scanner, settings):
    """A scanner that accepts connections and says nothing."""
    settings.VIRUS_SCAN_UPLOAD_TIMEOUT = 0.3
    scanner.hangs.set()
    return scanner


def test_scan_pauses_after_two_timeouts(db, folder, hanging_scanner, settings):
    """For a minute no upload waits. Then one more timeout begins the next pause, a result ends it."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for attempts in (1, 2, 2, 2):
            assert stored_document().scan == "unscanned"
            assert hanging_scanner.connections == attempts
        clock.shift(settings.VIRUS_SCAN_PAUSE - timedelta(seconds=1))
        assert stored_document().scan == "unscanned"
        assert hanging_scanner.connections == 2
        clock.shift(timedelta(seconds=1))
        for _time in range(2):
            assert stored_document().scan == "unscanned"
            assert hanging_scanner.connections == 3
        hanging_scanner.hangs.clear()
        assert stored_document(INFECTED).scan == "unscanned"
        clock.shift(settings.VIRUS_SCAN_PAUSE)
        assert [stored_document().scan for _time in range(2)] == ["clean", "clean"]
        with pytest.raises(DocumentRejected):
            stored_document(INFECTED)
        assert hanging_scanner.connections == 6
    call_command("scan_documents", verbosity=0)
    assert Document.objects.scan_backlog() == (0, None)
    assert Document.objects.filter(scan="infected").count() == 1


def test_scan_pause_ends_when_clock_is_set_back(db, folder, hanging_scanner):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _time in range(2):
            stored_document()
        hanging_scanner.hangs.clear()
        clock.shift(-timedelta(hours=2))
        assert stored_document().scan == "clean"


def test_scan_counts_timeouts_in_a_row_only(db, folder, hanging_scanner):
    """Any answer, also an error, ends the row."""
    for number, reply in enumerate([None, b"INSTREAM: cannot scan. ERROR\0"] * 2):
        hanging_scanner.hangs.set()
        assert stored_document().scan == "unscanned"
        hanging_scanner.hangs.clear()
        hanging_scanner.reply = reply
        assert stored_document().scan == ("unscanned" if reply else "clean")
        assert hanging_scanner.connections == 2 * number + 2


def test_scan_of_scanner_down_is_tried_each_time(db, folder, settings, scanner_down):
    """A refused connection takes no time, so it begins no pause."""
    for _time in range(3):
        assert stored_document().scan == "unscanned"
    port = settings.CLAMD.port
    with clamd.running(port=port):
        assert stored_document().scan == "clean"


@pytest.mark.parametrize("size", [100, 5_000_000])
def test_scan_of_listener_without_reader(db, folder, settings, size):
    """The kernel accepts connections for a stopped process, and as many bytes as its buffers take."""
    settings.VIRUS_SCAN_UPLOAD_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.CLAMD = config.parse_clamd_url(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        for _time in range(3):
            assert stored_document(corpus.pdf(stream=os.urandom(size))).scan == "unscanned"
        listener.setblocking(False)
        for _attempt in range(2):
            listener.accept()[0].close()
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_scan_budget_of_one_form(db, folder, hanging_scanner):
    """The five files of a form wait once together, not one after the other."""
    for attempts in (1, 2, 2):
        upload([SimpleUploadedFile(f"{number}.pdf", corpus.pdf()) for number in range(5)])
        assert hanging_scanner.connections == attempts
    assert Document.objects.scan_backlog().count == 15


def test_scan_budget_is_enough_for_quick_scans(db, folder, scanner):
    upload([SimpleUploadedFile(f"{number}.pdf", corpus.pdf()) for number in range(5)])
    assert scanner.connections == 5
    assert set(Document.objects.values_list("scan", flat=True)) == {"clean"}


def test_scan_keeps_threads_free(db, folder, hanging_scanner, settings):
    """Of eight threads that receive a file at once, two wait for the scanner."""
    settings.VIRUS_SCAN_UPLOAD_TIMEOUT = 3
    start = threading.Barrier(8)

    def receive_one(_number):
        start.wait()
        return receive(SimpleUploadedFile("cv.pdf", corpus.pdf())).scan

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(receive_one, range(8))) == {"unscanned"}
    assert hanging_scanner.most_at_once == hanging_scanner.connections == 2


def test_scan_backlog_passes_document_that_hangs(db, folder, settings, scanner_down):
    """A document for which the scanner never answers does not keep later ones from being scanned."""
    hanging = stored_document(corpus.pdf(stream=b"poison"))
    others = [stored_document() for _number in range(3)]
    settings.VIRUS_SCAN_TIMEOUT, settings.VIRUS_SCAN_BATCH_TIME = 0.2, 0.1
    with clamd.running() as clamd_server:
        clamd_server.poison = b"poison"
        settings.CLAMD = config.parse_clamd_url(clamd_server.url)
        for _run in range(60):
            call_command("scan_documents", verbosity=0)
            if Document.objects.scan_backlog().count == 1:
                break
    for document in others:
        document.refresh_from_db()
        assert document.scan == "clean"
    hanging.refresh_from_db()
    assert hanging.scan == "unscanned"
