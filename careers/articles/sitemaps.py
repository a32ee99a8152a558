"""The sitemap of articles."""

from careers.publishing import PublishedSitemap

from .models import Article


class ArticleSitemap(PublishedSitemap):
    model = Article
