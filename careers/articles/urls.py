"""URLs of interview advice, below /en/advice/ and /ja/advice/."""

from django.urls import path

from . import views

app_name = "articles"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>-<slug:slug>/", views.detail, name="detail"),
]
