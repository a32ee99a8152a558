"""Where documents are kept and who looks for viruses: DOCUMENTS_URL and CLAMD_URL, read and checked.

The settings ask here, so nothing here asks the settings. What is wrong is a ValueError that says
what to write instead, and that never repeats a secret.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

EXAMPLE = "like s3://KEY:SECRET@s3.example.com/bucket?region=ap-northeast-1"
CLAMD_EXAMPLE = "like tcp://clamav:3310 or unix:/run/clamav/clamd.ctl"
CLAMD_PORT = 3310
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def storage(url, folder):
    """DOCUMENTS_URL → an entry of STORAGES; without one, a folder of this machine.

    s3         over https
    s3+plain   over http, to a server on this machine only
    """
    if not url:
        return {"BACKEND": "careers.documents.storage.Folder", "OPTIONS": {"location": folder}}
    parts, port = _split(url, EXAMPLE)
    if parts.scheme not in ("s3", "s3+plain"):
        raise ValueError(f"must begin with s3://, {EXAMPLE}")
    if not parts.hostname:
        raise ValueError(f"give the address of the S3 server, {EXAMPLE}")
    if parts.scheme == "s3+plain" and not _is_this_machine(parts.hostname):
        raise ValueError("s3+plain:// would send documents unencrypted; use s3://")
    bucket = parts.path.strip("/")
    if not _BUCKET.fullmatch(bucket):
        raise ValueError(f"give the name of one bucket after the host, {EXAMPLE}")
    key, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if not (key and secret):
        raise ValueError(f"give both a key and its secret, {EXAMPLE}")
    try:
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        asked = {"?": []}
    if asked.keys() - {"region"} or parts.fragment:
        raise ValueError(
            f"only ?region= may follow the bucket, {EXAMPLE}; in a secret write / as %2F"
        )
    protocol = "http" if parts.scheme == "s3+plain" else "https"
    return {
        "BACKEND": "careers.documents.s3.Bucket",
        "OPTIONS": {
            "endpoint_url": f"{protocol}://{_host(parts.hostname)}" + (f":{port}" if port else ""),
            "bucket_name": bucket,
            "access_key": key,
            "secret_key": secret,
            "region_name": asked.get("region", ["us-east-1"])[0],
        },
    }


@dataclass(frozen=True)
class Clamd:
    """Where clamd listens: the path of its socket, or host and port."""

    path: str = ""
    host: str = ""
    port: int = CLAMD_PORT


def clamd(url):
    """CLAMD_URL → Clamd; None without one."""
    if not url:
        return None
    parts, port = _split(url, CLAMD_EXAMPLE)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return Clamd(path=parts.path)
    if parts.scheme == "tcp" and parts.hostname and not parts.path.strip("/"):
        return Clamd(host=parts.hostname, port=port or CLAMD_PORT)
    raise ValueError(f"give the address of clamd, {CLAMD_EXAMPLE}")


def _split(url, example):
    try:
        if url != "".join(url.split()):
            raise ValueError
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise ValueError(f"the host or its port is not valid; give it {example}") from None


def _is_this_machine(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host(name):
    return f"[{name}]" if ":" in name else name
