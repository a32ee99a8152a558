"""The description of the job board API in OpenAPI 3.1.

https://spec.openapis.org/oas/v3.1.1.html
"""

from careers.languages import absolute

from .schemas import SCHEMAS

DESCRIPTION = """\
The openings of this site for other programs, in the shape of Greenhouse's job board API. It can only be read.

An opening that is published in English and in Japanese is two posts: two values of `id`, one `internal_job_id`.
Only what is open to visitors of the site is here, and it changes at the moment at which the site changes.

Every address also answers HEAD, and OPTIONS for programs in browsers: any site may read it. An answer has an ETag; \
sent back as If-None-Match it is answered with 304 as long as nothing has changed. Parameters that are not named \
here mean nothing."""
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
        "The name of the job board, as the admin of the site shows it with the company.",
    ),
    "job_id": _id("job_id", "The `id` of a post."),
    "department_id": _id("department_id", "The `id` of a department."),
    "office_id": _id("office_id", "The `id` of an office."),
    "section_id": _id("section_id", "The `id` of a section."),
    "content": _boolean("content", "Whether each post has its text, departments and offices."),
    "questions": _boolean("questions", "Whether the post has what its form asks."),
    "pay_transparency": _boolean("pay_transparency", "Whether the post has its pay."),
    "render_as": _parameter(
        "render_as",
        "query",
        {"type": "string", "enum": ["list", "tree"], "default": "list"},
        "Whether each has `parent_id` and `child_ids`, or `children`.",
    ),
}
HEADERS = {
    "ETag": {
        "description": "Names this answer; the same as long as nothing has changed.",
        "schema": {"type": "string"},
    }
}
RESPONSES = {
    "304": {"description": "It is as it was: the ETag sent as If-None-Match still holds."},
    "400": _error("A parameter has a value that it cannot have."),
    "404": _error("There is no such board, post, department, office or section in public."),
    "405": _error("Only GET, HEAD and OPTIONS are answered."),
}
PATHS = {
    BOARD: _path("board", "Whose board this is", "Board"),
    f"{BOARD}/jobs": _path(
        "jobs",
        "Every post, in the order of the site, without the general application",
        "JobList",
        "content",
    ),
    f"{BOARD}/jobs/{{job_id}}": _path(
        "job", "One post, whole", "Job", "job_id", "questions", "pay_transparency"
    ),
    f"{BOARD}/departments": _path(
        "departments",
        "The departments with openings, and their posts",
        "DepartmentList",
        "render_as",
    ),
    f"{BOARD}/departments/{{department_id}}": _path(
        "department",
        "One department with openings",
        "DepartmentAlone",
        "department_id",
        "render_as",
    ),
    f"{BOARD}/offices": _path(
        "offices",
        "The offices with openings, their departments and posts",
        "OfficeList",
        "render_as",
    ),
    f"{BOARD}/offices/{{office_id}}": _path(
        "office", "One office with openings", "OfficeAlone", "office_id", "render_as"
    ),
    f"{BOARD}/sections": _path(
        "sections", "The posts about no opening in particular", "SectionList"
    ),
    f"{BOARD}/sections/{{section_id}}": _path("section", "One section", "Section", "section_id"),
    "/openapi.json": _get("openapi", "This document", {"type": "object"}),
}
