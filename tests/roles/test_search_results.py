"""Searches in forty roles: order and counts are the same as those that Python computes from the roles."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from careers.roles.enums import EmploymentType, Level, Workplace
from careers.roles.models import Department, Location, RoleLanguage
from tests import make
from tests.roles.rows import choices, titles

pytestmark = pytest.mark.django_db

# Invented words without synonyms; none is the beginning of another one, or of another word on the roles.
ENGLISH, JAPANESE = ("lanterno", "meadowil", "harbaste"), ("灯魚", "牧霧")
FIRST_DAY = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def roles():
    """Forty roles that differ in all facets, languages, texts and dates: see `_facts`."""
    choose = random.Random(20261130)
    departments = [make.department(name_en=name, name_ja=name) for name in ("quillfen", "orbdale")]
    locations = [make.location(name_en=name, name_ja=name) for name in ("vexholm", "tarnwick")]
    return [_role(choose, number, departments, locations) for number in range(40)]


def _role(choose, number, departments, locations):
    def some(values):
        return [value for value in values if choose.random() < 0.5]

    posted = choose.choice([("en",), ("ja",), ("en", "ja"), ("en", "ja")])
    published = {code: FIRST_DAY + timedelta(days=choose.randrange(6)) for code in posted}
    language = choose.choice(("en", "ja"))
    role = make.role(
        title_en=" ".join([f"Opening {number}", *some(ENGLISH[:2])]),
        title_ja="".join([f"募集{number}", *some(JAPANESE[:1])]),
        duties_en=f"<p>Work {' '.join(some(ENGLISH))}</p>",
        duties_ja=f"<p>仕事{'、'.join(some(JAPANESE))}</p>",
        department=choose.choice(departments),
        locations=some(locations),
        workplace=choose.choice(Workplace.values),
        employment_type=choose.choice(EmploymentType.values[:3]),
        level=choose.choice(["", *Level.values[:2]]),
        published_at_en=published.get("en"),
        published_at_ja=published.get("ja"),
        closes_on=choose.choice([None, "2999-01-01", "2999-02-01"]),
    )
    RoleLanguage.objects.create(role=role, language=language, proficiency="B2")
    return _facts(role, published, language)


def _facts(role, published, working_language):
    """What the expected results are computed from: plain values without the database."""
    names = {code: getattr(role, f"title_{code}") for code in published}
    texts = [getattr(role, f"duties_{code}") for code in published]
    places = list(role.locations.all())
    return {
        "titles": names,
        "text": " ".join(
            [*names.values(), *texts, role.department.name_en, *(place.name_en for place in places)]
        ),
        "published": published,
        "closes_on": role.closes_on or "9999",
        "position": (role.department.order, role.order),  # in the list without a query
        "pk": role.pk,
        "values": {
            "department": {str(role.department_id)},
            "location": {str(place.pk) for place in places},
            "workplace": {role.workplace},
            "type": {role.employment_type},
            "level": {role.level} - {""},
            "working_language": {working_language},
            "language": set(published),
        },
    }


def _passes(role, filters):
    return all(not values.isdisjoint(role["values"][facet]) for facet, values in filters.items())


def _first_published(role, language):
    """The time in seconds at which it was published in `language`, else in the other one."""
    published = role["published"].get(language) or next(iter(role["published"].values()))
    return published.timestamp()


def _titles(roles, language):
    return [role["titles"].get(language) or next(iter(role["titles"].values())) for role in roles]


def _results(roles, query, language):
    """`(titles, counts)`: the titles in order, and the count of each choice of each facet."""
    words, filters, sort = [], {}, ""
    for name, value in parse_qsl(query):
        if name == "q":
            words = value.split()
        elif name == "sort":
            sort = value
        else:
            filters.setdefault(name, set()).add(value)

    def rank(role):
        in_title = all(word in " ".join(role["titles"].values()) for word in words)
        first = {"": not in_title, "newest": 0, "closing": role["closes_on"]}[sort]
        return first, -_first_published(role, language), role["pk"]

    matches = [role for role in roles if all(word in role["text"] for word in words)]
    results = sorted((role for role in matches if _passes(role, filters)), key=rank)
    counts = Counter(
        (facet, value)
        for facet in roles[0]["values"]
        for role in matches
        if _passes(role, {name: values for name, values in filters.items() if name != facet})
        for value in role["values"][facet]
    )
    return _titles(results, language), counts


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "query",
    [
        "q=lanterno",
        "q=lanterno+meadowil",
        "q=harbaste+lanterno+meadowil",
        "q=灯魚",
        "q=牧霧+灯魚",
        "q=lanterno+灯魚",
        "q=vexholm",
        "q=quillfen+harbaste",
        "q=lanterno&sort=newest",
        "q=lanterno&sort=closing",
        "q=lanterno&workplace=remote&workplace=hybrid&level=junior",
        "q=灯魚&language=en&working_language=ja&sort=closing",
        "q=meadowil&location={tarnwick}&department={orbdale}",
    ],
)
def test_search_results_and_counts(client, roles, query, language):
    records = [*Department.objects.all(), *Location.objects.all()]
    query = query.format_map({record.name_en: record.pk for record in records})
    names, counts = _results(roles, query, language)
    assert names
    page = client.page(f"/{language}/roles/?{query}")
    assert titles(page) == names
    numbers = {choice: number for choice, (number, _is_selected) in choices(page).items()}
    facets = {facet for facet, _value in numbers}
    assert len(facets) > 4
    assert numbers == {
        choice: counts[choice] for choice in {*numbers, *counts} if choice[0] in facets
    }


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("words", [("lanterno", "cobol"), ("cobol", "灯魚", "meadowil", "vexholm")])
def test_partial_matches_are_newest_roles_with_any_word(client, roles, words, language):
    partial = [role for role in roles if any(word in role["text"] for word in words)]
    partial.sort(key=lambda role: (-_first_published(role, language), *role["position"]))
    assert 10 < len(partial) < len(roles)
    page = client.page(f"/{language}/roles/", query_params={"q": " ".join(words)})
    assert titles(page) == _titles(partial[:10], language)
