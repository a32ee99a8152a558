"""Dumps the database into one consistent file while the site runs, and loads it again.

SQLite does it with VACUUM INTO and its backup API, PostgreSQL with pg_dump and pg_restore.
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
    "Stop web and worker first, then restore again. The database is in use and was not changed"
    " ({})."
)


class DumpError(Exception):
    """A dump failed; the message is a sentence for the operator."""


class Contents(NamedTuple):
    """The contents of a dump: {key: SHA-256} of its documents, and the applied migrations."""

    documents: dict
    migrations: list


class SQLite:
    """A copy in the format of SQLite."""

    name = "database.sqlite3"

    def dump(self, path):
        """Write a consistent copy of the database to `path`; returns its Contents."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(path)])
            with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as copy:
                return Contents(
                    dict(copy.execute(_documents())),
                    [f"{app}.{name}" for app, name in copy.execute(_migrations())],
                )
        except (DatabaseError, sqlite3.Error) as error:
            raise DumpError(f"SQLite could not write the copy: {error}") from None

    def load(self, path):
        """Replace the database by the dump in `path`. A failure changes nothing."""
        connection.close()
        target = connection.settings_dict["NAME"]
        try:
            with (
                closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)) as copy,
                closing(sqlite3.connect(target, timeout=5, isolation_level=None)) as database,
            ):
                _lock(database)
                copy.backup(database)
                [(verdict,)] = database.execute("PRAGMA integrity_check(1)")
        except sqlite3.Error as error:
            raise DumpError(f"SQLite could not load the copy: {error}") from None
        if verdict != "ok":
            raise DumpError(f"SQLite reports damage in the restored database: {verdict}")


class PostgreSQL:
    """A dump in the format of pg_dump."""

    name = "database.dump"

    def dump(self, path):
        """Write a consistent copy of the database to `path`; returns its Contents."""
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [snapshot] = cursor.fetchone()  # pg_dump and the queries below see the same moment
            self._run("pg_dump", f"--snapshot={snapshot}", "--format=custom", f"--file={path}")
            cursor.execute(_documents())
            documents = dict(cursor.fetchall())
            cursor.execute(_migrations())
            return Contents(documents, [f"{app}.{name}" for app, name in cursor.fetchall()])

    def load(self, path):
        """Replace the tables by the dump in `path`. A failure leaves no tables."""
        self._program("pg_restore")  # before anything is dropped
        try:
            self._drop_tables()
        except DatabaseError as error:
            raise DumpError(_IN_USE.format(str(error).strip())) from None
        name = connection.settings_dict["NAME"]
        options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        self._run("pg_restore", *options, f"--dbname={name}", str(path))

    def _drop_tables(self):
        with connection.cursor() as cursor:
            tables = [connection.ops.quote_name(table.name) for table in _tables(cursor)]
            if tables:
                cursor.execute("SET lock_timeout = '10s'")
                cursor.execute(f"DROP TABLE {', '.join(tables)} CASCADE")
        connection.close()

    def _run(self, program, *arguments):
        process = subprocess.run(  # noqa: S603 (the command is built in this file)
            [self._program(program), *arguments],
            env={**os.environ, **self._environment()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if process.returncode:
            lines = (process.stderr.strip() or "no error message").splitlines()
            hint = ""
            if "version" in process.stderr:
                hint = f" Install the PostgreSQL client of version {self._version()}."
            raise DumpError(f"{program} failed: {' '.join(lines[-2:])}{hint}")

    def _program(self, name):
        if path := which(name):
            return path
        raise DumpError(
            f"{name} is not on the PATH. Install the PostgreSQL client of version {self._version()}"
            f" (Debian, Ubuntu: apt install postgresql-client-{self._version()})."
        )

    def _version(self):
        with connection.cursor():
            return connection.connection.info.server_version // 10_000

    def _environment(self):
        """Connection parameters as variables, so that the password is not in the process list."""
        parameters = connection.settings_dict
        values = {
            "PGHOST": parameters["HOST"],
            "PGPORT": parameters["PORT"],
            "PGUSER": parameters["USER"],
            "PGPASSWORD": parameters["PASSWORD"],
            "PGDATABASE": parameters["NAME"],
        }
        values |= {f"PG{name.upper()}": value for name, value in parameters["OPTIONS"].items()}
        return {name: str(value) for name, value in values.items() if value}


def database():
    """The class for the database of this site."""
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]()


def nonempty_tables(models):
    """The plural names of those `models` that have rows. A missing table has none."""
    with connection.cursor() as cursor:
        existing = {table.name for table in _tables(cursor)}
    return [
        str(model._meta.verbose_name_plural)
        for model in models
        if model._meta.db_table in existing and model._base_manager.exists()
    ]


def _lock(database):
    """Lock the database until it is closed. Raises DumpError if it is in use.

    Without the lock, the copy would wait forever for a writer; with an open reader, it would stay in the
    write-ahead log.
    """
    try:
        database.execute("PRAGMA locking_mode=EXCLUSIVE")  # keeps the lock after COMMIT
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise DumpError(_IN_USE.format(error)) from None


def _tables(cursor):
    tables = connection.introspection.get_table_list(cursor)
    return [table for table in tables if table.type in ("t", "p")]


def _documents():
    return f"SELECT key, sha256 FROM {Document._meta.db_table} ORDER BY id"  # noqa: S608


def _migrations():
    table = MigrationRecorder.Migration._meta.db_table
    return f"SELECT app, name FROM {table} ORDER BY id"  # noqa: S608
