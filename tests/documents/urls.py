"""The site's URLs, and a download view as an app above `documents` would have it."""

from django.urls import path

from careers.documents.models import Document
from careers.documents.serving import download
from careers.urls import *  # noqa: F403
from careers.urls import urlpatterns


def download_document(request, key):
    document = Document.objects.get(key=key)
    return download(document, request.user, request.GET.get("as"))


urlpatterns = [path("download/<str:key>/", download_document), *urlpatterns]
