"""The role list."""

import pytest

from careers.roles.models import RemoteCountry
from tests import make
from tests.conftest import queries
from tests.html import parse

pytestmark = pytest.mark.django_db


def test_list_grouped_by_department(client):
    data = make.department(name_en="Data", name_ja="データ", order=2)
    web = make.department(name_en="Web", name_ja="ウェブ", order=1)
    make.role(title_en="Analyst", department=data, order=2)
    make.role(title_en="Scientist", department=data, order=1)
    make.role(title_en="Designer", department=web)
    page = client.page("/en/roles/")
    assert parse(page).texts("main h2, main h3") == [
        "Web",
        "Designer",
        "Data",
        "Scientist",
        "Analyst",
        "Nothing that fits?",
    ]
    assert "3 openings" in page
    assert "3件の求人" in client.page("/ja/roles/")


def test_list_entry_shows_location_workplace_and_type(client):
    locations = [make.location(), make.location(name_en="Osaka", name_ja="大阪")]
    make.role(locations=locations, workplace="hybrid", employment_type="intern")
    assert parse(client.page("/en/roles/")).texts(".badges > li") == [
        "Tokyo",
        "Osaka",
        "Hybrid",
        "Internship",
    ]


def test_list_entry_of_remote_role_shows_countries(client):
    role = make.role(workplace="remote")
    for country in ("JP", "SG"):
        RemoteCountry.objects.create(role=role, country=country)
    assert "<li>Remote (Japan, Singapore)</li>" in client.page("/en/roles/")


def test_list_count_in_singular(client):
    make.role()
    assert "1 opening<" in client.page("/en/roles/")


def test_list_without_roles(client):
    make.company()
    page = client.page("/en/roles/")
    assert "No openings right now" in page
    assert "mailto:jobs@kumo.example.com" in page


@pytest.mark.parametrize(
    "path", ["/en/roles/", "/ja/roles/", "/en/", "/en/hiring/", "/sitemap.xml"]
)
def test_list_query_count_is_constant(client, path):
    def role():
        role = make.role(locations=[make.location()], workplace="remote")
        RemoteCountry.objects.create(role=role, country="JP")

    make.company()
    role()
    one = queries(client, path)
    for _ in range(49):
        role()
    assert queries(client, path) == one
