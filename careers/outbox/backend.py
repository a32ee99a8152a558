"""Django's EMAIL_BACKEND of this site: Django's mail functions write into the outbox."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from careers.languages import active_language

from .models import Email


class OutboxBackend(BaseEmailBackend):
    """Queues plain-text messages as rows; it talks to no mail server.

    The text of these messages is erased after sending, because it may hold a sign-in link.
    """

    @transaction.atomic
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Queue one email for each recipient; return the number of messages."""
        for message in messages:
            self._queue(message)
        return len(messages)

    def _queue(self, message: EmailMessage) -> None:
        if message.attachments or message.content_subtype != "plain":
            raise ValueError("An email of the outbox is plain text without attachments.")
        if len(message.reply_to) > 1:
            raise ValueError("An email of the outbox has at most one Reply-To address.")
        for recipient in message.recipients():
            Email.objects.queue(
                recipient=recipient,
                sender=message.from_email,
                reply_to="".join(message.reply_to),
                subject=message.subject,
                body=message.body,
                language=active_language(),
                erase_after_sending=True,
            )
