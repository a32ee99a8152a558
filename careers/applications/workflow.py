"""What happens to an application: it is submitted, confirmed, gets another document, is withdrawn.

An application is never lost. Files are durable before the transaction begins. It writes the application,
its documents, answers and emails, and the response follows its commit. Nothing that can fail comes after
the commit.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from careers.application_forms.enums import DocumentKind, QuestionKind
from careers.application_forms.fields import FIELDS, FieldType
from careers.application_forms.models import Question
from careers.documents.ingest import stored
from careers.documents.models import Document
from careers.documents.storage import StorageUnavailable
from careers.roles.models import Role

from . import emails, pending_uploads
from .enums import Stage
from .fields import e164
from .form_content import FormContent
from .models import Answer, Application, Attachment, StageChange, Submission
from .retention import consent_end
from .spam import quarantine
from .spam.assessment import RequestTraits, assess
from .spam.limits import claim_mail_quota
from .tokens import FormToken, hash_token, make_status_token

# Fields of the form that are columns of the application, under the same name.
STORED_FIELDS = tuple(field.name for field in FIELDS.values() if field.type != FieldType.DOCUMENT)


class SubmittedForm(Protocol):
    """What the workflow reads of `forms.ApplyForm`. Its file fields are in `documents()`."""

    fields: dict[str, Any]
    questions: dict[str, Question]
    cleaned_data: dict[str, Any]

    def is_valid(self) -> bool: ...

    def documents(self) -> dict[str, Document]: ...


class AlreadySubmitted(Exception):
    """The same opened form has made an application before, with other content."""


def submit(
    form: SubmittedForm,
    token: FormToken,
    role: Role | None,
    content: FormContent,
    traits: RequestTraits,
    *,
    again: bool = False,
) -> Application:
    """The application made from a valid form, or the one that the same form with this content made before.

    If the form made another one, raises AlreadySubmitted, unless the candidate decided to send it
    `again`. `traits` are those of the request. If they cause spam signals, the application is saved in
    quarantine, and its files only within the bounds of `pending_uploads`.
    """
    digest = _digest(form, token, after_ended=again)
    if last_submitted(token):
        if duplicate := _find_duplicate(digest, token):
            return duplicate
        if not again:
            raise AlreadySubmitted
    application = _new_application(form, token, role, content, digest)
    document_kinds = [name for name in form.documents() if name in DocumentKind.values]
    received_emails = emails.ReceivedEmails(application, content.company, document_kinds)
    storing = pending_uploads.storing(
        form.documents(), token.key, traits.network_hash, is_limited=bool(traits.signals)
    )
    try:
        with storing, transaction.atomic(durable=True):
            _save(application, form, token, traits, received_emails, again=again)
            return application
    except (IntegrityError, AlreadySubmitted):
        # The same form was sent before, or twice simultaneously; this attempt was rolled back.
        duplicate = _find_duplicate(digest, token)
        if duplicate is None:
            raise
        return duplicate


def find_submitted(form: SubmittedForm, token: FormToken) -> Application | None:
    """The application that the same form with the same content made before, or None.

    A candidate sends a form again when the first response was lost.
    """
    if last_submitted(token) and form.is_valid():
        return _find_duplicate(_digest(form, token), token)
    return None


def last_submitted(token: FormToken) -> Application | None:
    """The last application that was sent from this opened form, or None."""
    return _submitted(token).last()


def confirm(application: Application) -> bool:
    """Confirm a quarantined application. Returns whether this call did it.

    Safe to call twice, also at the same time: one call confirms it and queues the emails in the same
    transaction.
    """
    with transaction.atomic():
        rows = Application.objects.quarantined().filter(pk=application.pk)
        is_first = bool(rows.update(confirmed_at=timezone.now()))
        if is_first:
            emails.queue_received(application)
            submissions = Submission.objects.filter(application=application)
            submissions.update(emailed_at=timezone.now())
    application.refresh_from_db(fields=["confirmed_at"])
    return is_first


def documents_left(application: Application) -> int:
    """How many documents may still be added. In all: twice as many as a form takes."""
    if not application.is_open:
        return 0
    return max(0, 2 * settings.DOCUMENTS_MAX_FILES - application.attachments.count())


def add_document(application: Application, kind: str, document: Document) -> Attachment | None:
    """Store and attach a document, unless the application has the same bytes already.

    Returns the attachment that has them, or None.
    """
    with stored([document]), transaction.atomic(durable=True):
        application = Application.objects.select_for_update().get(pk=application.pk)
        duplicate = application.attachments.filter(document__sha256=document.sha256).first()
        if documents_left(application) and not duplicate:
            document.save()
            application.attachments.create(document=document, kind=kind)
            emails.queue_document_notice(application)
        return duplicate


def withdraw(application: Application) -> None:
    """Withdraw an open application, once, and queue an email to both sides."""
    with transaction.atomic(durable=True):
        application = Application.objects.select_for_update().get(pk=application.pk)
        if application.is_open:
            application.withdraw(timezone.now())
            emails.queue_withdrawal(application)


def _new_application(
    form: SubmittedForm, token: FormToken, role: Role | None, content: FormContent, digest: str
) -> Application:
    """The application of a valid form, not saved and not checked for spam yet."""
    data, now = form.cleaned_data, timezone.now()
    return Application(
        form_key=token.key,
        digest=digest,
        token_hash=hash_token(make_status_token(digest)),
        role=role,
        language=content.language,
        received_at=now,
        phone_e164=e164(data.get("phone") or "", content.language),
        retention_consent_until=consent_end(now) if data["keep"] else None,
        posting_snapshot=content.posting_snapshot,
        **content.accepted_policy,
        **{name: data.get(name) or "" for name in STORED_FIELDS},
    )


def _save(
    application: Application,
    form: SubmittedForm,
    token: FormToken,
    traits: RequestTraits,
    received_emails: emails.ReceivedEmails,
    *,
    again: bool,
) -> None:
    files = form.documents()
    submission, signals = assess(traits, token, _content(form), application.email)
    application.spam_signals = signals
    application.confirmed_at = None if signals else application.received_at
    application.replaces_id = _submitted(token).values_list("pk", flat=True).last()
    if application.replaces_id and not again:
        raise AlreadySubmitted
    application.save()
    StageChange.objects.create(application=application, new_stage=Stage.NEW, by_candidate=True)
    answers = _save_answers(form, application)
    submission.application = application
    _require_saved([document for document in files.values() if document.pk])
    # Also as pending uploads: going back and sending the form once more finds its files.
    exceeding = pending_uploads.add_uploads(
        files, token.key, traits.network_hash, is_limited=bool(signals)
    )
    _attach(
        {name: document for name, document in files.items() if name not in exceeding},
        application,
        answers,
    )
    if signals:
        submission.save()
        missing = [name for name in files if name in exceeding]
        quarantine.request_confirmation(application, missing_files=missing)
    else:
        received_emails.queue(to_candidate=claim_mail_quota(submission))


def _require_saved(pending: list[Document]) -> None:
    """StorageUnavailable if another request has removed one of these earlier uploads of the form."""
    rows = Document.objects.filter(pk__in=[document.pk for document in pending])
    if pending and len(rows.select_for_update().values_list("pk", flat=True)) < len(pending):
        raise StorageUnavailable("another request has removed a pending upload of this form")


def _save_answers(form: SubmittedForm, application: Application) -> dict[str, Answer]:
    """{field name: Answer} of every question of the form, answered or not."""
    answers = {}
    for name, question in form.questions.items():
        field = form.fields[name]
        answers[name] = Answer(
            application=application,
            question=question,
            question_text=field.label,
            question_language=field.label_language,
            kind=question.kind,
            text=_answer_text(question.kind, field, form.cleaned_data.get(name)),
            visible_to_hiring_managers=question.visible_to_hiring_managers,
        )
    Answer.objects.bulk_create(answers.values())
    return answers


def _answer_text(kind: str, field: Any, value: Any) -> str:
    if not value or kind == QuestionKind.FILE:
        return ""
    if kind == QuestionKind.YES_NO:
        return str(dict(field.choices)[value])
    return "\n".join(value) if kind == QuestionKind.MULTI_SELECT else value


def _attach(
    files: Mapping[str, Document], application: Application, answers: Mapping[str, Answer]
) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            application=application,
            document=document,
            kind=DocumentKind.for_field(name),
            answer=answers.get(name),
        )
        for name, document in files.items()
    )


def _find_duplicate(digest: str, token: FormToken) -> Application | None:
    """The application with this digest, unless the candidate has ended it."""
    rows = Application.objects.filter(digest=digest)
    return rows.exclude(pk__in=_ended_by_candidate(token)).first()


def _submitted(token: FormToken) -> QuerySet[Application]:
    """The applications that were sent from this opened form, the oldest first."""
    return Application.objects.filter(form_key=token.key).order_by("pk")


def _ended_by_candidate(token: FormToken) -> QuerySet[Application]:
    """The applications of this opened form that `is_ended_by_candidate`."""
    return _submitted(token).exclude(withdrawn_at=None, erasure_requested_at=None)


def _digest(form: SubmittedForm, token: FormToken, *, after_ended: bool = False) -> str:
    """SHA-256 of the form's key and content: the same form with the same content has the same digest.

    With `after_ended`, also of the applications that the candidate has ended. So the same content can be
    sent once more after each of them.
    """
    parts: list[Any] = [token.key, _content(form)]
    if after_ended:
        parts += _ended_by_candidate(token).values_list("pk", flat=True)
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


def _content(form: SubmittedForm) -> dict[str, Any]:
    """{field name: cleaned value} of a valid form; a file is represented by its SHA-256."""
    files = form.documents()
    return {
        name: files[name].sha256 if name in files else form.cleaned_data.get(name)
        for name in form.fields
    }
