"""The version of Careers: one place in the source, on the admin's pages and on the command line."""

import subprocess
import sys
import tomllib

import pytest

from tests.components.environment import ROOT

pytestmark = pytest.mark.one_database

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", f"Careers version {VERSION}"), ("ja", f"Careersのバージョン：{VERSION}")],
)
def test_version_in_admin_footer(signed_in, language, text):
    """At the foot of every page of the admin, My account included."""
    visitor = signed_in(None, language=language)
    for path in ("/admin/", "/admin/roles/role/", "/admin/account/"):
        assert text in visitor.page(path).partition('<footer id="footer">')[2], path


@pytest.mark.django_db
def test_version_is_hidden_before_sign_in(client):
    assert VERSION not in client.page("/admin/account/login/")


@pytest.mark.parametrize("argument", ["version", "--version"])
def test_version_command(argument):
    """It prints the version of Careers, also where no variable is set."""
    command = [sys.executable, "manage.py", argument]
    ran = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=True)
    assert ran.stdout == f"Careers {VERSION}\n"


def test_version_has_a_changelog_entry():
    """A release that users cannot read about is not finished."""
    assert f"\n## {VERSION}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
