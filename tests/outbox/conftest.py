"""Fixtures for emails: a mail server, and Django's mail functions writing to the outbox."""

import pytest
from django.core.management import call_command

from careers.outbox.config import parse_smtp_url
from tests.components import smtp


@pytest.fixture
def outbox(settings):
    """Let Django's mail functions write to the outbox; pytest-django would collect the messages."""
    settings.EMAIL_BACKEND = "careers.outbox.backend.OutboxBackend"


@pytest.fixture
def mail_server(settings):
    """A mail server that accepts everything, configured in the settings."""
    with smtp.running() as running:
        settings.SMTP = parse_smtp_url(f"smtp+plain://127.0.0.1:{running.port}")
        yield running


def deliver():
    """Send what is due, as the worker does every second."""
    call_command("send_queued_mail", verbosity=0)


def text(message, subtype="plain"):
    """The plain text or HTML of a received message."""
    return message.get_body([subtype]).get_content().replace("\r\n", "\n")
