"""Parsers of SMTP_URL and of mailboxes like MAIL_FROM: a name and an address.

The settings import this module, so it does not import the settings. Each parser raises a ValueError
that says which values are valid and never repeats a password.
"""

import re
from dataclasses import dataclass, field
from email.utils import quote as escape_name
from email.utils import unquote as unquote_name
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from careers.email_address import InvalidAddress, ascii_form

EXAMPLE = "like smtp://user:password@smtp.example.com:587"
_MAILBOX = re.compile(r"""(.*?)\s*<((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>|(.+)""")
_SPECIALS = re.compile(r'[()<>\[\]:;@\\,."]')  # RFC 5322, 3.2.3
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


@dataclass(frozen=True)
class SMTPConfig:
    """A mail server. The scheme says how connections are encrypted:

    smtp         STARTTLS, required
    smtps        TLS from the first byte
    smtp+plain   none: for a relay on the same machine
    """

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


def parse_smtp_url(url: str) -> SMTPConfig:
    """`smtp://user:password@host:587` → SMTPConfig. User and password are percent-encoded."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"the host or its port is not valid; use a URL {EXAMPLE}") from None
    if parts.scheme not in PORTS:
        raise ValueError(f"must begin with smtp://, smtps:// or smtp+plain://, {EXAMPLE}")
    if not parts.hostname or url != "".join(url.split()):
        raise ValueError(f"must name a mail server, {EXAMPLE}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            f"nothing may follow the port, {EXAMPLE}; in a password, encode / as %2F, ? as %3F, # as %23"
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError(f"must have both a user and a password, or neither, {EXAMPLE}")
    if not (user + password).isascii():
        raise ValueError("the user and password can contain only ASCII characters")
    if user and parts.scheme == "smtp+plain":
        raise ValueError("smtp+plain:// would send the password unencrypted; use smtp://")
    return SMTPConfig(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)


class Mailbox(NamedTuple):
    """A display name, which may be empty, and an address in its ASCII form."""

    name: str
    address: str

    def __str__(self) -> str:
        """The text that `parse_mailbox` reads."""
        if not self.name:
            return self.address
        name = f'"{escape_name(self.name)}"' if _SPECIALS.search(self.name) else self.name
        return f"{name} <{self.address}>"


def parse_mailbox(text: str) -> Mailbox:
    """`Kumo Careers <jobs@kumo.example.com>`, or the address alone → Mailbox."""
    match = _MAILBOX.fullmatch(text.strip())
    try:
        name, address = (match[1] or "", match[2] or match[3] or "") if match else ("", "")
        return Mailbox(unquote_name(name), ascii_form(address))
    except InvalidAddress:
        raise ValueError(
            "must be an address like careers@example.com or Kumo Careers <careers@example.com>"
        ) from None
