"""A condition with a long list of keys as a single parameter of the statement."""

import json

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Lookup


class KeyIn(Lookup):
    """Whether a key is one of `keys`, a tuple of any length: `KeyIn(F("pk"), keys)`.

    Django's `in` has one parameter for each key. With thousands, Django and psycopg take longer to write
    the statement than the database takes to run it, and databases limit their number.
    """

    prepare_rhs = False
    output_field = BooleanField()

    def as_sqlite(self, compiler, connection):
        # Because of the plus sign, SQLite reads an index and does not look up each key in the table.
        key, parameters = self._key(compiler, connection)
        sql = f"+{key} IN (SELECT value FROM json_each(%s))"  # noqa: S608
        return sql, [*parameters, json.dumps(self.rhs)]

    def as_postgresql(self, compiler, connection):
        key, parameters = self._key(compiler, connection)
        keys = ",".join(map(str, self.rhs))  # psycopg takes five times as long for a list
        return f"{key} = ANY(%s::bigint[])", [*parameters, f"{{{keys}}}"]

    def _key(self, compiler, connection):
        if not self.rhs:
            raise EmptyResultSet
        return self.process_lhs(compiler, connection)
