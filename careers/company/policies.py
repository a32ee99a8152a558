"""What the company promises in writing: policies, each version of which stays as it was published."""

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
        """The newest published version, or None."""
        return self.filter(kind=kind).exclude(published_at=None).order_by("-version").first()


class Policy(VersionedContent, BilingualContent, ShareableContent):
    """One version of a policy. Once published it never changes: an applicant agreed to these words.

    A version is published in both languages at once, so that both always say the same.
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
            models.UniqueConstraint(fields=("kind", "version"), name="one_policy_of_a_version")
        ]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def __str__(self):
        name = _("%(kind)s, version %(version)s")
        return name % {"kind": self.get_kind_display(), "version": self.version}

    def save(self, *args, **kwargs):
        """Refuses to change a published version; a new one gets the next number of its kind."""
        if Policy.objects.filter(pk=self.pk).exclude(published_at=None).exists():
            raise ValidationError(
                _("A published version never changes. Please add a new version instead.")
            )
        if not self.version:
            newest = Policy.objects.filter(kind=self.kind).aggregate(models.Max("version"))
            self.version = (newest["version__max"] or 0) + 1
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refuses to delete a published version."""
        if self.published_at:
            raise ValidationError(_("A published version cannot be deleted."))
        return super().delete(*args, **kwargs)

    def publish(self):
        """Make this version the current one, for good."""
        incomplete = [language for language in LANGUAGES if self.missing_fields(language)]
        if incomplete:
            raise ValidationError(
                _("Please write the title and the text in both languages before publishing.")
            )
        self.published_at = timezone.now()
        self.save()
