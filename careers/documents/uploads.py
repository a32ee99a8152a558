"""What a form takes in: as many files as are allowed, as many bytes of each, and the rest counted only.

In a view, before the request is read: `request.upload_handlers = [LimitedUpload(request)]`.
"""

import contextlib
import logging
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

log = logging.getLogger(__name__)


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes uploads to FILE_UPLOAD_TEMP_DIR, which is on the volume of the documents.

    What became of each is told by its attributes, so that the rest of the form is still read: `size`
    is what was sent; `one_too_many` and `unwritten` (the disk is full) files are not stored at all.
    `receiving.receive` reads them.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.count = 0

    def new_file(self, *args, **kwargs):
        self.count += 1
        self.file = None
        self.one_too_many = self.count > settings.DOCUMENTS_MAX_FILES
        self.unwritten = False
        try:
            super().new_file(*args, **kwargs)
            if self.one_too_many:
                self._drop()
        except OSError as fault:
            self._fail(fault)

    def receive_data_chunk(self, raw_data, start):
        if self.file is None:
            return
        if start + len(raw_data) > settings.DOCUMENT_MAX_BYTES:
            self._drop()
            return
        try:
            self.file.write(raw_data)
        except OSError as fault:
            self._fail(fault)

    def file_complete(self, file_size):
        if self.file:
            try:
                self.file.seek(0)
            except OSError as fault:
                self._fail(fault)
        upload = self.file or UploadedFile(
            BytesIO(), self.file_name, self.content_type, file_size, self.charset
        )
        upload.size = file_size
        upload.one_too_many, upload.unwritten = self.one_too_many, self.unwritten
        return upload

    def upload_interrupted(self):
        self._drop()

    def _drop(self):
        file, self.file = getattr(self, "file", None), None
        if file:
            with contextlib.suppress(OSError):  # what was not written cannot be flushed either
                file.close()

    def _fail(self, fault):
        log.error("An upload cannot be written: %s", fault.strerror)
        self.unwritten = True
        self._drop()
