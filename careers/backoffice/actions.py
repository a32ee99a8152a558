"""Actions of all lists in the admin."""

from django.contrib import admin, messages
from django.contrib.admin import actions
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@admin.action(
    permissions=["delete"], description=gettext_lazy("Delete selected %(verbose_name_plural)s")
)
def delete_selected(model_admin, request, queryset):
    """Django's action, which says nothing if others have deleted the records in the meantime."""
    if not queryset.exists():
        text = _("Nothing was deleted: what you selected no longer exists.")
        model_admin.message_user(request, text, messages.WARNING)
        return None
    return actions.delete_selected(model_admin, request, queryset)
