from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "careers.staff"
    verbose_name = _("People with access")

    def ready(self):
        # These import models, which are not loaded before ready().
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415

        from . import authentication_log, sessions  # noqa: PLC0415
        from .mfa import record_enrollment  # noqa: PLC0415

        authenticator_added.connect(record_enrollment)
        authentication_log.connect()
        sessions.connect()
