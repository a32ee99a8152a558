"""docker-compose.yml passes on every variable of the site, and .env.example explains each it reads."""

import re

import pytest

from tools.catalogues import ROOT

pytestmark = pytest.mark.one_database

COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
OF_THE_IMAGE = {"VAR_DIR"}  # set in the Dockerfile


def test_every_variable_of_the_settings_is_passed_on():
    code = (ROOT / "careers/env.py").read_text("utf-8")
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    assert {"SECRET_KEY", "SITE_URL", "SMTP_URL", "MAIL_FROM", "DATABASE_URL"} <= names
    for name in names - OF_THE_IMAGE:
        assert re.search(rf"^    {name}:", COMPOSE, re.MULTILINE), name


def test_every_variable_that_it_reads_is_explained():
    names = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE)) - {"COMPOSE_PROJECT_NAME"}
    assert "POSTGRES_PASSWORD" in names
    for name in names:
        assert re.search(rf"^{name}=", EXAMPLE, re.MULTILINE), name
