from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "careers.staff"
    verbose_name = _("People with access")

    def ready(self):
        # Both need models, which are there only now.
        from allauth.mfa.signals import authenticator_added  # noqa: PLC0415

        from .mfa import enrolled  # noqa: PLC0415

        authenticator_added.connect(enrolled)
