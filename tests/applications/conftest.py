"""Form data as a browser sends it: the values of the opened page with the candidate's changes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careers.applications.tokens import FormToken, read_token
from tests import make
from tests.components.candidate import solution
from tests.html import parse

NAMES = {
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
    """The document storage of one test: an empty folder."""
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
    """The form token of a page."""
    return parse(page).one("[name=token]")["value"]


def retry_values(response, form, **changes):
    """What a browser sends after an error: the values of the new page, without choosing files again."""
    pending = [field["value"] for field in parse(response.text).all("[name=pending_upload]")]
    return {
        **form,
        "token": token(response.text),
        "pending_upload": pending,
        "resume": "",
        **changes,
    }


def path(role, language="en"):
    """The path of the form of a role, or of the general application."""
    return f"/{language}/roles/{role.pk}-{role.slug}/apply/" if role else f"/{language}/apply/"


def backdated_token(role, text, *, ago=timedelta(minutes=4)):
    """The token of the same form, opened `ago` earlier."""
    form = read_token(text, role)
    return str(FormToken(form.role, form.key, form.opened_at - ago))


def form_values(client, role, language="en", **changes):
    """What a browser sends four minutes after it opened the form; changes that are None are left out."""
    page = client.page(path(role, language))
    values = {
        "token": backdated_token(role, token(page)),
        "solution": solution(page),
        "email": "taro@example.org",
        "resume": cv(),
        "agree": "on",
        **NAMES[language],
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def apply(client, role, language="en", **changes):
    """Open the form, fill it in, and send it; the response."""
    return client.post(path(role, language), form_values(client, role, language, **changes))
