"""Locks that make counting exact: transactions that count the same thing run one after another."""

from django.db import connection


def lock(*names: str) -> None:
    """Lock these names, in this order, until the end of the transaction.

    SQLite needs no lock: it has one writer at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
