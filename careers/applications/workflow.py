"""From a form that is right to an application that is never lost.

The order of work is the promise: files are durable before this begins; then one transaction writes
the application, its documents, answers and letters; only after its commit is there an answer.
Nothing that can fail stands behind the commit.
"""

import json
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from careers.application_forms.enums import Kind

from . import context, drafts, emails, quarantine, room
from .doubts import assess
from .enums import DocumentKind, Stage
from .fields import e164
from .models import Answer, Application, Attachment, StageChange
from .tokens import hashed, status_token

AS_SENT = (
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "preferred_name",
    "email",
    "phone",
    "links",
    "resume_text",
    "start",
    "eligibility",
    "message",
    "source",
    "accommodation",
)


def submit(form, token, role, language, signs):
    """The application that a valid form makes; the one that is there if the same was sent before.
    Where `signs` leave a doubt it is written just the same, and waits for one more step."""
    digest = _digest(form, token)
    application = _application(form, token, role, language, digest)
    papers = [name for name in form.documents() if name in DocumentKind.values]
    both = emails.Received(application, papers)
    try:
        with transaction.atomic(durable=True):
            _write(application, form, token, signs, both)
            return application
    except IntegrityError:
        # The same form was sent before, or twice at this moment: nothing of this attempt remains.
        if same := Application.objects.filter(digest=digest).first():
            return same
        raise


def sent_before(form, token):
    """The application that this form made when it was sent before, or None: its answer was lost."""
    made = Application.objects.filter(key=token.key)
    if made.exists() and form.is_valid():
        return made.filter(digest=_digest(form, token)).first()
    return None


def _application(form, token, role, language, digest):
    """What was sent, not saved yet: nobody has judged it."""
    sent, now = form.cleaned_data, timezone.now()
    until = timezone.localdate(now) + settings.RETENTION_CONSENT_LIFETIME
    return Application(
        key=token.key,
        digest=digest,
        token_hash=hashed(status_token(digest)),
        role=role,
        language=language,
        received_at=now,
        phone_e164=e164(sent.get("phone") or ""),
        retention_consent_until=until if sent["keep"] else None,
        snapshot=context.snapshot(role, language),
        **context.agreed(language),
        **{name: sent.get(name) or "" for name in AS_SENT},
    )


def _write(application, form, token, signs, both):
    files = form.documents()
    sending, application.doubts = assess(signs, token, _content(form), application.email)
    lost = bool(application.doubts) and not room.is_there(files.values())
    application.confirmed_at = None if application.doubts else application.received_at
    before = Application.objects.filter(key=token.key)
    application.replaces_id = before.aggregate(last=Max("pk"))["last"]
    application.save()
    StageChange.objects.create(application=application, after=Stage.NEW)
    answers = _answers(form, application)
    sending.application = application
    if lost:
        room.give_back(files.values(), token.key)
    else:
        drafts.keep(form, token.key)  # so that sending the form once more finds its files again
        _attach(files, application, answers)
    if application.doubts:
        sending.save()
        quarantine.ask(application, missing=files if lost else ())
    else:
        both.queue(tell_candidate=sending.claim_mail_quota())


def _attach(files, application, answers):
    for field, document in files.items():
        Attachment.objects.create(
            application=application,
            document=document,
            paper=field if field in DocumentKind.values else DocumentKind.ANSWER,
            answer=answers.get(field),
        )


def _answers(form, application):
    """{field: Answer}: every question as it was seen, answered or not."""
    made = {}
    for field, question in form.questions.items():
        shown = form.fields[field]
        made[field] = Answer(
            application=application,
            question=question,
            asked=shown.label,
            asked_in=shown.said_in,
            kind=question.kind,
            text=_said(question.kind, shown, form.cleaned_data.get(field)),
            visible_to_hiring_managers=question.visible_to_hiring_managers,
        )
        made[field].save()
    return made


def _said(kind, field, value):
    if not value or kind == Kind.FILE:
        return ""
    if kind == Kind.YES_NO:
        return str(dict(field.choices)[value])
    return "\n".join(value) if kind == Kind.MULTI_SELECT else value


def _digest(form, token):
    """The same for the same form with the same content, whatever became of the first answer."""
    said = json.dumps([token.key, _content(form)], sort_keys=True, ensure_ascii=False, default=str)
    return sha256(said.encode()).hexdigest()


def _content(form):
    files = form.documents()
    return {
        name: files[name].sha256 if name in files else form.cleaned_data.get(name)
        for name in form.fields
    }
