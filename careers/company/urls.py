"""URLs of the company pages."""

from django.urls import path

from . import views

app_name = "company"
urlpatterns = [path("theme-<slug:digest>.css", views.theme_css, name="theme")]
