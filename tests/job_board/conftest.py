"""A job board with one role, and functions that read it."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine

from tests import make

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SITE = "https://careers.example.com"
BOARD = "/v1/boards/kumo"


def read(client, path=""):
    """The JSON of a path of the board."""
    response = client.get(f"{BOARD}{path}")
    assert response.status_code == 200, f"{path}: {response.status_code} {response.text}"
    return json.loads(response.content)


def jobs(client, path="/jobs"):
    return read(client, path)["jobs"]


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def company(db):
    return make.company()


@pytest.fixture
def role(company):
    """A role with every property of a job post."""
    role = make.role(
        title_en="Rain & snow engineer",
        title_ja="雨のエンジニア",
        requirements_en='<h3>Must</h3><ul><li>OCaml &amp; "patience"</li></ul>',
        requirements_ja="<ul><li>OCamlの経験</li></ul>",
        reference_id="9636",
        level="senior",
        locations=[make.location(address_en="1 Example St", address_ja="例の通り1")],
        department=make.department(),
        closes_on=date(2026, 11, 30),
        pay_min=6_000_000,
        pay_max=10_000_000,
    )
    role.working_languages.create(language="ja", proficiency="B2")
    role.working_languages.create(language="en", proficiency="native")
    role.conditions.create(kind="pay", text_en="By experience", text_ja="経験による")
    role.conditions.create(kind="fixed_overtime", text_en="None", text_ja="なし")
    role.conditions.create(kind="hours", text_en="9 to 5", text_ja="9時から17時")
    return role
