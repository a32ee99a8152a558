"""The sitemap of open roles."""

from careers.publishing import PublishedSitemap

from .models import Role


class RoleSitemap(PublishedSitemap):
    model = Role
