"""The minimum for Django to accept an application: it reads the form, and does the work of the bare loop.

`gunicorn tests.bench.floor`: no middleware, no checks, no models, no emails. The difference to the site is
the cost of what the site does.
"""

import os

import django
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections, connection

django.setup()

from careers.documents.models import new_key  # noqa: E402
from careers.documents.storage import document_storage  # noqa: E402
from careers.documents.uploads import LimitedUploadHandler  # noqa: E402

os.makedirs(document_storage().location, mode=0o700, exist_ok=True)


def application(environ, start_response):
    """Store the résumé of the form, and write one row."""
    if environ["REQUEST_METHOD"] != "POST":
        start_response("204 No Content", [])
        return []
    request = WSGIRequest(environ)
    request.upload_handlers = [LimitedUploadHandler(request)]
    close_old_connections()
    key = new_key()
    document_storage().write(key, request.FILES["resume"])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare VALUES (%s, %s)", [1, key])
    body = b'{"address": ""}'
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
