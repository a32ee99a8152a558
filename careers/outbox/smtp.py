"""The SMTP client: one connection for a batch, and a DeliveryError that says what a refusal means.

Replies of a server may quote addresses and texts, so only the kind of a failure leaves this module.
"""

import contextlib
import smtplib
import ssl
import time
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings

from .config import SMTPConfig, parse_mailbox
from .message import build_message
from .models import LEASE, Email

Failure = Email.Failure


class DeliveryError(Exception):
    """An email was not accepted: why, and what that means for it and for the others."""

    def __init__(
        self, failure: Email.Failure, *, permanent: bool = False, abort_batch: bool = False
    ) -> None:
        super().__init__(failure)
        self.failure = failure
        self.permanent = permanent  # another attempt would fail the same way
        self.abort_batch = abort_batch  # no other email would be accepted now


class MailServer:
    """Sends emails over one connection, which is opened for the first of them."""

    def __init__(self, server: SMTPConfig) -> None:
        self.server = server
        self.smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self.smtp and not any(exc_info):
            with contextlib.suppress(OSError):
                self.smtp.quit()
        self._disconnect()  # after an error without QUIT: the reply might take long

    def send(self, email: Email) -> None:
        """Send one email; DeliveryError unless the server has accepted responsibility for it."""
        message = build_message(email)  # outside `try`: an error here is not the server's
        smtp = self.smtp
        if smtp is None or smtp.sock is None:
            smtp = self._connect()
        try:
            sender = parse_mailbox(email.sender).address
            self._send_message(smtp, sender, email.recipient, message)
        except DeliveryError:
            raise
        except OSError:  # SMTPException is one too
            self._disconnect()
            raise DeliveryError(Failure.UNREACHABLE, abort_batch=True) from None

    def _send_message(
        self, smtp: smtplib.SMTP, sender: str, recipient: str, message: bytes
    ) -> None:
        try:
            smtp.sendmail(sender, [recipient], message)
        except smtplib.SMTPSenderRefused as error:
            # A fault of the configuration: the operator can repair it, so the email is retried.
            raise self._delivery_error(error.smtp_code, Failure.SENDER, permanent=False) from None
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _text)] = error.recipients.values()
            raise self._delivery_error(code, Failure.RECIPIENT) from None
        except smtplib.SMTPDataError as error:
            raise self._delivery_error(error.smtp_code, Failure.TEXT) from None

    def _delivery_error(
        self, code: int, failure: Email.Failure, *, permanent: bool = True
    ) -> DeliveryError:
        if code == 421:  # the server is closing the connection
            self._disconnect()
            return DeliveryError(Failure.LATER, abort_batch=True)
        if 500 <= code < 600:
            return DeliveryError(failure, permanent=permanent)
        return DeliveryError(Failure.LATER)

    # --- The connection ---

    def _connect(self) -> smtplib.SMTP:
        start = time.monotonic()
        try:
            smtp = self.smtp = self._open()
            if self.server.scheme == "smtp":
                self._encrypt(smtp)
            self._authenticate(smtp)
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
        return smtp

    def _open(self) -> smtplib.SMTP:
        # The site's own name: looking up the name of the machine may take long.
        name, timeout = urlsplit(settings.SITE_URL).hostname, settings.SMTP_TIMEOUT
        host, port = self.server.host, self.server.port
        if self.server.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, name, timeout=timeout, context=context)
        return smtplib.SMTP(host, port, name, timeout)

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        code = None
        with contextlib.suppress(smtplib.SMTPNotSupportedError):
            code, _text = smtp.starttls(context=ssl.create_default_context())
        if code != 220:
            raise DeliveryError(Failure.ENCRYPTION, abort_batch=True)

    def _authenticate(self, smtp: smtplib.SMTP) -> None:
        if not self.server.user:
            return
        try:
            smtp.login(self.server.user, self.server.password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
            raise DeliveryError(Failure.SIGN_IN, abort_batch=True) from None
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException:  # no authentication mechanism in common
            raise DeliveryError(Failure.SIGN_IN, abort_batch=True) from None

    def _disconnect(self) -> None:
        if self.smtp:
            self.smtp.close()
            self.smtp = None
