"""The OpenAPI 3.1 document of the job board API.

https://spec.openapis.org/oas/v3.1.1.html
"""

from careers.languages import absolute

from .schemas import SCHEMAS

DESCRIPTION = """\
The open roles of this site, compatible with Greenhouse's job board API. Read-only and public.

A role published in both English and Japanese appears as two posts: two values of `id`, one `internal_job_id`.
The API contains what visitors of the site see, and changes at the same time as the site.

Every path also answers HEAD, and OPTIONS for scripts of other sites (CORS). A response has an ETag; sent as \
If-None-Match, it is answered with 304 until something changes. Other parameters than those named here are ignored.

A slash at the end of a path makes no difference. Parameter values may be in upper or lower case, and `1` and `0` \
mean `true` and `false`. A parameter without a value has its default value."""
BOARD = "/boards/{board_token}"


def document():
    """The whole document."""
    return {
        "openapi": "3.1.1",
        "info": {"title": "Job board", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": absolute("/v1")}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "parameters": PARAMETERS,
            "responses": RESPONSES,
            "headers": HEADERS,
        },
    }


def _parameter(name, location, schema, description):
    return {
        "name": name,
        "in": location,
        "required": location == "path",
        "description": description,
        "schema": schema,
    }


def _boolean(name, description):
    schema = {"type": "string", "enum": ["false", "true"], "default": "false"}
    return _parameter(name, "query", schema, description)


def _id(name, description):
    return _parameter(name, "path", {"type": "integer", "minimum": 0}, description)


def _error(description):
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }


def _path(name, summary, schema, *parameters):
    """The path item of an endpoint of a board, with its response schema and parameters."""
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return _get(name, summary, reference, "board_token", *parameters)


def _get(name, summary, schema, *parameters):
    has_query = any(PARAMETERS[parameter]["in"] == "query" for parameter in parameters)
    errors = ["400"] * has_query + ["404"] * bool(parameters) + ["405"]
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [
                {"$ref": f"#/components/parameters/{parameter}"} for parameter in parameters
            ],
            "responses": {
                "200": {
                    "description": summary,
                    "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
                    "content": {"application/json": {"schema": schema}},
                },
                **{code: {"$ref": f"#/components/responses/{code}"} for code in ["304", *errors]},
            },
        }
    }


PARAMETERS = {
    "board_token": _parameter(
        "board_token",
        "path",
        {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
        "The token of the job board. The admin shows it under Company.",
    ),
    "job_id": _id("job_id", "The `id` of a post."),
    "department_id": _id("department_id", "The `id` of a department."),
    "office_id": _id("office_id", "The `id` of an office."),
    "section_id": _id("section_id", "The `id` of a section."),
    "content": _boolean("content", "Whether posts include their text, departments and offices."),
    "questions": _boolean("questions", "Whether the post includes the questions of its form."),
    "pay_transparency": _boolean("pay_transparency", "Whether the post includes its pay ranges."),
    "render_as": _parameter(
        "render_as",
        "query",
        {"type": "string", "enum": ["list", "tree"], "default": "list"},
        "Whether each row has `parent_id` and `child_ids`, or `children`.",
    ),
}
HEADERS = {
    "ETag": {
        "description": "Identifies the content of the response.",
        "schema": {"type": "string"},
    }
}
RESPONSES = {
    "304": {"description": "Not modified: the ETag sent as If-None-Match is current."},
    "400": _error("A parameter has an invalid value."),
    "404": _error(
        "The board, post, department, office or section does not exist or is not public."
    ),
    "405": _error("Only GET, HEAD and OPTIONS are allowed."),
}
PATHS = {
    BOARD: _path("board", "The company of the board", "Board"),
    f"{BOARD}/jobs": _path(
        "jobs",
        "All posts except the general application, in the order of the site",
        "JobList",
        "content",
    ),
    f"{BOARD}/jobs/{{job_id}}": _path(
        "job", "One post in full", "Job", "job_id", "questions", "pay_transparency"
    ),
    f"{BOARD}/departments": _path(
        "departments",
        "The departments with open roles, and their posts",
        "DepartmentList",
        "render_as",
    ),
    f"{BOARD}/departments/{{department_id}}": _path(
        "department",
        "One department with open roles",
        "DepartmentAlone",
        "department_id",
        "render_as",
    ),
    f"{BOARD}/offices": _path(
        "offices",
        "The offices with open roles, their departments and posts",
        "OfficeList",
        "render_as",
    ),
    f"{BOARD}/offices/{{office_id}}": _path(
        "office", "One office with open roles", "OfficeAlone", "office_id", "render_as"
    ),
    f"{BOARD}/sections": _path("sections", "The posts of the general application", "SectionList"),
    f"{BOARD}/sections/{{section_id}}": _path("section", "One section", "Section", "section_id"),
    "/openapi.json": _get("openapi", "This document", {"type": "object"}),
}
