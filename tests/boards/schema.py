"""A strict reader of JSON Schema: as much of it as the description of the job board uses.

A word that it does not know is refused, so that a slip in a schema is never a silent yes.
https://json-schema.org/draft/2020-12/json-schema-validation
"""

import re
from datetime import datetime
from urllib.parse import urlsplit

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
SAID = {"description", "examples", "default"}  # which decide nothing


def faults(value, schema, document, at="$"):
    """Sentences that say where `value` is not what `schema` of the `document` allows."""
    if "$ref" in schema:
        assert schema.keys() == {"$ref"}, schema
        return faults(value, resolved(schema["$ref"], document), document, at)
    unknown = schema.keys() - RULES.keys() - SAID - {"type", "properties"}
    assert not unknown, f"{at}: {unknown}"
    wrong = _type(value, schema, at) if "type" in schema else []
    if wrong:
        return wrong
    rules = [RULES[word] for word in schema.keys() & RULES.keys()]
    return [fault for rule in rules for fault in rule(value, schema, document, at)]


def resolved(reference, document):
    """What a reference inside the document leads to."""
    assert reference.startswith("#/"), reference
    for part in reference[2:].split("/"):
        document = document[part]
    return document


def _type(value, schema, at):
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    # To Python, True is an integer.
    fits = any(type(value) is TYPES[name] for name in allowed)
    return [] if fits else [f"{at}: {value!r} is no {allowed}"]


def _required(value, schema, document, at):
    return [f"{at}: {name} is missing" for name in schema["required"] if name not in value]


def _additional(value, schema, document, at):
    assert schema["additionalProperties"] is False
    found = [
        f"{at}: {name} is not described" for name in value.keys() - schema["properties"].keys()
    ]
    for name in value.keys() & schema["properties"].keys():
        found += faults(value[name], schema["properties"][name], document, f"{at}.{name}")
    return found


def _items(value, schema, document, at):
    if not isinstance(value, list):  # of several types, this rule speaks of one
        return []
    return [
        fault
        for place, item in enumerate(value)
        for fault in faults(item, schema["items"], document, f"{at}[{place}]")
    ]


def _max_items(value, schema, document, at):
    return [f"{at}: too many"] if len(value) > schema["maxItems"] else []


def _enum(value, schema, document, at):
    return [] if value in schema["enum"] else [f"{at}: {value!r} is none of {schema['enum']}"]


def _minimum(value, schema, document, at):
    return [] if value >= schema["minimum"] else [f"{at}: {value} is too small"]


def _pattern(value, schema, document, at):
    return [] if re.search(schema["pattern"], value) else [f"{at}: {value!r} is of another form"]


def _format(value, schema, document, at):
    if value is None:
        return []
    fits = {
        "date-time": lambda: datetime.fromisoformat(value).tzinfo is not None and "T" in value,
        "uri": lambda: bool(urlsplit(value).scheme and urlsplit(value).netloc),
    }[schema["format"]]
    return [] if fits() else [f"{at}: {value!r} is no {schema['format']}"]


def _one_of(value, schema, document, at):
    several = [faults(value, one, document, at) for one in schema["oneOf"]]
    return [] if several.count([]) == 1 else [f"{at}: fits {several.count([])}: {several}"]


RULES = {
    "required": _required,
    "additionalProperties": _additional,
    "items": _items,
    "maxItems": _max_items,
    "enum": _enum,
    "minimum": _minimum,
    "pattern": _pattern,
    "format": _format,
    "oneOf": _one_of,
}
