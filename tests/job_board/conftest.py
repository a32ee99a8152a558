"""A job board with an opening that says everything, and how a program reads it."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine

from tests import make

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SITE = "https://careers.example.com"
BOARD = "/v1/boards/kumo"


def read(client, path=""):
    """What the board answers with, as a program reads it."""
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
    """An opening with all that an opening can say."""
    made = make.role(
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
    made.working_languages.create(language="ja", proficiency="B2")
    made.working_languages.create(language="en", proficiency="native")
    made.conditions.create(kind="pay", text_en="By experience", text_ja="経験による")
    made.conditions.create(kind="fixed_overtime", text_en="None", text_ja="なし")
    made.conditions.create(kind="hours", text_en="9 to 5", text_ja="9時から17時")
    return made
