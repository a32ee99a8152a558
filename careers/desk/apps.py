from django.apps import AppConfig
from django.contrib.admin import apps as admin


class DeskConfig(AppConfig):
    name = "careers.desk"
    default = True


class Admin(admin.AdminConfig):
    """Wires the desk into Django's admin from above: low rooms register without importing it."""

    default = False
    default_site = "careers.desk.site.Desk"
