"""Policies of the company, such as the privacy notice. Published versions never change."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.bilingual.models import BilingualContent, ShareableContent
from careers.content import PublicContentQuerySet
from careers.languages import LANGUAGES
from careers.revisions.models import VersionedContent
from careers.rich_text import RichTextField
from careers.search_index import SearchTextField


class PolicyQuerySet(PublicContentQuerySet):
    def current(self, kind):
        """The newest published version of a kind of policy, or None."""
        return self.exclude(published_at=None).newest(kind)

    def newest(self, kind):
        """The newest version of a kind of policy, published or not, or None."""
        return self.filter(kind=kind).order_by("-version").first()


class Policy(VersionedContent, BilingualContent, ShareableContent):
    """One version of a policy, published in both languages at once.

    Once published it never changes, because candidates agreed to this text.
    """

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility")
        FORM_NOTICE = "form_notice", _("Notice at the application form")
        CANDIDATES = "candidates", _("To those who apply")

    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    version = models.PositiveIntegerField(_("version"), editable=False)
    title = models.CharField(_("title"), max_length=120, blank=True)
    text = RichTextField(pgettext_lazy("rich text", "text"), blank=True)
    published_at = models.DateTimeField(_("published on"), null=True, editable=False)
    search_text = SearchTextField()

    objects = PolicyQuerySet.as_manager()

    required_fields = ("title", "text")

    class Meta:
        ordering = ("kind", "-version")
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "version"), name="company_policy_unique_version"
            )
        ]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def __str__(self):
        name = _("%(kind)s, version %(version)s")
        return name % {"kind": self.get_kind_display(), "version": self.version}

    def save(self, *args, **kwargs):
        """Numbers a new version within its kind. ValidationError if the version is published."""
        if Policy.objects.filter(pk=self.pk).exclude(published_at=None).exists():
            raise ValidationError(
                _("A published version never changes. Please add a new version instead.")
            )
        if not self.version:
            newest = Policy.objects.filter(kind=self.kind).aggregate(models.Max("version"))
            self.version = (newest["version__max"] or 0) + 1
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """ValidationError if the version is published."""
        if self.published_at:
            raise ValidationError(_("A published version cannot be deleted."))
        return super().delete(*args, **kwargs)

    def publish(self):
        """Publish this version for good. ValidationError as in `validate_publication`."""
        self.validate_publication()
        self.published_at = timezone.now()
        self.save()

    def validate_publication(self):
        """ValidationError if a text is missing in a language, or if a newer version is in force."""
        if any(self.missing_fields(language) for language in LANGUAGES):
            raise ValidationError(
                _("Please write the title and the text in both languages before publishing.")
            )
        current = Policy.objects.current(self.kind)
        if current and current.version > self.version:
            raise ValidationError(
                _(
                    "A newer version, %(newer)s, is already in force. Add a new version with these"
                    " texts, and publish that one."
                )
                % {"newer": current.version}
            )
