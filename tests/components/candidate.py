"""A candidate who opens the form over HTTP, fills it in, and sends it as apply.js does.

A request without a response is repeated with the same token, until the receipt shows the reference.
"""

import http.client
import json
import re
import time
import uuid
from contextlib import closing
from hashlib import sha256
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

import altcha

TIMEOUT = 90  # seconds until the candidate gives up
RETRY_INTERVAL = 0.2  # seconds between two attempts


class Receipt(NamedTuple):
    """The reference on the final page, and what was sent."""

    reference: str
    email: str
    sha256: str
    attempts: int


class SiteClient:
    """Sends requests to a site as its proxy does, for a visitor with this IP address."""

    def __init__(self, address, port, ip_address="203.0.113.7"):
        parts = urlsplit(address)
        self.port = port
        self.headers = {
            "Host": parts.netloc,
            "X-Forwarded-Proto": parts.scheme,
            "X-Forwarded-For": ip_address,
            "Connection": "close",
        }

    def request(self, path, body=None, timeout=30, **headers):
        """Status and text of the response; OSError or HTTPException if there is none."""
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        ) as connection:
            connection.request("POST" if body else "GET", path, body, {**self.headers, **headers})
            response = connection.getresponse()
            return response.status, response.read().decode()


class FormRejected(Exception):
    """The site rejected a valid form."""


def apply(site, email, file, *, name="cv.txt", path="/en/apply/", javascript=True, timeout=TIMEOUT):
    """Apply, repeating lost requests; without JavaScript no challenge is solved. May raise TimeoutError."""
    deadline = time.monotonic() + timeout
    page = _retry(deadline, lambda: open_form(site, path))
    fields = form_fields(email, page, javascript=javascript)
    body, content_type = multipart(fields, {"resume": (name, file)})
    attempts = 0

    def send():
        nonlocal attempts
        attempts += 1
        status, text = site.request(
            path, body, **{"Content-Type": content_type, "Accept": "application/json"}
        )
        if status == 422:
            raise FormRejected(text)
        return json.loads(text)["address"] if status == 200 else None

    address = _retry(deadline, send)
    reference = _retry(deadline, lambda: _reference(site, address))
    return Receipt(reference, email, sha256(file).hexdigest(), attempts)


def open_form(site, path):
    """The page with the form, or None if the response has another status."""
    status, page = site.request(path)
    return page if status == 200 else None


def form_fields(email, page, *, javascript=True):
    """{name: text} that a candidate sends from this page."""
    return {
        "given_name": "Hana",
        "family_name": "Sora",
        "email": email,
        "agree": "on",
        "token": re.search(r'name="token" value="([^"]+)"', page)[1],
        "solution": solution(page) if javascript else "",
    }


def solution(page):
    """The solution that pow.js finds after about a hundred hashes."""
    text = unescape(re.search(r'data-challenge="([^"]+)"', page)[1])
    challenge = altcha.Challenge.from_dict(json.loads(text))
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def multipart(fields, files):
    """A form as browsers send it: its body and content type."""
    boundary = uuid.uuid4().hex
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [
        (f'name="{name}"; filename="{file}"\r\nContent-Type: application/octet-stream', content)
        for name, (file, content) in files.items()
    ]
    body = b"".join(
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
        % (boundary.encode(), head.encode(), content)
        for head, content in parts
    )
    return body + b"--%s--\r\n" % boundary.encode(), f"multipart/form-data; boundary={boundary}"


def _retry(deadline, attempt):
    while True:
        try:
            if result := attempt():
                return result
        except (OSError, http.client.HTTPException, ValueError):
            pass  # the connection was lost, or the response is not the site's
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(RETRY_INTERVAL)


def _reference(site, address):
    status, page = site.request(address)
    match = re.search(r">([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})<", page)
    return match[1] if status == 200 and match else None
