"""What a role requires in a language, and what lists read of it: worked out by the database itself.

Whether a role is complete is decided from its columns whenever it is written. To look into the texts
anew for every list would make a list as slow as they are long.
"""

from django.db import models
from django.db.models import Q

REQUIRED = ("title", "summary", "duties")

# All that a list is chosen, counted and ordered by: an index of these answers without reading a text.
# SQLite takes it only for a condition on what stands first.
LISTED_BY = (
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
BY_INDEX = Q(department__gt=0)  # every role has one


def column(language):
    """Says whether all that is required is there in `language`."""
    return models.GeneratedField(
        expression=Q(*((f"{name}_{language}__gt", "") for name in REQUIRED)),
        output_field=models.BooleanField(),
        db_persist=True,
    )
