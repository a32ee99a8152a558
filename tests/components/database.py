"""A database of the kind that this test run is about: empty, migrated, or with the demo company."""

import contextlib
import os
import uuid

import psycopg

from tests.components import prebuilt


@contextlib.contextmanager
def own_database(folder, content=None):
    """Yield the DATABASE_URL of a database that lives as long as this block.

    `content` is None (no tables), "migrated" (with the groups and their permissions) or "demo".
    """
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        path = folder / prebuilt.DATABASE
        if content:
            prebuilt.copy_database(path, content)
        yield f"sqlite:///{path}"
        return
    name = f"own_{uuid.uuid4().hex}"
    source = f" TEMPLATE {prebuilt.template(server, content)}" if content else ""
    with psycopg.connect(server, autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {name}{source}")
        try:
            yield prebuilt.on(server, name)
        finally:
            postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
