"""A form as a browser fills it in: what the page holds, with what somebody changes, sent again."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careers.applications.tokens import FormToken, read_token
from tests import make
from tests.components.candidate import solution

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


def again(answer, form, **changes):
    """What a browser sends after a mistake: all that the page showed, with no file chosen again."""
    waiting = re.findall(r'name="pending_upload" value="([^"]+)"', answer.text)
    return {**form, "token": token(answer.text), "pending_upload": waiting, "resume": "", **changes}


def path(role, language="en"):
    """The address of the form of a role, or of the general application."""
    return f"/{language}/roles/{role.pk}-{role.slug}/apply/" if role else f"/{language}/apply/"


def opened(role, text, *, ago=timedelta(minutes=4)):
    """The same form, as if it had been opened earlier."""
    form = read_token(text, role)
    return str(FormToken(form.role, form.key, form.opened_at - ago))


def filled(client, role, language="en", **changes):
    """What a browser sends that has opened the form some minutes ago; `changes` of None are left out."""
    page = client.page(path(role, language))
    values = {
        "token": opened(role, token(page)),
        "solution": solution(page),
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
