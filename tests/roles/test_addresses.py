"""Postal addresses of locations: on pages, for search engines, in feeds, in the API, and in the admin."""

import json
import re
from xml.etree import ElementTree

import pytest

from tests import make
from tests.bilingual.forms import edit, errors_of, fields_of, path_of
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SHIBUYA = {
    "name_en": "Tokyo office",
    "name_ja": "東京オフィス",
    "address_en": "2-3 Sakura",
    "address_ja": "さくら2-3",
    "city_en": "Shibuya",
    "city_ja": "渋谷区",
    "region_en": "Tokyo",
    "region_ja": "東京都",
    "postal_code": "150-0099",
    "country": "JP",
}
SINGAPORE = {
    "name_en": "Singapore",
    "name_ja": "シンガポール",
    "address_en": "9 Rain Road",
    "address_ja": "9 Rain Road",
    "postal_code": "018999",
    "country": "SG",
}
WHOLE = [  # location, the whole address in English and in Japanese
    (SHIBUYA, "2-3 Sakura, Shibuya, Tokyo 150-0099", "〒150-0099 東京都渋谷区さくら2-3"),
    (SINGAPORE, "9 Rain Road 018999", "9 Rain Road 018999"),
    (
        SINGAPORE | {"city_en": "Singapore", "city_ja": "シンガポール"},
        "9 Rain Road, Singapore 018999",
        "9 Rain Road, シンガポール 018999",
    ),
    ({**SHIBUYA, "postal_code": ""}, "2-3 Sakura, Shibuya, Tokyo", "東京都渋谷区さくら2-3"),
]


def role_at(location):
    make.company()
    return make.role(locations=[make.location(**location)])


def facts(page):
    return {row.one("dt").text: row.texts("dd") for row in parse(page).all("dl.facts > div")}


@pytest.mark.parametrize(("location", "english", "japanese"), WHOLE)
def test_page_shows_whole_address_in_the_order_of_its_country(client, location, english, japanese):
    role = role_at(location)
    assert facts(client.page(role.get_absolute_url("en")))["Place of work"] == [
        location["name_en"],
        english,
    ]
    rows = facts(client.page(role.get_absolute_url("ja"))).values()
    assert [location["name_ja"], japanese] in rows


def test_address_in_one_language_is_not_mixed(client):
    """With only Japanese parts, the English page shows the Japanese address whole, marked with `lang`."""
    japanese = {name: text for name, text in SHIBUYA.items() if not name.endswith("_en")}
    role = role_at({**japanese, "name_en": "Tokyo office"})
    page = parse(client.page(role.get_absolute_url("en")))
    [address] = page.all('dd[lang="ja"]')
    assert address.text == "〒150-0099 東京都渋谷区さくら2-3"


POSTAL_ADDRESSES = {
    "en": {
        "@type": "PostalAddress",
        "streetAddress": "2-3 Sakura",
        "addressLocality": "Shibuya",
        "addressRegion": "Tokyo",
        "postalCode": "150-0099",
        "addressCountry": "JP",
    },
    "ja": {
        "@type": "PostalAddress",
        "streetAddress": "さくら2-3",
        "addressLocality": "渋谷区",
        "addressRegion": "東京都",
        "postalCode": "150-0099",
        "addressCountry": "JP",
    },
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_jobposting_has_region_and_postal_code(client, language):
    """Each part is in the language of the page, and visible on it."""
    page = client.page(role_at(SHIBUYA).get_absolute_url(language))
    posting = json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    address = posting["jobLocation"]["address"]
    assert address == POSTAL_ADDRESSES[language]
    visible = " ".join(text for values in facts(page).values() for text in values)
    for name in ("streetAddress", "addressLocality", "addressRegion", "postalCode"):
        assert address[name] in visible


def test_jobposting_locality_is_the_name_without_a_city(client):
    page = client.page(role_at(SINGAPORE).get_absolute_url("en"))
    posting = json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert posting["jobLocation"]["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "9 Rain Road",
        "addressLocality": "Singapore",
        "postalCode": "018999",
        "addressCountry": "SG",
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["2-3 Sakura", "Shibuya", "Tokyo", "150-0099", "JP"]),
        ("ja", ["さくら2-3", "渋谷区", "東京都", "150-0099", "JP"]),
    ],
)
def test_job_site_feed_has_state_and_postal_code(client, language, expected):
    role_at(SHIBUYA)
    feed = ElementTree.fromstring(client.get(f"/{language}/roles/jobs.xml").content)
    job = feed.find("job")
    names = ("streetaddress", "city", "state", "postalcode", "country")
    assert [job.findtext(name) for name in names] == expected


