"""A backup of a site that goes on taking applications, and the blank site that it becomes."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.components import postgres, s3, site
from tests.components.candidate import Site, apply
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def made(folder):
    """A site to which people apply all the time, and the backup that was made meanwhile."""
    with (
        own_database(folder, "demo") as url,
        site.running(DATABASE_URL=url, **_programs()) as served,
    ):
        address, environment = served
        there = Site(address, int(address.rpartition(":")[2]))
        before = [apply(there, f"before{number}@example.org", _cv(number)) for number in range(5)]
        done, more = threading.Event(), []

        def go_on():
            while not done.is_set():
                number = len(more)
                more.append(apply(there, f"after{number}@example.org", _cv(1000 + number)))

        threads = [threading.Thread(target=go_on) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            said = site.manage(environment, "backup", str(folder / "backup"))
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert more
        yield before, said, environment


@pytest.fixture
def backup(made, folder, tmp_path):
    """A copy of that backup, to be damaged at will."""
    return Path(shutil.copytree(folder / "backup", tmp_path / "backup"))


@pytest.fixture
def blank(made, tmp_path):
    """The environment of a site without tables, without files."""
    target = tmp_path / "blank"
    target.mkdir()
    with own_database(target) as url:
        yield {**made[2], "VAR_DIR": str(target), "DATABASE_URL": url}


@pytest.fixture
def small(made, tmp_path):
    """The environment of a site with one company and one role."""
    target = tmp_path / "small"
    target.mkdir()
    with own_database(target, "migrated") as url:
        environment = {**made[2], "VAR_DIR": str(target), "DATABASE_URL": url}
        shell(environment, "from tests import make; make.company(); make.role()")
        yield environment


def _cv(number):
    return f"I have watched the sky for {number} years. ".encode() * 500


def _programs():
    """PostgreSQL's own programs in the version of the server, where the tests run on one."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        return {}
    with psycopg.connect(server) as connection:
        folder = postgres.programs_of(connection.info.server_version // 10_000)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def shell(environment, code):
    return site.manage(environment, "shell", "--no-imports", "-c", code)


def run(environment, *command):
    """A command that may fail: its exit status, and what it said."""
    ran = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=site.ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.returncode, ran.stdout + ran.stderr


def test_a_blank_site_becomes_the_same_site(made, backup, blank):
    before, said, _environment = made
    manifest = json.loads((backup / "manifest.json").read_text())
    count = sum(name.startswith("documents/") for name in manifest["files"])
    assert count >= 5
    assert f"{count} documents" in said and "SECRET_KEY" in said
    status, said = run(blank, "restore", str(backup))
    assert (status, "all hashes match" in said) == (0, True), said
    assert f"{count} documents" in said
    assert {person.reference for person in before} <= set(shell(blank, REFERENCES).split())
    applications, attachments, roles, companies = json.loads(shell(blank, COUNTS))
    assert applications == attachments == count
    assert roles > 5 and companies == 1
    assert site.manage(blank, "verify_documents", "--hashes").startswith(f"All {count} documents")
    media = Path(blank["VAR_DIR"], "media")
    assert sorted(path.name for path in media.iterdir()) == sorted(
        name.removeprefix("media/") for name in manifest["files"] if name.startswith("media/")
    )


def test_nobody_else_may_read_it(made, folder):
    backup = folder / "backup"
    paths = [*backup.rglob("*")]
    assert {"manifest.json", "documents", "media"} <= {path.name for path in paths}
    for path in [backup, *paths]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert not (folder / "backup.part").exists()


def test_it_holds_no_secret_of_the_environment(made, folder):
    secret = made[2]["SECRET_KEY"].encode()
    files = [path for path in (folder / "backup").rglob("*") if path.is_file()]
    # The manifest, the database, documents and media: each is looked into.
    assert {path.parent.name for path in files} == {"backup", "documents", "media"}
    assert sum(path.parent.name == "backup" for path in files) >= 2
    for path in files:
        assert secret not in path.read_bytes(), path


def test_a_backup_is_never_overwritten(made, folder):
    before = (folder / "backup/manifest.json").read_bytes()
    status, said = run(made[2], "backup", str(folder / "backup"))
    assert (status, "already exists. Backups are never overwritten" in said) == (1, True)
    assert (folder / "backup/manifest.json").read_bytes() == before


def test_what_a_broken_off_backup_has_left_is_cleared(made, folder):
    part = folder / "again.part"
    (part / "documents").mkdir(parents=True)
    (part / "documents" / "0").write_text("half")
    assert run(made[2], "backup", str(folder / "again"))[0] == 0
    assert not part.exists() and not (folder / "again/documents/0").exists()


def test_somebody_elses_folder_is_left_alone(made, folder):
    part = folder / "mine.part"
    part.mkdir()
    (part / "diary.txt").write_text("dear diary")
    status, said = run(made[2], "backup", str(folder / "mine"))
    assert (status, "contains other files" in said) == (1, True)
    assert (part / "diary.txt").read_text() == "dear diary"


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_off(backup):
    (backup / "manifest.json").unlink()


def cut_short(backup):
    path = backup / "manifest.json"
    path.write_bytes(path.read_bytes()[:-20])


def lead_outside(backup):
    text = (backup / "manifest.json").read_text()
    (backup / "manifest.json").write_text(text.replace('"media/', '"../media/'))


def come_from_the_future(backup):
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["migrations"].append("roles.9999_from_the_future")
    (backup / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda backup: damage(next((backup / "documents").iterdir())), "is damaged in the backup"),
        (lambda backup: damage(next(backup.glob("database.*"))), "is damaged in the backup"),
        (lambda backup: next((backup / "media").iterdir()).unlink(), "is missing from the backup"),
        (cut_off, "it is not a backup, or the backup was interrupted"),
        (cut_short, "manifest.json in"),
        (lead_outside, "was not written by this version"),
        (come_from_the_future, "does not know roles.9999_from_the_future"),
    ],
    ids=["document", "database", "missing", "cut off", "cut short", "outside", "future"],
)
def test_what_is_not_whole_is_refused_before_anything_is_touched(blank, backup, spoil, sentence):
    spoil(backup)
    status, said = run(blank, "restore", str(backup))
    assert (status, sentence in said) == (1, True), said
    assert not Path(blank["VAR_DIR"], "documents").exists()


