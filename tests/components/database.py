"""An empty database of the kind that this run of the tests is about."""

import contextlib
import os
import uuid

import psycopg


@contextlib.contextmanager
def own_database(folder):
    """Its DATABASE_URL, for as long as this block lasts."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'careers.sqlite3'}"
        return
    name = f"own_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
