"""A separate database on the engine of this test run: empty, migrated, or with the demo company."""

import contextlib
import os
import uuid

import psycopg

from tests.components import prebuilt


@contextlib.contextmanager
def own_database(folder, content=None):
    """Yield the DATABASE_URL of a database that is deleted afterwards.

    `content` is None (no tables), "migrated" (with the groups and their permissions) or "demo".
    """
    server_url = os.environ.get("DATABASE_URL", "")
    if not server_url.startswith("postgres"):
        path = folder / prebuilt.DATABASE
        if content:
            prebuilt.copy_database(path, content)
        yield f"sqlite:///{path}"
        return
    name = f"own_{uuid.uuid4().hex}"
    source = f" TEMPLATE {prebuilt.template(server_url, content)}" if content else ""
    with psycopg.connect(server_url, autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {name}{source}")
        try:
            yield prebuilt.sibling_url(server_url, name)
        finally:
            postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
