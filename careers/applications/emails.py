"""The emails about an application: to the candidate, and to the recruiter of its role.

Every function queues in the caller's transaction.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from careers.application_forms.enums import DocumentKind
from careers.application_forms.fields import FIELDS
from careers.company.models import Company
from careers.datetimes.durations import duration
from careers.languages import absolute, localized, path_in_language
from careers.outbox.compose import compose, queue
from careers.outbox.models import Email

from .models import Submission


class ReceivedEmails:
    """The two emails about a new application. They are rendered before the transaction that saves it:
    while a transaction writes to SQLite, every other writer waits."""

    def __init__(self, application, company, document_kinds):
        context = _candidate_context(application, company, document_kinds)
        self._to_candidate = compose("application_received", **context)
        notice = _recruiter_context(application, company)
        self._to_recruiter = notice and compose("application_notice", **notice)

    def queue(self, *, to_candidate=True):
        """Queue both, or only the one to the recruiter."""
        emails = [self._to_candidate if to_candidate else None, self._to_recruiter]
        Email.objects.bulk_create([email for email in emails if email])


def queue_received(application):
    """Queue both emails about an application that has just been confirmed."""
    ReceivedEmails(application, Company.get(), _document_kinds(application)).queue()


def resend_refusal(application):
    """Why the email must not be sent again now, as a sentence; "" if it may be."""
    if not application.is_open:
        return gettext("This application is closed, so its email is not sent again.")
    recent = Email.objects.to_address(application.email).filter(
        reference=application.reference,
        queued_at__gt=timezone.now() - settings.EMAIL_RESEND_INTERVAL,
    )
    if recent.exists():
        sentence = gettext(
            "An email about this application went to %(address)s less than %(duration)s ago. Please"
            " wait %(duration)s before you send another one."
        )
        wait = duration(settings.EMAIL_RESEND_INTERVAL)
        return sentence % {"address": application.email, "duration": wait}
    return ""


def resend(application):
    """Queue the email that leads to the application's page, or, in quarantine, a new confirmation link.

    It also counts as the email that the limits may have deferred.
    """
    Submission.objects.filter(application=application).update(emailed_at=timezone.now())
    if application.is_confirmed:
        _queue_to_candidate(application, "application_received", Company.get())
    else:
        _queue_confirmation(application, application.confirmation)


def queue_document_notice(application):
    """Tell the recruiter that the candidate has added a document."""
    _queue_to_recruiter(application, "document_notice", Company.get())


def queue_withdrawal(application):
    """Confirm the withdrawal to the candidate, and tell the recruiter."""
    _queue_to_both(application, "withdrawal_received", "withdrawal_notice")


def queue_erasure_request(application, *, is_withdrawn):
    """Confirm the request to the candidate, and tell the recruiter.

    `is_withdrawn`: the request has also withdrawn the application.
    """
    _queue_to_both(
        application,
        "erasure_received",
        "erasure_notice",
        due_at=application.erasure_due_at,
        is_withdrawn=is_withdrawn,
    )


def queue_renewal_request(application):
    """Ask the candidate to renew the consent that ends soon."""
    _queue_to_candidate(
        application,
        "consent_renewal",
        Company.get(),
        retention_consent_until=application.retention_consent_until,
    )


def _queue_confirmation(application, confirmation):
    """The confirmation link. Of what the sender typed, this email contains the name only."""
    company, language = Company.get(), application.language
    path = reverse("applications:confirm", args=[confirmation.issue_token()])
    queue(
        "application_confirm",
        language,
        application.email,
        reply_to=_recruiter(application, company)[0],
        erase_after_sending=True,
        link=absolute(path_in_language(path, language)),
        expires_at=confirmation.expires_at,
        reference=application.reference,
        **_context(application, language, company),
    )


def _queue_to_both(application, to_candidate, to_recruiter, **context):
    company = Company.get()
    _queue_to_candidate(application, to_candidate, company, **context)
    _queue_to_recruiter(application, to_recruiter, company, **context)


def _queue_to_candidate(application, template, company, **context):
    document_kinds = _document_kinds(application)
    queue(template, **_candidate_context(application, company, document_kinds), **context)


def _queue_to_recruiter(application, template, company, **context):
    if notice := _recruiter_context(application, company):
        queue(template, **notice, **context)


def _recruiter_context(application, company):
    """A notice in the recruiter's language. It names the candidate and says nothing else about them.

    None if there is no address to send it to.
    """
    recipient, language = _recruiter(application, company)
    if not recipient:
        return None
    path = reverse("admin:applications_application_change", args=[application.reference])
    return {
        "language": language,
        "recipient": recipient,
        "link": absolute(path),
        "reference": application.reference,
        **_context(application, language, company),
    }


def _candidate_context(application, company, document_kinds):
    """An email in the language of the application. Answers to it go to the recruiter.

    It contains the link to the candidate's page, so its text is erased once it has been sent.
    """
    language = application.language
    path = reverse("applications:status", args=[application.status_token()])
    return {
        "language": language,
        "recipient": application.email,
        "reply_to": _recruiter(application, company)[0],
        "erase_after_sending": True,
        "reference": application.reference,
        **_context(application, language, company),
        "status_url": absolute(path_in_language(path, language)),
        "documents": [str(FIELDS[kind].label) for kind in document_kinds],
        "concerns_email": company.concerns_email,
    }


def _document_kinds(application):
    rows = application.attachments.exclude(kind=DocumentKind.ANSWER)
    return rows.values_list("kind", flat=True)


def _context(application, language, company):
    return {
        "company": localized(company, "name", language).text,
        "name": application.name,
        "role": _role_title(application, language),
        "general": application.role is None,
        "display_reference": application.display_reference,
        "received_at": application.received_at,
    }


def _role_title(application, language):
    if application.role:
        return localized(application.role, "title", language).text
    with translation.override(language):
        return gettext("General application")


def _recruiter(application, company):
    """Email address and language of the role's recruiter, else of the company."""
    recruiter = application.role and application.role.recruiter
    if recruiter and recruiter.is_active:
        return recruiter.email, recruiter.language
    return company.contact_email, application.language
