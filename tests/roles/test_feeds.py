"""Feeds: every open role of a language; 304 until something changes."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine

from careers.publishing import next_change_at
from careers.roles.models import RemoteCountry, Role
from tests import make
from tests.conftest import queries

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SITE = "https://careers.example.com"
FEEDS = ["feed.atom", "feed.json", "jobs.xml"]
ATOM = "{http://www.w3.org/2005/Atom}"
TYPES = {
    "feed.atom": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "jobs.xml": "application/xml; charset=utf-8",
}
ANY = pytest.mark.parametrize("feed", FEEDS)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def role():
    make.company()
    return make.role(
        title_en="Rain & snow engineer",
        title_ja="雨のエンジニア",
        requirements_en="<ul><li>OCaml &amp; patience</li></ul>",
        reference_id="9636",
        locations=[make.location(address_en="1 Example St")],
        pay_min=6_000_000,
        pay_max=10_000_000,
        closes_on=date(2026, 11, 30),
        department=make.department(),
    )


def entries(client, path="/en/roles/feed.atom"):
    return ElementTree.fromstring(client.page(path)).findall(f"{ATOM}entry")


def items(client, path="/en/roles/feed.json"):
    return json.loads(client.page(path))["items"]


def jobs(client, path="/en/roles/jobs.xml"):
    root = ElementTree.fromstring(client.page(path))
    return [{field.tag: field.text for field in job} for job in root.findall("job")]


def test_atom_feed(client, role):
    feed = ElementTree.fromstring(client.page("/en/roles/feed.atom"))
    assert feed.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "en"}
    assert feed.findtext(f"{ATOM}title") == "Openings at Kumo"
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        "alternate": f"{SITE}/en/roles/",
        "self": f"{SITE}/en/roles/feed.atom",
    }
    assert feed.findtext(f"{ATOM}updated") == "2026-11-21T03:00:00+00:00"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Kumo"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Rain & snow engineer"
    assert entry.find(f"{ATOM}link").get("href") == f"{SITE}{role.get_absolute_url('en')}"
    assert entry.findtext(f"{ATOM}published") == "2026-11-21T03:00:00+00:00"
    assert entry.findtext(f"{ATOM}summary") == "Keeps the forecast running."
    assert "<li>OCaml &amp; patience</li>" in entry.findtext(f"{ATOM}content")
    assert entry.find(f"{ATOM}category").get("term") == "Backend"


def test_json_feed(client, role):
    feed = json.loads(client.page("/ja/roles/feed.json"))
    (item,) = feed.pop("items")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "クモの募集職種",
        "home_page_url": f"{SITE}/ja/roles/",
        "feed_url": f"{SITE}/ja/roles/feed.json",
        "language": "ja",
        "authors": [{"name": "クモ"}],
    }
    assert item == {
        "id": f"tag:careers.example.com,2026-11-21:roles/{role.pk}/ja",
        "url": f"{SITE}{role.get_absolute_url('ja')}",
        "title": "雨のエンジニア",
        "summary": "予報を支える仕事です。",
        "content_html": "<p>予報を支える仕事です。</p><p>主な業務</p><p>OCamlを書きます。</p>",
        "date_published": "2026-11-21T03:00:00+00:00",
        "date_modified": "2026-11-21T03:00:00+00:00",
        "language": "ja",
        "tags": ["バックエンド"],
    }


def test_indeed_feed(client, role):
    location = role.locations.get()
    (job,) = jobs(client)
    assert "<p>OCaml & patience</p>" not in job["description"]
    assert "<li>OCaml &amp; patience</li>" in job.pop("description")
    assert job == {
        "title": "Rain & snow engineer",
        "date": "2026-11-21",
        "referencenumber": f"{role.pk}-en-{location.pk}",
        "requisitionid": "9636",
        "url": f"{SITE}{role.get_absolute_url('en')}",
        "company": "Kumo",
        "streetaddress": "1 Example St",
        "city": "Tokyo",
        "country": "JP",
        "salary": "¥6,000,000–¥10,000,000 per year",
        "jobtype": "fulltime",
        "category": "Backend",
        "expirationdate": "2026-11-30",
        "language": "en",
    }


def test_indeed_feed_has_a_job_per_location_with_unique_numbers(client):
    office = make.role(locations=[make.location(), make.location(name_en="Osaka")])
    remote = make.role(workplace="remote")
    for country in ("JP", "SG"):
        RemoteCountry.objects.create(role=remote, country=country)
    without_location = make.role(workplace="hybrid")
    jobs_found = [
        (job["requisitionid"], job.get("city") or job.get("country")) for job in jobs(client)
    ]
    assert jobs_found == [
        (office.reference_id, "Tokyo"),
        (office.reference_id, "Osaka"),
        (remote.reference_id, "JP"),
        (remote.reference_id, "SG"),
        (without_location.reference_id, None),
    ]
    assert len({job["referencenumber"] for job in jobs(client)}) == 5
    assert [job.get("remotetype") for job in jobs(client)][1:] == [
        None,
        "Fully remote",
        "Fully remote",
        "Hybrid remote",
    ]


@ANY
def test_feed_texts_are_escaped(client, role, feed):
    evil = "a ]]> <b>&amp;</b> \x0b \ufffe</title> z"
    Role.objects.filter(pk=role.pk).update(title_en=evil, summary_en=evil)
    path = f"/en/roles/{feed}"
    if feed == "feed.json":
        assert items(client, path)[0]["title"] == evil
        return
    (first,) = entries(client, path) if feed == "feed.atom" else [jobs(client, path)[0]]
    title = first.findtext(f"{ATOM}title") if feed == "feed.atom" else first["title"]
    assert title == "a ]]> <b>&amp;</b>  </title> z"


@ANY
def test_feed_answers_304_until_it_changes(client, role, feed):
    path = f"/en/roles/{feed}"
    first = client.get(path)
    assert first.headers["Content-Type"] == TYPES[feed]
    tag = {"if-none-match": first.headers["ETag"]}
    with time_machine.travel(NOON + timedelta(hours=5), tick=False):
        again = client.get(path, headers=tag)
        assert (again.status_code, again.content) == (304, b"")
    role.duties_en = "<p>Write Rust.</p>"
    role.save()
    changed = client.get(path, headers=tag)
    assert changed.status_code == 200
    assert "Write Rust" in changed.text


@ANY
def test_feed_changes_when_a_role_closes(client, role, feed):
    path = f"/en/roles/{feed}"
    tag = {"if-none-match": client.get(path).headers["ETag"]}
    end = next_change_at()
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert client.get(path, headers=tag).status_code == 304
    with time_machine.travel(end, tick=False):
        empty = client.get(path, headers=tag)
        assert empty.status_code == 200
        assert role.get_absolute_url("en") not in empty.text
        tag = {"if-none-match": empty.headers["ETag"]}
    with time_machine.travel(end + timedelta(days=2), tick=False):
        assert client.get(path, headers=tag).status_code == 304


def test_feed_lists_newest_first_up_to_limit(client):
    department = make.department()
    role = make.role(department=department, title_en="Old", opens_at=NOON - timedelta(days=9))
    Role.objects.filter(pk=role.pk).update(published_at_en=NOON - timedelta(days=10))
    late = make.role(department=department, title_en="Late", opens_at=NOON)
    Role.objects.filter(pk=late.pk).update(published_at_en=NOON - timedelta(days=30))
    middle = make.role(department=department, title_en="Middle")
    Role.objects.filter(pk=middle.pk).update(published_at_en=NOON - timedelta(days=5))
    titles = ["Late", "Middle", "Old"]
    assert [item["title"] for item in items(client)] == titles
    assert [entry.findtext(f"{ATOM}title") for entry in entries(client)] == titles
    for _ in range(100):
        make.role(department=department)
    assert len(items(client)) == len(entries(client)) == 100
    assert "Old" not in [item["title"] for item in items(client)]
    assert len(jobs(client)) == 103


def test_feed_entry_keeps_id_and_publication_date(client, role):
    before = items(client)[0]
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        role.slug, role.title_en = "another-one", "Another one"
        role.save()
        after = items(client)[0]
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert after["url"] != before["url"]
    assert after["date_modified"] == "2026-11-24T03:00:00+00:00"


@ANY
def test_feed_query_count_is_constant(client, role, feed):
    count_before = queries(client, f"/en/roles/{feed}")
    for _ in range(50):
        make.role(locations=[make.location()])
    assert queries(client, f"/en/roles/{feed}") == count_before


def test_feed_of_empty_site(client):
    assert "<title>Openings</title>" in client.page("/en/roles/feed.atom")
    assert json.loads(client.page("/ja/roles/feed.json"))["title"] == "募集職種"
    assert jobs(client) == []


def test_feed_links_on_every_page(client, role):
    for path in ("/ja/", "/ja/roles/", role.get_absolute_url("ja")):
        assert feed_links(client.page(path)) == ["/ja/roles/feed.atom", "/ja/roles/feed.json"]


def test_feed_links_of_filtered_list(client):
    location = make.location()
    make.role(locations=[location])
    location = location.pk
    page = client.page(f"/en/roles/?q=%E9%9B%A8&location={location}")
    query = f"?q=%E9%9B%A8&amp;location={location}"
    assert feed_links(page) == [
        f"/en/roles/feed.atom{query}",
        f"/en/roles/feed.json{query}",
        "/en/roles/feed.atom",
        "/en/roles/feed.json",
    ]
    feed = json.loads(client.page(f"/en/roles/feed.json?q=%E9%9B%A8&location={location}"))
    assert feed["home_page_url"] == f"{SITE}/en/roles/?q=%E9%9B%A8&location={location}"


def test_feed_filters_like_the_list(client, role):
    make.role(title_en="Sun engineer", title_ja="晴れのエンジニア")
    make.role(title_ja="雨だけ", published_at_en=None)
    for query in ("?q=rain", "?q=雨", f"?location={role.locations.get().pk}"):
        assert [item["title"] for item in items(client, f"/en/roles/feed.json{query}")] == [
            "Rain & snow engineer"
        ]
        assert len(entries(client, f"/en/roles/feed.atom{query}")) == 1
    assert items(client, "/en/roles/feed.json?q=snowboard") == []
    feed = json.loads(client.page("/en/roles/feed.json?q=rain&level=nonsense"))
    assert feed["title"] == "Openings at Kumo: “rain”"


def feed_links(page):
    links = re.findall(
        r'<link rel="alternate" type="application/\w+\+\w+" title="[^"]+" href="(.*?)">', page
    )
    assert page.count('type="application/atom+xml"') == page.count('type="application/feed+json"')
    return links
