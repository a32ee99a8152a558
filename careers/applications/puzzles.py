"""A proof of work in every form: a second of a browser's time, which nobody has to notice.

A puzzle belongs to one opened form, and its solution counts once.
"""

import json
import secrets
import time

import altcha
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from .tokens import keys
from .traces import RedeemedChallenge

TRIES = range(64, 129)  # after so many tries a browser finds the answer
LONGEST = 4_000


def puzzle(token):
    """The puzzle of an opened form, as JSON for static/js/pow.js."""
    made = altcha.create_challenge(
        "PBKDF2/SHA-256",
        settings.POW_COST,
        counter=secrets.choice(TRIES),
        expires_at=int(time.time() + settings.PENDING_UPLOAD_LIFETIME.total_seconds()),
        data={"form": token.key},
        hmac_secret=_key("puzzle"),
        hmac_key_secret=_key("solution"),
    )
    return json.dumps(made.to_dict())


def is_solved(solution, token):
    """Whether this solves a puzzle of that form; it may have counted before."""
    return _solved(solution, token) is not None


def redeem(solution, token):
    """Let a solution count, in the caller's transaction. Whether it did: a wrong or spent one does not."""
    solved = _solved(solution, token)
    if solved is None:
        return False
    try:
        with transaction.atomic():
            RedeemedChallenge.objects.create(puzzle=solved)
    except IntegrityError:
        return False
    return True


def _solved(solution, token):
    """The name of the puzzle that was solved, or None."""
    if not solution or len(solution) > LONGEST:
        return None
    if not any(_verified(solution, key) for key in keys()):
        return None
    asked = altcha.Payload.from_base64(solution).challenge.parameters
    return asked.nonce if asked.data == {"form": token.key} else None


def _verified(solution, key):
    own = {"hmac_secret": _key("puzzle", key), "hmac_key_secret": _key("solution", key)}
    return altcha.verify_solution(solution, **own).verified


def _key(purpose, key=None):
    salt = f"careers.applications.{purpose}"
    return salted_hmac(salt, "", secret=key, algorithm="sha256").digest()
