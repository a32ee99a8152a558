"""A real mail server on the loopback that accepts, refuses or defers emails, or hangs."""

import asyncio
import contextlib
import datetime
import email
import ipaddress
import ssl
import threading
import warnings
from email import policy
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.components.site import free_port

USER, PASSWORD = "careers", "S3CRET pass/word"


class MailServer:
    """The messages received, and configurable replies: `replies["RCPT"] = "550 5.1.1 Unknown"`, `hangs = "DATA"`.

    With `hangs = "after"` it accepts a message and never confirms it.
    """

    def __init__(self):
        self.port = free_port()
        self.messages = []  # parsed
        self.envelopes = []  # (sender, recipients, bytes), as the server understands the addresses
        self.paths = []  # the arguments of MAIL and RCPT as sent: 'FROM:<…>', 'TO:<…>'
        self.replies = {}  # command, or "RCPT ADDRESS" → its reply, instead of 250
        self.hangs = None  # the command without a reply
        self.waiting = threading.Event()  # a client waits for that reply
        self.connections = 0
        self.encrypted = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += not session.ssl
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if reply := await self._reply("MAIL"):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := await self._reply("RCPT") or self.replies.get(f"RCPT {address}"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if reply := await self._reply("DATA"):
            return reply
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        self.messages.append(
            email.message_from_bytes(envelope.original_content, policy=policy.default)
        )
        self.encrypted.append(bool(session.ssl))
        await self._reply("after")
        return "250 OK"

    async def _reply(self, command):
        if self.hangs == command:
            self.waiting.set()
            while self.hangs == command:  # another thread ends it
                await asyncio.sleep(0.05)
            return "451 No longer hanging"
        return self.replies.get(command)

    def authenticate(self, server, session, envelope, mechanism, data):
        is_valid = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_valid, handled=is_valid)  # otherwise the server refuses


class _RecordingSMTP(SMTP):
    """Notes addresses as they were sent: aiosmtpd drops quotes and decodes `=?utf-8?q?x?=`."""

    async def smtp_MAIL(self, arg):
        self.event_handler.paths.append(arg)
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        self.event_handler.paths.append(arg)
        await super().smtp_RCPT(arg)


class _Controller(Controller):
    def factory(self):
        return _RecordingSMTP(self.handler, **self.SMTP_kwargs)


@contextlib.contextmanager
def running(certificate=None, *, implicit_tls=False, authentication=False):
    """Yield a running server. With a certificate it offers STARTTLS, or starts with TLS."""
    server = MailServer()
    context = certificate and _context(certificate)
    options = (
        {"authenticator": server.authenticate, "auth_required": True} if authentication else {}
    )
    options |= {"ssl_context" if implicit_tls else "tls_context": context} if context else {}
    with warnings.catch_warnings():
        # aiosmtpd warns about servers that do not require authentication or TLS.
        warnings.simplefilter("ignore")
        controller = _Controller(server, hostname="127.0.0.1", port=server.port, **options)
        controller.start()
    server.connections = 0  # the controller has connected once
    try:
        yield server
    finally:
        server.hangs = None
        controller.stop()


def certificate(folder, host="127.0.0.1"):
    """A file with a self-signed certificate for a host, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    try:
        subject = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        subject = x509.DNSName(host)
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = Path(folder, f"{host}.pem")
    private_key = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private_key + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _context(path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
