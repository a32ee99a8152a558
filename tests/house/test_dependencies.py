"""Dependencies: each with its reason, pinned with hashes, and no address of an index anywhere."""

import re
import tomllib

from tools.catalogues import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text("utf-8")


def test_each_has_its_reason_beside_it():
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", PROJECT, re.DOTALL | re.MULTILINE)
    lines = [line for block in lists for line in block.splitlines()]
    assert len(lists) == 2
    for line in lines:
        assert re.match(r' +"[\w\[\]-]+~=[\d.]+", *(# \S|$)', line), line


def test_every_pin_has_a_hash_and_every_dependency_a_pin():
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


def test_no_file_names_an_index():
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "Makefile"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(
            r"(?<!--no-emit-)index-url|find-links|https?://(?!localhost|127)|file://", text
        ), name
