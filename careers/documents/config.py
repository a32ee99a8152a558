"""Parsers of DOCUMENTS_URL and CLAMD_URL.

The settings import this module, so it does not import the settings. Each parser raises a ValueError
that says which values are valid and never repeats a secret.
"""

import ipaddress
import re
from dataclasses import dataclass
from os import PathLike
from typing import Any, TypedDict
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

EXAMPLE = "like s3://KEY:SECRET@s3.example.com/bucket?region=ap-northeast-1"
CLAMD_EXAMPLE = "like tcp://clamav:3310 or unix:/run/clamav/clamd.ctl"
CLAMD_PORT = 3310
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class StorageEntry(TypedDict):
    """An entry of Django's setting STORAGES."""

    BACKEND: str
    OPTIONS: dict[str, Any]


def parse_documents_url(url: str, folder: str | PathLike[str]) -> StorageEntry:
    """DOCUMENTS_URL → an entry of STORAGES; without a URL, the local `folder`.

    s3         over https
    s3+plain   over http, to a server on this machine only
    """
    if not url:
        return {
            "BACKEND": "careers.documents.storage.FolderStorage",
            "OPTIONS": {"location": folder},
        }
    parts, port = _split(url, EXAMPLE)
    if parts.scheme not in ("s3", "s3+plain"):
        raise ValueError(f"must begin with s3://, {EXAMPLE}")
    if not parts.hostname:
        raise ValueError(f"must name an S3 server, {EXAMPLE}")
    if parts.scheme == "s3+plain" and not _is_loopback(parts.hostname):
        raise ValueError("s3+plain:// would send documents unencrypted; use s3://")
    bucket = parts.path.strip("/")
    if not _BUCKET.fullmatch(bucket):
        raise ValueError(f"must have the name of one bucket after the host, {EXAMPLE}")
    key, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if not (key and secret):
        raise ValueError(f"must have both a key and its secret, {EXAMPLE}")
    try:
        parameters = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        parameters = {"?": []}
    if parameters.keys() - {"region"} or parts.fragment:
        raise ValueError(
            f"only ?region= may follow the bucket, {EXAMPLE}; in a secret, encode / as %2F"
        )
    protocol = "http" if parts.scheme == "s3+plain" else "https"
    return {
        "BACKEND": "careers.documents.s3.S3DocumentStorage",
        "OPTIONS": {
            "endpoint_url": f"{protocol}://{_bracketed(parts.hostname)}"
            + (f":{port}" if port else ""),
            "bucket_name": bucket,
            "access_key": key,
            "secret_key": secret,
            "region_name": parameters.get("region", ["us-east-1"])[0],
        },
    }


@dataclass(frozen=True)
class ClamdConfig:
    """The address of clamd: the path of its socket, or host and port."""

    path: str = ""
    host: str = ""
    port: int = CLAMD_PORT


def parse_clamd_url(url: str) -> ClamdConfig | None:
    """CLAMD_URL → ClamdConfig; None without a URL."""
    if not url:
        return None
    parts, port = _split(url, CLAMD_EXAMPLE)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return ClamdConfig(path=parts.path)
    if parts.scheme == "tcp" and parts.hostname and not parts.path.strip("/"):
        return ClamdConfig(host=parts.hostname, port=port or CLAMD_PORT)
    raise ValueError(f"must be the address of clamd, {CLAMD_EXAMPLE}")


def _split(url: str, example: str) -> tuple[SplitResult, int | None]:
    try:
        if url != "".join(url.split()):
            raise ValueError
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise ValueError(f"the host or its port is not valid; use a URL {example}") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name
