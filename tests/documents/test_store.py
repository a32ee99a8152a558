"""What is received stays: in a folder and in a bucket, private, whole, or not acknowledged at all."""

import hashlib
import os
import resource
import stat
import subprocess
import sys
import threading
import tracemalloc
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction

from careers.documents import config
from careers.documents.ingest import discard, receive
from careers.documents.models import Document
from careers.documents.storage import StorageUnavailable, document_storage
from tests.components import prebuilt
from tests.components.environment import ROOT, local
from tests.components.site import free_port, manage
from tests.documents import corpus
from tests.documents.conftest import keep_in, sent

pytestmark = [pytest.mark.runs_first, pytest.mark.xdist_group("s3")]


@contextmanager
def no_file_longer_than(size):
    """The kernel refuses every byte beyond, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def verify(*words):
    """(everything is right, what is said about what is not)."""
    said = StringIO()
    try:
        call_command("verify_documents", *words, verbosity=0, stderr=said)
    except CommandError:
        return False, said.getvalue()
    return True, said.getvalue()


def test_a_document_is_kept_as_it_came(db, any_store):
    data = corpus.pdf(stream=os.urandom(3_000_000))
    document = sent(data, corpus.NFD)
    kept = Document.objects.get()
    assert (kept.name, kept.type, kept.size) == ("履歴書_プログラマー.pdf", "pdf", len(data))
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert (kept.scan, kept.scanned_at, kept.findings) == ("none", None, [])
    with document_storage().open(document.key) as file:
        assert file.read() == data
    assert verify("--hashes") == (True, "")


def test_what_is_odd_is_kept_with_the_row(db, folder):
    assert sent(corpus.pdf(objects=b"<</S/JavaScript>>")).findings == ["javascript"]
    assert str(Document.objects.get().warnings[0]) == "contains a script"


def test_its_name_in_the_store_is_random_and_says_nothing(db, any_store):
    keys = {sent(name="山田太郎.pdf").key for _ in range(3)}
    assert len(keys) == 3
    for key in keys:
        assert len(bytes.fromhex(key)) == 16
    assert {name for name, _ in document_storage().list_keys()} == keys


def test_nobody_else_on_the_machine_can_read_it(db, folder):
    document = sent()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / document.key).stat().st_mode) == 0o600


def test_it_is_outside_of_everything_that_is_served(db, client):
    document = sent()  # in the store of the settings
    location = Path(configured.STORAGES["documents"]["OPTIONS"]["location"])
    assert (location / document.key).is_file()
    served = [configured.STATIC_ROOT, configured.STORAGES["default"]["OPTIONS"]["location"]]
    assert not any(location.is_relative_to(path) for path in served)
    for path in (
        f"/media/{document.key}",
        f"/media/{document.key}.pdf",
        f"/documents/{document.key}",
    ):
        assert client.get(path).status_code == 404
    discard(document)


def test_it_has_no_address(db, any_store):
    with pytest.raises(ValueError, match="no URL"):
        document_storage().url(sent().key)


def test_an_object_in_the_bucket_grants_nothing_to_anybody(db, bucket):
    key = sent().key
    grants = bucket.Object(key).Acl().grants
    assert {grant["Grantee"].get("URI") for grant in grants} == {None}
    assert bucket.Object(key).content_type == "application/octet-stream"


# --- What cannot be kept -------------------------------------------------------------------------


def test_a_full_disk_is_no_acknowledgement_and_leaves_nothing(db, folder):
    sent()
    with no_file_longer_than(20_000), pytest.raises(StorageUnavailable):
        receive(SimpleUploadedFile("cv.pdf", corpus.pdf(stream=b"x" * 100_000)))
    assert len(list(folder.iterdir())) == 1
    sent()


def test_a_folder_that_cannot_be_made_is_no_acknowledgement(db, settings, tmp_path):
    (tmp_path / "file").touch()
    keep_in(settings, config.parse_documents_url("", tmp_path / "file" / "documents"))
    with pytest.raises(StorageUnavailable):
        receive(SimpleUploadedFile("cv.pdf", corpus.pdf()))


def test_an_s3_server_that_is_away_is_no_acknowledgement(db, settings):
    keep_in(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{free_port()}/documents", None),
    )
    with pytest.raises(StorageUnavailable):
        receive(SimpleUploadedFile("cv.pdf", corpus.pdf()))


def test_a_bucket_that_is_not_there_is_no_acknowledgement(db, settings, s3_server):
    keep_in(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{s3_server.port}/elsewhere", None),
    )
    with pytest.raises(StorageUnavailable):
        receive(SimpleUploadedFile("cv.pdf", corpus.pdf()))
    with pytest.raises(StorageUnavailable):
        document_storage().open("0" * 32)


class Careless(BaseHTTPRequestHandler):
    """An S3 server that says yes to everything, and keeps something else."""

    def do_PUT(self):
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.has = self.server.spoil(sent)
        self._say(0)

    def do_HEAD(self):
        self._say(len(self.server.has))

    def _say(self, length):
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.md5(self.server.has).hexdigest()}"')
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.mark.parametrize(
    ("spoil", "acknowledged"),
    [
        (lambda sent: sent, True),
        (lambda sent: sent[:-1], False),
        (lambda sent: b"?" + sent[1:], False),
    ],
)
def test_a_server_with_other_bytes_is_no_acknowledgement(settings, spoil, acknowledged):
    with ThreadingHTTPServer(("127.0.0.1", 0), Careless) as server:
        server.spoil = spoil
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            port = server.server_address[1]
            keep_in(
                settings,
                config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{port}/bucket", None),
            )
            with nullcontext() if acknowledged else pytest.raises(StorageUnavailable):
                receive(SimpleUploadedFile("cv.pdf", corpus.pdf()))
        finally:
            server.shutdown()
            thread.join()


def test_memory_does_not_grow_with_the_file(any_store):
    class Large(BytesIO):
        size = 9_000_000

    file = Large(corpus.pdf(stream=b"\x9d" * (Large.size - 1000)))
    file.name, file.size = "cv.pdf", len(file.getvalue())
    receive(file)  # what is loaded once
    tracemalloc.start()
    receive(file)
    assert tracemalloc.get_traced_memory()[1] < 2_500_000
    tracemalloc.stop()


# --- Leaving -------------------------------------------------------------------------------------


def test_a_discarded_document_goes_with_the_transaction(transactional_db, any_store):
    document = sent()
    with pytest.raises(RuntimeError), transaction.atomic():
        discard(Document.objects.get())
        raise RuntimeError
    assert verify() == (True, "") and Document.objects.count() == 1
    with transaction.atomic():
        discard(Document.objects.get())
        assert document_storage().exists(document.key)
    assert not Document.objects.exists() and not document_storage().exists(document.key)


def test_a_row_goes_even_if_the_store_is_away(transactional_db, settings, folder):
    sent()
    keep_in(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{free_port()}/documents", None),
    )
    discard(Document.objects.get())
    assert not Document.objects.exists()


def test_the_sweep_takes_what_no_row_names_and_only_after_a_day(db, any_store):
    kept, lost = sent(), receive(SimpleUploadedFile("cv.pdf", corpus.pdf()))
    call_command("prune_documents", verbosity=0)
    assert document_storage().exists(lost.key)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        call_command("prune_documents", verbosity=0)
    assert not document_storage().exists(lost.key)
    assert document_storage().exists(kept.key)


def test_the_sweep_takes_half_files_and_leaves_what_is_not_ours(db, folder, settings):
    sent()
    part, foreign = folder / f"{'a' * 32}.part", folder / "notes.txt"
    upload = settings.FILE_UPLOAD_TEMP_DIR / "tmp123.upload.pdf"
    for path in (part, foreign, upload):
        path.touch()
    call_command("prune_documents", verbosity=0)
    assert part.exists() and upload.exists()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        call_command("prune_documents", verbosity=0)
    assert not part.exists() and not upload.exists()
    assert foreign.exists()


def test_the_sweep_works_before_anybody_has_sent_anything(db, folder, settings):
    upload = settings.FILE_UPLOAD_TEMP_DIR / "tmp123.upload.pdf"
    upload.touch()
    said = StringIO()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        call_command("prune_documents", stdout=said)
    assert said.getvalue() == "Files without a document: 1 deleted.\n"
    assert not upload.exists()


# --- Is everything there? ------------------------------------------------------------------------


def test_verifying_names_what_is_missing(db, any_store):
    good, missing = sent(), sent()
    document_storage().delete(missing.key)
    right, said = verify()
    assert not right
    assert said == f"{missing.key} is missing from storage\n"
    assert good.key not in said


def test_verifying_names_what_has_changed(db, folder):
    shorter, other = sent(), sent()
    (folder / shorter.key).write_bytes(b"x")
    (folder / other.key).write_bytes(b"x" * other.size)
    assert verify() == (False, f"{shorter.key} has the wrong size\n")
    assert f"{other.key} has the wrong SHA-256" in verify("--hashes")[1]


def test_a_store_that_is_away_is_no_proof(db, folder, settings):
    sent()
    keep_in(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{free_port()}/documents", None),
    )
    with pytest.raises(CommandError, match="nothing was verified"):
        call_command("verify_documents", verbosity=0)


def test_verifying_ends_with_status_1(tmp_path):
    """As a monitor runs it: on a site whose only document has lost its bytes."""
    script = (
        "from careers.documents.models import Document;"
        "Document.objects.create(key='f' * 32, name='cv.pdf', type='pdf', size=1, sha256='0' * 64)"
    )
    prebuilt.copy_database(tmp_path / prebuilt.DATABASE, "migrated")
    environment = local(tmp_path)
    manage(environment, "shell", "--no-imports", "-c", script)
    ran = subprocess.run(
        [sys.executable, "manage.py", "verify_documents"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert f"{'f' * 32} is missing from storage" in ran.stderr
    assert "1 of 1 documents" in ran.stderr
