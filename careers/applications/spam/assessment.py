"""Signals that a form was not sent by a person. They cost candidates nothing, and no data leaves the site."""

import json
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from careers.applications.enums import SpamSignal
from careers.applications.models import Submission
from careers.applications.tokens import FormToken
from careers.email_address import comparison_key

from . import challenge, limits

HONEYPOT_FIELD = "website"  # hidden: people leave it empty
SOLUTION_FIELD = "solution"


class RequestTraits(NamedTuple):
    """What a request says about how its form was sent. `nonce` is that of the solved challenge, or None.

    With one of `signals`, the application cannot pass. Without, `assess` may find others.
    """

    network_hash: str
    nonce: str | None
    signals: frozenset[SpamSignal]


def request_traits(request: HttpRequest, token: FormToken) -> RequestTraits:
    """Read them. Missing or malformed parts of a request are never an error."""
    nonce = challenge.verified_nonce(request.POST.get(SOLUTION_FIELD, ""), token)
    signals = {
        SpamSignal.CHALLENGE: nonce is None,
        SpamSignal.HONEYPOT_FIELD: bool(request.POST.get(HONEYPOT_FIELD)),
        SpamSignal.FAST: timezone.now() - token.opened_at < settings.MINIMUM_FORM_TIME,
        SpamSignal.CROSS_ORIGIN: _is_cross_origin(request),
    }
    return RequestTraits(
        network_hash=hmac_of(_network(request)),
        nonce=nonce,
        signals=frozenset(signal for signal, is_set in signals.items() if is_set),
    )


def assess(
    traits: RequestTraits, token: FormToken, content: dict[str, Any], email: str
) -> tuple[Submission, list[str]]:
    """A Submission that is not saved yet, and the values of the spam signals of a form that was sent.

    Runs in the transaction that writes the application: it redeems the challenge, and locks the
    network and the email address. `content` is everything that was sent; with the role it makes the
    hash that recognises a repeated text, because sending the same to two roles is normal.
    """
    email_key = comparison_key(email)
    content = {**content, "email": email_key}
    submission = Submission(
        network_hash=traits.network_hash,
        email_hash=hmac_of(email_key),
        content_hash=hmac_of(json.dumps([token.role, content], sort_keys=True, default=str)),
        is_solved=challenge.redeem(traits.nonce),
    )
    limits.lock(submission)
    signals = set(traits.signals)
    if not submission.is_solved:
        signals.add(SpamSignal.CHALLENGE)
    signals.update(signal for signal, is_set in limits.exceeded(submission).items() if is_set)
    return submission, [signal.value for signal in SpamSignal if signal in signals]


def hmac_of(text: str) -> str:
    """A keyed hash: it recognises the same text again, and cannot be guessed without the secret key.

    After a change of the key, counting for networks and addresses starts from zero.
    """
    return salted_hmac("careers.applications.spam", text, algorithm="sha256").hexdigest()


def _network(request: HttpRequest) -> str:
    """The visitor's IPv4 address, or the /64 of the IPv6 address; "" if it is unknown.

    Only the part of X-Forwarded-For that our own proxies wrote is trusted.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = request.headers.get("X-Forwarded-For", "").split(",") if proxies else []
    text = hops[-proxies] if len(hops) >= proxies > 0 else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return ""
    if address.version == 6 and not address.ipv4_mapped:
        return str(ip_network((int(address), 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _is_cross_origin(request: HttpRequest) -> bool:
    """Whether the browser says that another site sent the form. Many send no such header."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin, ours = request.headers.get("Origin", "null"), urlsplit(settings.SITE_URL)
    return origin != "null" and origin != f"{ours.scheme}://{ours.netloc}"
