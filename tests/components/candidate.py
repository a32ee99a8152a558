"""Somebody who applies: opens the form over HTTP, fills it in, and sends it as apply.js does.

What is lost on the way is sent again with the same token, until the reference is on the screen.
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

PATIENCE = 90  # seconds until somebody gives up
PAUSE = 0.2  # seconds between two attempts


class Arrived(NamedTuple):
    """What the screen said at the end, and what had been sent."""

    reference: str
    email: str
    sha256: str
    attempts: int


class Site:
    """Where a site is reached, as its proxy reaches it: for whom, and from whose address."""

    def __init__(self, address, port, visitor="203.0.113.7"):
        parts = urlsplit(address)
        self.port = port
        self.headers = {
            "Host": parts.netloc,
            "X-Forwarded-Proto": parts.scheme,
            "X-Forwarded-For": visitor,
            "Connection": "close",
        }

    def ask(self, path, body=None, timeout=30, **headers):
        """Status and text of one answer; OSError or HTTPException, if there is none."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as line:
            line.request("POST" if body else "GET", path, body, {**self.headers, **headers})
            answer = line.getresponse()
            return answer.status, answer.read().decode()


class NotUnderstood(Exception):
    """The site has refused a form in which nothing is wrong."""


def apply(site, email, file, *, name="cv.txt", path="/en/apply/", scripted=True, patience=PATIENCE):
    """Apply, whatever happens on the way; Arrived, or TimeoutError. Without scripts no puzzle is solved."""
    limit = time.monotonic() + patience
    page = _insist(limit, lambda: opened(site, path))
    fields = filled(email, page, scripted=scripted)
    body, kind = multipart(fields, {"resume": (name, file)})
    attempts = 0

    def send():
        nonlocal attempts
        attempts += 1
        status, text = site.ask(path, body, **{"Content-Type": kind, "Accept": "application/json"})
        if status == 422:
            raise NotUnderstood(text)
        return json.loads(text)["address"] if status == 200 else None

    address = _insist(limit, send)
    reference = _insist(limit, lambda: _reference(site, address))
    return Arrived(reference, email, sha256(file).hexdigest(), attempts)


def opened(site, path):
    """The page with the form; None, if there was none."""
    status, page = site.ask(path)
    return page if status == 200 else None


def filled(email, page, *, scripted=True):
    """What is sent from such a page: {name: text}."""
    return {
        "given_name": "Hana",
        "family_name": "Sora",
        "email": email,
        "agree": "on",
        "token": re.search(r'name="token" value="([^"]+)"', page)[1],
        "solution": solution(page) if scripted else "",
    }


def solution(page):
    """What the script of the page finds, after a hundred tries or so."""
    puzzle = unescape(re.search(r'data-puzzle="([^"]+)"', page)[1])
    challenge = altcha.Challenge.from_dict(json.loads(puzzle))
    return altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()


def multipart(fields, files):
    """A form as browsers send it: the body and its type."""
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


def _insist(limit, attempt):
    while True:
        try:
            if found := attempt():
                return found
        except (OSError, http.client.HTTPException, ValueError):
            pass  # the connection was lost, or somebody else than the site has answered
        if time.monotonic() > limit:
            raise TimeoutError
        time.sleep(PAUSE)


def _reference(site, address):
    status, page = site.ask(address)
    found = re.search(r">([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})<", page)
    return found[1] if status == 200 and found else None
