"""An upload handler that stores no more files and bytes than the limits allow, and counts the rest.

In a view, before the request is read: `request.upload_handlers = [LimitedUploadHandler(request)]`.
"""

import contextlib
import logging
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

log = logging.getLogger(__name__)


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to FILE_UPLOAD_TEMP_DIR, which is on the volume of the documents.

    A file that cannot be stored does not stop the rest of the form from being read. It has `size`,
    the number of bytes sent, and `over_file_limit` or `write_failed` (the disk is full), which
    `ingest.receive` checks.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.count = 0

    def new_file(self, *args, **kwargs):
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

    def receive_data_chunk(self, raw_data, start):
        if self.file is None:
            return
        if start + len(raw_data) > settings.DOCUMENT_MAX_BYTES:
            self._discard()
            return
        try:
            self.file.write(raw_data)
        except OSError as error:
            self._fail(error)

    def file_complete(self, file_size):
        if self.file:
            try:
                self.file.seek(0)
            except OSError as error:
                self._fail(error)
        upload = self.file or UploadedFile(
            BytesIO(), self.file_name, self.content_type, file_size, self.charset
        )
        upload.size = file_size
        upload.over_file_limit, upload.write_failed = self.over_file_limit, self.write_failed
        return upload

    def upload_interrupted(self):
        self._discard()

    def _discard(self):
        file, self.file = getattr(self, "file", None), None
        if file:
            with contextlib.suppress(OSError):  # closing flushes, which fails on a full disk
                file.close()

    def _fail(self, error):
        log.error("An upload could not be written: %s", error.strerror)
        self.write_failed = True
        self._discard()
