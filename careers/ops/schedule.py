"""What has to be done in the background, and how often. Each duty is also a command, and is safe
to do twice."""

from datetime import timedelta
from typing import NamedTuple


class Duty(NamedTuple):
    """A command and the time between two runs of it."""

    command: str
    every: timedelta


DUTIES = (
    Duty("send_queued_mail", timedelta(seconds=1)),
    Duty("scan_documents", timedelta(minutes=1)),
    Duty("send_deferred_mail", timedelta(minutes=5)),
    Duty("prune_pending_uploads", timedelta(hours=1)),
    Duty("prune_quarantine", timedelta(hours=1)),
    Duty("renew_retention_consent", timedelta(days=1)),
    Duty("prune_cache", timedelta(days=1)),
    Duty("clearsessions", timedelta(days=1)),
    Duty("prune_emails", timedelta(days=1)),
    Duty("prune_documents", timedelta(days=1)),
    Duty("prune_share_links", timedelta(days=1)),
)
