"""The whole database as one file, consistent while the site goes on, and back again.

SQLite makes it itself; for PostgreSQL its own programs pg_dump and pg_restore do, which know what
this code need not know.
"""

import os
import sqlite3
import subprocess
from contextlib import closing
from shutil import which
from typing import NamedTuple

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import DatabaseError

from careers.documents.models import Document

_IN_USE = (
    "Stop the site first, web and worker, and restore once more: its database is in use, and stays"
    " as it is ({})."
)


class DumpFault(Exception):
    """What stands in the way, in a sentence for the operator."""


class Holds(NamedTuple):
    """What is in a dump: {key: (size, sha256)} of its documents, and the migrations it has seen."""

    documents: dict
    migrations: list


class SQLite:
    """A copy that SQLite writes itself."""

    name = "database.sqlite3"

    def dump(self, path):
        """Write the database of this moment to `path`; what it Holds."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(path)])
            with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as copy:
                return Holds(
                    {key: (size, sha256) for key, size, sha256 in copy.execute(_documents())},
                    [f"{app}.{name}" for app, name in copy.execute(_migrations())],
                )
        except (DatabaseError, sqlite3.Error) as fault:
            raise DumpFault(f"SQLite could not write the copy: {fault}") from None

    def load(self, path):
        """Put what is in `path` into the place of the database: all of it, or nothing."""
        connection.close()
        target = connection.settings_dict["NAME"]
        try:
            with (
                closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as copy,
                closing(sqlite3.connect(target, timeout=5, isolation_level=None)) as database,
            ):
                _have_alone(database)
                copy.backup(database)
                [(said,)] = database.execute("PRAGMA integrity_check(1)")
        except sqlite3.Error as fault:
            raise DumpFault(f"SQLite could not take the copy: {fault}") from None
        if said != "ok":
            raise DumpFault(f"SQLite finds the restored database damaged: {said}")


class PostgreSQL:
    """A dump in the format of pg_dump."""

    name = "database.dump"

    def dump(self, path):
        """Write the database of this moment to `path`; what it Holds."""
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [snapshot] = cursor.fetchone()  # both look at the same moment
            self._run("pg_dump", f"--snapshot={snapshot}", "--format=custom", f"--file={path}")
            cursor.execute(_documents())
            documents = {key: (size, sha256) for key, size, sha256 in cursor.fetchall()}
            cursor.execute(_migrations())
            return Holds(documents, [f"{app}.{name}" for app, name in cursor.fetchall()])

    def load(self, path):
        """Put what is in `path` into the place of the tables. Broken off, it leaves none."""
        self._program("pg_restore")  # before anything is dropped
        try:
            self._drop_tables()
        except DatabaseError as fault:
            raise DumpFault(_IN_USE.format(str(fault).strip())) from None
        name = connection.settings_dict["NAME"]
        ours = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        self._run("pg_restore", *ours, f"--dbname={name}", str(path))

    def _drop_tables(self):
        with connection.cursor() as cursor:
            tables = [connection.ops.quote_name(table.name) for table in _tables(cursor)]
            if tables:
                cursor.execute("SET lock_timeout = '10s'")
                cursor.execute(f"DROP TABLE {', '.join(tables)} CASCADE")
        connection.close()

    def _run(self, program, *words):
        ran = subprocess.run(  # noqa: S603 (every word of it stands in this file)
            [self._program(program), *words],
            env={**os.environ, **self._environment()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if ran.returncode:
            said = (ran.stderr.strip() or "nothing").splitlines()
            hint = ""
            if "version" in ran.stderr:
                hint = f" Install the PostgreSQL client of version {self._version()}."
            raise DumpFault(f"{program} failed and said: {' '.join(said[-2:])}{hint}")

    def _program(self, name):
        if path := which(name):
            return path
        raise DumpFault(
            f"{name} is not on the PATH. Install the PostgreSQL client of version {self._version()}"
            f" (Debian, Ubuntu: apt install postgresql-client-{self._version()})."
        )

    def _version(self):
        with connection.cursor():
            return connection.connection.info.server_version // 10_000

    def _environment(self):
        """The way to the server, where no list of processes shows it."""
        known = connection.settings_dict
        values = {
            "PGHOST": known["HOST"],
            "PGPORT": known["PORT"],
            "PGUSER": known["USER"],
            "PGPASSWORD": known["PASSWORD"],
            "PGDATABASE": known["NAME"],
        }
        values |= {f"PG{name.upper()}": value for name, value in known["OPTIONS"].items()}
        return {name: str(value) for name, value in values.items() if value}


def database():
    """What dumps the database of this site."""
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]()


def filled_tables(models):
    """The names of these models that have rows; none where there is no table yet."""
    with connection.cursor() as cursor:
        there = {table.name for table in _tables(cursor)}
    return [
        str(model._meta.verbose_name_plural)
        for model in models
        if model._meta.db_table in there and model._base_manager.exists()
    ]


def _have_alone(database):
    """Keep everybody else out until it is closed.

    A copy waits for a writer without end, and beside a reader it would stay in the log of changes.
    """
    try:
        database.execute("PRAGMA locking_mode=EXCLUSIVE")  # beyond the end of what begins here
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
    except sqlite3.OperationalError as fault:
        raise DumpFault(_IN_USE.format(fault)) from None


def _tables(cursor):
    found = connection.introspection.get_table_list(cursor)
    return [table for table in found if table.type in ("t", "p")]


def _documents():
    return f"SELECT key, size, sha256 FROM {Document._meta.db_table} ORDER BY id"  # noqa: S608


def _migrations():
    table = MigrationRecorder.Migration._meta.db_table
    return f"SELECT app, name FROM {table} ORDER BY id"  # noqa: S608