def test_a_site_that_has_something_is_replaced_only_on_request(small, backup):
    status, said = run(small, "restore", str(backup))
    assert (status, "is not empty" in said, "--replace" in said) == (1, True, True), said
    assert json.loads(shell(small, COUNTS)) == [0, 0, 1, 1]
    assert run(small, "restore", str(backup), "--replace")[0] == 0
    assert json.loads(shell(small, COUNTS))[2] > 5


@contextmanager
def in_use(url, statement):
    """Somebody else is in the middle of a transaction."""
    file = url.removeprefix("sqlite:///")
    made = psycopg.connect(url) if file == url else sqlite3.connect(file)
    with closing(made) as other:
        other.execute(statement)
        yield


@pytest.mark.parametrize(
    "statement",
    ["SELECT name_en FROM company_company", "UPDATE company_company SET name_en = 'Kaze'"],
    ids=["reading", "writing"],
)
def test_a_site_that_runs_is_to_be_stopped_first_and_loses_nothing(small, backup, statement):
    with in_use(small["DATABASE_URL"], statement):
        status, said = run(small, "restore", str(backup), "--replace")
    assert (status, "Stop web and worker first" in said) == (1, True), said
    assert json.loads(shell(small, COUNTS)) == [0, 0, 1, 1]
    assert run(small, "restore", str(backup), "--replace")[0] == 0
    assert json.loads(shell(small, COUNTS))[2] > 5


def test_documents_move_from_the_folder_into_a_bucket(blank, backup):
    with s3.running() as server:
        blank["DOCUMENTS_URL"] = server.url
        status, said = run(blank, "restore", str(backup))
        assert status == 0, said
        assert "All" in site.manage(blank, "verify_documents", "--hashes")
        kept = {path.name for path in (backup / "documents").iterdir()}
        assert {found.key for found in server.bucket.objects.all()} == kept
        assert not Path(blank["VAR_DIR"], "documents").exists()
        again = backup.with_name("from the bucket")
        assert run(blank, "backup", str(again))[0] == 0
        assert {path.name for path in (again / "documents").iterdir()} == kept


def test_a_site_that_has_lost_a_file_says_so_and_keeps_the_rest(blank, backup):
    assert run(blank, "restore", str(backup))[0] == 0
    lost = next(Path(blank["VAR_DIR"], "documents").iterdir())
    lost.unlink()
    again = backup.with_name("again")
    status, said = run(blank, "backup", str(again))
    assert (status, f"documents/{lost.name}" in said) == (1, True)
    assert (again / "manifest.json").exists()


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="SQLite writes its copy itself")
def test_without_its_programs_it_says_what_to_install(made, folder):
    status, said = run({**made[2], "PATH": "/nowhere"}, "backup", str(folder / "never"))
    assert (status, "Install the PostgreSQL client of version" in said) == (1, True), said
    assert not (folder / "never.part").exists()
