"""An answer of the job board held against its description, by the validator of JSON Schema 2020-12."""

from jsonschema import Draft202012Validator

VALIDATOR = Draft202012Validator
SAID = {"description", "examples", "default"}  # words of a schema that decide nothing


def faults(value, schema, document):
    """Sentences that say where `value` is not what `schema` of the `document` allows."""
    whole = {**schema, "components": document["components"]}  # to which its references lead
    validator = VALIDATOR(whole, format_checker=VALIDATOR.FORMAT_CHECKER)
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]


def unknown(schema):
    """Words and formats in a schema that the validator would pass over: each a slip that says yes."""
    words = VALIDATOR.VALIDATORS.keys() | SAID
    yield from (word for word in schema if word not in words)
    if schema.get("format", "uri") not in VALIDATOR.FORMAT_CHECKER.checkers:
        yield schema["format"]


def resolved(reference, document):
    """What a reference inside the document leads to."""
    assert reference.startswith("#/"), reference
    for part in reference[2:].split("/"):
        document = document[part]
    return document
