from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionsConfig(AppConfig):
    name = "careers.application_forms"
    verbose_name = _("Application forms")
