"""An application: everything that somebody sent, as they sent it, and how far it has come."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers import japanese
from careers.company.models import Policy
from careers.documents.models import Document
from careers.languages import LANGUAGES, OWN_NAME
from careers.questions.facts import Kind
from careers.questions.models import Question
from careers.roles.models import Department, Role
from careers.searching import FoldedField, FoldedQuerySet

from .facts import OPEN, Eligibility, Paper, Source, Stage
from .tokens import hashed, keys, own_token
from .traces import Confirmation, Sending, SpentPuzzle

__all__ = [
    "Answer",
    "Application",
    "Attachment",
    "Confirmation",
    "Draft",
    "Erasure",
    "Sending",
    "SpentPuzzle",
    "StageChange",
]

UNMISTAKABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 and O, no 1 and I


def new_reference():
    """A number that people can read aloud: eight signs, shown as 7Q4K-M2XD."""
    return "".join(secrets.choice(UNMISTAKABLE) for _sign in range(8))


class ApplicationQuerySet(FoldedQuerySet):
    def confirmed(self):
        """What is an application: passed every check, or was confirmed."""
        return self.exclude(confirmed_at=None)

    def quarantined(self):
        """What waits for a confirmation by letter, or for a recruiter."""
        return self.filter(confirmed_at=None)

    def of_token(self, token):
        """The one whose sender has this token; there is none before it is confirmed."""
        return self.confirmed().filter(token_hash=hashed(token))

    def visible_to(self, user):
        """What somebody may know of: a hiring manager, the applications for their departments."""
        if user.is_superuser or user.has_perm("applications.change_application"):
            return self
        theirs = Department.objects.filter(managers=user)
        return self.confirmed().filter(role__department__in=theirs)


class Application(models.Model):
    """What one person sent for one role, or for none in particular. Nothing of it is ever rewritten
    but its stage, when it was confirmed, and what its sender asked for since: to be kept, or erased."""

    reference = models.CharField(
        _("reference"), max_length=8, unique=True, default=new_reference, editable=False
    )
    # The form it was written in, and the digest of that and of everything sent: sent twice, it is one.
    key = models.CharField(max_length=32, db_index=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # Of the token in the address of the candidate's own page.
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", verbose_name=_("replaces")
    )

    role = models.ForeignKey(
        Role, models.PROTECT, null=True, related_name="applications", verbose_name=_("role")
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[(code, OWN_NAME[code]) for code in LANGUAGES]
    )
    stage = models.CharField(
        pgettext_lazy("of an application", "stage"),
        max_length=9,
        choices=Stage,
        default=Stage.NEW,
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    doubts = models.JSONField(default=list)  # why it was not confirmed at once

    family_name = models.CharField(_("family name"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_kana = models.CharField(_("family name in katakana"), max_length=100, blank=True)
    given_kana = models.CharField(_("given name in katakana"), max_length=100, blank=True)
    preferred_name = models.CharField(_("preferred name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254)
    phone = models.CharField(_("telephone number"), max_length=60, blank=True)
    phone_e164 = models.CharField(max_length=20, blank=True)
    links = models.TextField(_("links"), blank=True)
    resume_text = models.TextField(_("résumé as text"), blank=True)
    start = models.CharField(_("earliest start"), max_length=200, blank=True)
    eligibility = models.CharField(
        _("right to work"), max_length=7, choices=Eligibility, blank=True
    )
    message = models.TextField(_("message"), blank=True)
    source = models.CharField(
        _("how they heard of the opening"), max_length=9, choices=Source, blank=True
    )
    accommodation = models.TextField(_("accommodation"), blank=True)

    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, related_name="+", verbose_name=_("agreed to")
    )
    policy_sha256 = models.CharField(max_length=64, blank=True)  # of the words that were shown
    keep_until = models.DateField(_("keep for other openings until"), null=True)
    asked_to_keep_at = models.DateTimeField(null=True, editable=False)  # beyond that day
    erasure_asked_at = models.DateTimeField(_("asked to be erased"), null=True)
    snapshot = models.JSONField(default=dict)  # the page of the role as it was then

    folded = FoldedField(
        also=(
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "preferred_name",
            "email",
            "reference",
        )
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["stage", "-received_at"], name="applications_by_stage")]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The whole name, in the order of its script: 山田 太郎, John Smith."""
        return japanese.display_name(self.family_name, self.given_name)

    @property
    def number(self):
        """The reference as it is written in letters: 7Q4K-M2XD."""
        return f"{self.reference[:4]}-{self.reference[4:]}"

    @property
    def masked_email(self):
        """The address as its owner recognises it, and nobody else: t***@example.org."""
        mailbox, _at, host = self.email.rpartition("@")
        return f"{mailbox[:1]}***@{host}"

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None

    @property
    def is_new(self):
        """Whether it is confirmed and nobody has put it into another stage yet."""
        return self.is_confirmed and self.stage == Stage.NEW

    @property
    def is_open(self):
        """Whether it may still lead to a job, and its sender has not asked to be forgotten."""
        return self.stage in OPEN and self.erasure_asked_at is None

    def own_token(self):
        """The token in the address of the candidate's own page: from now on it opens that page.

        One that was made with an earlier key stays: older letters lead there too.
        """
        for key in keys():
            token = own_token(self.digest, key)
            if self.token_hash == hashed(token):
                return token
        token = own_token(self.digest)
        self.token_hash = hashed(token)
        self.save(update_fields=["token_hash"])
        return token

    def move(self, stage, by=None):
        """Put it into a stage and write down who did; in the caller's transaction. Whether it moved."""
        if stage == self.stage:
            return False
        StageChange.objects.create(application=self, before=self.stage, after=stage, by=by)
        self.stage = stage
        self.save(update_fields=["stage"])
        return True


class StageChange(models.Model):
    """An application went from one stage to another. Without `by`, the candidate did it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="stage_changes")
    before = models.CharField(max_length=9, choices=Stage, blank=True)
    after = models.CharField(max_length=9, choices=Stage)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_before_display()} → {self.get_after_display()}"


class Answer(models.Model):
    """What somebody answered, with the question in the words that they saw."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")
    asked = models.CharField(max_length=300)
    asked_in = models.CharField(max_length=2)  # a question may exist in the other language only
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    for_reviewers = models.BooleanField()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.asked


class Attachment(models.Model):
    """A document of an application, and what it is for."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    paper = models.CharField(max_length=14, choices=Paper)
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, related_name="files")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_paper_display()}: {self.document}"


class Draft(models.Model):
    """A file that was accepted while the form was not: it waits for the form to be sent again."""

    key = models.CharField(max_length=32)
    field = models.CharField(max_length=40)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("key", "field"), name="one_draft_for_a_field")
        ]

    def __str__(self):
        return f"{self.field}: {self.document}"


class Erasure(models.Model):
    """An application was here and is erased: what may still be counted, and nothing of the person."""

    reference = models.CharField(max_length=8, unique=True)
    role = models.ForeignKey(Role, models.PROTECT, null=True, related_name="+")
    month = models.DateField()  # in which it was received: its first day
    erased_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["erased_at", "pk"]

    def __str__(self):
        return self.reference
