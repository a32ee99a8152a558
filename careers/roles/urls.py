"""Addresses of the openings, below /en/roles/ and /ja/roles/."""

from django.urls import path

from . import views

app_name = "roles"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>-<slug:slug>/", views.detail, name="detail"),
]