def test_job_site_feed_leaves_out_unknown_parts(client):
    role_at({**SINGAPORE, "postal_code": ""})
    [job] = ElementTree.fromstring(client.get("/en/roles/jobs.xml").content).findall("job")
    assert job.find("state") is None
    assert job.find("postalcode") is None


def test_board_office_has_whole_address(client):
    role = role_at(SHIBUYA)
    [office] = client.get("/v1/boards/kumo/offices").json()["offices"][:1]
    assert (office["name"], office["location"]) == ("Tokyo office", WHOLE[0][1])
    post = client.get(f"/v1/boards/kumo/jobs/{role.pk * 10 + 2}").json()
    assert [row["location"] for row in post["offices"]] == [WHOLE[0][2]]


# --- In the admin --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("JP", "1500099", "150-0099"),
        ("JP", "150-0099", "150-0099"),
        ("JP", "〒１５０－００９９", "150-0099"),
        ("JP", "１５０ー００９９", "150-0099"),
        ("JP", "150 0099", "150-0099"),
        ("SG", " 018999 ", "018999"),
        ("SG", "０１８９９９", "018999"),
        ("GB", "sw1a 1aa", "SW1A 1AA"),
        ("NL", "1012 AB", "1012 AB"),
        ("US", "94105-1234", "94105-1234"),
        ("JP", "", ""),
    ],
)
def test_postal_code_is_stored_in_the_form_of_its_country(signed_in, country, typed, stored):
    location = make.location()
    edit(signed_in("Recruiters"), path_of(location), country=country, postal_code=typed)
    location.refresh_from_db()
    assert location.postal_code == stored


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("JP", "150-009"),
        ("JP", "1500-099"),
        ("JP", "15000999"),
        ("JP", "SW1A 1AA"),
        ("SG", "01899"),
        ("SG", "0189 99"),
        ("GB", "ＳＷ１！"),
        ("GB", "x"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_postal_code_in_another_form_is_an_error(signed_in, country, typed, language):
    location, recruiter = make.location(), signed_in("Recruiters", language)
    path = path_of(location)
    changes = {"country": country, "postal_code": typed}
    page = recruiter.post(path, fields_of(recruiter.get(path)) | changes)
    example = {"JP": "150-0001", "SG": "018956", "GB": "SW1A 1AA"}[country]
    [error] = errors_of(page)
    assert error.startswith("Enter ") if language == "en" else "入力してください" in error
    assert example in error
    location.refresh_from_db()
    assert location.postal_code == ""


def test_address_has_versions_and_a_translation_status(signed_in):
    recruiter, location = signed_in("Recruiters"), make.location(**SHIBUYA)
    edit(recruiter, path_of(location), region_ja="東京", postal_code="1500098")
    fields = location.revisions.first().content["fields"]
    assert (fields["region_ja"], fields["postal_code"]) == ("東京", "150-0098")
    assert location.text_states.get().field == "region"
    edit(recruiter, path_of(location), city_en="")
    page = parse(recruiter.page(path_of(location)))
    chip = page.one('.language-bar .chip[lang="en"]')
    assert (chip["class"].split()[1], chip["href"]) == ("missing", "#id_city_en")
