"""Interview advice, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from careers.bilingual.admin import PublishedAdmin
from careers.bilingual.preview import DetailPreview

from . import context
from .models import Article


@admin.register(Article)
class ArticleAdmin(PublishedAdmin):
    list_display = ("__str__", "published", "period")
    limits = {"title": (80, 40), "summary": (160, 80)}
    public_page = DetailPreview("articles/detail.html", context.detail_context)
    sections = (
        (None, ("title", "summary", "text")),
        (_("Publication"), (("publish_en", "publish_ja"), ("opens_at", "closes_on"))),
        (_("Place"), ("slug",)),
    )
