"""Backup of a site that receives applications meanwhile, and restore into a blank site."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from careers.ops.management.commands.backup import INCOMPLETE
from tests.components import postgres, s3, site
from tests.components.candidate import SiteClient, apply
from tests.components.database import own_database

pytestmark = [pytest.mark.runs_first, pytest.mark.xdist_group("backup")]

COUNTS = """
import json
from careers.applications.models import Application, Attachment
from careers.company.models import Company
from careers.roles.models import Role
print(json.dumps([model.objects.count() for model in (Application, Attachment, Role, Company)]))
"""
REFERENCES = """
from careers.applications.models import Application
print("\\n".join(row.display_reference for row in Application.objects.all()))
"""

THIRTY_LOST_DOCUMENTS = """
from careers.documents.models import Document
for number in range(30):
    Document.objects.create(
        key=f"{number:032}", name="cv.txt", type="txt", size=3, sha256=f"{number:064}"
    )
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def busy_site(folder):
    """A site that receives applications continuously, and the output of a backup of it.

    Yields the applications before the backup, the output, and the environment of the site.
    """
    with (
        own_database(folder, "demo") as url,
        site.running(DATABASE_URL=url, **_programs()) as served,
    ):
        address, environment = served
        served_site = SiteClient(address, int(address.rpartition(":")[2]))
        applied_before = [
            apply(served_site, f"before{number}@example.org", _cv(number)) for number in range(5)
        ]
        is_done, applied_later = threading.Event(), []

        def apply_repeatedly():
            while not is_done.is_set():
                number = len(applied_later)
                applied_later.append(
                    apply(served_site, f"after{number}@example.org", _cv(1000 + number))
                )

        threads = [threading.Thread(target=apply_repeatedly) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            output = site.manage(environment, "backup", str(folder / "backup"))
        finally:
            is_done.set()
            for thread in threads:
                thread.join()
        assert applied_later
        yield applied_before, output, environment


@pytest.fixture
def backup(busy_site, folder, tmp_path):
    """A copy of that backup, which a test may damage."""
    return Path(shutil.copytree(folder / "backup", tmp_path / "backup"))


@pytest.fixture
def blank_site(busy_site, tmp_path):
    """The environment of a site without tables or files."""
    target = tmp_path / "blank_site"
    target.mkdir()
    with own_database(target) as url:
        yield {**busy_site[2], "VAR_DIR": str(target), "DATABASE_URL": url}


@pytest.fixture
def small_site(busy_site, tmp_path):
    """The environment of a site with one company and one role."""
    target = tmp_path / "small_site"
    target.mkdir()
    with own_database(target, "migrated") as url:
        environment = {**busy_site[2], "VAR_DIR": str(target), "DATABASE_URL": url}
        shell(environment, "from tests import make; make.company(); make.role()")
        yield environment


def _cv(number):
    return f"I have watched the sky for {number} years. ".encode() * 500


def _programs():
    """PATH with PostgreSQL's programs in the version of the server, if the tests run on one."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        return {}
    with psycopg.connect(server) as connection:
        folder = postgres.programs_of(connection.info.server_version // 10_000)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def shell(environment, code):
    return site.manage(environment, "shell", "--no-imports", "-c", code)


def run(environment, *command):
    """Run a command that may fail; returns its exit status and its output."""
    process = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=site.ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in process.stderr, process.stderr
    return process.returncode, process.stdout + process.stderr


def test_backup_records_its_time(small_site, tmp_path):
    last = "from careers.ops.models import LastRun; print(LastRun.objects.last_at('backup'))"
    assert shell(small_site, last).strip() == "None"
    assert run(small_site, "backup", str(tmp_path / "backup"))[0] == 0
    assert shell(small_site, last).strip().startswith("20")


def test_restore_into_blank_site(busy_site, backup, blank_site):
    applied_before, output, _environment = busy_site
    manifest = json.loads((backup / "manifest.json").read_text())
    count = sum(name.startswith("documents/") for name in manifest["files"])
    assert count >= 5
    assert f"{count} documents" in output and "SECRET_KEY" in output
    status, output = run(blank_site, "restore", str(backup))
    assert (status, "all hashes match" in output) == (0, True), output
    assert f"{count} documents" in output
    assert {person.reference for person in applied_before} <= set(
        shell(blank_site, REFERENCES).split()
    )
    applications, attachments, roles, companies = json.loads(shell(blank_site, COUNTS))
    assert applications == attachments == count
    assert roles > 5 and companies == 1
    assert site.manage(blank_site, "verify_documents", "--hashes").startswith(
        f"All {count} documents"
    )
    media = Path(blank_site["VAR_DIR"], "media")
    assert sorted(path.name for path in media.iterdir()) == sorted(
        name.removeprefix("media/") for name in manifest["files"] if name.startswith("media/")
    )


def test_backup_file_permissions(busy_site, folder):
    backup = folder / "backup"
    paths = [*backup.rglob("*")]
    assert {"manifest.json", "documents", "media"} <= {path.name for path in paths}
    for path in [backup, *paths]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert not (folder / "backup.part").exists()


def test_backup_does_not_contain_secret_key(busy_site, folder):
    secret = busy_site[2]["SECRET_KEY"].encode()
    files = [path for path in (folder / "backup").rglob("*") if path.is_file()]
    # The manifest, the database, documents and media are all checked.
    assert {path.parent.name for path in files} == {"backup", "documents", "media"}
    assert sum(path.parent.name == "backup" for path in files) >= 2
    for path in files:
        assert secret not in path.read_bytes(), path


def test_backup_is_never_overwritten(busy_site, folder):
    applied_before = (folder / "backup/manifest.json").read_bytes()
    status, output = run(busy_site[2], "backup", str(folder / "backup"))
    assert (status, "already exists. Backups are never overwritten" in output) == (1, True)
    assert (folder / "backup/manifest.json").read_bytes() == applied_before


def test_backup_deletes_files_of_an_interrupted_backup(busy_site, folder):
    part = folder / "again.part"
    (part / "documents").mkdir(parents=True)
    (part / "documents" / "0").write_text("half")
    assert run(busy_site[2], "backup", str(folder / "again"))[0] == 0
    assert not part.exists() and not (folder / "again/documents/0").exists()


def test_backup_leaves_folder_with_other_files_alone(busy_site, folder):
    part = folder / "mine.part"
    part.mkdir()
    (part / "diary.txt").write_text("dear diary")
    status, output = run(busy_site[2], "backup", str(folder / "mine"))
    assert (status, "contains other files" in output) == (1, True)
    assert (part / "diary.txt").read_text() == "dear diary"


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def remove_manifest(backup):
    (backup / "manifest.json").unlink()


def truncate_manifest(backup):
    path = backup / "manifest.json"
    path.write_bytes(path.read_bytes()[:-20])


def use_path_outside(backup):
    text = (backup / "manifest.json").read_text()
    (backup / "manifest.json").write_text(text.replace('"media/', '"../media/'))


def add_unknown_migration(backup):
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["migrations"].append("roles.9999_from_the_future")
    (backup / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("damage_backup", "sentence"),
    [
        (lambda backup: damage(next((backup / "documents").iterdir())), "is damaged in the backup"),
        (lambda backup: damage(next(backup.glob("database.*"))), "is damaged in the backup"),
        (lambda backup: next((backup / "media").iterdir()).unlink(), "is missing from the backup"),
        (remove_manifest, "it is not a backup, or the backup was interrupted"),
        (truncate_manifest, "manifest.json in"),
        (use_path_outside, "was not written by this version"),
        (add_unknown_migration, "does not know roles.9999_from_the_future"),
    ],
    ids=["document", "database", "missing", "cut off", "cut short", "outside", "future"],
)
def test_restore_rejects_damaged_backup_before_any_change(
    blank_site, backup, damage_backup, sentence
):
    damage_backup(backup)
    status, output = run(blank_site, "restore", str(backup))
    assert (status, sentence in output) == (1, True), output
    assert not Path(blank_site["VAR_DIR"], "documents").exists()


def test_restore_into_filled_site_requires_replace(small_site, backup):
    status, output = run(small_site, "restore", str(backup))
    assert (status, "is not empty" in output, "--replace" in output) == (1, True, True), output
    assert json.loads(shell(small_site, COUNTS)) == [0, 0, 1, 1]
    assert run(small_site, "restore", str(backup), "--replace")[0] == 0
    assert json.loads(shell(small_site, COUNTS))[2] > 5


@contextmanager
def in_use(url, statement):
    """Another connection has an open transaction."""
    file = url.removeprefix("sqlite:///")
    connection = psycopg.connect(url) if file == url else sqlite3.connect(file)
    with closing(connection) as other:
        other.execute(statement)
        yield


@pytest.mark.parametrize(
    "statement",
    ["SELECT name_en FROM company_company", "UPDATE company_company SET name_en = 'Kaze'"],
    ids=["reading", "writing"],
)
def test_restore_rejects_database_in_use(small_site, backup, statement):
    with in_use(small_site["DATABASE_URL"], statement):
        status, output = run(small_site, "restore", str(backup), "--replace")
    assert (status, "Stop web and worker first" in output) == (1, True), output
    assert json.loads(shell(small_site, COUNTS)) == [0, 0, 1, 1]
    assert run(small_site, "restore", str(backup), "--replace")[0] == 0
    assert json.loads(shell(small_site, COUNTS))[2] > 5


def test_restore_into_s3_document_storage(blank_site, backup):
    with s3.running() as server:
        blank_site["DOCUMENTS_URL"] = server.url
        status, output = run(blank_site, "restore", str(backup))
        assert status == 0, output
        assert "All" in site.manage(blank_site, "verify_documents", "--hashes")
        document_keys = {path.name for path in (backup / "documents").iterdir()}
        assert {
            object_summary.key for object_summary in server.bucket.objects.all()
        } == document_keys
        assert not Path(blank_site["VAR_DIR"], "documents").exists()
        second_backup = backup.with_name("from the bucket")
        assert run(blank_site, "backup", str(second_backup))[0] == 0
        assert {path.name for path in (second_backup / "documents").iterdir()} == document_keys


def _delete(path):
    path.unlink()


def _make_unreadable(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("lose", [damage, _delete, _make_unreadable])
def test_backup_without_lost_files_has_the_rest(blank_site, backup, tmp_path, lose):
    """A site that has lost files is backed up every night; exit status and message say what is lost."""
    assert run(blank_site, "restore", str(backup))[0] == 0
    lost = set()
    for folder_name in ("documents", "media"):
        path = min(Path(blank_site["VAR_DIR"], folder_name).iterdir())
        lose(path)
        lost.add(f"{folder_name}/{path.name}")
    for night in (tmp_path / "monday", tmp_path / "tuesday"):
        status, output = run(blank_site, "backup", str(night))
        assert status == INCOMPLETE and all(name in output for name in lost), output
        files = json.loads((night / "manifest.json").read_text())["files"]
        paths = [*(night / "documents").iterdir(), *(night / "media").iterdir()]
        copied = {f"{path.parent.name}/{path.name}" for path in paths}
        assert copied == {name for name in files if "/" in name}
        assert len(copied) > 5 and not copied & lost


def test_backup_without_lost_document_is_restored(busy_site, blank_site, backup, tmp_path):
    """The restored site has the same rows; the lost document does not stop it."""
    assert run(blank_site, "restore", str(backup))[0] == 0
    lost = min(Path(blank_site["VAR_DIR"], "documents").iterdir())
    lost.unlink()
    assert run(blank_site, "backup", str(tmp_path / "again"))[0] == INCOMPLETE
    status, output = run(blank_site, "restore", str(tmp_path / "again"), "--replace")
    assert (status, "1 documents were already missing" in output) == (0, True), output
    references = {person.reference for person in busy_site[0]}
    assert references <= set(shell(blank_site, REFERENCES).split())


def test_backup_message_names_twenty_lost_files(blank_site, backup, tmp_path):
    assert run(blank_site, "restore", str(backup))[0] == 0
    shell(blank_site, THIRTY_LOST_DOCUMENTS)
    status, output = run(blank_site, "backup", str(tmp_path / "again"))
    assert (status, "and 10 more" in output) == (INCOMPLETE, True), output
    assert len(set(re.findall(r"documents/0{30}\d\d", output))) == 20


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_backup_ended_by_signal_leaves_no_folder(blank_site, backup, tmp_path, number):
    """The folder would have personal data in it."""
    assert run(blank_site, "restore", str(backup))[0] == 0
    slow = min(Path(blank_site["VAR_DIR"], "documents").iterdir())
    slow.unlink()
    os.mkfifo(slow)  # reading it takes for ever
    part = tmp_path / "ended.part"
    with subprocess.Popen(
        [sys.executable, "manage.py", "backup", str(tmp_path / "ended")],
        cwd=site.ROOT,
        env=blank_site,
    ) as process:
        while process.poll() is None and not (part / "documents").exists():
            time.sleep(0.05)
        process.send_signal(number)
        assert process.wait(20) == 128 + number
    assert not part.exists()


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="SQLite writes its copy itself")
def test_backup_without_postgresql_client_names_the_package(busy_site, folder):
    status, output = run({**busy_site[2], "PATH": "/nowhere"}, "backup", str(folder / "never"))
    assert (status, "Install the PostgreSQL client of version" in output) == (1, True), output
    assert not (folder / "never.part").exists()
