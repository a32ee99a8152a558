"""The role list is filtered, sorted and paginated by its query string."""

import pytest

from careers.roles.models import RoleLanguage
from tests import make
from tests.html import parse
from tests.roles.rows import choices, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def filter_values():
    """Creates three roles that differ in every facet; returns the keys of departments and locations."""
    clouds = make.department(name_en="Clouds", name_ja="雲", order=1)
    rain = make.department(name_en="Rain", name_ja="雨", order=2)
    tokyo, osaka = make.location(), make.location(name_en="Osaka", name_ja="大阪")
    one = make.role(
        title_en="One",
        department=clouds,
        locations=[tokyo, osaka],
        workplace="hybrid",
        level="senior",
        published_at_en="2026-11-01T00:00:00Z",
        published_at_ja="2026-11-05T00:00:00Z",
        closes_on="2999-03-01",
    )
    two = make.role(
        title_en="Two",
        title_ja="",
        department=clouds,
        locations=[osaka],
        workplace="remote",
        employment_type="intern",
        published_at_en="2026-11-03T00:00:00Z",
        published_at_ja=None,
    )
    three = make.role(
        title_en="Three",
        department=rain,
        locations=[tokyo],
        workplace="remote",
        level="junior",
        published_at_en="2026-11-02T00:00:00Z",
        closes_on="2999-02-01",
    )
    for role, codes in ((one, ("en", "ja")), (two, ("en",)), (three, ("ja",))):
        for code in codes:
            RoleLanguage.objects.create(role=role, language=code, proficiency="B2")
    return {"clouds": clouds.pk, "rain": rain.pk, "tokyo": tokyo.pk, "osaka": osaka.pk}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["One", "Two", "Three"]),
        ("department={rain}", ["Three"]),
        ("department={rain}&department={clouds}", ["One", "Two", "Three"]),
        ("location={osaka}", ["One", "Two"]),
        ("location={osaka}&location={tokyo}", ["One", "Two", "Three"]),
        ("workplace=remote", ["Two", "Three"]),
        ("type=intern", ["Two"]),
        ("level=senior&level=junior", ["One", "Three"]),
        ("working_language=ja", ["One", "Three"]),
        ("language=ja", ["One", "Three"]),
        ("language=ja&language=en", ["One", "Two", "Three"]),
        ("workplace=remote&location={tokyo}", ["Three"]),
        ("workplace=remote&working_language=en&language=en", ["Two"]),
        ("q=osaka&workplace=hybrid", ["One"]),
        ("sort=newest", ["Two", "Three", "One"]),
        ("sort=closing", ["Three", "One", "Two"]),
        ("workplace=remote&sort=closing", ["Three", "Two"]),
    ],
)
def test_filters_combine_values_with_or_and_facets_with_and(client, filter_values, query, expected):
    page = client.page(f"/en/roles/?{query.format(**filter_values)}")
    assert titles(page) == expected
    number = len(expected)
    assert f">{number} opening{'s' if number != 1 else ''}<" in page
    assert "was left out" not in page


def test_sort_newest_in_language_of_list(client, filter_values):
    """One was published in Japanese after Two and Three were published in English."""
    rows = parse(client.page("/ja/roles/?sort=newest")).all("h3 > a")
    slugs = [row["href"].rstrip("/").rpartition("-")[2] for row in rows]
    assert slugs.index("one") < slugs.index("two")


def test_facet_counts_within_other_filters(client, filter_values):
    counts = choices(client.page("/en/roles/"))
    assert counts["department", str(filter_values["clouds"])] == (2, False)
    assert counts["location", str(filter_values["osaka"])] == (2, False)
    assert counts["working_language", "ja"] == (2, False)
    assert counts["language", "en"] == (3, False)
    counts = choices(client.page(f"/en/roles/?workplace=remote&location={filter_values['osaka']}"))
    assert counts["workplace", "remote"] == (1, True)
    assert counts["workplace", "hybrid"] == (1, False)  # if it were selected instead
    assert counts["location", str(filter_values["tokyo"])] == (1, False)
    assert counts["location", str(filter_values["osaka"])] == (1, True)
    assert ("level", "senior") not in counts  # no results
    assert "working_language" not in {name for name, _value in counts}  # a single choice


def test_facet_counts_within_search_words(client, filter_values):
    counts = choices(client.page("/en/roles/?q=osaka"))
    assert counts["workplace", "remote"] == (1, False)


