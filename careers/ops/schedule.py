"""The scheduled tasks that `manage.py worker` runs. Each is a management command and safe to run twice."""

from datetime import timedelta
from typing import NamedTuple


class ScheduledTask(NamedTuple):
    """A management command and the interval between its starts."""

    command: str
    interval: timedelta


SCHEDULE = (
    ScheduledTask("send_queued_mail", timedelta(seconds=1)),
    ScheduledTask("scan_documents", timedelta(minutes=1)),
    ScheduledTask("send_deferred_mail", timedelta(minutes=5)),
    ScheduledTask("report_problems", timedelta(minutes=5)),
    ScheduledTask("prune_pending_uploads", timedelta(hours=1)),
    ScheduledTask("prune_quarantine", timedelta(hours=1)),
    ScheduledTask("carry_out_erasures", timedelta(hours=1)),
    ScheduledTask("renew_retention_consent", timedelta(days=1)),
    ScheduledTask("prune_cache", timedelta(days=1)),
    ScheduledTask("clearsessions", timedelta(days=1)),
    ScheduledTask("prune_emails", timedelta(days=1)),
    ScheduledTask("prune_documents", timedelta(days=1)),
    ScheduledTask("prune_share_links", timedelta(days=1)),
    ScheduledTask("prune_drafts", timedelta(days=1)),
)
