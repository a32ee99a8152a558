"""Public pictures and films: named by their content, kept for ever, served in parts."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from careers.company.models import Company
from careers.media import TYPES
from tests import make
from tests.bilingual.forms import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

FILM = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 40


def picture(kind="PNG"):
    data = BytesIO()
    Image.new("RGB", (4, 4), "orange").save(data, kind)
    return data.getvalue()


def body(response):
    """All that was sent. Closes the file behind it, as a server does."""
    sent = response.getvalue()
    response.close()
    return sent


@pytest.fixture
def film(client):
    """The address of a film that was uploaded."""
    return make.video(address="", film=ContentFile(FILM, "Our film.MP4")).film.url


def test_the_address_is_the_content(film):
    assert film == f"/media/{hashlib.sha256(FILM).hexdigest()}.mp4"
    again = make.video(address="", film=ContentFile(FILM, "other-name.mp4"))
    assert again.film.url == film


def test_it_may_be_kept_for_ever(client, film):
    response = client.get(film)
    assert body(response) == FILM
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    again = client.get(film, headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=0-999999", 206, slice(0, None)),
        ("bytes=999999-", 416, slice(0, 0)),
        ("bytes=9-3", 416, slice(0, 0)),
        ("bytes=0-1,5-6", 200, slice(0, None)),
        ("bytes=-", 200, slice(0, None)),
        ("lines=1-2", 200, slice(0, None)),
    ],
)
def test_parts_of_a_film(client, film, asked, status, part):
    response = client.get(film, headers={"range": asked})
    assert response.status_code == status
    sent = body(response)
    assert sent == FILM[part]
    if status == 206:
        first = part.indices(len(FILM))[0]
        last = first + len(sent) - 1
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"
        assert response.headers["Content-Length"] == str(len(sent))


def test_a_part_of_another_version_is_the_whole(client, film):
    response = client.get(film, headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert body(response) == FILM


@pytest.mark.parametrize("name", ["nope.mp4", "../careers.sqlite3", "x.html", "", "a/b.png"])
def test_nothing_else_is_served(client, name):
    assert client.get(f"/media/{name}").status_code == 404


def test_only_known_types_have_one():
    assert {".svg", ".png", ".jpg", ".webp", ".mp4", ".vtt"} == set(TYPES)


@pytest.mark.parametrize(
    ("name", "data", "accepted"),
    [
        ("logo.png", picture(), True),
        ("logo.jpeg", picture("JPEG"), True),
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', True),
        ("logo.png", b"<script>", False),
        ("logo.gif", picture("GIF"), False),
        ("logo.svg", b"<html>", False),
        ("logo.png", picture("JPEG"), False),
    ],
    ids=["png", "jpeg", "svg", "script", "gif", "html", "wrong name"],
)
def test_a_logo_is_a_picture(signed_in, name, data, accepted):
    make.company()
    recruiter = signed_in("Recruiters")
    fields = fields_of(recruiter.get("/admin/company/company/1/change/"))
    fields["logo"] = ContentFile(data, name)
    response = recruiter.post("/admin/company/company/1/change/", fields)
    assert bool(Company.objects.get().logo) is accepted
    if not accepted:
        assert "Please choose a PNG, JPEG, WebP or SVG picture." in response.text


def test_a_film_needs_a_file_or_an_address(signed_in):
    recruiter = signed_in("Recruiters")
    fields = {"title_en": "Film", "page": "hiring"}
    page = recruiter.post("/admin/company/video/add/", fields).text
    assert "Please give either a film or an address, not both." in page
    fields["film"] = ContentFile(b"not a film at all", "film.mp4")
    page = recruiter.post("/admin/company/video/add/", fields).text
    assert "Please choose a film in MP4 format." in page


def test_a_film_of_our_own_with_captions_and_one_elsewhere(client):
    make.video(
        address="",
        film=ContentFile(FILM, "f.mp4"),
        captions_en=ContentFile(b"WEBVTT\n", "en.vtt"),
        captions_ja=ContentFile("WEBVTT\n\n字幕".encode(), "ja.vtt"),
        transcript_en="<p>Hello.</p>",
    )
    make.video(title_en="Elsewhere", address="https://films.example.org/1")
    page = client.page("/en/hiring/")
    assert '<source src="/media/' in page
    assert page.count('<track kind="captions"') == 2
    assert "<p>Hello.</p>" in page
    assert 'href="https://films.example.org/1"' in page
    assert "films.example.org)" in page
    assert "<iframe" not in page
