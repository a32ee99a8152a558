"""Addresses of the job board, below /v1/. Whatever else is asked for there is answered as JSON too."""

from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter

from . import views


class Number(IntConverter):
    """A number written in the one way: with zeros before it, it would be a further address."""

    regex = "0|[1-9][0-9]*"


register_converter(Number, "number")

BOARD = "boards/<slug:board_token>"

app_name = "job_board"
urlpatterns = [
    path("openapi.json", views.openapi, name="openapi"),
    path(BOARD, views.board, name="board"),
    path(f"{BOARD}/jobs", views.jobs, name="jobs"),
    path(f"{BOARD}/jobs/<number:job_id>", views.job, name="job"),
    path(f"{BOARD}/departments", views.departments, name="departments"),
    path(f"{BOARD}/departments/<number:department_id>", views.department, name="department"),
    path(f"{BOARD}/offices", views.offices, name="offices"),
    path(f"{BOARD}/offices/<number:office_id>", views.office, name="office"),
    path(f"{BOARD}/sections", views.sections, name="sections"),
    path(f"{BOARD}/sections/<number:section_id>", views.section, name="section"),
    re_path("", views.unknown, name="unknown"),
]
