"""The application: the candidate's data and its stage."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers import japanese
from careers.application_forms.enums import Eligibility, Source
from careers.applications.enums import OPEN_STATUSES, CandidateStatus, Stage
from careers.applications.search_text import PersonSearchTextField
from careers.applications.tokens import hash_token, make_status_token, signing_keys
from careers.company.models import Policy
from careers.email_address import comparison_key
from careers.languages import LANGUAGES, OWN_NAMES
from careers.roles.models import Department, Role
from careers.search_index import SearchTextQuerySet

REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 and O, 1 and I


def new_reference():
    """Eight random characters without look-alikes: people read them aloud."""
    while True:
        reference = "".join(secrets.choice(REFERENCE_ALPHABET) for _position in range(8))
        if is_reference(reference):
            return reference


def is_reference(text):
    """Whether a text can be a reference. One character is a letter, so it is never a primary key."""
    return len(text) == 8 and set(text) <= set(REFERENCE_ALPHABET) and not text.isdecimal()


def is_recruiter(user):
    """Whether `user` sees every application as a whole, and may change it."""
    return user.has_perm("applications.change_application")


def can_erase(user):
    """Whether `user` may erase an application permanently."""
    return user.has_perm("applications.delete_application")


class ApplicationQuerySet(SearchTextQuerySet):
    def confirmed(self):
        """Applications that passed the spam checks or were confirmed."""
        return self.exclude(confirmed_at=None)

    def quarantined(self):
        """Applications that the candidate or a recruiter has to confirm first."""
        return self.filter(confirmed_at=None)

    def with_status_token(self, token):
        """The confirmed application with this status token."""
        return self.confirmed().filter(token_hash=hash_token(token))

    def from_address(self, email):
        """Applications with this email address, however it was typed."""
        return self.filter(email_key=comparison_key(email))

    def visible_to(self, user):
        """All for recruiters; for hiring managers the confirmed ones of their departments."""
        if is_recruiter(user):
            return self
        departments = Department.objects.filter(managers=user)
        return self.confirmed().filter(role__department__in=departments)


class Application(models.Model):
    """What one person sent for one role, or as a general application.

    The candidate's data is never edited. Only the stage, the confirmation, the withdrawal, the consent
    to keep the data for other roles, and the erasure request change later.
    """

    reference = models.CharField(
        _("reference"), max_length=8, unique=True, default=new_reference, editable=False
    )
    # `form_key` names the opened form. `digest` is the SHA-256 of that key and of everything sent, so
    # that a form sent twice makes one application.
    form_key = models.CharField(max_length=32, db_index=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", verbose_name=_("replaces")
    )

    role = models.ForeignKey(
        Role, models.PROTECT, null=True, related_name="applications", verbose_name=_("role")
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[(code, OWN_NAMES[code]) for code in LANGUAGES]
    )
    stage = models.CharField(
        pgettext_lazy("of an application", "stage"),
        max_length=9,
        choices=Stage,
        default=Stage.NEW,
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    spam_signals = models.JSONField(default=list)  # values of SpamSignal

    # The fields of the form (application_forms.fields).
    family_name = models.CharField(_("family name"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_kana = models.CharField(_("family name in katakana"), max_length=100, blank=True)
    given_kana = models.CharField(_("given name in katakana"), max_length=100, blank=True)
    preferred_name = models.CharField(_("preferred name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254)  # unchanged, for display
    phone = models.CharField(_("telephone number"), max_length=60, blank=True)
    links = models.TextField(_("Links"), blank=True)
    resume_text = models.TextField(_("résumé as text"), blank=True)
    eligibility = models.CharField(
        _("right to work"), max_length=7, choices=Eligibility, blank=True
    )
    start = models.CharField(_("earliest start"), max_length=200, blank=True)
    message = models.TextField(_("message"), blank=True)
    source = models.CharField(
        _("how they heard of the opening"), max_length=9, choices=Source, blank=True
    )
    accommodation = models.TextField(_("accommodation"), blank=True)

    # `comparison_key` of the address; set by save().
    email_key = models.CharField(max_length=254, db_index=True, editable=False)
    phone_e164 = models.CharField(max_length=20, blank=True)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, related_name="+", verbose_name=_("agreed to")
    )
    policy_sha256 = models.CharField(max_length=64, blank=True)  # of the text that was shown
    retention_consent_until = models.DateField(_("keep for other openings until"), null=True)
    # When the email that asks to renew that consent was queued.
    renewal_requested_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)  # by the candidate
    erasure_requested_at = models.DateTimeField(_("asked to be erased"), null=True)
    # The deadline of the erasure that the candidate was told.
    erasure_due_at = models.DateTimeField(null=True, editable=False)
    posting_snapshot = models.JSONField(default=dict)  # the role's page at that time

    # Contains nothing that only recruiters may read, because hiring managers search it too.
    search_text = PersonSearchTextField(
        names=("family_name", "given_name"),
        readings=("family_kana", "given_kana"),
        also=(
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "preferred_name",
            "email",
            "email_key",
            "reference",
            "phone",
            "phone_e164",
            "resume_text",
            "message",
        ),
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["stage", "-received_at"], name="applications_by_stage"),
            models.Index(
                fields=["received_at"],
                condition=Q(confirmed_at=None),
                name="applications_quarantined",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(erasure_requested_at=None, erasure_due_at=None)
                | Q(erasure_requested_at__isnull=False, erasure_due_at__isnull=False),
                name="erasure_request_has_deadline",
            )
        ]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.email_key = comparison_key(self.email)
        super().save(**options)

    @property
    def name(self):
        """The full name, in the order of its script: 山田 太郎, John Smith."""
        return japanese.display_name(self.family_name, self.given_name)

    @property
    def display_reference(self):
        """The reference as people read it: 7Q4K-M2XD."""
        return f"{self.reference[:4]}-{self.reference[4:]}"

    @property
    def masked_email(self):
        """The email address so that only its owner recognizes it: t***@example.org."""
        mailbox, _at, host = self.email.rpartition("@")
        first = mailbox.lstrip('"')[:1]
        return f"{first}***@{host}"

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None

    @property
    def is_new(self):
        """Whether it is confirmed and still in the first stage."""
        return self.is_confirmed and self.stage == Stage.NEW

    @property
    def candidate_status(self):
        """The `CandidateStatus` that the candidate's page says. It never depends on the stage.

        Reads `status_updates`, which lists prefetch.
        """
        if self.erasure_requested_at:
            return CandidateStatus.ERASURE_REQUESTED
        if self.withdrawn_at:
            return CandidateStatus.WITHDRAWN
        update = self.visible_update
        return CandidateStatus(update.status) if update else CandidateStatus.IN_REVIEW

    @property
    def visible_update(self):
        """The latest update that the candidate's page shows, or None."""
        visible = [update for update in self.status_updates.all() if update.is_visible]
        return visible[-1] if visible else None

    @property
    def waiting_update(self):
        """The update that the candidate's page will show next, or None."""
        waiting = [update for update in self.status_updates.all() if not update.is_visible]
        return waiting[0] if waiting else None

    @property
    def is_ended_by_candidate(self):
        """Whether the candidate has withdrawn it or requested its erasure."""
        return bool(self.withdrawn_at or self.erasure_requested_at)

    @property
    def is_open(self):
        """Whether the candidate's page offers to withdraw and to add documents."""
        return self.candidate_status in OPEN_STATUSES

    def status_token(self):
        """The token in the URL of the candidate's page; it is saved, so that the URL works from now on.

        A token made with an earlier key is reused, so that links in earlier emails stay valid.
        """
        for key in signing_keys():
            token = make_status_token(self.digest, key)
            if self.token_hash == hash_token(token):
                return token
        token = make_status_token(self.digest)
        self.token_hash = hash_token(token)
        self.save(update_fields=["token_hash"])
        return token

    def move(self, stage, changed_by=None):
        """A recruiter changes the stage, in the caller's transaction. Returns whether it changed."""
        if stage == self.stage:
            return False
        self._record_stage(stage, changed_by=changed_by)
        return True

    def withdraw(self, moment):
        """The candidate withdraws it, in the caller's transaction, whatever its stage is.

        An update that the candidate's page does not show yet is deleted: it would contradict the
        withdrawal.
        """
        self.withdrawn_at = moment
        self.save(update_fields=["withdrawn_at"])
        self._record_stage(Stage.WITHDRAWN, by_candidate=True)
        self.status_updates.filter(visible_from__gt=moment).delete()

    def _record_stage(self, stage, **actor):
        self.stage_changes.create(old_stage=self.stage, new_stage=stage, **actor)
        self.stage = stage
        self.save(update_fields=["stage"])


class StageChange(models.Model):
    """An application came to a stage: by the candidate, who applies and withdraws, or by a recruiter.

    `changed_by` is empty for the candidate, and once the recruiter's account is deleted. A candidate
    who withdraws an application in the stage "withdrawn" is recorded too; the old stage is the same.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="stage_changes")
    old_stage = models.CharField(max_length=9, choices=Stage, blank=True)
    new_stage = models.CharField(max_length=9, choices=Stage)
    by_candidate = models.BooleanField(default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["changed_at", "pk"]

    def __str__(self):
        return f"{self.get_old_stage_display()} → {self.get_new_stage_display()}"
