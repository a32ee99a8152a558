"""Entries of role lists: a few columns of a role, its locations and remote countries."""

from django.db.models import Case, Q, Value, When

from .completeness import USES_INDEX
from .models import Role

COLUMNS = (
    *("title_en", "title_ja", "slug", "workplace", "employment_type", "closes_on"),
    *("department__name_en", "department__name_ja"),
)
RELATED = ("locations", "remote_countries")
MAX_SIMILAR = 3


def with_list_columns(roles):
    """The queryset `roles` with the columns and related rows that an entry shows, without long texts."""
    return roles.select_related("department").prefetch_related(*RELATED).only(*COLUMNS)


def list_entries(roles, language):
    """The entries of `roles`, an ordered and possibly sliced queryset, in a list in `language`.

    The subquery selects the rows from the index, so that only these rows are read.
    """
    rows = Role.objects.posted().filter(pk__in=roles.values("pk")).order_by(*roles.query.order_by)
    return [role.entry(language) for role in with_list_columns(rows)]


def first_roles_context(limit, language):
    """Template context: the first `limit` open roles as `entries`, and the `count` of all."""
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
    rows = with_list_columns(rows.order_by("distance", *Role._meta.ordering))
    return [role.entry(language) for role in rows[:MAX_SIMILAR]]
