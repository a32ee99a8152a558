"""Public pictures and films, named by their content: an address never changes what it means.

`/media/<sha256>.<ext>` is served from the default storage (a folder, or S3 by setting), may be
kept for ever, and honours Range, without which no browser can seek in a film.
"""

import hashlib
import re
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext_lazy as _
from PIL import Image

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
}
_PICTURES = {".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_CHUNK = 64 * 1024


class ContentAddressed(FileSystemStorage):
    """A folder in which a file's name is the hash of what is in it. The same file is kept once."""

    def save(self, name, content, max_length=None):
        digest = hashlib.sha256()
        for chunk in content.chunks():
            digest.update(chunk)
        content.seek(0)
        address = f"{digest.hexdigest()}{_suffix(name)}"
        if self.exists(address):
            return address
        return super().save(address, content, max_length)


def validate_image(file):
    """A validator: a PNG, JPEG, WebP or SVG that really is one."""
    suffix = _suffix(file.name)
    if suffix == ".svg":
        real = b"<svg" in file.read(4096)
    else:
        real = suffix in _PICTURES and _opens_as(file, _PICTURES[suffix])
    file.seek(0)
    if not real:
        raise ValidationError(_("Please choose a PNG, JPEG, WebP or SVG picture."))


def validate_video(file):
    """A validator: an MP4 film, by its first box (ISO/IEC 14496-12)."""
    real = _suffix(file.name) == ".mp4" and file.read(12)[4:8] == b"ftyp"
    file.seek(0)
    if not real:
        raise ValidationError(_("Please choose a film in MP4 format."))


def validate_captions(file):
    """A validator: captions in WebVTT (https://www.w3.org/TR/webvtt1/)."""
    real = _suffix(file.name) == ".vtt" and file.read(16).lstrip(b"\xef\xbb\xbf")[:6] == b"WEBVTT"
    file.seek(0)
    if not real:
        raise ValidationError(_("Please choose captions in WebVTT format (.vtt)."))


def serve(request, name):
    """One public file, whole or in part. Its address says what is in it, so it is never asked again."""
    content_type = TYPES.get(_suffix(name))
    if not content_type or not default_storage.exists(name):
        raise Http404
    etag = f'"{PurePath(name).stem}"'
    if request.headers.get("If-None-Match") == etag:
        return _with_headers(HttpResponseNotModified(), etag)
    size = default_storage.size(name)
    byte_range = _byte_range(request, size, etag)
    if byte_range == "unsatisfiable":
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    elif byte_range:
        first, last = byte_range
        response = FileResponse(_part(name, first, last), content_type=content_type, status=206)
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        response.headers["Content-Length"] = str(last - first + 1)
    else:
        response = FileResponse(default_storage.open(name), content_type=content_type)
    return _with_headers(response, etag)


def _with_headers(response, etag):
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    # A drawing opened by itself is a document: it may draw, and nothing else.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    )
    return response


def _byte_range(request, size, etag):
    """First and last byte of the one range asked for, None for the whole file (RFC 9110, 14)."""
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if not match or request.headers.get("If-Range", etag) != etag or match[0] == "bytes=-":
        return None
    start, end = match.groups()
    if not start:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(start), min(int(end or size - 1), size - 1)
    return (first, last) if first <= last else "unsatisfiable"


def _part(name, first, last):
    with default_storage.open(name) as file:
        file.seek(first)
        left = last - first + 1
        while left and (chunk := file.read(min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk


def _suffix(name):
    suffix = PurePath(name).suffix.lower()
    return ".jpg" if suffix == ".jpeg" else suffix


def _opens_as(file, kind):
    try:
        with Image.open(file, formats=[kind]) as picture:
            picture.verify()
    except Exception:  # Pillow raises whatever the broken bytes provoke
        return False
    return True