def test_facet_counts_equal_results_of_choice(client, filter_values):
    for start in ("", "workplace=remote&", "q=tokyo&", "language=ja&working_language=ja&"):
        page = client.page(f"/en/roles/?{start}")
        for (name, value), (number, is_selected) in choices(page).items():
            if name not in start and not is_selected:
                results = titles(client.page(f"/en/roles/?{start}{name}={value}"))
                assert len(results) == number, (start, name, value)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("department=99999999999999999999", "Department “99999999999999999999”"),
        ("department=x&type=intern", "Department “x”"),
        ("location=0", "Place “0”"),
        ("workplace=moon", "Workplace “moon”"),
        ("type=FULL", "Employment type “FULL”"),
        ("level=<b>", "Level “&lt;b&gt;”"),
        ("working_language=xx", "Working language “xx”"),
        ("language=fr", "Language of the posting “fr”"),
        ("sort=pay", "Sort by “pay”"),
        ("page=x", "page “x”"),
        ("page=0", "page “0”"),
        ("page=99", "page “99”"),
        ("q=" + "a" * 101, "whatever follows the first 100 letters"),
        ("q=a+b+c+d+e+f+g+h+NINE+！+Ｔｅｎ", "“NINE”, “Ｔｅｎ”<"),
    ],
)
def test_filters_list_ignored_values(client, filter_values, query, expected):
    page = client.page(f"/en/roles/?{query}")
    assert "Not used in this search:" in page and expected in page
    assert client.get(f"/ja/roles/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["utm_source=x", "q=", "sort=", "department=", "page=1", "q=%00"])
def test_filters_drop_empty_and_unknown_parameters_silently(client, filter_values, query):
    page = client.page(f"/en/roles/?{query}")
    assert "was left out" not in page
    assert titles(page) == ["One", "Two", "Three"]


def test_language_switcher_keeps_filters(client, filter_values):
    page = client.page("/en/roles/?q=tokyo&workplace=remote&workplace=hybrid&sort=newest")
    address = parse(page).one(".language-switcher a")["href"]
    assert address == "/ja/roles/?q=tokyo&workplace=remote&workplace=hybrid&sort=newest"
    japanese_page = client.page(address)
    assert len(titles(japanese_page)) == len(titles(page)) == 2
    selected = {
        value for (_name, value), (_n, is_selected) in choices(japanese_page).items() if is_selected
    }
    assert selected == {"remote", "hybrid"}
    assert 'value="tokyo"' in japanese_page


def test_filters_do_not_reveal_department_or_location_without_open_role(client, filter_values):
    secret = make.department(name_en="Stealth"), make.location(name_en="Secretville")
    make.role(
        department=secret[0], locations=[secret[1]], published_at_en=None, published_at_ja=None
    )
    page = client.page(f"/en/roles/?department={secret[0].pk}&location={secret[1].pk}")
    assert "Stealth" not in page and "Secretville" not in page


def test_filtered_list_is_noindex(client, filter_values):
    assert "noindex" not in client.page("/en/roles/")
    page = client.page("/en/roles/?workplace=remote")
    assert '<meta name="robots" content="noindex, follow">' in page
    assert '<link rel="canonical" href="https://careers.example.com/en/roles/">' in page
    assert 'rel="alternate" hreflang' not in page


def test_list_pagination(client):
    department = make.department()
    for number in range(51):
        make.role(title_en=f"Role {number}", department=department, workplace="remote")
    page = client.page("/en/roles/?workplace=remote&sort=newest")
    assert len(titles(page)) == 50
    assert "51 openings" in page and "Page 1 of 2" in page
    following = parse(page).one("a[rel=next]")["href"]
    assert following == "?workplace=remote&sort=newest&page=2"
    second = client.page(f"/en/roles/{following}")
    assert len(titles(second)) == 1
    assert not set(titles(second)) & set(titles(page))
    assert 'rel="prev"' in second and 'rel="next"' not in second


def test_list_sorted_by_closing_shows_dates(client, filter_values):
    assert "Until" not in client.page("/en/roles/")
    assert "<li>Until February 1, 2999</li>" in client.page("/en/roles/?sort=closing")


def test_list_title_contains_search(client, filter_values):
    page = client.page(
        f"/en/roles/?q=tokyo&department={filter_values['clouds']}&department={filter_values['rain']}"
    )
    assert "<title>“tokyo” · Clouds, Rain – Openings" in page
    assert "<title>「tokyo」 · 雲、雨" in client.page(
        f"/ja/roles/?q=tokyo&department={filter_values['clouds']}&department={filter_values['rain']}"
    )
