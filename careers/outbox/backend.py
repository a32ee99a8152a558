"""The way from Django's mail functions into the outbox: EMAIL_BACKEND names it."""

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from careers.languages import active

from .models import Email


class Outbox(BaseEmailBackend):
    """Writes rows and talks to no server. Only the text of a message is taken, never its HTML.

    What comes this way may hold a link that opens an account, so no text outlives its delivery.
    """

    @transaction.atomic
    def send_messages(self, messages):
        """One letter for each recipient of each message; how many messages there were."""
        for message in messages:
            self._queue(message)
        return len(messages)

    def _queue(self, message):
        if message.attachments or message.content_subtype != "plain":
            raise ValueError("A letter is plain text without attachments.")
        if len(message.reply_to) > 1:
            raise ValueError("Replies to a letter go to one address.")
        for recipient in message.recipients():
            Email.objects.queue(
                recipient=recipient,
                sender=message.from_email,
                reply_to="".join(message.reply_to),
                subject=message.subject,
                body=message.body,
                language=active(),
                erase_after_sending=True,
            )
