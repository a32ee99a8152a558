"""Letters to people with an account, in the language of the account."""

from urllib.parse import urlsplit

from django.conf import settings

from careers.company.models import Company
from careers.languages import words
from careers.outbox.compose import queue


def send(kind, user, *, link):
    """Queue a letter with a link that opens the account once."""
    name = words(Company.get(), "name", user.language).text
    queue(
        kind,
        user.language,
        user.email,
        erase_after_sending=True,
        company=name or urlsplit(settings.SITE_URL).hostname,  # before anybody has named it
        name=user.get_full_name(),
        link=link,
    )
