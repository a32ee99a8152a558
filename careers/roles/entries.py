"""Entries of a list of openings: a few columns of a role, its locations and remote countries."""

from django.db.models import Case, Q, Value, When

from .completeness import USES_INDEX
from .models import Role

COLUMNS = (
    *("title_en", "title_ja", "slug", "workplace", "employment_type", "closes_on"),
    *("department__name_en", "department__name_ja"),
)
RELATED = ("locations", "remote_countries")
MAX_SIMILAR = 3


def for_list(roles):
    """The queryset `roles` with what an entry shows, and without the long texts."""
    return roles.select_related("department").prefetch_related(*RELATED).only(*COLUMNS)


def list_entries(roles, language):
    """The entries of `roles`, a queryset with an order and maybe a slice, in a list in `language`.

    The subquery chooses the rows from the index; only these rows are read then.
    """
    rows = Role.objects.posted().filter(pk__in=roles.values("pk")).order_by(*roles.query.order_by)
    return [role.entry(language) for role in for_list(rows)]


def first_openings_context(limit, language):
    """The first `limit` openings as `entries`, and the `count` of all."""
    roles = Role.objects.public().filter(USES_INDEX).order_by(*Role._meta.ordering)
    return {"entries": list_entries(roles[:limit], language), "count": roles.count()}


def similar_entries(role, language, *, exclude=None):
    """Entries of at most three open roles similar to `role`, besides itself and the role `exclude`."""
    return nearest_entries(
        [role.department_id],
        [role.employment_type],
        language,
        exclude=[other.pk for other in (role, exclude) if other],
    )


def nearest_entries(departments, employment_types, language, *, exclude=()):
    """Entries of at most three open roles: those of `departments` first, then of `employment_types`.

    `exclude` are keys of roles.
    """
    same_department = Q(department__in=departments)
    same_type = Q(employment_type__in=employment_types)
    rows = Role.objects.public().filter(same_department | same_type).exclude(pk__in=exclude)
    rows = rows.annotate(distance=Case(When(same_department, then=Value(0)), default=Value(1)))
    rows = for_list(rows.order_by("distance", *Role._meta.ordering))
    return [role.entry(language) for role in rows[:MAX_SIMILAR]]
