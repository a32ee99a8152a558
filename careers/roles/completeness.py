"""Generated columns for whether a role is complete in a language, and the covering index for lists.

The database computes completeness when a role is saved, so lists do not have to read long texts.
"""

from django.db import models
from django.db.models import Q

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
    return models.GeneratedField(
        expression=Q(*((f"{name}_{language}__gt", "") for name in REQUIRED)),
        output_field=models.BooleanField(),
        db_persist=True,
    )
