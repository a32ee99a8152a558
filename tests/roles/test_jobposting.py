"""JobPosting: the properties that Google requires, in the language of the page, and only visible content."""

import html
import json
import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import override_settings

from careers.rich_text import to_lines
from careers.roles.models import RemoteCountry, Role
from tests import make
from tests.bilingual.forms import path_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
REQUIRED = {"title", "description", "datePosted", "hiringOrganization"}
TEXTS = {
    "intro_en": "<p>Rain &amp; shine.</p>",
    "intro_ja": "<p>雨の日も晴れの日も。</p>",
    "requirements_en": '<h3>Languages</h3><ol><li>OCaml</li><li><a href="https://ocaml.org"><em>More</em></a></li></ol>',
    "requirements_ja": "<ul><li>OCamlの経験</li></ul>",
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def company():
    return make.company()


def office(**changes):
    tokyo = make.location(address_en="1 Example St", address_ja="例の通り1")
    osaka = make.location(name_en="Osaka", name_ja="大阪")
    pay = {"pay_min": 6_000_000, "pay_max": 10_000_000}
    return make.role(
        **{"locations": [tokyo, osaka], "closes_on": date(2026, 11, 30), **pay, **TEXTS, **changes}
    )


def remote(*countries, **changes):
    role = make.role(workplace="remote", **changes)
    for country in countries:
        RemoteCountry.objects.create(role=role, country=country)
    return role


def postings(page):
    return [json.loads(text) for text in SCRIPT.findall(page)]


def posting(client, role, language="en"):
    (data,) = postings(client.page(role.get_absolute_url(language)))
    return data


def visible(page):
    text = re.sub(r"<[^>]+>", " ", page.partition("<body")[2])
    return " ".join(html.unescape(text).replace("\u200b", "").split())


def test_jobposting_of_office_role_has_required_properties(client, company):
    role = office()
    data = posting(client, role)
    assert data.keys() >= REQUIRED | {"jobLocation"}
    assert "jobLocationType" not in data and "applicantLocationRequirements" not in data
    assert data["@type"] == "JobPosting"
    assert data["title"] == role.title_en
    assert data["identifier"]["value"] == role.reference_id
    assert data["datePosted"] == "2026-11-21"
    assert data["validThrough"] == "2026-11-30T23:59:59+09:00"
    assert data["employmentType"] == "FULL_TIME"
    assert data["directApply"] is True
    assert data["url"] == f"https://careers.example.com{role.get_absolute_url('en')}"
    assert [place["address"] for place in data["jobLocation"]] == [
        {
            "@type": "PostalAddress",
            "streetAddress": "1 Example St",
            "addressLocality": "Tokyo",
            "addressCountry": "JP",
        },
        {"@type": "PostalAddress", "addressLocality": "Osaka", "addressCountry": "JP"},
    ]
    assert data["baseSalary"] == {
        "@type": "MonetaryAmount",
        "currency": "JPY",
        "value": {
            "@type": "QuantitativeValue",
            "minValue": 6_000_000,
            "maxValue": 10_000_000,
            "unitText": "YEAR",
        },
    }


@pytest.mark.parametrize(
    ("language", "pay", "day", "last"),
    [
        ("en", "¥6,000,000–¥10,000,000 per year", "November 21, 2026", "November 30, 2026, 23:59"),
        ("ja", "年収600万円～1,000万円", "2026年11月21日", "2026年11月30日（月） 23:59"),
    ],
)
def test_jobposting_content_is_visible_on_the_page(client, company, language, pay, day, last):
    page = client.page(office().get_absolute_url(language))
    (data,) = postings(page)
    body = visible(page)
    assert len(to_lines(data["description"])) >= 6
    for text in (
        data["title"],
        *to_lines(data["description"]),
        data["identifier"]["value"],
        data["hiringOrganization"]["name"],
        *(place["address"]["addressLocality"] for place in data["jobLocation"]),
        data["jobLocation"][0]["address"]["streetAddress"],
        # Numbers and dates are formatted on the page.
        pay,
        day,
        last,
    ):
        assert text in body, text
    japanese = re.search("[ぁ-んァ-ヶ一-龥]", json.dumps(data, ensure_ascii=False))
    assert bool(japanese) == (language == "ja")
    assert "\u200b" not in page.partition("<body")[0]


@pytest.mark.parametrize(
    ("language", "names"), [("en", ["Japan", "Singapore"]), ("ja", ["日本", "シンガポール"])]
)
def test_jobposting_of_remote_role_has_countries(client, company, language, names):
    role = remote("JP", "SG")
    role.role_locations.create(location=make.location())  # the location in the contract
    data = posting(client, role, language)
    assert data["jobLocationType"] == "TELECOMMUTE"
    assert data["applicantLocationRequirements"] == [
        {"@type": "Country", "name": name} for name in names
    ]
    assert "jobLocation" not in data
    body = visible(client.page(role.get_absolute_url(language)))
    assert all(name in body for name in names)


def test_jobposting_of_hybrid_role_has_location(client, company):
    data = posting(client, office(workplace="hybrid"))
    assert "jobLocation" in data and "jobLocationType" not in data


def test_jobposting_without_empty_properties(client, company):
    data = posting(client, make.role(locations=[make.location()]))
    assert data["jobLocation"]["address"]["addressCountry"] == "JP"  # one place is no list
    assert "validThrough" not in data and "baseSalary" not in data


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"pay_max": None, "pay_period": "month"}, {"minValue": 6_000_000, "unitText": "MONTH"}),
        ({"pay_max": 6_000_000}, {"value": 6_000_000, "unitText": "YEAR"}),
        (
            {"pay_min": 1500, "pay_max": 1800, "pay_period": "hour"},
            {"minValue": 1500, "maxValue": 1800, "unitText": "HOUR"},
        ),
    ],
)
def test_jobposting_base_salary(client, company, changes, value):
    data = posting(client, office(**changes))["baseSalary"]["value"]
    assert data == {"@type": "QuantitativeValue", **value}


