"""The report of problems to the people who run the site: a line in the log, and an email once a day."""

import logging

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from careers.company.models import Company
from careers.languages import absolute, localized
from careers.outbox.compose import queue
from careers.staff.models import User

from . import readiness
from .models import LastRun

log = logging.getLogger(__name__)


def report():
    """Log which subsystems have an error, and email all problems to ADMINS.

    No email is queued while emails are what does not work: it would arrive after the repair.
    """
    errors = [
        result.name for result in readiness.examine() if result.state is readiness.State.ERROR
    ]
    if not errors:
        return
    log.error("Not ready: %s", ", ".join(errors))
    if "email" in errors or not settings.ADMINS:
        return
    with transaction.atomic():
        if LastRun.objects.claim(LastRun.Task.PROBLEM_REPORT, settings.PROBLEM_REPORT_INTERVAL):
            for _name, address in settings.ADMINS:
                _queue_email(address)


def _queue_email(address):
    """In the language of the account with this address; English without one."""
    users = User.objects.filter(email__iexact=address)
    language = users.values_list("language", flat=True).first() or User.Language.ENGLISH.value
    with translation.override(language):
        problems = readiness.problems(readiness.examine())
    queue(
        "problem_report",
        language,
        address,
        company=localized(Company.get(), "name", language).text or settings.ALLOWED_HOSTS[0],
        problems=problems,
        link=absolute(reverse("admin:index")),
    )
