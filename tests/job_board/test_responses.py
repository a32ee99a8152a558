"""Responses of the job board API: JSON errors, CORS, conditional requests, query counts, the board itself."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careers.publishing import next_change_at
from tests import make
from tests.bilingual.forms import edit, fields_of, path_of
from tests.conftest import Visitor, queries
from tests.html import parse
from tests.job_board.conftest import BOARD, NOON, read
from tests.revisions.test_versions import revert, versions

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ALL_PARAMETERS = "?questions=true&pay_transparency=true"


def addresses(role):
    """Every path of the board, with all parameters."""
    location = role.locations.get()
    return [
        BOARD,
        f"{BOARD}/jobs",
        f"{BOARD}/jobs?content=true",
        f"{BOARD}/jobs/{role.pk * 10 + 1}",
        f"{BOARD}/jobs/{role.pk * 10 + 2}{ALL_PARAMETERS}",
        f"{BOARD}/jobs/1{ALL_PARAMETERS}",
        f"{BOARD}/departments",
        f"{BOARD}/departments/{role.department_id}?render_as=tree",
        f"{BOARD}/offices?render_as=tree",
        f"{BOARD}/offices/{location.pk}",
        f"{BOARD}/sections",
        f"{BOARD}/sections/1",
        "/v1/openapi.json",
    ]


WRONG = [
    (400, f"{BOARD}/jobs?content=yes"),
    (400, f"{BOARD}/jobs?content=2"),
    (400, f"{BOARD}/jobs?content=%20true"),
    (400, f"{BOARD}/jobs/1?questions=01"),
    (400, f"{BOARD}/jobs/1?pay_transparency=on"),
    (400, f"{BOARD}/departments?render_as=forest"),
    (400, f"{BOARD}/offices?render_as=%00"),
    (404, "/v1/"),
    (404, "/v1/boards"),
    (404, "/v1/boards/"),
    (404, "/v1/nothing/at/all"),
    (404, "/v1/boards/other"),
    (404, "/v1/boards/other/jobs"),
    (404, "/v1/boards/KUMO/jobs"),
    (404, "/v1/boards/雲/jobs"),
    (404, "/v1/boards/other/sections"),
    (404, "/v1/boards/other/departments/1"),
    (404, f"{BOARD}//"),
    (404, f"{BOARD}/jobs//"),
    (404, "/v1/boards/other/jobs/"),
    (404, "/v1//openapi.json"),
    (404, "/v1/openapi.json//"),
    (404, f"{BOARD}/nothing"),
    (404, f"{BOARD}/nothing/"),
    (404, f"{BOARD}/jobs/abc"),
    (404, f"{BOARD}/jobs/-1"),
    (404, f"{BOARD}/jobs/0"),
    (404, f"{BOARD}/jobs/3"),
    (404, f"{BOARD}/jobs/999991"),
    (404, f"{BOARD}/jobs/{10**30 + 1}"),
    (404, f"{BOARD}/departments/0"),
    (404, f"{BOARD}/departments/{10**30}"),
    (404, f"{BOARD}/offices/999"),
    (404, f"{BOARD}/offices/{10**30}"),
    (404, f"{BOARD}/sections/0"),
    (404, f"{BOARD}/sections/{10**30}"),
    (404, f"{BOARD}/education/schools"),
]


@pytest.mark.parametrize(("status", "path"), WRONG)
def test_error_response_is_json(client, role, status, path):
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    data = json.loads(response.content)
    assert data.keys() == {"status", "error"}
    assert data["status"] == status
    assert data["error"].endswith(".")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.head(path).status_code == status


def test_response_is_the_same_with_a_slash(client, role):
    """With and without a slash at the end, every address answers with the same bytes, in one step."""
    for address in addresses(role):
        path, mark, query = address.partition("?")
        plain, with_slash = client.get(address), client.get(f"{path}/{mark}{query}")
        assert (with_slash.status_code, with_slash.content) == (200, plain.content), address
        assert with_slash.headers["ETag"] == plain.headers["ETag"]
        assert client.head(f"{path}/").status_code == 200
        assert client.options(f"{path}/").status_code == 204
        assert client.post(f"{path}/", {}).status_code == 405


SPELLINGS = {
    "jobs?content=true": ["content=True", "content=TRUE", "content=1", "content=false&content=1"],
    "jobs": [
        "content=",
        "content=False",
        "content=FALSE",
        "content=0",
        "content=true&content=false",
    ],
    "jobs/1?questions=true": ["questions=True", "questions=1&pay_transparency=0"],
    "jobs/1?pay_transparency=true": ["pay_transparency=tRUE", "questions=False&pay_transparency=1"],
    "departments?render_as=tree": ["render_as=Tree", "render_as=TREE"],
    "offices": ["render_as=LIST", "render_as=", "unknown=tree"],
}


def test_response_to_other_spellings_of_a_value(client, role):
    """Parameters have values in any case; `1` and `0` are true and false."""
    bodies = set()
    for address, spellings in SPELLINGS.items():
        expected = client.get(f"{BOARD}/{address}")
        assert expected.status_code == 200
        bodies.add(expected.content)
        path = address.partition("?")[0]
        for query in spellings:
            response = client.get(f"{BOARD}/{path}?{query}")
            assert (response.status_code, response.content) == (200, expected.content), query
    assert len(bodies) == len(SPELLINGS)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_response_to_write_methods_is_405(role, method):
    visitor = Visitor(enforce_csrf_checks=True)
    for path in [*addresses(role), "/v1/nothing"]:
        response = getattr(visitor, method)(path, "{}", content_type="application/json")
        assert response.status_code == 405, path
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert json.loads(response.content)["status"] == 405
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_response_to_id_with_leading_zeros_is_404(client, role):
    location = role.locations.get()
    for path in (
        f"jobs/{role.pk * 10 + 1}",
        f"departments/{role.department_id}",
        f"offices/{location.pk}",
        "sections/1",
    ):
        assert client.get(f"{BOARD}/{path}").status_code == 200
        kind, number = path.split("/")
        response = client.get(f"{BOARD}/{kind}/00{number}")
        assert response.status_code == json.loads(response.content)["status"] == 404, path


def test_response_cors_headers(client, role):
    for path in addresses(role):
        headers = client.get(path, headers={"origin": "https://elsewhere.example.net"}).headers
        assert headers["Content-Type"] == "application/json"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Access-Control-Expose-Headers"] == "ETag"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Robots-Tag"] == "noindex"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Credentials" not in headers
        assert "Set-Cookie" not in headers and "Cookie" not in headers.get("Vary", "")


def test_response_to_cors_preflight(client, role):
    preflight = {
        "origin": "https://elsewhere.example.net",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match, content-type",
    }
    for path in [*addresses(role), "/v1/nothing"]:
        response = client.options(path, headers=preflight)
        assert (response.status_code, response.content) == (204, b""), path
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert response.headers["Access-Control-Allow-Headers"] == "*"
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_response_is_never_jsonp(client, role):
    """A `callback` parameter does not turn the response into a script."""
    response = client.get(f"{BOARD}/jobs?callback=alert")
    assert response.headers["Content-Type"] == "application/json"
    assert response.content == client.get(f"{BOARD}/jobs").content


def test_response_to_head(client, role):
    for path in addresses(role):
        head, whole = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("Content-Type", "Content-Language", "Access-Control-Allow-Origin"):
            assert head.headers[name] == whole.headers[name]


def test_response_content_language(client, role):
    language = "Content-Language"
    number = role.pk * 10
    assert client.get(f"{BOARD}/jobs/{number + 1}").headers[language] == "en"
    assert client.get(f"{BOARD}/jobs/{number + 2}").headers[language] == "ja"
    assert client.get(f"{BOARD}/jobs").headers[language] == "en, ja"


def test_response_ignores_accept_language(client, role):
    """Neither Accept-Language nor a session changes a response."""
    for path in addresses(role):
        plain = client.get(path).content
        assert client.get(path, headers={"accept-language": "ja"}).content == plain


def test_response_is_304_until_it_changes(client, role):
    for path in addresses(role)[1:7]:
        first = client.get(path)
        tag = {"if-none-match": first.headers["ETag"]}
        with time_machine.travel(NOON + timedelta(hours=5), tick=False):
            again = client.get(path, headers=tag)
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    path = f"{BOARD}/jobs?content=true"
    tag = {"if-none-match": client.get(path).headers["ETag"]}
    role.duties_en = "<p>Write Rust.</p>"
    role.save()
    changed = client.get(path, headers=tag)
    assert changed.status_code == 200
    assert "Write Rust" in changed.text


def test_response_changes_when_a_role_closes(client, role):
    tag = {"if-none-match": client.get(f"{BOARD}/jobs").headers["ETag"]}
    end = next_change_at()
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert client.get(f"{BOARD}/jobs", headers=tag).status_code == 304
    with time_machine.travel(end, tick=False):
        assert client.get(f"{BOARD}/jobs", headers=tag).status_code == 200
        assert read(client, "/jobs") == {"jobs": [], "meta": {"total": 0}}
        assert client.get(f"{BOARD}/jobs/{role.pk * 10 + 1}").status_code == 404


def test_response_query_count_is_constant(client, role):
    make.question(make.form(role))
    make.form(None)
    paths = addresses(role)
    counts = {path: queries(client, path) for path in paths}
    for number in range(50):
        location = role.locations.get() if number % 2 else make.location()
        more = make.role(
            department=role.department if number % 2 else make.department(), locations=[location]
        )
        more.working_languages.create(language="ja", proficiency="B2")
        make.question(role.application_form)
        role.conditions.update_or_create(kind="hours", defaults={"text_en": f"{number}"})
    assert {path: queries(client, path) for path in paths} == counts


def test_response_to_unknown_path_makes_no_query(client):
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/v1/nothing").status_code == 404
    assert len(captured) == 0


def test_board_name_and_content(client, company):
    assert read(client) == {"name": "Kumo", "content": ""}
    company.about_en = "We <3 rain.\n\nAnd snow."
    company.about_ja = "雨が好きです。"
    company.save()
    assert read(client)["content"] == "<p>We &lt;3 rain.</p>\n\n<p>And snow.</p>"
    company.about_en = company.name_en = ""
    company.save()
    assert read(client) == {"name": "クモ", "content": "<p>雨が好きです。</p>"}


@pytest.mark.parametrize(
    ("name", "token"),
    [("Kumo", "kumo"), ("Rain & Co., Ltd.", "rain-co-ltd"), ("", "careers"), ("雲", "careers")],
)
def test_board_token_from_company_name(client, name, token):
    make.company(name_en=name)
    assert client.get(f"/v1/boards/{token}").status_code == 200


def test_board_missing_without_company(client):
    make.role()
    for path in ("/v1/boards/careers/jobs", "/v1/boards//jobs"):
        assert client.get(path).status_code == 404


def test_board_token_edited_by_recruiter(signed_in, client, company):
    recruiter, path = signed_in("Recruiters"), path_of(company)
    edit(recruiter, path, board_token="cloud-jobs")
    assert client.get("/v1/boards/kumo").status_code == 404
    assert client.get("/v1/boards/cloud-jobs").status_code == 200
    edit(recruiter, path, name_en="Kumo again", board_token="clouds")
    revert(recruiter, company, versions(company)[-1])
    assert (company.name_en, company.board_token) == ("Kumo", "clouds")
    fields = fields_of(recruiter.get(path)) | {"board_token": "two words"}
    response = recruiter.post(path, fields)
    assert len(parse(response.text).all(".field-board_token .errorlist li")) == 1
    assert 'value="two words"' in response.text
    edit(recruiter, path, board_token="", name_en="Nimbus")
    assert client.get("/v1/boards/nimbus").status_code == 200
    page = signed_in("Editors", language="ja").page(path)
    assert "求人ボードの名前" in page and "外部プログラムとの連携" in page
