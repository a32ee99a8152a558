"""Invalid and too large requests get the site's own page, in the language of the URL."""

import socket
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careers.applications.models import Application
from tests import make
from tests.applications.conftest import form_values, path
from tests.components import site
from tests.conftest import Visitor
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ENGLISH, JAPANESE = "We can’t open this page", "このページを表示できません"
TOO_LARGE = {"en": "There is too much in this form", "ja": "送信された内容が多すぎます"}
GO_BACK = {"en": "Go back to the form.", "ja": "前のページに戻ってください。"}
NOT_SENT = {"en": "Nothing was sent.", "ja": "まだ送信されていません。"}


def check_page(response, status):
    """It is our page: safe, private, without cookies and inline styles or scripts."""
    assert response.status_code == status
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in response.headers
    assert "<script" not in response.text and "style=" not in response.text
    assert len(parse(response.text).all("h1")) == 1


@pytest.mark.parametrize(
    ("address", "languages"), [("/en/", ["en"]), ("/ja/roles/", ["ja"]), ("/v2/", ["en", "ja"])]
)
def test_bad_request_in_language_of_url(address, languages):
    """A request with another host name."""
    response = Visitor(SERVER_NAME="evil.example.net").get(address)
    check_page(response, 400)
    assert (ENGLISH in response.text, JAPANESE in response.text) == (
        "en" in languages,
        "ja" in languages,
    )
    assert f'<html lang="{languages[0]}">' in response.text
    assert "evil.example" not in response.text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", ["text", "fields", "files"])
def test_form_too_large(client, language, case):
    """More than 2.5 MB of text, 1,000 fields or 100 files: the page says what to do."""
    make.company()
    role = make.role()
    changes = {
        "text": {"message": "雲" * 900_000},
        "fields": {f"field_{number}": "x" for number in range(1_001)},
        "files": {f"file_{number}": SimpleUploadedFile("a.txt", b"x") for number in range(101)},
    }[case]
    values = form_values(client, role, language, **changes)
    response = client.post(path(role, language), values)
    check_page(response, 413)
    assert TOO_LARGE[language] in response.text and GO_BACK[language] in response.text
    as_script = client.post(path(role, language), values, headers={"accept": "application/json"})
    assert as_script.status_code == 413
    summary = as_script.json()["summary"]
    assert summary["heading"] == TOO_LARGE[language] and summary["errors"] == []
    assert NOT_SENT[language] in summary["text"]
    assert GO_BACK[language] not in summary["text"]  # the form is still open
    assert not Application.objects.exists()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_admin_form_too_large(signed_in, language):
    """In the language of the account."""
    visitor = signed_in("Recruiters", language)
    response = visitor.post("/admin/roles/role/add/", {"duties_en": "x" * 2_700_000})
    assert response.status_code == 413
    assert TOO_LARGE[language] in response.text and GO_BACK[language] in response.text
    other = "ja" if language == "en" else "en"
    assert TOO_LARGE[other] not in response.text


def test_form_just_below_the_limit_gets_a_field_error(client):
    """A text that is too long for its field comes back whole, with an error beside the field."""
    make.company()
    role = make.role()
    message = "x" * 2_000_000
    response = client.post(path(role), form_values(client, role, message=message))
    assert response.status_code == 422 and message in response.text
    assert "at most 5,000 characters (now 2,000,000)" in response.text


# --- What gunicorn cannot parse -----------------------------------------------------------------


@pytest.fixture(scope="module")
def port():
    """The port of a gunicorn process with the site's configuration."""
    with site.running() as (url, _environment):
        yield urlsplit(url).port


def send(port, target, method=b"GET"):
    """The head and the text of the response to a request line with these bytes."""
    request = method + b" " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as response:
            head, _blank, text = response.read().decode().partition("\r\n\r\n")
            return head, text


@pytest.mark.parametrize(
    ("target", "status", "languages"),
    [
        ("/ja/roles/採用/".encode(), 400, ["ja"]),
        ("/ja/roles/?q=東京".encode(), 400, ["ja"]),
        ("/en/roles/採用".encode(), 400, ["en"]),
        ("/ja/採用".encode("cp932"), 400, ["ja"]),
        ("/採用".encode(), 400, ["en", "ja"]),
        (b"/ja/\x01", 400, ["ja"]),
        (b"/ja/two words", 400, ["en", "ja"]),
        (b"/ja/?q=" + b"x" * 9_000, 414, ["en", "ja"]),
        (b"/ja/<script>\xff", 400, ["ja"]),
    ],
)
def test_unparsable_url_in_language_of_url(port, target, status, languages):
    """Unencoded kanji and the like never reach Django."""
    head, text = send(port, target)
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert "Content-Security-Policy: default-src 'none';" in head and "Set-Cookie" not in head
    assert (ENGLISH in text, JAPANESE in text) == ("en" in languages, "ja" in languages)
    assert f'<html lang="{languages[0]}">' in text and "<script" not in text
    assert "採用" not in text


def test_unparsable_head_request_gets_no_body(port):
    head, text = send(port, "/ja/採用".encode(), b"HEAD")
    assert head.startswith("HTTP/1.1 400 ") and "Content-Length: " in head
    assert text == ""
