from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from .completeness import register


class RolesConfig(AppConfig):
    name = "careers.roles"
    verbose_name = _("Openings")

    def ready(self):
        from .conditions import PART  # noqa: PLC0415 (needs the models)

        register(PART)
