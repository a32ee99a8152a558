"""The background work does its duties, survives a failing one, and stops when it is told to."""

import os
import signal
import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command, get_commands
from django.utils import timezone

from careers.ops.management.commands import worker
from careers.ops.schedule import DUTIES, Duty

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def signals():
    """Put back what the command takes over."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_every_duty_is_a_command():
    assert {duty.command for duty in DUTIES} <= get_commands().keys()


def test_it_forgets_sessions_that_are_over_and_stops_on_a_signal():
    Session.objects.create(session_key="old", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="new", expire_date=timezone.now() + timedelta(days=1))
    timer = threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM])
    timer.start()
    call_command("worker")
    timer.join()
    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_a_failing_duty_does_not_keep_the_others_from_being_done(caplog):
    worker.Command().do(Duty("no_such_command", timedelta(days=1)))
    assert "The duty no_such_command failed" in caplog.text


def test_a_duty_that_fails_again_and_again_is_told_once_a_minute(caplog):
    command, duty = worker.Command(), Duty("no_such_command", timedelta(seconds=1))
    for _ in range(3):
        command.do(duty)
    assert len(caplog.records) == 1
    command.do(Duty("nor_this_one", timedelta(seconds=1)))
    assert len(caplog.records) == 2
    command.told[duty] -= worker.SILENCE  # a minute later
    command.do(duty)
    assert len(caplog.records) == 3
