"""What people are told about an application: the candidate, and whoever reads it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from careers.company.models import Company
from careers.languages import absolute, in_language, words
from careers.outbox.models import Letter
from careers.outbox.writing import compose, write

from .asking import PAPERS
from .facts import Paper
from .traces import Sending

MOMENT = timedelta(minutes=1)  # a second letter within it was one press too many


class Received:
    """Both letters of an application that comes in, written as far as they can be before it is saved:
    while a row is being written to SQLite, everybody else who writes waits."""

    def __init__(self, application, papers):
        self.application, self.company = application, Company.get()
        said = _for_candidate(application, self.company, papers)
        self.to_candidate = compose("application_received", **said)

    def queue(self, *, tell_candidate=True):
        """Queue them, in the caller's transaction, which has saved the application."""
        if tell_candidate:
            self.to_candidate.save()
        _to_recruiter(self.application, "application_notice", self.company)


def received(application):
    """Queue both letters of an application that is there already, in the caller's transaction."""
    Received(application, _papers(application)).queue()


def not_again(application):
    """Why the letter is not to be written once more now, in a sentence; empty if it may be."""
    if not application.is_open:
        return gettext("This application is closed, so its letter is not sent again.")
    lately = Letter.objects.filter(
        concerns=application.reference,
        recipient__iexact=application.email,
        queued_at__gt=timezone.now() - MOMENT,
    )
    if lately.exists():
        said = gettext(
            "A letter about this application went to %(address)s less than a minute ago. Please wait"
            " a minute before you send another one."
        )
        return said % {"address": application.email}
    return ""


def again(application):
    """Queue the letter once more that somebody cannot find: with the address of their own page, or,
    while the application is doubtful, with a new link to confirm it. Counted as the one that is owed."""
    Sending.objects.filter(application=application).update(wrote_at=timezone.now())
    if application.is_confirmed:
        _to_candidate(application, "application_received", Company.get())
    else:
        to_confirm(application, application.confirmation)


def document_added(application):
    """Queue the notice that there is one document more."""
    _to_recruiter(application, "document_notice", Company.get())


def withdrawn(application):
    """Queue both letters of an application that its sender has withdrawn."""
    _to_both(application, "withdrawal_received", "withdrawal_notice")


def erasure_asked(application):
    """Queue both letters of an application whose sender wants to be forgotten."""
    _to_both(application, "erasure_received", "erasure_notice")


def _to_both(application, received, notice):
    company = Company.get()
    _to_candidate(application, received, company)
    _to_recruiter(application, notice, company)


def _to_candidate(application, kind, company, **more):
    write(kind, **_for_candidate(application, company, _papers(application)), **more)


def _for_candidate(application, company, papers):
    """A letter in the language of the application; answers go to the role's recruiter.

    The address of the candidate's own page stands in it until it has arrived, and then in no row.
    """
    language = application.language
    address = reverse("applications:status", args=[application.own_token()])
    return {
        "language": language,
        "recipient": application.email,
        "reply_to": _reader(application, company)[0],
        "one_time": True,
        "concerns": application.reference,
        **_said(application, language, company),
        "own": absolute(in_language(address, language)),
        "papers": [str(PAPERS[paper]) for paper in papers],
        "concerns_email": company.concerns_email,
    }


def _papers(application):
    rows = application.attachments.exclude(paper=Paper.ANSWER)
    return rows.values_list("paper", flat=True)


def _to_recruiter(application, kind, company):
    """A notice, in the language of whoever reads it. It says no more of the person than the name."""
    recipient, language = _reader(application, company)
    if not recipient:
        return
    address = reverse("admin:applications_application_change", args=[application.pk])
    write(
        kind,
        language,
        recipient,
        link=absolute(address),
        concerns=application.reference,
        **_said(application, language, company),
    )


def keeping_ends(application):
    """Queue the question whether somebody's details may be kept for another year."""
    _to_candidate(application, "keeping_ends", Company.get(), keep_until=application.keep_until)


def to_confirm(application, step):
    """The one more step of a doubtful application: a link, and nothing that the sender wrote but the name."""
    company, language = Company.get(), application.language
    address = in_language(reverse("applications:confirm", args=[step.new_token()]), language)
    write(
        "application_confirm",
        language,
        application.email,
        reply_to=_reader(application, company)[0],
        one_time=True,
        link=absolute(address),
        expires_at=step.expires_at,
        concerns=application.reference,
        **_said(application, language, company),
    )


def _reader(application, company):
    """Whom a new application is for: address and language."""
    recruiter = application.role and application.role.recruiter
    if recruiter and recruiter.is_active:
        return recruiter.email, recruiter.language
    return company.contact_email, application.language


def _role(application, language):
    if application.role:
        return words(application.role, "title", language).text
    with translation.override(language):
        return gettext("General application")


def _said(application, language, company):
    return {
        "company": words(company, "name", language).text,
        "name": application.name,
        "role": _role(application, language),
        "general": application.role is None,
        "number": application.number,
        "received_at": application.received_at,
    }
