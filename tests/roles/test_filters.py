"""The list of openings is narrowed, ordered and paged by its address, which can be shared."""

import html
import re

import pytest

from careers.roles.models import RoleLanguage
from tests import make
from tests.roles.rows import titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Three openings that differ in everything: {name: department or place}."""
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


def choices(page):
    """{(name, value): (number, whether it is chosen)} of everything that can be chosen."""
    rows = re.findall(
        r'name="(\w+)" value="(\w+)"( checked)?> <span>.*?</span> <span class="number">(\d+)<', page
    )
    return {(name, value): (int(number), bool(chosen)) for name, value, chosen, number in rows}


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
def test_values_of_one_filter_are_either_or_and_filters_all(client, world, query, expected):
    page = client.page(f"/en/roles/?{query.format(**world)}")
    assert titles(page) == expected
    number = len(expected)
    assert f">{number} opening{'s' if number != 1 else ''}<" in page
    assert "was left out" not in page


def test_newest_in_the_language_of_the_list(client, world):
    """One was published in Japanese after Two and Three were in English."""
    addresses = re.findall(
        r'<h3><a href="/\w\w/roles/\d+-(\w+)/"', client.page("/ja/roles/?sort=newest")
    )
    assert addresses.index("one") < addresses.index("two")


def test_each_choice_says_how_many_there_are_within_the_other_filters(client, world):
    found = choices(client.page("/en/roles/"))
    assert found["department", str(world["clouds"])] == (2, False)
    assert found["location", str(world["osaka"])] == (2, False)
    assert found["working_language", "ja"] == (2, False)
    assert found["language", "en"] == (3, False)
    found = choices(client.page(f"/en/roles/?workplace=remote&location={world['osaka']}"))
    assert found["workplace", "remote"] == (1, True)
    assert found["workplace", "hybrid"] == (1, False)  # were it chosen instead
    assert found["location", str(world["tokyo"])] == (1, False)
    assert found["location", str(world["osaka"])] == (1, True)
    assert ("level", "senior") not in found  # leads nowhere
    assert "working_language" not in {name for name, _value in found}  # no choice


def test_the_words_narrow_the_counts_too(client, world):
    found = choices(client.page("/en/roles/?q=osaka"))
    assert found["workplace", "remote"] == (1, False)


def test_each_number_is_what_choosing_it_gives(client, world):
    for start in ("", "workplace=remote&", "q=tokyo&", "language=ja&working_language=ja&"):
        page = client.page(f"/en/roles/?{start}")
        for (name, value), (number, chosen) in choices(page).items():
            if name not in start and not chosen:
                narrowed = titles(client.page(f"/en/roles/?{start}{name}={value}"))
                assert len(narrowed) == number, (start, name, value)


@pytest.mark.parametrize(
    ("query", "said"),
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
def test_what_it_does_not_understand_it_ignores_and_says(client, world, query, said):
    page = client.page(f"/en/roles/?{query}")
    assert "Not used in this search:" in page and said in page
    assert client.get(f"/ja/roles/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["utm_source=x", "q=", "sort=", "department=", "page=1", "q=%00"])
def test_what_says_nothing_is_not_spoken_of(client, world, query):
    page = client.page(f"/en/roles/?{query}")
    assert "was left out" not in page
    assert titles(page) == ["One", "Two", "Three"]


def test_the_switch_keeps_the_search(client, world):
    page = client.page("/en/roles/?q=tokyo&workplace=remote&workplace=hybrid&sort=newest")
    address = html.unescape(re.search(r'<p class="language-switcher">.*?href="(.*?)"', page)[1])
    assert address == "/ja/roles/?q=tokyo&workplace=remote&workplace=hybrid&sort=newest"
    there = client.page(address)
    assert len(titles(there)) == len(titles(page)) == 2
    chosen = {value for (_name, value), (_n, chosen) in choices(there).items() if chosen}
    assert chosen == {"remote", "hybrid"}
    assert 'value="tokyo"' in there


def test_nobody_learns_of_a_department_or_a_place_without_an_opening(client, world):
    secret = make.department(name_en="Stealth"), make.location(name_en="Secretville")
    make.role(
        department=secret[0], locations=[secret[1]], published_at_en=None, published_at_ja=None
    )
    page = client.page(f"/en/roles/?department={secret[0].pk}&location={secret[1].pk}")
    assert "Stealth" not in page and "Secretville" not in page


def test_only_the_whole_list_is_for_search_engines(client, world):
    assert "noindex" not in client.page("/en/roles/")
    page = client.page("/en/roles/?workplace=remote")
    assert '<meta name="robots" content="noindex, follow">' in page
    assert '<link rel="canonical" href="https://careers.example.com/en/roles/">' in page
    assert 'rel="alternate" hreflang' not in page


def test_pages_of_fifty(client):
    department = make.department()
    for number in range(51):
        make.role(title_en=f"Role {number}", department=department, workplace="remote")
    page = client.page("/en/roles/?workplace=remote&sort=newest")
    assert len(titles(page)) == 50
    assert "51 openings" in page and "Page 1 of 2" in page
    following = html.unescape(re.search(r'rel="next" href="(.*?)"', page)[1])
    assert following == "?workplace=remote&sort=newest&page=2"
    second = client.page(f"/en/roles/{following}")
    assert len(titles(second)) == 1
    assert not set(titles(second)) & set(titles(page))
    assert 'rel="prev"' in second and 'rel="next"' not in second


def test_a_list_that_closes_says_when(client, world):
    assert "Until" not in client.page("/en/roles/")
    assert "<li>Until February 1, 2999</li>" in client.page("/en/roles/?sort=closing")


def test_the_title_says_what_was_chosen(client, world):
    page = client.page(
        f"/en/roles/?q=tokyo&department={world['clouds']}&department={world['rain']}"
    )
    assert "<title>“tokyo” · Clouds, Rain – Openings" in page
    assert "<title>「tokyo」 · 雲、雨" in client.page(
        f"/ja/roles/?q=tokyo&department={world['clouds']}&department={world['rain']}"
    )
