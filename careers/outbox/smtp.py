"""The conversation with the mail server: one connection for a batch, and no reason for a letter lost.

What a server says may quote addresses and texts. Only the kind of a refusal leaves this file.
"""

import contextlib
import smtplib
import ssl
import time
from urllib.parse import urlsplit

from django.conf import settings

from .config import mailbox
from .message import compose
from .models import LEASE, Email

Failure = Email.Failure


class DeliveryError(Exception):
    """A letter was not taken: why, and what that means for this letter and the others."""

    def __init__(self, failure, *, permanent=False, abort_batch=False):
        super().__init__(failure)
        self.failure = failure
        self.permanent = permanent  # asking again would be answered the same
        self.abort_batch = abort_batch  # no other letter would be taken now


class MailServer:
    """Takes letters over one connection, which is made for the first of them."""

    def __init__(self, server):
        self.server = server
        self.smtp = None

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        if self.smtp and not any(fault):
            with contextlib.suppress(OSError):
                self.smtp.quit()
        self._hang_up()  # after a fault without a word: the answer might take long

    def take(self, letter):
        """Hand over one letter; NotTaken where the server does not answer for it from now on."""
        message = compose(letter)  # a fault in it is no fault of the server
        if self.smtp is None or self.smtp.sock is None:
            self._connect()
        try:
            self._send(mailbox(letter.sender).addr_spec, letter.recipient, message.as_bytes())
        except DeliveryError:
            raise
        except OSError:  # smtplib's own faults are of this kind too
            self._hang_up()
            raise DeliveryError(Failure.UNREACHABLE, abort_batch=True) from None

    def _send(self, sender, recipient, message):
        try:
            self.smtp.sendmail(sender, [recipient], message)
        except smtplib.SMTPSenderRefused as refusal:
            # Of the site, not of the letter: the operator can mend it, and then it will leave.
            raise self._refused(refusal.smtp_code, Failure.SENDER, permanent=False) from None
        except smtplib.SMTPRecipientsRefused as refusal:
            [(code, _said)] = refusal.recipients.values()
            raise self._refused(code, Failure.RECIPIENT) from None
        except smtplib.SMTPDataError as refusal:
            raise self._refused(refusal.smtp_code, Failure.TEXT) from None

    def _refused(self, code, failure, *, permanent=True):
        if code == 421:  # the server is closing the connection
            self._hang_up()
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
            self._sign_in()
            if time.monotonic() - start > LEASE.total_seconds() / 2:
                raise TimeoutError  # too little is left of the lease to hand over a letter in
        except DeliveryError:
            self._hang_up()
            raise
        except ssl.SSLError:
            self._hang_up()
            raise DeliveryError(Failure.ENCRYPTION, abort_batch=True) from None
        except OSError:
            self._hang_up()
            raise DeliveryError(Failure.UNREACHABLE, abort_batch=True) from None

    def _open(self):
        name = urlsplit(settings.SITE_URL).hostname  # the machine's own may take long to find out
        options = {"local_hostname": name, "timeout": settings.SMTP_TIMEOUT}
        where = (self.server.host, self.server.port)
        if self.server.scheme == "smtps":
            return smtplib.SMTP_SSL(*where, context=ssl.create_default_context(), **options)
        return smtplib.SMTP(*where, **options)

    def _encrypt(self):
        try:
            code, _said = self.smtp.starttls(context=ssl.create_default_context())
        except smtplib.SMTPNotSupportedError:
            code = None
        if code != 220:
            raise DeliveryError(Failure.ENCRYPTION, abort_batch=True)

    def _sign_in(self):
        if not self.server.user:
            return
        try:
            self.smtp.login(self.server.user, self.server.password)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
            raise DeliveryError(Failure.SIGN_IN, abort_batch=True) from None
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException:  # no way of signing in that both know
            raise DeliveryError(Failure.SIGN_IN, abort_batch=True) from None

    def _hang_up(self):
        if self.smtp:
            self.smtp.close()
            self.smtp = None
