"""Articles with interview advice."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.bilingual.models import BilingualContent, ShareableContent
from careers.publishing import PublishedContent
from careers.revisions.models import VersionedContent
from careers.rich_text import RichTextField


class Article(PublishedContent, VersionedContent, BilingualContent, ShareableContent):
    """An article for candidates, at one slug in both languages."""

    title = models.CharField(_("title"), max_length=160, blank=True)
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("One or two sentences for the list of articles.")
    )
    text = RichTextField(pgettext_lazy("rich text", "text"), blank=True)

    required_fields = ("title", "text")
    route = "articles:detail"

    class Meta(PublishedContent.Meta):
        verbose_name = _("article")
        verbose_name_plural = _("articles")
