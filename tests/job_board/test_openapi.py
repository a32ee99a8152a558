"""The description by OpenAPI: it describes every address, and every answer is what it says."""

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
from tests.job_board.schema import faults, resolved, unknown

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def document(client):
    return json.loads(client.page("/v1/openapi.json"))


@pytest.fixture
def everything(role):
    """Openings that differ in all that can differ; for each parameter of a path, what there is."""
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
    """{name: parameter} of those in the path or in the query."""
    every = [resolved(said["$ref"], document) for said in operation["parameters"]]
    return {said["name"]: said for said in every if said["in"] == where}


def asked(path, operation, document, everything):
    """Every address of a path: each of its records, with each choice of every parameter."""
    names = re.findall(r"{(\w+)}", path)
    queries = parameters(operation, document, "query")
    choices = [[None, *said["schema"]["enum"]] for said in queries.values()]
    for records in product(*(everything[name] for name in names)):
        address = "/v1" + path.format(**dict(zip(names, records, strict=True)))
        for values in product(*choices):
            pairs = zip(queries, values, strict=True)
            yield address, {name: value for name, value in pairs if value}


def test_every_answer_is_what_it_says(client, document, everything):
    count = 0
    for path, item in document["paths"].items():
        content = item["get"]["responses"]["200"]["content"]
        for address, query in asked(path, item["get"], document, everything):
            response = client.get(address, query_params=query)
            assert response.status_code == 200, (address, query)
            kind = response.headers["Content-Type"]
            found = faults(json.loads(response.content), content[kind]["schema"], document)
            assert found == [], (address, query)
            assert "ETag" in response.headers
            count += 1
    assert count > 60


def test_every_refusal_is_what_it_says(client, document, everything):
    for path, item in document["paths"].items():
        responses = item["get"]["responses"]
        address, _query = next(asked(path, item["get"], document, everything))
        refused = {"405": client.post(address)}
        if "board_token" in path:
            refused["404"] = client.get(address.replace("kumo", "nimbus"))
        for name in parameters(item["get"], document, "query"):
            refused["400"] = client.get(address, query_params={name: "perhaps"})
        tag = client.get(address).headers["ETag"]
        refused["304"] = client.get(address, headers={"if-none-match": tag})
        assert responses.keys() == {"200", *refused}, path
        for code, response in refused.items():
            assert str(response.status_code) == code, (path, code)
            said = resolved(responses[code]["$ref"], document)
            assert bool(response.content) == ("content" in said)
            if response.content:
                schema = said["content"][response.headers["Content-Type"]]["schema"]
                assert faults(json.loads(response.content), schema, document) == []


def test_it_describes_every_address_and_no_other(document):
    names = {
        "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern)): pattern.name
        for pattern in urls.urlpatterns
        if pattern.name != "not_found"
    }
    said = {path: item["get"]["operationId"] for path, item in document["paths"].items()}
    assert said == names


def test_it_is_a_whole_document(document):
    OpenAPIV31SpecValidator(document).validate()
    assert document["servers"] == [{"url": f"{SITE}/v1"}]
    for path, item in document["paths"].items():
        operation = item["get"]
        assert operation.keys() == {"operationId", "summary", "parameters", "responses"}
        assert list(parameters(operation, document, "path")) == re.findall(r"{(\w+)}", path)
    for name, said in document["components"]["parameters"].items():
        assert said["name"] == name and said["description"]


def test_its_parts_are_all_used_and_all_there(document):
    text = json.dumps(document)
    used = set(re.findall(r'"\$ref": "(.*?)"', text))
    there = {
        f"#/components/{kind}/{name}"
        for kind, parts in document["components"].items()
        for name in parts
    }
    assert used == there


def test_its_schemas_are_strict(document):
    def schemas(part):
        yield part
        for inner in [*part.get("properties", {}).values(), *part.get("oneOf", [])]:
            yield from schemas(inner)
        if "items" in part:
            yield from schemas(part["items"])

    found = [one for part in document["components"]["schemas"].values() for one in schemas(part)]
    assert len(found) > 100
    for schema in found:
        assert not [*unknown(schema)], schema
        if "properties" in schema:
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) <= schema["properties"].keys()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
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
def test_what_is_wrong_is_found(document, name, value, fault):
    """The tests above can fail."""
    found = faults(value, {"$ref": f"#/components/schemas/{name}"}, document)
    assert (fault in "\n".join(found)) if fault else found == []


def test_moments_and_addresses_are_looked_at(document):
    moment = {"type": "string", "format": "date-time"}
    assert faults("2026-11-30T23:59:59+09:00", moment, document) == []
    assert faults("2026-11-30T23:59:59", moment, document) != []
    assert faults("/en/", {"type": "string", "format": "uri"}, document) != []


def test_a_slip_in_a_schema_is_found():
    assert [*unknown({"type": "string", "minLenght": 1})] == ["minLenght"]
    assert [*unknown({"type": "string", "format": "datetime"})] == ["datetime"]
