"""A real mail server on the loopback: takes letters, or refuses, defers and hangs as it is told."""

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
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.components.site import free_port

USER, PASSWORD = "careers", "S3CRET pass/word"


class MailServer:
    """What it has taken, and how it answers: `answers["RCPT"] = "550 5.1.1 Nobody"`, `hangs = "DATA"`.

    "after" is the moment in which it has taken a letter and has not said so.
    """

    def __init__(self):
        self.port = free_port()
        self.letters = []  # as programs read them
        self.envelopes = []  # as they came: (sender, recipients, bytes)
        self.answers = {}  # command → what it says instead of yes
        self.hangs = None  # the command that it never answers
        self.reached = threading.Event()  # somebody waits for that answer
        self.connections = 0
        self.encrypted = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += not session.ssl
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if answer := await self._answer("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := await self._answer("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if answer := await self._answer("DATA"):
            return answer
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        self.letters.append(
            email.message_from_bytes(envelope.original_content, policy=policy.default)
        )
        self.encrypted.append(bool(session.ssl))
        await self._answer("after")
        return "250 OK"

    async def _answer(self, command):
        if self.hangs == command:
            self.reached.set()
            while self.hangs == command:  # until another thread ends it
                await asyncio.sleep(0.05)
            return "451 Gone meanwhile"
        return self.answers.get(command)

    def authenticate(self, server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=right)  # else the server says no by itself


@contextlib.contextmanager
def running(certificate=None, *, tls_from_the_start=False, sign_in=False):
    """Yield a server that lives as long as this block. With a certificate it offers STARTTLS."""
    server = MailServer()
    context = certificate and _context(certificate)
    options = {"authenticator": server.authenticate, "auth_required": True} if sign_in else {}
    options |= {"ssl_context" if tls_from_the_start else "tls_context": context} if context else {}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # aiosmtpd warns of servers that ask for less than they could
        controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
        controller.start()
    server.connections = 0  # the controller has knocked itself
    try:
        yield server
    finally:
        server.hangs = None
        controller.stop()


def certificate(folder, host="127.0.0.1"):
    """A file with a certificate for a host, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    try:
        subject = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        subject = x509.DNSName(host)
    now = datetime.datetime.now(datetime.UTC)
    made = (
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
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def _context(path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
