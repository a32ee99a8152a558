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
        ("ja;q=0", "/en/"),
        ("ja;q=0.000, fr", "/en/"),
        ("JA ; Q=0.8 , en;q=0.7", "/ja/"),
        ("en;q=0, *", "/ja/"),
        ("en;q=0", "/ja/"),
        ("en;q=0, ja;q=0", "/en/"),
        ("*;q=0", "/en/"),
        ("ja, *;q=0", "/ja/"),
        ("*;q=0, ja;q=0.001", "/ja/"),
        ("*", "/en/"),
        ("*, ja;q=0.5", "/en/"),
        ("ja;q=0.9, *;q=0.5", "/ja/"),
        ("ja, en", "/ja/"),
        ("en, ja", "/en/"),
        ("fr, ja;q=0.5, en;q=0.5", "/ja/"),
        ("en;q=0.3, ja;q=0.2, ja-JP;q=0.4", "/ja/"),
        ("ja-JP;q=0, ja", "/ja/"),
        ("ja-Latn-JP", "/ja/"),
        ("jam, en;q=0.1", "/en/"),
        ("ja;q=2, en;q=0.1", "/en/"),
        ("ja;q=-1, en;q=0.1", "/en/"),
        ("ja;q=0.12345, en;q=0.1", "/en/"),
        ("ja;q=, en;q=0.1", "/en/"),
        ("ja;q=high, , ;;, en;q=0.1", "/en/"),
        ("en;q=abc, ja;q=0.1", "/ja/"),
        ("x" * 20_000 + ",ja", "/en/"),
        ("ja\xff, en;q=0.1", "/en/"),
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
