"""Reads forms with uploads. No more files and bytes are written than the limits allow; the rest is counted."""

import contextlib
import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .scanning import ScanBudget

log = logging.getLogger(__name__)


def read_form(request: HttpRequest) -> None:
    """Read the form of a request; a view calls it before it uses `request.POST` or `request.FILES`."""
    request.upload_handlers = [LimitedUploadHandler(request)]
    request.POST  # noqa: B018 (reads it)


class UploadCleanupMiddleware:
    """Deletes the temporary file of an upload that was not read to its end, on every page.

    Django closes complete files only. The others would stay until the garbage collector finds them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST":
            for handler in request.upload_handlers:
                handler.upload_interrupted()
        return response


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to FILE_UPLOAD_TEMP_DIR, which is on the volume of the documents.

    A file that cannot be stored does not stop the rest of the form from being read. It has `size`,
    the number of bytes sent, and `over_file_limit` or `write_failed` (the disk is full), which
    `ingest.receive` checks. All files of the form share one `scan_budget`.
    """

    file: TemporaryUploadedFile | None  # type: ignore[assignment]  # None: nothing more is stored

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.count = 0
        self.scan_budget = ScanBudget()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.count += 1
        self.file = None
        self.over_file_limit = self.count > settings.DOCUMENTS_MAX_FILES
        self.write_failed = False
        try:
            super().new_file(*args, **kwargs)
            if self.over_file_limit:
                self._discard()
        except OSError as error:
            self._fail(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.file is None:
            return
        if start + len(raw_data) > settings.DOCUMENT_MAX_BYTES:
            self._discard()
            return
        try:
            self.file.write(raw_data)
        except OSError as error:
            self._fail(error)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        if self.file:
            try:
                self.file.seek(0)
            except OSError as error:
                self._fail(error)
        upload = self.file or UploadedFile(
            BytesIO(), self.file_name, self.content_type, file_size, self.charset
        )
        upload.size = file_size
        upload.over_file_limit = self.over_file_limit  # type: ignore[union-attr]  # for `receive`
        upload.write_failed = self.write_failed  # type: ignore[union-attr]
        upload.scan_budget = self.scan_budget  # type: ignore[union-attr]
        return upload

    def upload_interrupted(self) -> None:
        self._discard()

    def _discard(self) -> None:
        file, self.file = getattr(self, "file", None), None
        if file:
            with contextlib.suppress(OSError):  # closing flushes, which fails on a full disk
                file.close()

    def _fail(self, error: OSError) -> None:
        log.error("An upload could not be written: %s", error.strerror)
        self.write_failed = True
        self._discard()
