"""A form as a browser fills it in: what the page holds, with what somebody changes, sent again."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import make

FILLED = {
    "en": {"given_name": "Taro", "family_name": "Yamada"},
    "ja": {
        "family_name": "山田",
        "given_name": "太郎",
        "family_kana": "ヤマダ",
        "given_kana": "タロウ",
    },
}


@pytest.fixture(autouse=True)
def company(db):
    return make.company()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Documents of a test are in a folder of its own."""
    options = {"location": tmp_path / "documents"}
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {**settings.STORAGES["documents"], "OPTIONS": options},
    }
    return options["location"]


def cv(name="cv.txt", content=b"I have watched the sky for ten years."):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def token(page):
    """The token in a form."""
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def path(role, language="en"):
    """The address of the form of a role, or of the general application."""
    return f"/{language}/roles/{role.pk}-{role.slug}/apply/" if role else f"/{language}/apply/"


def filled(client, role, language="en", **changes):
    """What a browser sends that has just opened the form; `changes` of None are left out."""
    values = {
        "token": token(client.page(path(role, language))),
        "email": "taro@example.org",
        "resume": cv(),
        "agree": "on",
        **FILLED[language],
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def apply(client, role, language="en", **changes):
    """Open the form, fill it in, send it."""
    return client.post(path(role, language), filled(client, role, language, **changes))
