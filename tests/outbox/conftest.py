"""What tests of letters ask for: a mail server, and the site's own way to it."""

import pytest
from django.core.management import call_command

from careers.outbox.config import parse_smtp_url
from tests.components import smtp


@pytest.fixture
def outbox(settings):
    """Django's mail functions write letters, as on the site; pytest-django would collect them."""
    settings.EMAIL_BACKEND = "careers.outbox.backend.OutboxBackend"


@pytest.fixture
def mail_server(settings):
    """A mail server that takes everything, and that the site knows."""
    with smtp.running() as running:
        settings.SMTP = parse_smtp_url(f"smtp+plain://127.0.0.1:{running.port}")
        yield running


def deliver():
    """What happens every second in the background."""
    call_command("send_queued_mail", verbosity=0)


def text(letter, kind="plain"):
    """What a letter that has arrived says, in plain text or in HTML."""
    return letter.get_body([kind]).get_content().replace("\r\n", "\n")
