"""URLs of roles, below /en/roles/ and /ja/roles/."""

from django.urls import path

from . import feeds, views

app_name = "roles"
urlpatterns = [
    path("", views.index, name="index"),
    path("feed.atom", feeds.atom, name="atom"),
    path("feed.json", feeds.json_feed, name="json_feed"),
    path("jobs.xml", feeds.indeed, name="indeed"),
    path("<int:pk>-<slug:slug>/", views.detail, name="detail"),
    path("<int:pk>-<slug:slug>/card-<str:digest>.png", views.social_card, name="social_card"),
]
