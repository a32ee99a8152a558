"""What stands in forms and addresses instead of a cookie: tokens that nobody else can make."""

import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac

SALT = "careers.applications.form"
RECEIPT = "careers.applications.receipt"
OWN = "careers.applications.own"


def keys():
    """Our key, and those that it has followed: what was made with them still counts."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


class FormToken(NamedTuple):
    """One opened form: for which role (None: the general application), its key, when it was opened."""

    role: int | None
    key: str
    opened_at: datetime

    def __str__(self):
        """As the form carries it."""
        seconds = int(self.opened_at.timestamp())
        return signing.dumps([self.role, self.key, seconds], salt=SALT)


def new_token(role):
    """For a form that is being opened."""
    return FormToken(role and role.pk, secrets.token_hex(16), timezone.now())


def read_token(text, role):
    """The token that a form sent; None if it is not ours, or that of another role's form."""
    try:
        pk, key, seconds = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if pk != (role and role.pk):
        return None
    return FormToken(pk, key, datetime.fromtimestamp(seconds, UTC))


def receipt(application):
    """What the address of the page after sending holds; it opens nothing else."""
    return signing.dumps(application.pk, salt=RECEIPT)


def read_receipt(text):
    """The number of the application, or None."""
    try:
        return signing.loads(text, salt=RECEIPT)
    except signing.BadSignature:
        return None


def status_token(digest, key=None):
    """What the address of a candidate's own page holds: 128 bits that the site can make again for
    every letter, and that nobody can guess from what the database knows. `key` is one of `keys()`."""
    mac = salted_hmac(OWN, digest, secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(mac[:16]).decode().rstrip("=")


def hashed(token):
    """What the database knows of such a token."""
    return sha256(token.encode()).hexdigest()
