"""Fields that decide who reads candidates' data: read-only for users who may not decide it."""

from django.utils.translation import gettext_lazy as _

from careers.staff.permissions import locked_fields

LOCKED_HELP = _("Only recruiters can change this, because it affects who can see candidates’ data.")


class AccessFieldsAdmin:
    """Base of every ModelAdmin of the site (`BackofficeSite.register`)."""

    def get_readonly_fields(self, request, obj=None):
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, *self._locked_fields(request, obj))

    def get_form(self, request, obj=None, change=False, **kwargs):
        if locked := self._locked_fields(request, obj):
            kwargs["help_texts"] = dict.fromkeys(locked, LOCKED_HELP)
        return super().get_form(request, obj, change=change, **kwargs)

    def _locked_fields(self, request, obj):
        return locked_fields(request.user, self.model, is_new=obj is None)
