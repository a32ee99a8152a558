"""Each page in the encoding that somebody takes, and not at all where they have it already: kept pages and
new ones alike."""

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
# Accept-Encoding, and what comes; None: nothing that we have (RFC 9110, 12.5.3).
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
def test_which_encoding_comes(header, encoding):
    assert next(iter(acceptable_encodings(header)), None) == encoding


def test_every_encoding_holds_the_same_page(door):
    make.company()
    door.keep("/robots.txt")
    plain = door.ask("/en/").body
    for header, encoding in TABLE.items():
        asked = {} if header is None else {"accept_encoding": header}
        answer = door.ask("/en/", **asked)
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert int(answer.headers["Content-Length"]) == len(answer.body)
        if encoding is None:
            assert answer.status == 406, header
            continue
        assert answer.headers.get("Content-Encoding", "identity") == encoding, header
        assert DECODED[encoding](answer.body) == plain
        assert answer.headers["ETag"].endswith(f'-{encoding}"')


def test_a_form_is_sent_as_small_as_a_page_and_is_another_one_each_time(door):
    make.company()
    role = make.role()
    for address in ("/ja/apply/", f"{role.get_absolute_url('en')}apply/"):
        plain = door.ask(address).body
        first, second = (door.ask(f"{address}?utm_source=x", accept_encoding="br") for _ in "12")
        assert first.headers["Content-Encoding"] == "br"
        assert len(first.body) < len(plain) / 2
        assert DECODED["br"](first.body) != DECODED["br"](second.body)  # the token is one person's
        assert b"utm_source" not in DECODED["br"](first.body)
        assert first.headers["Cache-Control"] == "private, max-age=0"


def test_what_compressing_does_not_make_smaller_stays_as_it_is(door, client, font):
    make.company()
    page = client.page(make.role().get_absolute_url("en"))
    address = page.partition('property="og:image" content="')[2].partition('"')[0]
    card = door.keep(address.removeprefix(f"https://{HOST}"), accept_encoding="br, gzip")
    assert card.headers["Content-Type"] == "image/png"
    assert "Content-Encoding" not in card.headers
    assert card.body.startswith(b"\x89PNG")


def test_an_etag_names_these_bytes(door):
    make.company()
    names = {
        door.keep(address, accept_encoding=encoding).headers["ETag"]
        for address in ("/en/", "/ja/")
        for encoding in DECODED
    }
    assert len(names) == 6
    assert not any(name.startswith("W/") for name in names)


# If-None-Match, with the name of the page in place of {}, and the status.
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
def test_who_has_the_page_is_told_so(door, address):
    make.company()
    make.role()
    door.keep("/robots.txt")
    name = door.ask(address, accept_encoding="br").headers["ETag"]
    for is_new in (True, False):
        for condition, status in CONDITIONS.items():
            if is_new:
                make.value()  # an edit, so that the page is a new one, with the same bytes
            asked = {"accept_encoding": "br", "if_none_match": condition.format(name)}
            answer = door.ask(address, **asked)
            assert answer.status == status, (condition, answer)
            assert answer.headers["ETag"] == name
            if status == 304:
                assert answer.body == b""
                assert not answer.headers.keys() & CONTENT
                assert answer.headers.keys() > {"ETag", "Vary", "Cache-Control", "Cache-Status"}


def test_the_name_of_another_encoding_is_another_name(door):
    name = door.keep("/en/", accept_encoding="gzip").headers["ETag"]
    assert door.ask("/en/", accept_encoding="br", if_none_match=name).status == 200


def test_other_conditions_and_ranges_get_the_whole_page(door):
    page = door.keep("/en/")
    for asked in (
        {"if_modified_since": "Sat, 21 Nov 2099 00:00:00 GMT"},
        {"if_match": '"another"'},
        {"range": "bytes=0-9"},
    ):
        assert door.ask("/en/", **asked) == page
    make.value()
    assert door.ask("/en/", range="bytes=0-9").status == 200


def test_what_is_gone_is_said_to_be_gone(door):
    role = make.role(closes_on=timezone.localdate() - timedelta(days=40))
    page = door.keep(role.get_absolute_url("en"))
    again = door.ask(role.get_absolute_url("en"), if_none_match=page.headers["ETag"])
    assert again.status == 410 and again.body == page.body
