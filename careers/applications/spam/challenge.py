"""Proof of work: each form has a challenge, which the browser solves in about a second in the background.

A challenge belongs to one opened form. Its solution is accepted once.
"""

import json
import secrets
import time

import altcha
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from careers.applications.models import RedeemedChallenge
from careers.applications.tokens import FormToken, signing_keys

COUNTERS = range(64, 129)  # the solution is in this range: a browser tries as many hashes
MAX_SOLUTION_LENGTH = 4_000


def new_challenge(token: FormToken) -> str:
    """A challenge for the form with this token, as JSON for static/js/pow.js."""
    challenge = altcha.create_challenge(
        "PBKDF2/SHA-256",
        settings.POW_COST,
        counter=secrets.choice(COUNTERS),
        expires_at=int(time.time() + settings.PENDING_UPLOAD_LIFETIME.total_seconds()),
        data={"form": token.key},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("solution"),
    )
    return json.dumps(challenge.to_dict())


def verified_nonce(solution: str, token: FormToken) -> str | None:
    """The nonce of the challenge of that form which `solution` solves; None if it is wrong or expired."""
    if not solution or len(solution) > MAX_SOLUTION_LENGTH:
        return None
    if not any(_is_verified(solution, key) for key in signing_keys()):
        return None
    parameters = altcha.Payload.from_base64(solution).challenge.parameters
    return parameters.nonce if parameters.data == {"form": token.key} else None


def is_redeemable(solution: str, token: FormToken) -> bool:
    """Whether `solution` solves a challenge of that form that has not been redeemed yet."""
    nonce = verified_nonce(solution, token)
    return nonce is not None and not RedeemedChallenge.objects.filter(nonce=nonce).exists()


def redeem(nonce: str | None) -> bool:
    """Redeem a `verified_nonce` in the caller's transaction. False if it is None or redeemed."""
    if nonce is None:
        return False
    try:
        with transaction.atomic():
            RedeemedChallenge.objects.create(nonce=nonce)
    except IntegrityError:
        return False
    return True


def _is_verified(solution: str, key: str) -> bool:
    result = altcha.verify_solution(
        solution,
        hmac_secret=_secret("challenge", key),
        hmac_key_secret=_secret("solution", key),
    )
    return result.verified


def _secret(purpose: str, key: str | None = None) -> bytes:
    salt = f"careers.applications.{purpose}"
    return salted_hmac(salt, "", secret=key, algorithm="sha256").digest()
