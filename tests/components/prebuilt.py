"""What is built once per test run and then copied: databases and static files.

Each item is built on first use, under a file lock, so that parallel processes share it. The
environment variable PREBUILT_DIR names the folder of the run; without it, the first process creates
a folder, passes it on to its children, and removes it at its end.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import psycopg

from tests.components import postgres
from tests.components.environment import ROOT, development_environment

VARIABLE = "PREBUILT_DIR"
DATABASE = "careers.sqlite3"  # its name in a VAR_DIR
MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("sync_permissions", verbosity=0)
"""
DEMO = """
from django.core.management import call_command
call_command("load_demo", verbosity=0)
"""
COLLECT = """
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
"""


def folder():
    """The folder of this test run."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="careers-prebuilt-")
        atexit.register(_remove, Path(os.environ[VARIABLE]), os.getpid())
    return Path(os.environ[VARIABLE])


def copy_files(var_dir):
    """Add the static files and the media of the demo company to a VAR_DIR."""
    (var_dir / "static").symlink_to(static())
    shutil.copytree(_sqlite("demo") / "media", var_dir / "media")


def copy_database(path, name):
    """Write a SQLite database ("migrated" or "demo") to a path."""
    shutil.copyfile(_sqlite(name) / DATABASE, path)


def static():
    """The folder of the collected static files; read-only."""
    return _built("static", lambda var_dir: _run(COLLECT, var_dir)) / "static"


def template(server_url, name):
    """The name of a template database ("migrated" or "demo") on the PostgreSQL server of a URL."""

    def build(var_dir):
        database = f"prebuilt_{name}_{uuid.uuid4().hex}"
        (var_dir / "server").write_text(server_url)
        (var_dir / "database").write_text(database)
        template_clause = f" TEMPLATE {template(server_url, 'migrated')}" if name == "demo" else ""
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}{template_clause}")
        _run(
            DEMO if name == "demo" else MIGRATE,
            var_dir,
            DATABASE_URL=sibling_url(server_url, database),
        )

    return (_built(f"postgres-{name}", build) / "database").read_text()


def cluster():
    """The data folder of a stopped PostgreSQL server, the database of which holds the demo company."""

    def build(var_dir):
        with postgres.running_server(postgres.UNSAFE_SETTINGS) as server:
            _run(MIGRATE + DEMO, var_dir, DATABASE_URL=server.url)
            server.copy_data(var_dir / "data")

    return _built("cluster", build) / "data"


def sibling_url(server_url, database):
    """The DATABASE_URL of a database on the same server."""
    return f"{server_url.rpartition('/')[0]}/{database}"


def _sqlite(name):
    """The folder with the SQLite database, and with the media of the demo company."""

    def build(var_dir):
        if name == "demo":
            copy_database(var_dir / DATABASE, "migrated")
        _run(DEMO if name == "demo" else MIGRATE, var_dir)
        # Into one file: a copy would lack what is still in the write-ahead log.
        with contextlib.closing(sqlite3.connect(var_dir / DATABASE)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return _built(f"sqlite-{name}", build)


def _built(name, build):
    """The folder of one item; it is renamed to its final name when it is complete."""
    path = folder() / name
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            partial = path.with_suffix(".part")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            build(partial)
            partial.rename(path)
    return path


def _run(code, var_dir, **variables):
    """Run Python with the site's settings."""
    environment = development_environment(var_dir, **variables)
    command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _remove(path, process):
    """Remove the folder, and the template databases on a server that outlives this run."""
    if os.getpid() != process:  # a forked process inherited this
        return
    for file in path.glob("postgres-*/database"):
        with contextlib.suppress(OSError, psycopg.Error):
            server_url = file.with_name("server").read_text()
            with psycopg.connect(server_url, autocommit=True, connect_timeout=2) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {file.read_text()} WITH (FORCE)")
    shutil.rmtree(path, ignore_errors=True)
