"""What has to be done in the background, and how often. Each duty is also a command, and is safe
to do twice."""

from datetime import timedelta
from typing import NamedTuple


class Duty(NamedTuple):
    """A command and the time between two runs of it."""

    command: str
    every: timedelta


DUTIES = (
    Duty("deliver", timedelta(seconds=1)),
    Duty("scan_documents", timedelta(minutes=1)),
    Duty("ask_to_confirm", timedelta(minutes=5)),
    Duty("sweep_drafts", timedelta(hours=1)),
    Duty("sweep_quarantine", timedelta(hours=1)),
    Duty("ask_to_keep", timedelta(days=1)),
    Duty("clearattempts", timedelta(days=1)),
    Duty("clearsessions", timedelta(days=1)),
    Duty("forget_letters", timedelta(days=1)),
    Duty("sweep_documents", timedelta(days=1)),
    Duty("sweep_links", timedelta(days=1)),
)
