"""The worker runs its scheduled tasks, survives a failing one, and stops on a signal."""

import os
import signal
import socket
import threading
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import call_command, get_commands
from django.db import DatabaseError, connection
from django.utils import timezone

from careers.ops.management.commands import worker
from careers.ops.models import LastRun
from careers.ops.schedule import SCHEDULE, ScheduledTask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def signals():
    """Restore the signal handlers that the command replaces."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_scheduled_tasks_are_commands():
    assert {task.command for task in SCHEDULE} <= get_commands().keys()


def test_worker_runs_tasks_and_stops_on_signal():
    Session.objects.create(session_key="old", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="new", expire_date=timezone.now() + timedelta(days=1))
    timer = threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM])
    timer.start()
    call_command("worker")
    timer.join()
    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_worker_records_its_heartbeat():
    """At once, and without the rows of containers that are gone."""
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        LastRun.objects.record(LastRun.Task.WORKER, "former-container")
    timer = threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM])
    timer.start()
    call_command("worker")
    timer.join()
    [row] = LastRun.objects.filter(task=LastRun.Task.WORKER)
    assert row.host == socket.gethostname()
    assert timezone.now() - row.at < timedelta(minutes=1)


def test_worker_goes_on_when_its_heartbeat_cannot_be_recorded(caplog):
    def fail(*args):
        raise DatabaseError

    with connection.execute_wrapper(fail):
        worker.Command().beat()
    assert "The scheduled task heartbeat failed" in caplog.text


def test_worker_survives_failing_task(caplog):
    worker.Command().run(ScheduledTask("no_such_command", timedelta(days=1)))
    assert "The scheduled task no_such_command failed" in caplog.text


def test_worker_logs_repeated_failure_once_a_minute(caplog):
    command, task = worker.Command(), ScheduledTask("no_such_command", timedelta(seconds=1))
    for _ in range(3):
        command.run(task)
    assert len(caplog.records) == 1
    command.run(ScheduledTask("nor_this_one", timedelta(seconds=1)))
    assert len(caplog.records) == 2
    command.logged_at[task.command] -= worker.LOG_INTERVAL  # a minute later
    command.run(task)
    assert len(caplog.records) == 3
