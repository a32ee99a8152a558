"""The admin of articles."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from careers.bilingual.admin import PublishedAdmin
from careers.bilingual.order import Order
from careers.bilingual.preview import DetailPreview, Preview
from careers.bilingual.share_links import ShareLinks

from . import context
from .models import Article

PAGE = DetailPreview("articles/detail.html", context.detail_context)


@admin.register(Article)
class ArticleAdmin(PublishedAdmin):
    panels = (Preview(PAGE), ShareLinks(PAGE), Order())
    list_display = ("__str__", "published", "period")
    limits = {"title": (80, 40), "summary": (160, 80)}
    sections = (
        (None, ("title", "summary")),
        (_("Text"), ("text",)),
        (_("Publication"), (("publish_en", "publish_ja"), ("opens_at", "closes_on"))),
        (_("Place"), ("slug",)),
    )
