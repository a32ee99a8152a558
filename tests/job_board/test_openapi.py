"""The OpenAPI document: it describes every path, and every response matches its schema."""

import json
import re
from itertools import product

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from careers.application_forms.enums import QuestionKind
from careers.job_board import urls
from careers.roles.models import RemoteCountry
from tests import make
from tests.job_board.conftest import SITE
from tests.job_board.schema import errors, resolved, unknown_keywords

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def document(client):
    return json.loads(client.page("/v1/openapi.json"))


@pytest.fixture
def everything(role):
    """Creates roles that differ in every property; returns the values of each path parameter."""
    form = make.form(role)
    for kind in QuestionKind:
        make.question(form, kind, choices_en="A\nB", choices_ja="あ\nい")
    remote = make.role(workplace="remote", pay_min=1000, pay_period="hour", title_ja="")
    RemoteCountry.objects.create(role=remote, country="JP")
    make.role(published_at_en=None, department=role.department, workplace="hybrid")
    return {
        "board_token": ["kumo"],
        "job_id": [1, 2, role.pk * 10 + 1, role.pk * 10 + 2, remote.pk * 10 + 1],
        "department_id": [role.department_id, remote.department_id],
        "office_id": [role.locations.get().pk, 0],
        "section_id": [1],
    }


def parameters(operation, document, where):
    """{name: parameter} of the parameters in the path or in the query."""
    every = [resolved(parameter["$ref"], document) for parameter in operation["parameters"]]
    return {parameter["name"]: parameter for parameter in every if parameter["in"] == where}


def requests(path, operation, document, everything):
    """Every URL of a path: each record, with each combination of parameters."""
    names = re.findall(r"{(\w+)}", path)
    queries = parameters(operation, document, "query")
    choices = [[None, *parameter["schema"]["enum"]] for parameter in queries.values()]
    for records in product(*(everything[name] for name in names)):
        address = "/v1" + path.format(**dict(zip(names, records, strict=True)))
        for values in product(*choices):
            pairs = zip(queries, values, strict=True)
            yield address, {name: value for name, value in pairs if value}


def test_openapi_schemas_match_responses(client, document, everything):
    count = 0
    for path, item in document["paths"].items():
        content = item["get"]["responses"]["200"]["content"]
        for address, query in requests(path, item["get"], document, everything):
            response = client.get(address, query_params=query)
            assert response.status_code == 200, (address, query)
            kind = response.headers["Content-Type"]
            errors_found = errors(json.loads(response.content), content[kind]["schema"], document)
            assert errors_found == [], (address, query)
            assert "ETag" in response.headers
            count += 1
    assert count > 60


def test_openapi_schemas_match_error_responses(client, document, everything):
    for path, item in document["paths"].items():
        responses = item["get"]["responses"]
        address, _query = next(requests(path, item["get"], document, everything))
        responses_by_code = {"405": client.post(address)}
        if "board_token" in path:
            responses_by_code["404"] = client.get(address.replace("kumo", "nimbus"))
        for name in parameters(item["get"], document, "query"):
            responses_by_code["400"] = client.get(address, query_params={name: "perhaps"})
        tag = client.get(address).headers["ETag"]
        responses_by_code["304"] = client.get(address, headers={"if-none-match": tag})
        assert responses.keys() == {"200", *responses_by_code}, path
        for code, response in responses_by_code.items():
            assert str(response.status_code) == code, (path, code)
            parameter = resolved(responses[code]["$ref"], document)
            assert bool(response.content) == ("content" in parameter)
            if response.content:
                schema = parameter["content"][response.headers["Content-Type"]]["schema"]
                assert errors(json.loads(response.content), schema, document) == []


def test_openapi_paths_equal_url_patterns(document):
    names = {
        "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern)): pattern.name
        for pattern in urls.urlpatterns
        if pattern.name != "not_found" and not str(pattern.pattern).endswith("/")
    }
    parameter = {path: item["get"]["operationId"] for path, item in document["paths"].items()}
    assert parameter == names


def test_openapi_document_is_valid(document):
    OpenAPIV31SpecValidator(document).validate()
    assert document["servers"] == [{"url": f"{SITE}/v1"}]
    for path, item in document["paths"].items():
        operation = item["get"]
        assert operation.keys() == {"operationId", "summary", "parameters", "responses"}
        assert list(parameters(operation, document, "path")) == re.findall(r"{(\w+)}", path)
    for name, parameter in document["components"]["parameters"].items():
        assert parameter["name"] == name and parameter["description"]


def test_openapi_components_are_all_used_and_defined(document):
    text = json.dumps(document)
    used = set(re.findall(r'"\$ref": "(.*?)"', text))
    defined = {
        f"#/components/{kind}/{name}"
        for kind, parts in document["components"].items()
        for name in parts
    }
    assert used == defined


def test_openapi_schemas_are_strict(document):
    def schemas(part):
        yield part
        for inner in [*part.get("properties", {}).values(), *part.get("oneOf", [])]:
            yield from schemas(inner)
        if "items" in part:
            yield from schemas(part["items"])

    errors_found = [
        schema for part in document["components"]["schemas"].values() for schema in schemas(part)
    ]
    assert len(errors_found) > 100
    for schema in errors_found:
        assert not [*unknown_keywords(schema)], schema
        if "properties" in schema:
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) <= schema["properties"].keys()


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("Error", {"status": 404, "error": "No."}, ""),
        ("Error", {"status": "404", "error": "No."}, "'404' is not of type"),
        ("Error", {"status": True, "error": "No."}, "True is not of type"),
        ("Error", {"status": 404}, "'error' is a required property"),
        ("Error", {"status": 404, "error": "No.", "trace": ""}, "'trace' was unexpected"),
        ("SectionList", {"sections": [{"id": 1}]}, "is a required property"),
        ("Field", {"name": "a", "type": "input_hidden", "values": []}, "is not one of"),
        ("Field", {"name": "a", "type": "textarea", "values": [{"value": 1}]}, "is a required"),
    ],
)
def test_schema_validator_finds_errors(document, name, value, error):
    """Shows that the tests above can fail."""
    errors_found = errors(value, {"$ref": f"#/components/schemas/{name}"}, document)
    assert (error in "\n".join(errors_found)) if error else errors_found == []


def test_schema_validator_checks_formats(document):
    date_time = {"type": "string", "format": "date-time"}
    assert errors("2026-11-30T23:59:59+09:00", date_time, document) == []
    assert errors("2026-11-30T23:59:59", date_time, document) != []
    assert errors("/en/", {"type": "string", "format": "uri"}, document) != []


def test_schema_validator_finds_unknown_keywords():
    assert [*unknown_keywords({"type": "string", "minLenght": 1})] == ["minLenght"]
    assert [*unknown_keywords({"type": "string", "format": "datetime"})] == ["datetime"]
