"""The store of documents on an S3 server. Loaded only where DOCUMENTS_URL names one."""

import base64
import hashlib
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.core.files import File
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from .reading import whole
from .storage import Private, StoredFile, StoreUnavailable

CLIENT = Config(
    connect_timeout=3,
    read_timeout=15,
    retries={"total_max_attempts": 2},
    signature_version="s3v4",
    s3={"addressing_style": "path"},  # servers of one's own have no name for each bucket
    request_checksum_calculation="when_required",  # many of them do not know the newer checksums
    response_checksum_validation="when_required",
)


@deconstructible(path="careers.documents.s3.Bucket")
class Bucket(Private, S3Storage):
    """A bucket that is private: no rights of its own for any object, no addresses handed out."""

    def __init__(self, **options):
        super().__init__(**options, default_acl=None, querystring_auth=True, client_config=CLIENT)

    def keep(self, key, file):
        """Kept, once the server has said that it has the bytes: all of them, and unchanged."""
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        for chunk in whole(file):
            sha256.update(chunk)
            md5.update(chunk)
            size += len(chunk)
        file.seek(0)
        with _answering():
            answer = self.bucket.Object(key).put(
                Body=_Body(file),
                ContentLength=size,
                ContentMD5=base64.b64encode(md5.digest()).decode(),  # the server compares it
                ContentType="application/octet-stream",
            )
            arrived = self.bucket.Object(key).content_length
        # With some kinds of encryption the mark is no hash of the content.
        mark, own_key = answer["ETag"].strip('"'), answer.get("ServerSideEncryption", "AES256")
        if arrived != size or (own_key == "AES256" and mark != md5.hexdigest()):
            raise StoreUnavailable("the S3 server has other bytes than were sent")
        return StoredFile(size, sha256.hexdigest())

    def names(self):
        """(name, when it was last written) of everything in it."""
        with _answering():
            for found in self.bucket.objects.all():
                yield found.key, found.last_modified

    def open(self, name, mode="rb"):
        """The file as it streams in; FileNotFoundError where there is none."""
        with _answering():
            return _Streamed(self.bucket.Object(name).get()["Body"], name)

    def exists(self, name):
        try:
            return self.size(name) is not None
        except FileNotFoundError:
            return False

    def size(self, name):
        with _answering():
            return self.bucket.Object(name).content_length

    def delete(self, name):
        with _answering():
            self.bucket.Object(name).delete()


class _Body:
    """What boto may know of an upload: it closes what it is given, and asks for its name."""

    def __init__(self, file):
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


class _Streamed(File):
    def read(self, *length):
        with _answering():
            return self.file.read(*length)


@contextmanager
def _answering():
    try:
        yield
    except ClientError as fault:
        if fault.response.get("ResponseMetadata", {}).get(
            "HTTPStatusCode"
        ) == 404 and not _no_bucket(fault):
            raise FileNotFoundError("the S3 server has no such object") from None
        raise StoreUnavailable from fault
    except (BotoCoreError, Boto3Error, HTTPClientError, OSError) as fault:
        raise StoreUnavailable from fault


def _no_bucket(fault):
    return fault.response.get("Error", {}).get("Code") == "NoSuchBucket"
