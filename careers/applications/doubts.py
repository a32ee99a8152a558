"""Signs that a form was not sent by a person. None of them refuses anything: a doubtful application
is kept like any other, and needs one more step.

Nobody has to do anything for them, and nothing leaves the site.
"""

import json
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from . import puzzles
from .enums import SpamSignal
from .traces import DAY, HOUR, Submission, hmac_of

HONEYPOT_FIELD = "website"  # a field that people leave empty
SOLUTION = "solution"


class Signs(NamedTuple):
    """What a request tells of how a form was sent."""

    network: str  # a keyed hash
    solution: str
    trapped: bool
    elsewhere: bool


def signs(request):
    """Read them. What is missing or odd in a request is never an error."""
    return Signs(
        network=hmac_of(_network(request)),
        solution=request.POST.get(SOLUTION, ""),
        trapped=bool(request.POST.get(HONEYPOT_FIELD)),
        elsewhere=_is_from_elsewhere(request),
    )


def assess(signs, token, content, email):
    """What will be remembered of a form that was sent, not saved yet, and the doubts about it.

    In the transaction that writes the application: there the puzzle is spent, and others wait who
    count the same network or address. `content` is what was sent, without what makes it unique: the
    same to two roles is a person who looks for work.
    """
    sending = Submission(
        network=signs.network,
        address=hmac_of(email.lower()),
        content=hmac_of(json.dumps([token.role, content], sort_keys=True, default=str)),
        solved=puzzles.redeem(signs.solution, token),
    )
    sending.lock()
    now = timezone.now()
    # A flood without solved puzzles makes nobody doubtful who has solved one.
    before = Submission.objects.filter(solved=sending.solved)
    last_day = Submission.objects.filter(at__gt=now - DAY)
    last_hour = before.filter(network=signs.network, at__gt=now - HOUR)
    last_minute = before.filter(at__gt=now - timedelta(minutes=1))
    per_network = (
        settings.APPLICATIONS_PER_NETWORK_PER_HOUR
        if sending.solved
        else settings.UNSOLVED_APPLICATIONS_PER_NETWORK_PER_HOUR
    )
    found = {
        SpamSignal.PUZZLE: not sending.solved,
        SpamSignal.HONEYPOT_FIELD: signs.trapped,
        SpamSignal.FAST: now - token.opened_at < settings.MINIMUM_FORM_TIME,
        SpamSignal.NETWORK: last_hour.count() >= per_network,
        SpamSignal.FLOOD: last_minute.count() >= settings.APPLICATIONS_PER_MINUTE,
        SpamSignal.REPEAT: last_day.filter(content=sending.content).exists(),
        SpamSignal.CROSS_ORIGIN: signs.elsewhere,
    }
    return sending, [doubt.value for doubt, is_so in found.items() if is_so]


def _network(request):
    """The visitor's IPv4 address, or the /64 of the IPv6 address; nothing if it cannot be known.

    Only what our own proxies wrote is believed.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = request.headers.get("X-Forwarded-For", "").split(",") if proxies else []
    written = hops[-proxies] if len(hops) >= proxies > 0 else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(written.strip().strip("[]"))
    except ValueError:
        return ""
    if address.version == 6 and not address.ipv4_mapped:
        return str(ip_network((int(address), 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _is_from_elsewhere(request):
    """Whether the browser says that another site sent the form. Many say nothing: that is fine."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin, ours = request.headers.get("Origin", "null"), urlsplit(settings.SITE_URL)
    return origin != "null" and origin != f"{ours.scheme}://{ours.netloc}"
