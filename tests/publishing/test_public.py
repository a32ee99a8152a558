"""Visibility of a role in each publication state: one table, checked on every public page and feed."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from careers import social_cards
from careers.company.context import LocalizedCompany
from careers.company.models import Company
from careers.publishing import next_change_at
from careers.roles import context as role_page
from tests import make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # noon in Tokyo
TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)

TITLES = {"en": "Rain engineers", "ja": "雨のエンジニア見習い"}
BOTH = {"published_at_en": NOON - 9 * DAY, "published_at_ja": NOON - 9 * DAY}
NEITHER = {"published_at_en": None, "published_at_ja": None}

# state: (changed fields, status in English, status in Japanese, languages in lists)
STATES = {
    "open": (BOTH, 200, 200, ["en", "ja"]),
    "draft": (NEITHER, 404, 404, []),
    "opens in a minute": ({**BOTH, "opens_at": NOON + DAY / 1440}, 404, 404, []),
    "opened a minute ago": ({**BOTH, "opens_at": NOON - DAY / 1440}, 200, 200, ["en", "ja"]),
    "last day is today": ({**BOTH, "closes_on": TODAY}, 200, 200, ["en", "ja"]),
    "closed yesterday": ({**BOTH, "closes_on": TODAY - DAY}, 200, 200, []),
    "closed 30 days ago": ({**BOTH, "closes_on": TODAY - 30 * DAY}, 200, 200, []),
    "closed 31 days ago": ({**BOTH, "closes_on": TODAY - 31 * DAY}, 410, 410, []),
    "Japanese only": ({**BOTH, "published_at_en": None}, 302, 200, ["ja"]),
    "English only": ({**BOTH, "published_at_ja": None}, 200, 302, ["en"]),
    "without an English title": ({**BOTH, "title_en": ""}, 302, 200, ["ja"]),
    "without Japanese duties": ({**BOTH, "duties_ja": None}, 200, 302, ["en"]),
    "unpublished after it closed": ({**NEITHER, "closes_on": TODAY - DAY}, 404, 404, []),
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("state", STATES)
def test_visibility_on_pages_lists_search_and_sitemap(state, client):
    changes, english, japanese, languages = STATES[state]
    role = rain_engineer(changes)
    paths = {language: role.get_absolute_url(language) for language in ("en", "ja")}

    assert client.get(paths["en"]).status_code == english
    assert client.get(paths["ja"]).status_code == japanese
    for path in ("/en/roles/", "/ja/roles/", "/en/", "/ja/", "/en/hiring/"):
        page = client.page(path)
        displayed = [language for language in paths if f'href="{paths[language]}"' in page]
        own_language = path[1:3]
        assert displayed == ([own_language] if own_language in languages else languages), path
    # A search must not reveal a draft. The words have no synonyms, so each is in one language only.
    for language, word in {"en": "rain", "ja": "エンジニア見習い"}.items():
        for path in ("/en/roles/", "/ja/roles/"):
            page = client.page(path, query_params={"q": word})
            assert (f"/roles/{role.pk}-" in page) == (language in languages), (path, word)
    sitemap = client.page("/sitemap.xml")
    indexed = [
        code for code in paths if f"<loc>https://careers.example.com{paths[code]}</loc>" in sitemap
    ]
    assert indexed == languages


@pytest.mark.parametrize("state", STATES)
def test_visibility_in_feeds_jobposting_and_social_card(state, client, font):
    changes, _english, _japanese, languages = STATES[state]
    make.company()
    role = rain_engineer({**changes, "locations": [make.location()]})
    for language in ("en", "ja"):
        path = role.get_absolute_url(language)
        for feed in ("feed.atom", "feed.json", "jobs.xml"):
            text = client.page(f"/{language}/roles/{feed}")
            assert (path in text) == (language in languages), feed
            assert f"/roles/{role.pk}-" not in text.replace(path, ""), feed
        page = client.get(path).text
        assert ("application/ld+json" in page) == (language in languages)
        assert (f"{path}card-" in page) == (language in languages)
        card = social_cards.digest(
            role_page.social_card(role, language, LocalizedCompany(Company.get(), language)), font
        )
        picture = client.get(f"{path}card-{card}.png")
        assert picture.status_code == (200 if language in languages else 404)


@pytest.mark.parametrize("state", STATES)
def test_visibility_in_job_board(state, client):
    changes, _english, _japanese, languages = STATES[state]
    make.company()
    role = rain_engineer({**changes, "locations": [make.location()]})
    board, numbers = "/v1/boards/kumo", {"en": role.pk * 10 + 1, "ja": role.pk * 10 + 2}
    for language, number in numbers.items():
        for query in ("", "?questions=true&pay_transparency=true"):
            post = client.get(f"{board}/jobs/{number}{query}")
            assert post.status_code == (200 if language in languages else 404)
    department, office = role.department_id, role.locations.get().pk
    for path in (f"departments/{department}", f"offices/{office}"):
        assert client.get(f"{board}/{path}").status_code == (200 if languages else 404)
    for path in ("jobs", "jobs?content=true", "departments", "offices", "offices?render_as=tree"):
        text = client.page(f"{board}/{path}")
        posts = [int(number) for number in re.findall(r'"id": (\d+), "internal_job_id"', text)]
        assert posts == [numbers[language] for language in languages], path
        assert [code for code in TITLES if TITLES[code] in text] == languages, path


def rain_engineer(changes):
    titles = {f"title_{language}": title for language, title in TITLES.items()}
    return make.role(**{**titles, **changes})


@pytest.mark.parametrize(
    ("changes", "moment"),
    [
        ({"opens_at": NOON + 2 * DAY}, NOON + 2 * DAY),
        ({"opens_at": NOON - 2 * DAY}, None),
        # The last second of the day in Tokyo is 14:59:59 UTC.
        ({"closes_on": TODAY}, datetime(2026, 11, 21, 15, tzinfo=UTC)),
        ({"closes_on": TODAY - DAY}, datetime(2026, 12, 20, 15, tzinfo=UTC)),
        ({"closes_on": TODAY - 30 * DAY}, datetime(2026, 11, 21, 15, tzinfo=UTC)),
        ({"closes_on": TODAY - 31 * DAY}, None),
        ({"opens_at": NOON + DAY, "closes_on": TODAY + 9 * DAY}, NOON + DAY),
        ({"opens_at": NOON + DAY, **NEITHER}, None),
    ],
)
def test_next_change_of_one_role(changes, moment):
    make.role(**{**BOTH, **changes})
    assert next_change_at() == moment


def test_next_change_is_the_soonest_of_all_records():
    make.role(**BOTH, opens_at=NOON + 3 * DAY)
    make.article(opens_at=NOON + 2 * DAY)
    assert next_change_at() == NOON + 2 * DAY


def test_next_change_is_exact_to_the_second(client):
    role = make.role(**BOTH, closes_on=TODAY)
    end = next_change_at()
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert role.title_en in client.page("/en/roles/")
    with time_machine.travel(end, tick=False):
        assert role.title_en not in client.page("/en/roles/")


def test_publish_keeps_date_of_earlier_publication():
    role = make.role(**BOTH)
    role.publish("en")
    assert role.posted_on("en") == TODAY - 9 * DAY
    role.unpublish("en")
    role.publish("en")
    assert role.posted_on("en") == TODAY
