"""Encrypts the secrets of second factors in the database, with a key derived from SECRET_KEY.

AES-128 in CBC mode with HMAC-SHA256 (Fernet). Without SECRET_KEY, a copy of the database or a backup does
not tell the codes of an authenticator app, nor the recovery codes.
"""

import base64
import logging
import secrets

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

NAMES = ("secret", "seed")  # of the secrets in Authenticator.data

log = logging.getLogger(__name__)


def encrypt(text):
    """The text encrypted with SECRET_KEY."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(text):
    """The text that was encrypted with SECRET_KEY or one of SECRET_KEY_FALLBACKS.

    If the key is lost, a random text, with which no code is valid, and a line in the log: an operator
    resets the account.
    """
    try:
        return _keys().decrypt(text).decode()
    except InvalidToken:
        log.error(
            "A second factor was encrypted with another SECRET_KEY, so its codes are not accepted."
            " Add that key to SECRET_KEY_FALLBACKS, or run manage.py invite EMAIL --reset."
        )
        return base64.b32encode(secrets.token_bytes(20)).decode()


def rotate():
    """Encrypt what an older key encrypted with the present one. Returns the number of accounts' factors."""
    count = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            count += bool(factor) and _rotate(factor)
    return count


def _rotate(factor):
    """Whether anything was encrypted again. What no key decrypts stays as it is."""
    present, keys = Fernet(_derive(settings.SECRET_KEY)), _keys()
    texts = {name: factor.data[name] for name in NAMES if name in factor.data}
    rotated = {
        name: keys.rotate(text).decode()
        for name, text in texts.items()
        if not _decrypts(present, text) and _decrypts(keys, text)
    }
    if rotated:
        factor.data |= rotated
        factor.save(update_fields=["data"])
    return bool(rotated)


def _decrypts(keys, text):
    try:
        keys.decrypt(text)
    except InvalidToken:
        return False
    return True


def _keys():
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key):
    digest = salted_hmac("careers.staff.encryption", "", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
