"""Emails of a development site: files in VAR_DIR/emails/ in place of a mail server."""

import contextlib
import email as email_package
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.conf import settings

from .message import READABLE, build_message

if TYPE_CHECKING:
    from .models import Email


class EmailFolder:
    """Has the interface of `MailServer`, and writes each email into a file."""

    def __enter__(self) -> Self:
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(self, *exc_info: object) -> None:
        pass

    def send(self, email: "Email") -> None:
        """Write the file durably and atomically. Sending twice writes the same file."""
        path = _path(email)
        new = path.with_suffix(".new")
        with new.open("wb") as file:
            file.write(build_message(email, READABLE))
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_text(email: "Email") -> str:
    """The plain text of the file of a sent email; "" where there is none."""
    with contextlib.suppress(FileNotFoundError):
        message = email_package.message_from_bytes(_path(email).read_bytes(), policy=READABLE)
        body = message.get_body(["plain"])
        return body.get_content() if body else ""
    return ""


def remove(emails: Iterable["Email"]) -> None:
    """Delete the files of these emails. Only a development site has any."""
    if settings.DEV:
        for email in emails:
            _path(email).unlink(missing_ok=True)


def _folder() -> Path:
    return settings.VAR_DIR / "emails"


def _path(email: "Email") -> Path:
    return _folder() / f"{email.queued_at:%Y-%m-%d-%H%M%S}-{email.pk}.eml"
