"""Interview advice, for search engines."""

from careers.languages import BilingualSitemap

from .models import Article


class ArticleSitemap(BilingualSitemap):
    def items(self):
        rows = Article.objects.public().order_by("pk")
        return rows.only("slug", "opens_at", "updated_at")

    def languages(self, article):
        return article.languages

    def location(self, article):
        return article.get_absolute_url(article.languages[0])

    def lastmod(self, article):
        return article.changed_at
