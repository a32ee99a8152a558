"""Content negotiation: Accept-Encoding and If-None-Match, for cached and for new pages."""

import gzip
from datetime import timedelta

import brotli
import pytest
from django.utils import timezone

from careers.page_cache.negotiation import acceptable_encodings
from tests import make
from tests.conftest import HOST

pytestmark = pytest.mark.one_database

DECODED = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "identity": bytes,
}
# Accept-Encoding → encoding of the response; None: no acceptable one (RFC 9110, 12.5.3).
TABLE = {
    None: "identity",
    "": "identity",
    "gzip, deflate, br, zstd": "br",
    "gzip": "gzip",
    "GZIP": "gzip",
    "br;q=1.0, gzip;q=0.8, *;q=0.1": "br",
    "br;q=0.5, gzip;q=0.8": "gzip",
    "br;q=0, gzip": "gzip",
    "br;q=0.000, gzip ; q=0.001": "gzip",
    "gzip;q=0, br;q=0": "identity",
    "*": "br",
    "*;q=0": None,
    "*;q=0, gzip": "gzip",
    "*;q=0, identity": "identity",
    "br;q=0, *": "gzip",
    "identity": "identity",
    "identity;q=1, br;q=0.5": "identity",
    "identity;q=0": None,
    "identity;q=0, gzip;q=0.1": "gzip",
    "zstd, compress": "identity",
    "br;q=high, gzip;q=2": "identity",
    ";q=1,,": "identity",
}


@pytest.mark.parametrize(("header", "encoding"), TABLE.items())
def test_preferred_encoding(header, encoding):
    assert next(iter(acceptable_encodings(header)), None) == encoding


def test_every_encoding_has_the_same_content(wsgi):
    make.company()
    wsgi.warm("/robots.txt")
    plain = wsgi.request("/en/").body
    for header, encoding in TABLE.items():
        headers = {} if header is None else {"accept_encoding": header}
        response = wsgi.request("/en/", **headers)
        assert response.headers["Vary"] == "Accept-Encoding"
        assert int(response.headers["Content-Length"]) == len(response.body)
        if encoding is None:
            assert response.status == 406, header
            continue
        assert response.headers.get("Content-Encoding", "identity") == encoding, header
        assert DECODED[encoding](response.body) == plain
        assert response.headers["ETag"].endswith(f'-{encoding}"')


def test_form_is_compressed_and_not_cached(wsgi):
    make.company()
    role = make.role()
    for address in ("/ja/apply/", f"{role.get_absolute_url('en')}apply/"):
        plain = wsgi.request(address).body
        first, second = (
            wsgi.request(f"{address}?utm_source=x", accept_encoding="br") for _ in "12"
        )
        assert first.headers["Content-Encoding"] == "br"
        assert len(first.body) < len(plain) / 2
        # Each form has its own token.
        assert DECODED["br"](first.body) != DECODED["br"](second.body)
        assert b"utm_source" not in DECODED["br"](first.body)
        assert first.headers["Cache-Control"] == "private, max-age=0"


def test_image_is_not_compressed(wsgi, client, font):
    make.company()
    page = client.page(make.role().get_absolute_url("en"))
    address = page.partition('property="og:image" content="')[2].partition('"')[0]
    card = wsgi.warm(address.removeprefix(f"https://{HOST}"), accept_encoding="br, gzip")
    assert card.headers["Content-Type"] == "image/png"
    assert "Content-Encoding" not in card.headers
    assert card.body.startswith(b"\x89PNG")


def test_etag_differs_by_page_and_encoding(wsgi):
    make.company()
    etags = {
        wsgi.warm(address, accept_encoding=encoding).headers["ETag"]
        for address in ("/en/", "/ja/")
        for encoding in DECODED
    }
    assert len(etags) == 6
    assert not any(etag.startswith("W/") for etag in etags)


# If-None-Match, with {} for the ETag of the page → status.
CONDITIONS = {
    "{}": 304,
    "W/{}": 304,
    '"a", {}, W/"b"': 304,
    "*": 304,
    '"another"': 200,
    "": 200,
    "unquoted": 200,
}

CONTENT = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language"}


@pytest.mark.parametrize("address", ["/en/roles/", "/en/roles/feed.atom", "/en/roles/?q=engineer"])
def test_if_none_match(wsgi, address):
    make.company()
    make.role()
    wsgi.warm("/robots.txt")
    etag = wsgi.request(address, accept_encoding="br").headers["ETag"]
    for is_new in (True, False):
        for condition, status in CONDITIONS.items():
            if is_new:
                make.value()  # an edit, so that the page is rendered again with the same bytes
            headers = {"accept_encoding": "br", "if_none_match": condition.format(etag)}
            response = wsgi.request(address, **headers)
            assert response.status == status, (condition, response)
            assert response.headers["ETag"] == etag
            if status == 304:
                assert response.body == b""
                assert not response.headers.keys() & CONTENT
                assert response.headers.keys() > {"ETag", "Vary", "Cache-Control", "Cache-Status"}


def test_if_none_match_of_other_encoding(wsgi):
    etag = wsgi.warm("/en/", accept_encoding="gzip").headers["ETag"]
    assert wsgi.request("/en/", accept_encoding="br", if_none_match=etag).status == 200


def test_other_conditions_and_ranges_are_ignored(wsgi):
    page = wsgi.warm("/en/")
    for headers in (
        {"if_modified_since": "Sat, 21 Nov 2099 00:00:00 GMT"},
        {"if_match": '"another"'},
        {"range": "bytes=0-9"},
    ):
        assert wsgi.request("/en/", **headers) == page
    make.value()
    assert wsgi.request("/en/", range="bytes=0-9").status == 200


def test_if_none_match_of_closed_role_is_410(wsgi):
    role = make.role(closes_on=timezone.localdate() - timedelta(days=40))
    page = wsgi.warm(role.get_absolute_url("en"))
    second = wsgi.request(role.get_absolute_url("en"), if_none_match=page.headers["ETag"])
    assert second.status == 410 and second.body == page.body
