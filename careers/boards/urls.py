"""Addresses of the job board, below /v1/. Whatever else is asked for there is answered as JSON too."""

from django.urls import path, re_path

from . import views

BOARD = "boards/<slug:board_token>"

app_name = "boards"
urlpatterns = [
    path("openapi.json", views.openapi, name="openapi"),
    path(BOARD, views.board, name="board"),
    path(f"{BOARD}/jobs", views.jobs, name="jobs"),
    path(f"{BOARD}/jobs/<int:job_id>", views.job, name="job"),
    path(f"{BOARD}/departments", views.departments, name="departments"),
    path(f"{BOARD}/departments/<int:department_id>", views.department, name="department"),
    path(f"{BOARD}/offices", views.offices, name="offices"),
    path(f"{BOARD}/offices/<int:office_id>", views.office, name="office"),
    path(f"{BOARD}/sections", views.sections, name="sections"),
    path(f"{BOARD}/sections/<int:section_id>", views.section, name="section"),
    re_path("", views.unknown, name="unknown"),
]
