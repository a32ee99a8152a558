"""`/` redirects by Accept-Language; every other URL has the language of its prefix."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.mark.parametrize(
    ("accepts", "target"),
    [
        ("ja", "/ja/"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "/ja/"),
        ("en-GB,en;q=0.9,ja;q=0.8", "/en/"),
        ("zh-TW,zh;q=0.9", "/en/"),
        ("fr;q=0.9,ja;q=0.5", "/ja/"),
        ("", "/en/"),
        ("not a language", "/en/"),
    ],
)
def test_root_redirects_by_accept_language(client, accepts, target):
    """The best of the two languages, else English; the response is not cached."""
    response = client.get("/", headers={"accept-language": accepts})
    assert (response.status_code, response.headers["Location"]) == (302, target)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_root_ignores_the_language_cookie(client):
    """Django's language cookie has no effect."""
    client.cookies["django_language"] = "ja"
    assert client.get("/", headers={"accept-language": "en"}).headers["Location"] == "/en/"


def test_page_ignores_accept_language(client):
    """Only the URL decides the language of a page."""
    page = client.page("/en/", headers={"accept-language": "ja"})
    assert '<html lang="en">' in page


@pytest.mark.parametrize("path", ["/roles/", "/ja-jp/", "/JA/", "/fr/", "/jafoo/", "/e/"])
def test_url_without_a_known_language_is_not_found(client, path):
    """There is no redirect from a URL without one of the two prefixes."""
    assert client.get(path, headers={"accept-language": "ja"}).status_code == 404


def test_content_language_header(client):
    """Every response names its language."""
    assert client.get("/ja/").headers["Content-Language"] == "ja"
    assert client.get("/en/roles/").headers["Content-Language"] == "en"
