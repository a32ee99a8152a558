"""Where openings are, read for many of them at once: their places, and the countries of remote work."""

from collections import defaultdict
from operator import attrgetter

from django.db.models import CharField, Value

from .models import Location, RemoteCountry, RoleLocation

# All that is known of a place, but for the words by which it is found.
PLACE = [field.name for field in Location._meta.concrete_fields if field.name != "search_text"]
COUNTRY = PLACE.index("country")
NOTHING = Value(None, CharField())


def read(roles, *, keys=None):
    """Look up where `roles` are, in one query: afterwards none asks for its places or its countries.

    `keys` is a query for their keys, where they are too many to be named.
    """
    roles = [role for role in roles if not {"locations", "remote_countries"} <= _held(role).keys()]
    if not roles:
        return
    places, countries = _found([role.pk for role in roles] if keys is None else keys)
    for role in roles:
        _hold(role, "locations", sorted(places[role.pk], key=attrgetter("order", "pk")))
        _hold(role, "remote_countries", sorted(countries[role.pk], key=attrgetter("pk")))


def _found(keys):
    """{role: its places} and {role: its countries}."""
    of_places = RoleLocation.objects.filter(role__in=keys).order_by()
    of_countries = RemoteCountry.objects.filter(role__in=keys).order_by()
    # A country is a place of which nothing else is known.
    country = ["country" if name == "country" else NOTHING for name in PLACE]
    rows = of_places.values_list("role", "pk", *(f"location__{name}" for name in PLACE))
    rows = rows.union(of_countries.values_list("role", "pk", *country), all=True)
    places, countries = defaultdict(list), defaultdict(list)
    for role, key, *place in rows:
        if place[0] is None:
            row = key, role, place[COUNTRY]
            countries[role].append(
                RemoteCountry.from_db(rows.db, ("id", "role_id", "country"), row)
            )
        else:
            places[role].append(Location.from_db(rows.db, PLACE, place))
    return places, countries


def _held(role):
    return role.__dict__.setdefault("_prefetched_objects_cache", {})


def _hold(role, name, rows):
    """What Django leaves behind when it prefetches rows."""
    if name not in _held(role):
        found = getattr(role, name).get_queryset()
        found._result_cache, found._prefetch_done = rows, True
        _held(role)[name] = found
