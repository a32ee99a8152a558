"""Structure of the source: URL name, view, template and tests have one name; files are short and documented."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

import careers
from careers import urls
from careers.job_board import urls as job_board_urls
from tools.catalogues import ROOT

PYTHON = sorted(path for path in (ROOT / "careers").rglob("*.py") if "migrations" not in path.parts)
FORBIDDEN_NAMES = {
    "utils",
    "common",
    "core",
    "helpers",
    "services",
    "mixins",
    "signals",
    "misc",
    "base",
}
# Views for programs have no template; a preview uses the template of the page that it shows.
FOR_PROGRAMS = "careers.pages.system"
WITHOUT_TEMPLATE = {"company:theme", "media", "preview", "readyz"}
WITHOUT_TEMPLATE |= {"roles:atom", "roles:json_feed", "roles:indeed", "roles:social_card"}
WITHOUT_TEMPLATE |= {f"job_board:{pattern.name}" for pattern in job_board_urls.urlpatterns}
# These only change something and redirect.
WITHOUT_TEMPLATE |= {"backoffice:language", "account_logout", "account_unknown"}
# An app with many views has those of one subject in a second module.
VIEW_MODULES = {
    f"applications:{name_in_app}": "candidate_views"
    for name_in_app in ("status", "withdraw", "erasure")
}
# Folders in which django-allauth looks for its templates, and so for ours that replace them.
ALLAUTH_FOLDERS = {"account", "allauth", "mfa", "usersessions"}


def views(patterns=None, namespace=""):
    """Pairs of URL name and view, without the admin and django-allauth."""
    for pattern in patterns or get_resolver(urls.__name__).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.callback.__module__.startswith("allauth."):
                continue
            yield f"{namespace}{pattern.name}", pattern.callback
        elif pattern.namespace != "admin":
            prefix = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from views(pattern.url_patterns, prefix)


def test_url_name_matches_view_and_template():
    for name, view in views():
        if name in WITHOUT_TEMPLATE or view.__module__ == FOR_PROGRAMS:
            continue
        app, _colon, name_in_app = name.rpartition(":")
        app, module = app or "pages", VIEW_MODULES.get(name, "views")
        assert (view.__module__, view.__name__) == (f"careers.{app}.{module}", name_in_app)
        templates = ROOT / "templates" / app
        shared = {"privacy": "policy", "accessibility": "policy"}
        assert (templates / f"{shared.get(name_in_app, name_in_app)}.html").exists(), name
        assert list((ROOT / "tests" / app).glob("test_*.py")), name


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_source_file_is_short_and_has_docstring(path: Path):
    text = path.read_text("utf-8")
    assert path.stem not in FORBIDDEN_NAMES
    # All settings are in one file, so that operators look in one place.
    limit = 500 if path.name == "settings.py" else 400
    assert len(text.splitlines()) <= limit, f"more than {limit} lines: has it one subject?"
    if text and path.name not in ("apps.py",):
        assert re.match(r'"""[A-Z`/]', text), "a docstring describes the file"


def test_package_docstring_lists_every_app():
    documented = re.findall(r"^    (\w+) {2,}\S", careers.__doc__, re.MULTILINE)
    apps = {path.stem for path in (ROOT / "careers").iterdir() if not path.name.startswith("_")}
    assert set(documented) == apps - {"env", "settings", "urls", "wsgi"}


def test_template_folder_is_an_app():
    folders = (
        {path.name for path in (ROOT / "careers").iterdir()} | {"admin", "mail"} | ALLAUTH_FOLDERS
    )
    for path in (ROOT / "templates").rglob("*.*"):
        parts = path.relative_to(ROOT / "templates").parts
        assert len(parts) == 1 or parts[0] in folders, path


def test_test_files_have_docstrings():
    for path in (ROOT / "tests").rglob("*.py"):
        if text := path.read_text("utf-8"):
            assert text.startswith('"""'), path
