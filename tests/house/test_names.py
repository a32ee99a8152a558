"""One word opens four files: URL name, view, template, test. And no word hides what a file is for."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

import careers
from careers import urls
from careers.job_board import urls as boards
from tools.catalogues import ROOT

PYTHON = sorted(path for path in (ROOT / "careers").rglob("*.py") if "migrations" not in path.parts)
HIDING = {"utils", "common", "core", "helpers", "services", "mixins", "signals", "misc", "base"}
# Views that answer machines have no template of their own; a preview has that of what it shows.
WITHOUT_TEMPLATE = {
    "company:theme",
    "media",
    "root",
    "healthz",
    "robots",
    "favicon",
    "sitemap",
    "preview",
}
WITHOUT_TEMPLATE |= {"roles:atom", "roles:json_feed", "roles:indeed", "roles:social_card"}
WITHOUT_TEMPLATE |= {f"job_board:{pattern.name}" for pattern in boards.urlpatterns}
# These only change something, and lead on.
WITHOUT_TEMPLATE |= {"backoffice:language", "account_logout"}
# A room with many views keeps those of one subject in a second file.
SUBJECTS = {f"applications:{word}": "candidate_views" for word in ("status", "withdraw", "erasure")}
# The names under which django-allauth looks for its own pages, and so for ours in their place.
OF_ALLAUTH = {"account", "allauth", "mfa", "usersessions"}


def views(patterns=None, namespace=""):
    """Pairs of URL name and view, but for the admin and for django-allauth's own."""
    for pattern in patterns or get_resolver(urls.__name__).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.callback.__module__.startswith("allauth."):
                continue
            yield f"{namespace}{pattern.name}", pattern.callback
        elif pattern.namespace != "admin":
            prefix = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from views(pattern.url_patterns, prefix)


def test_a_url_name_is_a_function_and_a_template():
    for name, view in views():
        if name in WITHOUT_TEMPLATE:
            continue
        room, _colon, word = name.rpartition(":")
        room, file = room or "pages", SUBJECTS.get(name, "views")
        assert (view.__module__, view.__name__) == (f"careers.{room}.{file}", word)
        templates = ROOT / "templates" / room
        shared = {"privacy": "policy", "accessibility": "policy"}
        assert (templates / f"{shared.get(word, word)}.html").exists(), name
        assert list((ROOT / "tests" / room).glob("test_*.py")), name


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_promise_and_says_it_first(path: Path):
    text = path.read_text("utf-8")
    assert path.stem not in HIDING
    # The settings stay in one file, however many they become: an operator looks in one place.
    limit = 400 if path.name == "settings.py" else 310
    assert len(text.splitlines()) <= limit, "about 300 lines: is it still one promise?"
    if text and path.name not in ("apps.py",):
        assert re.match(r'"""[A-Z`/]', text), "the first line says what the file promises"


def test_the_tower_names_every_room():
    tower = re.findall(r"^    (\w+) {2,}\S", careers.__doc__, re.MULTILINE)
    there = {path.stem for path in (ROOT / "careers").iterdir() if not path.name.startswith("_")}
    assert set(tower) == there - {"env", "settings", "urls", "wsgi"}


def test_every_template_belongs_to_a_room_or_to_all():
    rooms = {path.name for path in (ROOT / "careers").iterdir()} | {"admin", "mail"} | OF_ALLAUTH
    for path in (ROOT / "templates").rglob("*.*"):
        parts = path.relative_to(ROOT / "templates").parts
        assert len(parts) == 1 or parts[0] in rooms, path


def test_every_test_file_says_what_it_shows():
    for path in (ROOT / "tests").rglob("*.py"):
        if text := path.read_text("utf-8"):
            assert text.startswith('"""'), path
