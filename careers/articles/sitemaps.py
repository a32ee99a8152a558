"""Interview advice, for search engines."""

from careers.languages import BilingualSitemap

from .models import Article


class ArticleSitemap(BilingualSitemap):
    def items(self):
        return Article.objects.public().order_by("pk")

    def languages(self, article):
        return article.languages

    def location(self, article):
        return article.get_absolute_url(article.languages[0])

    def lastmod(self, article):
        return article.updated_at
