"""Response schemas of the job board API (OpenAPI 3.1). Strict: no additional properties."""


def _object(properties, *, optional=(), description=""):
    annotations = {"description": description} if description else {}
    return {
        "type": "object",
        **annotations,
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(items, description=""):
    annotations = {"description": description} if description else {}
    return {"type": "array", **annotations, "items": items}


def _ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _enum(*values):
    return {"type": "string", "enum": list(values)}


def _integer(description):
    return {"type": "integer", "description": description}


TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
LANGUAGE = _enum("en", "ja")
BOOLEAN = {"type": "boolean"}
NULL = {"type": "null"}
DATE_TIME = {
    "type": ["string", "null"],
    "format": "date-time",
    "description": "ISO 8601 with the offset of the site's time zone.",
    "examples": ["2026-11-30T23:59:59+09:00"],
}
POST_ID = _integer(
    "The id of the role × 10, + 1 in English, + 2 in Japanese. It never changes. 1 and 2 are the"
    " general application."
)
NAME = {
    "type": "string",
    "description": "In the language of the post, else in the other one. Outside a post: in English,"
    " else in Japanese.",
}
NO_HIERARCHY = {"parent_id": NULL, "child_ids": _list({"type": "integer"}, "Always empty.")}

POST = {
    "id": POST_ID,
    "internal_job_id": {
        "type": ["integer", "null"],
        "description": "The id of the role, the same in both languages; null for the general"
        " application.",
    },
    "requisition_id": {
        "type": ["string", "null"],
        "description": "The company's own ID of the role.",
    },
    "title": TEXT,
    "language": {**LANGUAGE, "description": "The language of the post and of all its texts."},
    "company_name": TEXT,
    "location": _object({"name": TEXT}),
    "absolute_url": {"type": "string", "format": "uri", "description": "The page of the post."},
    "first_published": DATE_TIME,
    "updated_at": DATE_TIME,
    "application_deadline": {
        **DATE_TIME,
        "description": "The last second of the application period, or null.",
    },
    "metadata": _list(_ref("Metadata")),
    "data_compliance": _list(_ref("DataCompliance")),
}
TEXTS = {
    "content": {
        "type": "string",
        "description": "HTML of paragraphs and lists, entity-escaped once: unescape it before use.",
        "examples": ["&lt;p&gt;Keeps the forecast running.&lt;/p&gt;"],
    },
    "departments": _list(_ref("DepartmentOfPost")),
    "offices": _list(_ref("OfficeOfPost")),
}
FORM = {
    "questions": _list(
        _ref("Question"), "The questions of the form, in order. With questions=true."
    ),
    "location_questions": {"type": "array", "maxItems": 0, "items": _ref("Question")},
    "compliance": NULL,
    "demographic_questions": NULL,
}
PAY = {
    "pay_input_ranges": _list(
        _ref("PayRange"), "Empty if the page does not state the pay. With pay_transparency=true."
    )
}
DEPARTMENT = {"id": _integer("Never changes."), "name": NAME}
OFFICE = {
    "id": _integer("Never changes. 0: the posts without an office, such as remote ones."),
    "name": NAME,
    "location": {**TEXT_OR_NULL, "description": "The address, else the country."},
}
JOBS = {"jobs": _list(_ref("Post"))}


def _children(name):
    return {"children": _list(_ref(name), "Always empty.")}


SCHEMAS = {
    "Board": _object({"name": NAME, "content": {**TEXT, "description": "HTML, not escaped."}}),
    "JobList": _object(
        {"jobs": _list(_ref("Post")), "meta": _object({"total": _integer("How many jobs.")})}
    ),
    "Post": _object(
        {**POST, **TEXTS},
        optional=TEXTS,
        description="A role in one language. The text, departments and offices are included with"
        " content=true.",
    ),
    "Job": _object({**POST, **TEXTS, **FORM, **PAY}, optional={**FORM, **PAY}),
    "Metadata": _object(
        {
            "id": _integer("Never changes; the same in both languages."),
            "name": TEXT,
            "value": {"type": ["string", "array", "null"], "items": TEXT},
            "value_type": _enum("single_select", "multi_select", "short_text"),
        },
        description="A fact about the role, with the labels of its page.",
    ),
    "DataCompliance": _object(
        {
            "type": _enum("gdpr"),
            "requires_consent": BOOLEAN,
            "requires_processing_consent": BOOLEAN,
            "requires_retention_consent": {
                **BOOLEAN,
                "description": "False: candidates choose whether their data is kept for other roles.",
            },
            "retention_period": _integer(
                "Days for which the data of a candidate who consents is kept."
            ),
            "demographic_data_consent_applies": BOOLEAN,
        }
    ),
    "PayRange": _object(
        {
            "min_cents": _integer("× 100 for every currency: ¥6,000,000 is 600000000."),
            "max_cents": {
                "type": ["integer", "null"],
                "description": "The same; null without an upper limit.",
            },
            "currency_type": {
                "type": "string",
                "pattern": "^[A-Z]{3}$",
                "description": "ISO 4217.",
            },
            "title": TEXT,
            "blurb": {
                "type": "string",
                "description": "The pay as text, with its period: per year, month, day or hour.",
            },
        }
    ),
    "Question": _object(
        {
            "required": {
                **BOOLEAN,
                "description": "With several fields, one of them is enough.",
            },
            "label": TEXT,
            "description": TEXT_OR_NULL,
            "fields": _list(_ref("Field")),
        }
    ),
    "Field": _object(
        {
            "name": TEXT,
            "type": _enum(
                "input_file",
                "input_text",
                "textarea",
                "multi_value_single_select",
                "multi_value_multi_select",
            ),
            "values": _list(_object({"value": TEXT, "label": TEXT})),
        }
    ),
    "DepartmentOfPost": _object({**DEPARTMENT, **NO_HIERARCHY}),
    "OfficeOfPost": _object({**OFFICE, **NO_HIERARCHY}),
    "Department": _object({**DEPARTMENT, **JOBS, **NO_HIERARCHY}),
    "DepartmentTree": _object({**DEPARTMENT, **JOBS, **_children("DepartmentTree")}),
    "Office": _object({**OFFICE, "departments": _list(_ref("Department")), **NO_HIERARCHY}),
    "OfficeTree": _object(
        {**OFFICE, "departments": _list(_ref("DepartmentTree")), **_children("OfficeTree")}
    ),
    "DepartmentAlone": {"oneOf": [_ref("Department"), _ref("DepartmentTree")]},
    "OfficeAlone": {"oneOf": [_ref("Office"), _ref("OfficeTree")]},
    "DepartmentList": _object({"departments": _list(_ref("DepartmentAlone"))}),
    "OfficeList": _object({"offices": _list(_ref("OfficeAlone"))}),
    "Section": _object({"id": _integer("Never changes."), "name": NAME, **JOBS}),
    "SectionList": _object({"sections": _list(_ref("Section"))}),
    "Error": _object(
        {"status": _integer("The HTTP status."), "error": TEXT},
        description="An error message for developers.",
    ),
}
