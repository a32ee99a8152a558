"""Letters of a local site: readable files in VAR_DIR/letters/, where a mail server would be."""

import contextlib
import email
import os

from django.conf import settings

from .message import READABLE, compose


class Folder:
    """Takes letters as a mail server does. A letter that is there is there whole."""

    def __enter__(self):
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(self, *fault):
        pass

    def take(self, letter):
        """Keep it on the disk, under a name that stays the same should it come a second time."""
        path = _path(letter)
        new = path.with_suffix(".new")
        with new.open("wb") as file:
            file.write(compose(letter, READABLE).as_bytes())
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def text(letter):
    """What was written in a letter that has been taken; "" where there is no file of it."""
    with contextlib.suppress(FileNotFoundError):
        message = email.message_from_bytes(_path(letter).read_bytes(), policy=READABLE)
        return message.get_body(["plain"]).get_content()
    return ""


def remove(letters):
    """Erase the files of these letters. Only a local site has any."""
    if settings.DEV:
        for letter in letters:
            _path(letter).unlink(missing_ok=True)


def _folder():
    return settings.VAR_DIR / "letters"


def _path(letter):
    return _folder() / f"{letter.queued_at:%Y-%m-%d-%H%M%S}-{letter.pk}.eml"
