"""The storage of documents on an S3 server. Imported only if DOCUMENTS_URL names one."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.core.files import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from .reading import BinaryFile, read_from_start
from .storage import PrivateStorage, StorageUnavailable, StoredFile

CLIENT = Config(
    connect_timeout=3,
    read_timeout=15,
    retries={"total_max_attempts": 2},
    signature_version="s3v4",
    s3={"addressing_style": "path"},  # self-hosted servers have no host name per bucket
    request_checksum_calculation="when_required",  # many do not support the newer checksums
    response_checksum_validation="when_required",
)


@deconstructible(path="careers.documents.s3.S3DocumentStorage")
class S3DocumentStorage(PrivateStorage, S3Storage):  # type: ignore[misc]  # django-storages has no types
    """A private bucket: objects have no ACL, and no URLs are handed out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, default_acl=None, querystring_auth=True, client_config=CLIENT)

    def write(self, key: str, file: BinaryFile) -> StoredFile:
        """Store `file` under `key`; return once the server has confirmed its size and hash."""
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        for chunk in read_from_start(file):
            sha256.update(chunk)
            md5.update(chunk)
            size += len(chunk)
        file.seek(0)
        with _translate_errors():
            response = self.bucket.Object(key).put(
                Body=_Body(file),
                ContentLength=size,
                ContentMD5=base64.b64encode(md5.digest()).decode(),  # the server verifies it
                ContentType="application/octet-stream",
            )
            stored_size = self.bucket.Object(key).content_length
        # With some kinds of encryption the ETag is not an MD5 of the content.
        etag, encryption = (
            response["ETag"].strip('"'),
            response.get("ServerSideEncryption", "AES256"),
        )
        if stored_size != size or (encryption == "AES256" and etag != md5.hexdigest()):
            raise StorageUnavailable("the S3 server stored other bytes than were sent")
        return StoredFile(size, sha256.hexdigest())

    def list_keys(self) -> Iterator[tuple[str, datetime]]:
        """Pairs of key and last modification of everything in the bucket."""
        with _translate_errors():
            for entry in self.bucket.objects.all():
                yield entry.key, entry.last_modified

    def open(self, name: str, mode: str = "rb") -> "_StreamedFile":
        """The object as a stream; FileNotFoundError if there is none."""
        with _translate_errors():
            return _StreamedFile(self.bucket.Object(name).get()["Body"], name)

    def exists(self, name: str) -> bool:
        try:
            return self.size(name) is not None
        except FileNotFoundError:
            return False

    def size(self, name: str) -> int:
        with _translate_errors():
            size: int = self.bucket.Object(name).content_length
            return size

    def delete(self, name: str) -> None:
        with _translate_errors():
            self.bucket.Object(name).delete()


class _Body:
    """The upload without `close` and `name`: boto3 would close it, and send its name."""

    def __init__(self, file: Any) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


class _StreamedFile(File):  # type: ignore[type-arg]  # not generic at run time
    file: Any

    def read(self, *length: int) -> bytes:
        with _translate_errors():
            data: bytes = self.file.read(*length)
            return data


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get(
            "HTTPStatusCode"
        ) == 404 and not _is_missing_bucket(error):
            raise FileNotFoundError("the S3 server has no such object") from None
        raise StorageUnavailable from error
    except (BotoCoreError, Boto3Error, HTTPClientError, OSError) as error:
        raise StorageUnavailable from error


def _is_missing_bucket(error: ClientError) -> bool:
    return bool(error.response.get("Error", {}).get("Code") == "NoSuchBucket")
