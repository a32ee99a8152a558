"""Addresses of the application forms: below a role, and below /en/ and /ja/ themselves;
and of the candidate's own page."""

from django.urls import path

from . import own, views

app_name = "applications"
urlpatterns = [
    path("roles/<int:pk>-<slug:slug>/apply/", views.apply, name="apply"),
    path("apply/", views.general, name="general"),
    path("apply/confirm/<str:token>/", views.confirm, name="confirm"),
    path("apply/received/<str:token>/", views.received, name="received"),
    path("application/<str:token>/", own.status, name="status"),
    path("application/<str:token>/withdraw/", own.withdraw, name="withdraw"),
    path("application/<str:token>/erasure/", own.erasure, name="erasure"),
]
