"""The openings, for search engines: open ones only."""

from careers.publishing import PublishedSitemap

from .models import Role


class RoleSitemap(PublishedSitemap):
    model = Role
