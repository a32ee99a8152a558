"""Addresses of the application forms: below a role, and below /en/ and /ja/ themselves."""

from django.urls import path

from . import views

app_name = "applications"
urlpatterns = [
    path("roles/<int:pk>-<slug:slug>/apply/", views.apply, name="apply"),
    path("apply/", views.general, name="general"),
    path("apply/confirm/<str:token>/", views.confirm, name="confirm"),
    path("apply/received/<str:token>/", views.received, name="received"),
]