def test_jobposting_description_has_paragraphs_and_lists_only(client, company):
    description = posting(client, office())["description"]
    assert set(re.findall(r"</?([a-z0-9]+)", description)) == {"p", "ol", "li"}
    assert "<p>Requirements</p><p>Languages</p><ol><li>OCaml</li><li>More</li></ol>" in description
    assert "Rain &amp; shine." in description


def test_jobposting_date_posted_is_unchanged_by_edits(client, company):
    role = office()
    with time_machine.travel("2026-11-25T03:00Z", tick=False):
        role.save()
        assert posting(client, role)["datePosted"] == "2026-11-21"


@override_settings(TIME_ZONE="America/New_York")
def test_jobposting_valid_through_in_time_zone_of_site(client, company):
    assert posting(client, office())["validThrough"] == "2026-11-30T23:59:59-05:00"


EVIL = "</script><script>alert(1)</script><!-- \u2028\u2029 & ]]>"


def test_jobposting_texts_are_escaped(client, company):
    role = office(title_en=EVIL, summary_en=EVIL)
    Role.objects.filter(pk=role.pk).update(duties_en=EVIL)
    page = client.page(role.get_absolute_url("en"))
    (raw,) = SCRIPT.findall(page)
    assert not re.search("[<>&\u2028\u2029]", raw)
    assert page.count("<script") == 1
    assert json.loads(raw)["title"] == EVIL
    assert "<script" not in json.loads(raw)["description"]


@pytest.mark.parametrize("path", ["/en/", "/en/roles/", "/en/hiring/"])
def test_jobposting_missing_on_lists(client, company, path):
    office()
    assert postings(client.page(path)) == []


@pytest.mark.parametrize(
    ("make_role", "expected"),
    [
        (office, "Google can list this opening once it is published."),
        (lambda: remote("JP"), "Google can list this opening once it is published."),
        (remote, "Please add the countries from which this remote role can be done."),
        (make.role, "Please add a place of work."),
    ],
)
def test_jobposting_missing_properties_shown_to_recruiters(
    client, signed_in, company, make_role, expected
):
    role = make_role()
    assert expected in signed_in("Recruiters").page(path_of(role))
    assert len(postings(client.page(role.get_absolute_url("en")))) == ("can list" in expected)


def test_jobposting_requires_company_name(client, signed_in):
    role = office()
    assert postings(client.page(role.get_absolute_url("en"))) == []
    assert "会社の名称を入力してください。" in signed_in("Recruiters", language="ja").page(
        path_of(role)
    )


def test_jobposting_missing_properties_on_add_form(signed_in, company):
    assert "Please add a place of work." in signed_in("Recruiters").page("/admin/roles/role/add/")
