"""Whether a role is complete in a language: the rule, its columns, and the covering index for lists.

A role is complete in a language if everything of its own that its page and its form show is written in
that language:

* its title, summary and duties (`REQUIRED`);
* each condition that has a text in the other language;
* its application form: the note, and each question with its help and choices (see
  `application_forms.role_part`, which registers them here).

A page leaves out optional texts of the role that are missing in its language, and conditions without any
text, so these do not count. Names and addresses of departments and locations are shared by many roles.
Pages show them in the other language, marked with `lang`, so they do not count either; the translation
status board lists them.

`Role.objects.public()` decides this in its query. The database computes the columns when a row is saved,
so lists do not have to read long texts.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from careers.languages import LANGUAGES, other_language

REQUIRED = ("title", "summary", "duties")

# All columns that a list filters, counts and orders by: a covering index without texts.
INDEX_COLUMNS = (
    "department",
    "complete_en",
    "complete_ja",
    "published_at_en",
    "published_at_ja",
    "opens_at",
    "closes_on",
    "workplace",
    "employment_type",
    "level",
    "order",
)
# Always true, since every role has a department. SQLite uses the index only if there is a condition
# on its first column.
USES_INDEX = Q(department__gt=0)


def generated_field(language):
    """A stored generated column: whether all required texts are filled in in `language`."""
    return _boolean_column(Q(*((f"{name}_{language}__gt", "") for name in REQUIRED)))


# --- Parts: what a role shows besides its own columns --------------------------------------------


class RolePart(NamedTuple):
    """Rows of other models that the page or the form of a role shows, with texts of their own.

    `incomplete(language)` is a list of querysets of the keys of roles whose rows lack a text in
    `language`. `missing_texts(roles, language)` lists these texts: {key of the role: [MissingText]}; the
    number of its queries does not depend on the number of roles. `is_edited_with_role` is True if the
    form of the role itself has these rows.
    """

    incomplete: Callable
    missing_texts: Callable
    is_edited_with_role: bool = False


_parts = []


def register(part):
    """Register a `RolePart`. `AppConfig.ready` does this, before the first query."""
    _parts.append(part)


@cache
def incomplete_roles(language):
    """A subquery for the keys of the roles with a part that lacks a text in `language`.

    Every query of a list contains it up to four times, so it is compiled only once. With 500 roles, an
    ordinary subquery made the list take 205 ms of CPU time instead of 128 ms (without a page cache).
    """
    first, *others = (keys.order_by() for part in _parts for keys in part.incomplete(language))
    return RawSQL(*first.union(*others, all=True).query.sql_with_params())  # noqa: S611


def missing_texts(roles, language, *, saved=True):
    """The texts that the parts of `roles` lack in `language`: {key of the role: [MissingText]}.

    With `saved=False`, for a role whose form is being validated, only those of other forms.
    """
    missing = defaultdict(list)
    for part in _parts:
        if saved or not part.is_edited_with_role:
            for key, texts in part.missing_texts(roles, language).items():
                missing[key] += texts
    return missing


def incomplete_field(language, *, required=(), optional=()):
    """A stored generated column of a part: whether a text is missing in `language`.

    `required` are fields that need a text, `optional` are fields that need one if the other language has
    one. An optional field can have a condition: a pair of its name and a `Q`.
    """
    missing = Q()
    for name in required:
        missing |= ~Q(**{f"{name}_{language}__gt": ""})
    for name, condition in ((item, Q()) if isinstance(item, str) else item for item in optional):
        other_text = Q(**{f"{name}_{other_language(language)}__gt": ""})
        missing |= condition & other_text & ~Q(**{f"{name}_{language}__gt": ""})
    return _boolean_column(missing)


def incomplete_indexes(*columns, prefix):
    """Indexes of the incomplete rows only: reading them costs nothing where nothing is missing."""
    return [
        models.Index(
            fields=columns,
            condition=Q(**{f"incomplete_{language}": True}),
            name=f"{prefix}_incomplete_{language}_idx",
        )
        for language in LANGUAGES
    ]


def _boolean_column(condition):
    return models.GeneratedField(
        expression=condition, output_field=models.BooleanField(), db_persist=True
    )
