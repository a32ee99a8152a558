"""Dependencies: each with a reason, pinned with hashes, without an index address."""

import re
import tomllib

from tools.catalogues import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text("utf-8")


def test_dependency_has_reason():
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", PROJECT, re.DOTALL | re.MULTILINE)
    lines = [line for block in lists for line in block.splitlines()]
    assert len(lists) == 2
    for line in lines:
        assert re.match(r' +"[\w\[\]-]+~=[\d.]+", *(# \S|$)', line), line


def test_dependency_is_pinned_with_hash():
    project = tomllib.loads(PROJECT)
    for name, declared in (
        ("requirements.txt", project["project"]["dependencies"]),
        ("requirements-dev.txt", project["dependency-groups"]["dev"]),
    ):
        text = (ROOT / name).read_text("utf-8")
        pins = set(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", text, re.MULTILINE))
        assert text.count("--hash=sha256:") >= len(pins)
        for requirement in declared:
            assert re.match(r"[\w-]+", requirement)[0].lower() in {pin.lower() for pin in pins}


def test_requirements_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "Makefile"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(
            r"(?<!--no-emit-)index-url|find-links|https?://(?!localhost|127)|file://", text
        ), name
