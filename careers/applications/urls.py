"""Addresses of the application forms, below a role and below /en/ and /ja/ themselves,
and of the candidate's page."""

from django.urls import path

from . import candidate_views, views

app_name = "applications"
urlpatterns = [
    path("roles/<int:pk>-<slug:slug>/apply/", views.apply, name="apply"),
    path("apply/", views.general, name="general"),
    path("apply/confirm/<str:token>/", views.confirm, name="confirm"),
    path("apply/received/<str:token>/", views.received, name="received"),
    path("application/<str:token>/", candidate_views.status, name="status"),
    path("application/<str:token>/withdraw/", candidate_views.withdraw, name="withdraw"),
    path("application/<str:token>/erasure/", candidate_views.erasure, name="erasure"),
]
