"""The site with one address more: where a room above this one would give documents to people."""

from django.urls import path

from careers.documents.models import Document
from careers.documents.serving import download
from careers.urls import *  # noqa: F403
from careers.urls import urlpatterns


def take(request, key):
    document = Document.objects.get(key=key)
    return download(document, request.user, request.GET.get("as"))


urlpatterns = [path("take/<str:key>/", take), *urlpatterns]
