from django.apps import AppConfig
from django.contrib.admin import apps as admin


class BackofficeConfig(AppConfig):
    name = "careers.backoffice"
    default = True


class BackofficeAdminConfig(admin.AdminConfig):
    """Sets our AdminSite as the default one, so that lower apps register models without importing it."""

    default = False
    default_site = "careers.backoffice.site.BackofficeSite"
