from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from careers.roles.completeness import register


class ApplicationFormsConfig(AppConfig):
    name = "careers.application_forms"
    verbose_name = _("Application forms")

    def ready(self):
        from .role_part import PART  # noqa: PLC0415 (needs the models)

        register(PART)
