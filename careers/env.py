"""Reads the environment and the file .env into one typed, validated object.

careers/settings.py turns it into Django settings; all other code reads `django.conf.settings`.
gunicorn.conf.py reads the variables of gunicorn. `.env.example` explains every variable to operators.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from environs import Env, EnvValidationError, ValidationError

from careers import social_cards
from careers.documents import config as documents
from careers.documents.types import parse_document_types
from careers.outbox import config as outbox

# This machine (RFC 1122, RFC 4291), and networks that are not part of the internet (RFC 1918, RFC 4193).
PRIVATE_NETWORKS = [
    "127.0.0.0/8",
    "::1",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The parsed environment. Each field has the name of its variable in lower case, or what it configures."""

    dev: bool
    debug: bool  # only with DEV
    secret_key: str
    secret_key_fallbacks: list[str]
    site_url: str  # scheme and host, without a trailing slash
    var_dir: Path
    time_zone: str  # an IANA name
    require_second_factor: bool
    trusted_proxies: int
    operator_networks: tuple[IPv4Network | IPv6Network, ...]
    database: dict[str, Any]  # an entry of DATABASES
    smtp: outbox.SMTPConfig | None  # None with DEV: emails become files
    mail_from: str  # empty only with DEV
    admins: list[outbox.Mailbox]
    documents_storage: dict[str, Any]  # an entry of STORAGES
    document_types: tuple[str, ...]
    clamd: documents.ClamdConfig | None
    page_cache_bytes: int  # of each process
    card_font: str  # a path, or empty


def read(folder: Path) -> Environment:
    """Read the environment and `folder`/.env. If both set a variable, the environment wins.

    SystemExit with one message that names every missing or invalid variable.
    """
    env = Env(eager=False)
    env.read_env(folder / ".env", recurse=False)
    dev = env.bool("DEV", False)
    debug = env.bool("DEBUG", False)
    if debug and not dev:
        sys.exit(
            "make dev and DEBUG=yes show source code to every visitor: use them on your own machine only,"
            " with DEV=yes in .env."
        )
    only_production = {"default": ""} if dev else {}
    secret_key = env.str("SECRET_KEY", validate=_secret)
    secret_key_fallbacks = env.list(
        "SECRET_KEY_FALLBACKS", [], subcast=str.strip, validate=lambda keys: [*map(_secret, keys)]
    )
    site_url = env.str("SITE_URL", validate=lambda value: _site_url(value, dev))
    var_dir = Path(env.str("VAR_DIR", str(folder / "var")) or "")
    time_zone = env.str("TIME_ZONE", "Asia/Tokyo", validate=_time_zone)
    require_second_factor = env.bool("REQUIRE_SECOND_FACTOR", False)
    trusted_proxies = env.int("TRUSTED_PROXIES", 0, validate=_proxies)
    operator_networks = env.list(
        "OPERATOR_NETWORKS", PRIVATE_NETWORKS, validate=_readable(_parse_networks)
    )
    database = env.dj_db_url(
        "DATABASE_URL", f"sqlite:///{var_dir / 'careers.sqlite3'}", conn_max_age=600
    )
    smtp_url = env.str("SMTP_URL", validate=_mail(outbox.parse_smtp_url, dev), **only_production)
    mail_from = env.str("MAIL_FROM", validate=_mail(outbox.parse_mailbox, dev), **only_production)
    admins = env.list("ADMINS", [], validate=_readable(_parse_mailboxes))
    documents_url = env.str(
        "DOCUMENTS_URL",
        "",
        validate=_readable(lambda url: documents.parse_documents_url(url, var_dir)),
    )
    document_types = env.list(
        "DOCUMENT_TYPES",
        ["pdf", "doc", "docx", "rtf", "txt"],
        validate=_readable(parse_document_types),
    )
    clamd_url = env.str("CLAMD_URL", "", validate=_readable(documents.parse_clamd_url))
    page_cache_mb = env.int("PAGE_CACHE_MB", 32, validate=_megabytes)
    card_font = env.str("CARD_FONT", "", validate=_readable(social_cards.check_font))
    try:
        env.seal()
    except EnvValidationError as error:
        sys.exit(_message(error.error_messages))
    return Environment(
        dev=dev,
        debug=debug,
        secret_key=secret_key,
        secret_key_fallbacks=secret_key_fallbacks,
        site_url=site_url.rstrip("/"),
        var_dir=var_dir,
        time_zone=time_zone,
        require_second_factor=require_second_factor,
        trusted_proxies=trusted_proxies,
        operator_networks=_parse_networks(operator_networks),
        database=database,
        smtp=None if dev else outbox.parse_smtp_url(smtp_url),
        mail_from=mail_from,
        admins=_parse_mailboxes(admins),
        documents_storage=documents.parse_documents_url(documents_url, var_dir / "documents"),
        document_types=parse_document_types(document_types),
        clamd=documents.parse_clamd_url(clamd_url),
        page_cache_bytes=page_cache_mb * 1024**2,
        card_font=card_font,
    )


def _message(errors):
    lines = "\n".join(f"  {name}: {' '.join(messages)}" for name, messages in errors.items())
    return (
        "Careers cannot start. Set these variables in the environment or in .env (.env.example"
        f" explains each):\n{lines}"
    )


# --- Parsers: each raises a ValueError that says which values are valid --------------------------


def _parse_mailboxes(values: list[str]) -> list[outbox.Mailbox]:
    """Pairs of a name, which may be empty, and an address, as Django's ADMINS has them."""
    return [outbox.parse_mailbox(value) for value in values]


def _parse_networks(values: list[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(value.strip()) for value in values)
    except ValueError:
        raise ValueError("must be IP addresses or networks, like 10.0.0.0/8") from None


# --- Validators: each raises a ValidationError that says which values are valid -----------------


def _site_url(value: str, dev: bool) -> None:
    """Require a scheme and a host, without a path; HTTPS unless DEV."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or value != value.strip():
        raise ValidationError("must be a full URL, like https://careers.example.com")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValidationError("must be a URL without a path, like https://careers.example.com")
    if parts.scheme == "http" and not dev:
        raise ValidationError("must begin with https:// (http:// is for DEV=yes only)")


def _secret(value: str) -> None:
    """Reject keys that are short, repetitive or copied from an example."""
    if len(value) < 50 or len(set(value)) < 5 or "example" in value or "change" in value:
        raise ValidationError("must be at least 50 random characters (`make secret` prints some)")


def _time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError("must be the name of a time zone, like Asia/Tokyo")


def _proxies(value: int) -> None:
    if not 0 <= value <= 9:
        raise ValidationError(
            "must be the number of your own proxies in front of the site, from 0 to 9"
        )


def _megabytes(value: int) -> None:
    if not 1 <= value <= 4_096:
        raise ValidationError("must be a number of megabytes from 1 to 4096")


def _mail(read: Callable[[str], Any], dev: bool) -> Callable[[str], None]:
    """The validator of SMTP_URL and MAIL_FROM, which may be empty with DEV."""
    return _readable(lambda value: (value or not dev) and read(value))


def _readable(read: Callable[[Any], Any]) -> Callable[[Any], None]:
    """A validator that accepts what `read` parses, and reports the message of its ValueError."""

    def validate(value):
        try:
            read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    return validate
