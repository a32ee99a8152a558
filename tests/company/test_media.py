"""Public images and videos: content-addressed URLs, caching, byte ranges, validation of uploads."""

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

VIDEO = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 40


def image(image_format="PNG"):
    data = BytesIO()
    Image.new("RGB", (4, 4), "orange").save(data, image_format)
    return data.getvalue()


def body(response):
    """The whole body. Closes the file behind the response, as a server does."""
    content = response.getvalue()
    response.close()
    return content


@pytest.fixture
def video_url():
    """The URL of an uploaded video."""
    return make.video(external_url="", file=ContentFile(VIDEO, "Our video.MP4")).file.url


def test_media_url_is_the_hash_of_the_content(video_url):
    """The same content under another name has the same URL."""
    assert video_url == f"/media/{hashlib.sha256(VIDEO).hexdigest()}.mp4"
    again = make.video(external_url="", file=ContentFile(VIDEO, "other-name.mp4"))
    assert again.file.url == video_url


def test_media_is_cached_for_ever(client, video_url):
    """Files are immutable, have an ETag and run no scripts."""
    response = client.get(video_url)
    assert body(response) == VIDEO
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    again = client.get(video_url, headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("byte_range", "status", "part"),
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
def test_media_byte_ranges(client, video_url, byte_range, status, part):
    """A single range is answered with 206, an unsatisfiable one with 416, others with the whole file."""
    response = client.get(video_url, headers={"range": byte_range})
    assert response.status_code == status
    content = body(response)
    assert content == VIDEO[part]
    if status == 206:
        first = part.indices(len(VIDEO))[0]
        last = first + len(content) - 1
        assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(VIDEO)}"
        assert response.headers["Content-Length"] == str(len(content))


def test_media_range_of_another_version_is_the_whole_file(client, video_url):
    """A range with another If-Range gets the whole file."""
    response = client.get(video_url, headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert body(response) == VIDEO


@pytest.mark.parametrize("name", ["nope.mp4", "../careers.sqlite3", "x.html", "", "a/b.png"])
def test_media_serves_no_other_files(client, name):
    """Unknown names, other types and paths outside the storage answer 404."""
    assert client.get(f"/media/{name}").status_code == 404


def test_media_types():
    """Only these types are served."""
    assert {".svg", ".png", ".jpg", ".webp", ".mp4", ".vtt"} == set(TYPES)


@pytest.mark.parametrize(
    ("name", "data", "accepted"),
    [
        ("logo.png", image(), True),
        ("logo.jpeg", image("JPEG"), True),
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', True),
        ("logo.png", b"<script>", False),
        ("logo.gif", image("GIF"), False),
        ("logo.svg", b"<html>", False),
        ("logo.png", image("JPEG"), False),
    ],
    ids=["png", "jpeg", "svg", "script", "gif", "html", "wrong name"],
)
def test_logo_upload_is_validated(signed_in, name, data, accepted):
    """A logo is a PNG, JPEG, WebP or SVG whose content matches its name."""
    make.company()
    recruiter = signed_in("Recruiters")
    fields = fields_of(recruiter.get("/admin/company/company/1/change/"))
    fields["logo"] = ContentFile(data, name)
    response = recruiter.post("/admin/company/company/1/change/", fields)
    assert bool(Company.objects.get().logo) is accepted
    if not accepted:
        assert "Please choose a PNG, JPEG, WebP or SVG picture." in response.text


def test_video_needs_a_file_or_a_url(signed_in):
    """A video has either an MP4 file or a URL."""
    recruiter = signed_in("Recruiters")
    fields = {"title_en": "Video", "page": "hiring"}
    page = recruiter.post("/admin/company/video/add/", fields).text
    assert "Please give either a film or an address, not both." in page
    fields["file"] = ContentFile(b"not a video at all", "video.mp4")
    page = recruiter.post("/admin/company/video/add/", fields).text
    assert "Please choose a film in MP4 format." in page


def test_videos_on_the_hiring_page(client):
    """An uploaded video is played with captions; one on another site is a link, not an embed."""
    make.video(
        external_url="",
        file=ContentFile(VIDEO, "v.mp4"),
        captions_en=ContentFile(b"WEBVTT\n", "en.vtt"),
        captions_ja=ContentFile("WEBVTT\n\n字幕".encode(), "ja.vtt"),
        transcript_en="<p>Hello.</p>",
    )
    make.video(title_en="Elsewhere", external_url="https://videos.example.org/1")
    page = client.page("/en/hiring/")
    assert '<source src="/media/' in page
    assert page.count('<track kind="captions"') == 2
    assert "<p>Hello.</p>" in page
    assert 'href="https://videos.example.org/1"' in page
    assert "videos.example.org)" in page
    assert "<iframe" not in page
