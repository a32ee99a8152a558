"""The admin of accounts, for superusers."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careers.datetimes.durations import span

from .models import User


class GroupChoices(forms.ModelMultipleChoiceField):
    """Groups with translated names."""

    def label_from_instance(self, group):
        return gettext(group.name)


class AccountForm(UserChangeForm):
    groups = GroupChoices(
        Group.objects.all(),
        label=_("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What this person may do. Without a group, they can sign in but see nothing."),
    )


class NewAccountForm(forms.ModelForm):
    """Creates an account without a password. The invitation has a link for choosing one."""

    groups = AccountForm.base_fields["groups"]

    class Meta:
        model = User
        fields = ("email", "last_name", "first_name", "language", "groups", "is_superuser")
        help_texts = {
            "email": _("An invitation goes to this address. The person signs in with it.")
        }

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class AccountAdmin(UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    list_display = ("email", "last_name", "first_name", "is_superuser", "is_active", "last_login")
    list_filter = ("is_superuser", "is_active")
    search_fields = ("email", "last_name", "first_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("last_name", "first_name", "language", "layout")}),
        (_("Rights"), {"fields": ("is_active", "groups", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email",)}),
        (_("Person"), {"fields": ("last_name", "first_name", "language")}),
        (_("Rights"), {"fields": ("groups", "is_superuser")}),
    )
    add_form_template = "admin/change_form.html"

    def get_urls(self):
        invite = path("<int:pk>/invite/", self.admin_site.admin_view(self.invite), name="invite")
        return [invite, *super().get_urls()]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        may_change = obj is not None and self.has_change_permission(request, obj)
        context["can_resend_invitation"] = may_change and obj.can_be_invited
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        self._send_invitation(request, obj)
        return response

    def invite(self, request, pk):
        """Resend the invitation to a user who has never signed in."""
        account = get_object_or_404(User, pk=pk, last_login=None, is_active=True)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._send_invitation(request, account)
        return HttpResponseRedirect(reverse("admin:staff_user_change", args=[pk]))

    def _send_invitation(self, request, account):
        # `backoffice`, which writes the email, is a higher layer: its adapter is configured in settings.
        get_adapter().send_invitation(account)
        self.message_user(
            request,
            _("An invitation is on its way to %(address)s. Its link works once, for %(duration)s.")
            % {"address": account.email, "duration": span(settings.PASSWORD_RESET_TIMEOUT)},
            messages.SUCCESS,
        )


# `sync_permissions` would overwrite edits of groups.
admin.site.unregister(Group)
# Users manage their own keys and sessions at /admin/account/.
for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)
