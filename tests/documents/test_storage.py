"""Document storage, in a folder and in an S3 bucket: private, complete, durable, or not acknowledged."""

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
from django.core.management import CommandError, call_command
from django.db import transaction

from careers.documents import config
from careers.documents.ingest import discard
from careers.documents.models import Document
from careers.documents.storage import StorageUnavailable, document_storage
from tests.components import prebuilt
from tests.components.environment import ROOT, development_environment
from tests.components.site import free_port, manage
from tests.documents import corpus
from tests.documents.conftest import store, stored_document, use_storage

pytestmark = [pytest.mark.runs_first, pytest.mark.xdist_group("s3"), pytest.mark.one_database]


@contextmanager
def file_size_limit(size):
    """Let the kernel reject every write beyond this size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def verify(*arguments):
    """(whether no document is missing or changed, the error output)."""
    output = StringIO()
    try:
        call_command("verify_documents", *arguments, verbosity=0, stderr=output)
    except CommandError:
        return False, output.getvalue()
    return True, output.getvalue()


def test_document_stored_unchanged(db, any_storage):
    data = corpus.pdf(stream=os.urandom(3_000_000))
    document = stored_document(data, corpus.NFD)
    stored = Document.objects.get()
    assert (stored.name, stored.type, stored.size) == ("履歴書_プログラマー.pdf", "pdf", len(data))
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert (stored.scan, stored.scanned_at, stored.findings) == ("none", None, [])
    with document_storage().open(document.key) as file:
        assert file.read() == data
    assert verify("--hashes") == (True, "")


def test_document_findings_stored(db, folder):
    assert stored_document(corpus.pdf(objects=b"<</S/JavaScript>>")).findings == ["javascript"]
    assert str(Document.objects.get().warnings[0]) == "contains a script"


def test_document_key_is_random(db, any_storage):
    keys = {stored_document(name="山田太郎.pdf").key for _ in range(3)}
    assert len(keys) == 3
    for key in keys:
        assert len(bytes.fromhex(key)) == 16
    assert {name for name, _ in document_storage().list_keys()} == keys


def test_document_file_permissions(db, folder):
    document = stored_document()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / document.key).stat().st_mode) == 0o600


def test_document_not_served(db, client):
    document = stored_document()  # in the storage of the settings
    location = Path(configured.STORAGES["documents"]["OPTIONS"]["location"])
    assert (location / document.key).is_file()
    public_folders = [configured.STATIC_ROOT, configured.STORAGES["default"]["OPTIONS"]["location"]]
    assert not any(location.is_relative_to(path) for path in public_folders)
    for path in (
        f"/media/{document.key}",
        f"/media/{document.key}.pdf",
        f"/documents/{document.key}",
    ):
        assert client.get(path).status_code == 404
    discard(document)


def test_document_has_no_url(db, any_storage):
    with pytest.raises(ValueError, match="no URL"):
        document_storage().url(stored_document().key)


def test_s3_object_is_private(db, bucket):
    key = stored_document().key
    grants = bucket.Object(key).Acl().grants
    assert {grant["Grantee"].get("URI") for grant in grants} == {None}
    assert bucket.Object(key).content_type == "application/octet-stream"


# --- Failures ----------------------------------------------------------------------------------


def test_full_disk_leaves_no_file(db, folder):
    stored_document()
    with file_size_limit(20_000), pytest.raises(StorageUnavailable):
        stored_document(corpus.pdf(stream=b"x" * 100_000))
    assert len(list(folder.iterdir())) == 1
    stored_document()


def test_folder_not_creatable(db, settings, tmp_path):
    (tmp_path / "file").touch()
    use_storage(settings, config.parse_documents_url("", tmp_path / "file" / "documents"))
    with pytest.raises(StorageUnavailable):
        stored_document()


def test_s3_unreachable(db, settings):
    use_storage(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{free_port()}/documents", None),
    )
    with pytest.raises(StorageUnavailable):
        stored_document()


def test_s3_bucket_missing(db, settings, s3_server):
    use_storage(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{s3_server.port}/elsewhere", None),
    )
    with pytest.raises(StorageUnavailable):
        stored_document()
    with pytest.raises(StorageUnavailable):
        document_storage().open("0" * 32)


class CorruptingS3Handler(BaseHTTPRequestHandler):
    """An S3 server that accepts every object and stores something else."""

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.content = self.server.corrupt(body)
        self._respond(0)

    def do_HEAD(self):
        self._respond(len(self.server.content))

    def _respond(self, length):
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.md5(self.server.content).hexdigest()}"')
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.mark.parametrize(
    ("corrupt", "acknowledged"),
    [
        (lambda body: body, True),
        (lambda body: body[:-1], False),
        (lambda body: b"?" + body[1:], False),
    ],
)
def test_s3_stores_other_bytes(db, settings, corrupt, acknowledged):
    with ThreadingHTTPServer(("127.0.0.1", 0), CorruptingS3Handler) as server:
        server.corrupt = corrupt
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            port = server.server_address[1]
            use_storage(
                settings,
                config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{port}/bucket", None),
            )
            with nullcontext() if acknowledged else pytest.raises(StorageUnavailable):
                stored_document()
        finally:
            server.shutdown()
            thread.join()


def test_memory_is_bounded(db, any_storage):
    class Large(BytesIO):
        size = 9_000_000

    file = Large(corpus.pdf(stream=b"\x9d" * (Large.size - 1000)))
    file.name, file.size = "cv.pdf", len(file.getvalue())
    store(file)  # loads modules
    tracemalloc.start()
    store(file)
    assert tracemalloc.get_traced_memory()[1] < 2_500_000
    tracemalloc.stop()


# --- Deleting ----------------------------------------------------------------------------------


def test_discard_follows_transaction(transactional_db, any_storage):
    document = stored_document()
    with pytest.raises(RuntimeError), transaction.atomic():
        discard(Document.objects.get())
        raise RuntimeError
    assert verify() == (True, "") and Document.objects.count() == 1
    with transaction.atomic():
        discard(Document.objects.get())
        assert document_storage().exists(document.key)
    assert not Document.objects.exists() and not document_storage().exists(document.key)


def test_discard_without_storage(transactional_db, settings, folder):
    stored_document()
    use_storage(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{free_port()}/documents", None),
    )
    discard(Document.objects.get())
    assert not Document.objects.exists()


def test_prune_orphans_after_a_day(db, any_storage):
    stored, orphan = stored_document(), stored_document()
    Document.objects.filter(pk=orphan.pk).delete()  # as if its process had been killed
    call_command("prune_documents", verbosity=0)
    assert document_storage().exists(orphan.key)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        call_command("prune_documents", verbosity=0)
    assert not document_storage().exists(orphan.key)
    assert document_storage().exists(stored.key)


def test_prune_partial_files_and_uploads_only(db, folder, settings):
    stored_document()
    partial_file, foreign_file = folder / f"{'a' * 32}.part", folder / "notes.txt"
    upload = settings.FILE_UPLOAD_TEMP_DIR / "tmp123.upload.pdf"
    for path in (partial_file, foreign_file, upload):
        path.touch()
    call_command("prune_documents", verbosity=0)
    assert partial_file.exists() and upload.exists()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        call_command("prune_documents", verbosity=0)
    assert not partial_file.exists() and not upload.exists()
    assert foreign_file.exists()


def test_prune_without_document_folder(db, folder, settings):
    upload = settings.FILE_UPLOAD_TEMP_DIR / "tmp123.upload.pdf"
    upload.touch()
    output = StringIO()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        call_command("prune_documents", stdout=output)
    assert output.getvalue() == "Files without a document: 1 deleted.\n"
    assert not upload.exists()


# --- Verifying ---------------------------------------------------------------------------------


def test_verify_names_missing_documents(db, any_storage):
    good, missing = stored_document(), stored_document()
    document_storage().delete(missing.key)
    is_complete, output = verify()
    assert not is_complete
    assert output == f"{missing.key} is missing from storage\n"
    assert good.key not in output


def test_verify_names_changed_documents(db, folder):
    shorter, other = stored_document(), stored_document()
    (folder / shorter.key).write_bytes(b"x")
    (folder / other.key).write_bytes(b"x" * other.size)
    assert verify() == (False, f"{shorter.key} has the wrong size\n")
    assert f"{other.key} has the wrong SHA-256" in verify("--hashes")[1]


def test_verify_without_storage_fails(db, folder, settings):
    stored_document()
    use_storage(
        settings,
        config.parse_documents_url(f"s3+plain://K:S@127.0.0.1:{free_port()}/documents", None),
    )
    with pytest.raises(CommandError, match="nothing was verified"):
        call_command("verify_documents", verbosity=0)


def test_verify_exit_status(tmp_path):
    """As a monitoring job runs it: on a site whose only document has no file."""
    script = (
        "from careers.documents.models import Document;"
        "Document.objects.create(key='f' * 32, name='cv.pdf', type='pdf', size=1, sha256='0' * 64)"
    )
    prebuilt.copy_database(tmp_path / prebuilt.DATABASE, "migrated")
    environment = development_environment(tmp_path)
    manage(environment, "shell", "--no-imports", "-c", script)
    result = subprocess.run(
        [sys.executable, "manage.py", "verify_documents"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert f"{'f' * 32} is missing from storage" in result.stderr
    assert "1 of 1 documents" in result.stderr
