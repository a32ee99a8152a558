"""URLs of the job board API, below /v1/, each with and without a slash at the end.

Unknown paths return a 404 as JSON.
"""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter

from . import views


class CanonicalIntConverter(IntConverter):
    """An integer without leading zeros, so that a resource has one URL only."""

    regex = "0|[1-9][0-9]*"


register_converter(CanonicalIntConverter, "id")

BOARD = "boards/<slug:board_token>"

ENDPOINTS = {
    "openapi.json": (views.openapi_json, "openapi"),
    BOARD: (views.board, "board"),
    f"{BOARD}/jobs": (views.jobs, "jobs"),
    f"{BOARD}/jobs/<id:job_id>": (views.job, "job"),
    f"{BOARD}/departments": (views.departments, "departments"),
    f"{BOARD}/departments/<id:department_id>": (views.department, "department"),
    f"{BOARD}/offices": (views.offices, "offices"),
    f"{BOARD}/offices/<id:office_id>": (views.office, "office"),
    f"{BOARD}/sections": (views.sections, "sections"),
    f"{BOARD}/sections/<id:section_id>": (views.section, "section"),
}

app_name = "job_board"
urlpatterns = [
    # Many clients append a slash. The last pattern of a name is the one that `reverse` returns.
    path(f"{route}{slash}", view, name=name)
    for slash in ("/", "")
    for route, (view, name) in ENDPOINTS.items()
]
urlpatterns.append(re_path("", views.not_found, name="not_found"))
