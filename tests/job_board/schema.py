"""Validates responses of the job board against their schemas (JSON Schema 2020-12)."""

from jsonschema import Draft202012Validator

VALIDATOR = Draft202012Validator
ANNOTATIONS = {"description", "examples", "default"}  # keywords without effect on validation


def errors(value, schema, document):
    """The validation errors of `value` against `schema` of the OpenAPI `document`, as sentences."""
    root_schema = {**schema, "components": document["components"]}  # for its references
    validator = VALIDATOR(root_schema, format_checker=VALIDATOR.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def unknown_keywords(schema):
    """Keywords and formats in a schema that the validator would ignore, such as misspelled ones."""
    keywords = VALIDATOR.VALIDATORS.keys() | ANNOTATIONS
    yield from (keyword for keyword in schema if keyword not in keywords)
    if schema.get("format", "uri") not in VALIDATOR.FORMAT_CHECKER.checkers:
        yield schema["format"]


def resolved(reference, document):
    """The target of a reference inside the document."""
    assert reference.startswith("#/"), reference
    for part in reference[2:].split("/"):
        document = document[part]
    return document
