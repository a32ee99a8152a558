"""The heartbeat of the worker: a time in the database, so that every process of the site can read it."""

import socket
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from .models import LastRun

HEARTBEAT_INTERVAL = 10  # seconds
HOST_LIFETIME = timedelta(days=1)  # each new container of the worker is a new host


def beat():
    """Record that the worker of this host is running."""
    LastRun.objects.record(LastRun.Task.WORKER, socket.gethostname())


def forget_old_hosts():
    """Delete the heartbeats of hosts whose worker has not run for HOST_LIFETIME."""
    limit = timezone.now() - HOST_LIFETIME
    LastRun.objects.filter(task=LastRun.Task.WORKER, at__lt=limit).delete()


def last_beat():
    """When a worker, on any host, last recorded a heartbeat; None if there is none."""
    return LastRun.objects.last_at(LastRun.Task.WORKER)


def is_beating_here():
    """Whether the worker of this host has a recent heartbeat."""
    rows = LastRun.objects.filter(task=LastRun.Task.WORKER, host=socket.gethostname())
    return any(is_recent(row.at) for row in rows)


def is_recent(moment):
    """Whether a heartbeat is current. One from the future was recorded while the clock was wrong."""
    return abs(timezone.now() - moment) <= settings.WORKER_SILENCE_ERROR
