"""The SMTP client: one connection for a batch, and a DeliveryError that says what a refusal means.

Replies of a server may quote addresses and texts, so only the kind of a failure leaves this module.
"""

import contextlib
import smtplib
import ssl
import time
from urllib.parse import urlsplit

from django.conf import settings

from .config import parse_mailbox
from .message import build_message
from .models import LEASE, Email

Failure = Email.Failure


class DeliveryError(Exception):
    """An email was not accepted: why, and what that means for it and for the others."""

    def __init__(self, failure, *, permanent=False, abort_batch=False):
        super().__init__(failure)
        self.failure = failure
        self.permanent = permanent  # another attempt would fail the same way
        self.abort_batch = abort_batch  # no other email would be accepted now


class MailServer:
    """Sends emails over one connection, which is opened for the first of them."""

    def __init__(self, server):
        self.server = server
        self.smtp = None

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        if self.smtp and not any(exc_info):
            with contextlib.suppress(OSError):
                self.smtp.quit()
        self._disconnect()  # after an error without QUIT: the reply might take long

    def send(self, email):
        """Send one email; DeliveryError unless the server has accepted responsibility for it."""
        message = build_message(email)  # outside `try`: an error here is not the server's
        if self.smtp is None or self.smtp.sock is None:
            self._connect()
        try:
            self._send_message(
                parse_mailbox(email.sender).addr_spec, email.recipient, message.as_bytes()
            )
        except DeliveryError:
            raise
        except OSError:  # SMTPException is one too
            self._disconnect()
            raise DeliveryError(Failure.UNREACHABLE, abort_batch=True) from None

    def _send_message(self, sender, recipient, message):
        try:
            self.smtp.sendmail(sender, [recipient], message)
        except smtplib.SMTPSenderRefused as error:
            # A fault of the configuration: the operator can repair it, so the email is retried.
            raise self._delivery_error(error.smtp_code, Failure.SENDER, permanent=False) from None
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _text)] = error.recipients.values()
            raise self._delivery_error(code, Failure.RECIPIENT) from None
        except smtplib.SMTPDataError as error:
            raise self._delivery_error(error.smtp_code, Failure.TEXT) from None

    def _delivery_error(self, code, failure, *, permanent=True):
        if code == 421:  # the server is closing the connection
            self._disconnect()
            return DeliveryError(Failure.LATER, abort_batch=True)
        if 500 <= code < 600:
            return DeliveryError(failure, permanent=permanent)
        return DeliveryError(Failure.LATER)

    # --- The connection ---

    def _connect(self):
        start = time.monotonic()
        try:
            self.smtp = self._open()
            if self.server.scheme == "smtp":
                self._encrypt()
            self._authenticate()
            if time.monotonic() - start > LEASE.total_seconds() / 2:
                raise TimeoutError  # what is left of the lease may be too short to send an email
        except DeliveryError:
            self._disconnect()
            raise
        except ssl.SSLError:
            self._disconnect()
            raise DeliveryError(Failure.ENCRYPTION, abort_batch=True) from None
        except OSError:
            self._disconnect()
            raise DeliveryError(Failure.UNREACHABLE, abort_batch=True) from None

    def _open(self):
        # The site's own name: looking up the name of the machine may take long.
        name = urlsplit(settings.SITE_URL).hostname
        options = {"local_hostname": name, "timeout": settings.SMTP_TIMEOUT}
        address = (self.server.host, self.server.port)
        if self.server.scheme == "smtps":
            return smtplib.SMTP_SSL(*address, context=ssl.create_default_context(), **options)
        return smtplib.SMTP(*address, **options)

    def _encrypt(self):
        try:
            code, _text = self.smtp.starttls(context=ssl.create_default_context())
        except smtplib.SMTPNotSupportedError:
            code = None
        if code != 220:
            raise DeliveryError(Failure.ENCRYPTION, abort_batch=True)

    def _authenticate(self):
        if not self.server.user:
            return
        try:
            self.smtp.login(self.server.user, self.server.password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
            raise DeliveryError(Failure.SIGN_IN, abort_batch=True) from None
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException:  # no authentication mechanism in common
            raise DeliveryError(Failure.SIGN_IN, abort_batch=True) from None

    def _disconnect(self):
        if self.smtp:
            self.smtp.close()
            self.smtp = None
