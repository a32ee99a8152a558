"""Signed and keyed tokens for forms and URLs, in place of a session cookie."""

import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac

FORM_SALT = "careers.applications.form"
RECEIPT_SALT = "careers.applications.receipt"
STATUS_SALT = "careers.applications.status"


def signing_keys():
    """The secret key, then the fallback keys, whose signatures stay valid."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


class FormToken(NamedTuple):
    """One opened form: the primary key of its role (None: general application), its key, when it was opened."""

    role: int | None
    key: str
    opened_at: datetime

    def __str__(self):
        """The signed text in the form."""
        seconds = int(self.opened_at.timestamp())
        return signing.dumps([self.role, self.key, seconds], salt=FORM_SALT)


def new_token(role):
    """The token of a form that is being opened."""
    return FormToken(role and role.pk, secrets.token_hex(16), timezone.now())


def read_token(text, role):
    """The token that a form sent; None if the signature is wrong or it is of another role's form."""
    try:
        pk, key, seconds = signing.loads(text, salt=FORM_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if pk != (role and role.pk):
        return None
    return FormToken(pk, key, datetime.fromtimestamp(seconds, UTC))


def receipt(application):
    """The token of the page that follows the form. It gives access to nothing else.

    It contains the reference, which that page shows. A primary key would tell how many applications
    there are.
    """
    return signing.dumps(application.reference, salt=RECEIPT_SALT)


def read_receipt(text):
    """The reference of the application, or None."""
    try:
        return signing.loads(text, salt=RECEIPT_SALT)
    except signing.BadSignature:
        return None


def make_status_token(digest, key=None):
    """The token of the candidate's page: 128 bits, URL-safe.

    Every email needs it again, so it is derived from the digest with `key`, one of `signing_keys()`,
    and the database stores only its hash.
    """
    mac = salted_hmac(STATUS_SALT, digest, secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(mac[:16]).decode().rstrip("=")


def hash_token(token):
    """The SHA-256 under which the database stores a token."""
    return sha256(token.encode()).hexdigest()
