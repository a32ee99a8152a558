"""Variables: docker-compose.yml passes on every one of the site, and .env.example documents those it reads."""

import re

import pytest

from tools.catalogues import ROOT

pytestmark = pytest.mark.one_database

COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
SET_IN_IMAGE = {"VAR_DIR"}  # set in the Dockerfile


def test_compose_passes_on_every_variable():
    code = (ROOT / "careers/env.py").read_text("utf-8")
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    assert len(names) == len(re.findall(r"\benv\.(?!read_env|seal)\w+\(", code)) > 0
    for name in names - SET_IN_IMAGE:
        assert re.search(rf"^    {name}:", COMPOSE, re.MULTILINE), name


def test_compose_variables_are_documented():
    names = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE)) - {"COMPOSE_PROJECT_NAME"}
    assert "POSTGRES_PASSWORD" in names
    for name in names:
        assert re.search(rf"^{name}=", EXAMPLE, re.MULTILINE), name
