"""URLs of the job board API, below /v1/. Unknown paths return a 404 as JSON."""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter

from . import views


class CanonicalIntConverter(IntConverter):
    """An integer without leading zeros, so that a resource has one URL only."""

    regex = "0|[1-9][0-9]*"


register_converter(CanonicalIntConverter, "id")

BOARD = "boards/<slug:board_token>"

app_name = "job_board"
urlpatterns = [
    path("openapi.json", views.openapi_json, name="openapi"),
    path(BOARD, views.board, name="board"),
    path(f"{BOARD}/jobs", views.jobs, name="jobs"),
    path(f"{BOARD}/jobs/<id:job_id>", views.job, name="job"),
    path(f"{BOARD}/departments", views.departments, name="departments"),
    path(f"{BOARD}/departments/<id:department_id>", views.department, name="department"),
    path(f"{BOARD}/offices", views.offices, name="offices"),
    path(f"{BOARD}/offices/<id:office_id>", views.office, name="office"),
    path(f"{BOARD}/sections", views.sections, name="sections"),
    path(f"{BOARD}/sections/<id:section_id>", views.section, name="section"),
    re_path("", views.not_found, name="not_found"),
]
