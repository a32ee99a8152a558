"""Public images and videos at content-addressed URLs, so that responses may be cached for ever.

`/media/<sha256>.<ext>` is served from the default storage (a folder, or S3 by setting). It supports
range requests, which browsers need to seek in a video.
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
_IMAGE_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_CHUNK = 64 * 1024


class ContentAddressedStorage(FileSystemStorage):
    """Names each file by the SHA-256 of its content, so equal files are stored once."""

    def save(self, name, content, max_length=None):
        digest = hashlib.sha256()
        for chunk in content.chunks():
            digest.update(chunk)
        content.seek(0)
        stored_name = f"{digest.hexdigest()}{_suffix(name)}"
        if self.exists(stored_name):
            return stored_name
        return super().save(stored_name, content, max_length)


def validate_image(file):
    """Validator: a PNG, JPEG, WebP or SVG image whose content matches its suffix."""
    suffix = _suffix(file.name)
    if suffix == ".svg":
        is_valid = b"<svg" in file.read(4096)
    else:
        is_valid = suffix in _IMAGE_FORMATS and _opens_as(file, _IMAGE_FORMATS[suffix])
    file.seek(0)
    if not is_valid:
        raise ValidationError(_("Please choose a PNG, JPEG, WebP or SVG picture."))


def validate_video(file):
    """Validator: an MP4 video, by its first box (ISO/IEC 14496-12)."""
    is_valid = _suffix(file.name) == ".mp4" and file.read(12)[4:8] == b"ftyp"
    file.seek(0)
    if not is_valid:
        raise ValidationError(_("Please choose a film in MP4 format."))


def validate_captions(file):
    """Validator: captions in WebVTT (https://www.w3.org/TR/webvtt1/)."""
    is_valid = (
        _suffix(file.name) == ".vtt" and file.read(16).lstrip(b"\xef\xbb\xbf")[:6] == b"WEBVTT"
    )
    file.seek(0)
    if not is_valid:
        raise ValidationError(_("Please choose captions in WebVTT format (.vtt)."))


def serve(request, name):
    """One public file, or the requested byte range of it."""
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
    # An SVG that is opened by itself is a document, so it must not run scripts or load anything.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    )
    return response


def _byte_range(request, size, etag):
    """`(first, last)` byte of a single range, "unsatisfiable", or None for the whole file (RFC 9110, 14)."""
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
        remaining = last - first + 1
        while remaining and (chunk := file.read(min(remaining, _CHUNK))):
            remaining -= len(chunk)
            yield chunk


def _suffix(name):
    suffix = PurePath(name).suffix.lower()
    return ".jpg" if suffix == ".jpeg" else suffix


def _opens_as(file, image_format):
    try:
        with Image.open(file, formats=[image_format]) as image:
            image.verify()
    except Exception:  # broken bytes raise exceptions of many types in Pillow
        return False
    return True
