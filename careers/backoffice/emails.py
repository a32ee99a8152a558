"""Emails to users, in the language of their account."""

from urllib.parse import urlsplit

from django.conf import settings

from careers.company.models import Company
from careers.languages import localized
from careers.outbox.compose import queue


def send(kind, user, *, link):
    """Queue an email with a one-time link; its text is erased after sending."""
    name = localized(Company.get(), "name", user.language).text
    queue(
        kind,
        user.language,
        user.email,
        erase_after_sending=True,
        company=name or urlsplit(settings.SITE_URL).hostname,  # until the company has a name
        name=user.get_full_name(),
        link=link,
    )
