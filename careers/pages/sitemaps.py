"""The sitemap of the pages with fixed URLs."""

from django.urls import reverse

from careers.company.models import Policy
from careers.languages import BilingualSitemap


class PageSitemap(BilingualSitemap):
    def items(self):
        published = Policy.objects.exclude(published_at=None).values_list("kind", flat=True)
        policies = [kind for kind in ("privacy", "accessibility") if kind in set(published)]
        return ["home", "roles:index", "working_here", "hiring", "articles:index", *policies]

    def location(self, name):
        return reverse(name)
