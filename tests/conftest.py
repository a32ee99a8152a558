"""What every test may ask for: a visitor, and people who are signed in."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import ImageFont

from careers.staff.models import User
from tests.html import compact

HOST = "careers.example.com"
PASSWORD = "correct horse battery"


class Visitor(Client):
    """A browser that reaches the site as its address says: over https, under its own name."""

    def __init__(self, **defaults):
        super().__init__(**{"SERVER_NAME": HOST, **defaults})

    def generic(self, *args, **extra):
        return super().generic(*args, **{**extra, "secure": True})

    def request(self, **request):
        """The answer, whose `text` is compact: templates may be laid out in any way."""
        response = super().request(**request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            kind = type(response)
            response.__class__ = type(kind.__name__, (kind,), {"text": property(_compact_text)})
        return response

    def page(self, path, **extra):
        """The text of a page that must be there."""
        response = self.get(path, **extra)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response.text


def _compact_text(response):
    return compact(response.content.decode(response.charset))


def queries(visitor, path):
    """How many queries a page runs, once what is the same for all pages has been looked up."""
    visitor.page(path)
    with CaptureQueriesContext(connection) as found:
        visitor.page(path)
    return len(found)


def sign_in(visitor, email, password=PASSWORD):
    """Sign in through the form, as people do; the answer to it."""
    return visitor.post("/admin/account/login/", {"login": email, "password": password})


@pytest.fixture
def client():
    return Visitor()


@pytest.fixture
def signed_in(db):
    """signed_in("Recruiters") is the browser of somebody in that group; None is a superuser."""

    def sign_in(group, language="en", **fields):
        call_command("rights")
        name = group or "Superusers"
        user = User.objects.create_user(
            f"{name.replace(' ', '.').lower()}.{User.objects.count()}@example.com",
            language=language,
            is_superuser=group is None,
            **fields,
        )
        if group:
            user.groups.add(Group.objects.get(name=group))
        visitor = Visitor()
        visitor.force_login(user)
        visitor.user = user
        return visitor

    return sign_in


@pytest.fixture
def font(settings, tmp_path):
    """The letters that Pillow carries: enough to draw with, on every machine."""
    path = tmp_path / "letters.ttf"
    path.write_bytes(ImageFont.load_default(20).font_bytes)
    settings.CARD_FONT = str(path)
    return settings.CARD_FONT
