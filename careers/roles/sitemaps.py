"""The openings, for search engines: open ones only."""

from careers.languages import BilingualSitemap

from .models import Role


class RoleSitemap(BilingualSitemap):
    def items(self):
        rows = Role.objects.public().order_by("pk")
        return rows.only("slug", "opens_at", "updated_at")

    def languages(self, role):
        return role.languages

    def location(self, role):
        return role.get_absolute_url(role.languages[0])

    def lastmod(self, role):
        return role.changed_at
