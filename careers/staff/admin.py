"""The admin of accounts, for superusers."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from careers.datetimes.durations import span

from . import authentication_log
from .models import User

HELP_TEXTS = {
    "is_active": _("Turn this off to end this person’s access. What they did is kept."),
    "is_superuser": _("May do everything, and manages accounts."),
}


class GroupChoices(forms.ModelMultipleChoiceField):
    """Groups with translated names."""

    def label_from_instance(self, group):
        return gettext(group.name)


class AddressForm(forms.ModelForm):
    """Refuses the address of another account, with one error at the field."""

    def clean_email(self):
        email = self.cleaned_data["email"]
        normalized = User.objects.normalize_email(email)
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(email__iexact=normalized).exists():
            raise ValidationError(gettext("There is already an account with this address."))
        return email


class AccountForm(AddressForm):
    """The form of an account. It shows nothing of the password: see `AccountAdmin.password_status`."""

    groups = GroupChoices(
        Group.objects.all(),
        label=_("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What this person may do. Without a group, they can sign in but see nothing."),
    )

    class Meta:
        model = User
        fields = (
            "email",
            "last_name",
            "first_name",
            "language",
            "layout",
            "is_active",
            "groups",
            "is_superuser",
        )
        help_texts = HELP_TEXTS


class NewAccountForm(AddressForm):
    """Creates an account without a password. The invitation has a link for choosing one."""

    groups = AccountForm.base_fields["groups"]

    class Meta:
        model = User
        fields = ("email", "last_name", "first_name", "language", "groups", "is_superuser")
        help_texts = HELP_TEXTS | {
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
    readonly_fields = ("password_status", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password_status")}),
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
        def route(rest, view, name):
            return path(f"<int:pk>/{rest}/", self.admin_site.admin_view(view), name=name)

        return [
            route("invite", self.invite, "invite"),
            route("reset-password", self.reset_password, "reset_password"),
            *super().get_urls(),
        ]

    @admin.display(description=_("password"))
    def password_status(self, account):
        """Whether the account has a password, with a button that sends a link for a new one."""
        if not account.has_usable_password():
            return pgettext("password", "Not set")
        if not account.can_reset_password:
            return pgettext("password", "Set")
        return format_html(
            '{} <button type="submit" form="reset-password" class="button compact">{}</button>',
            pgettext("password", "Set"),
            _("Send a reset link"),
        )

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        may_change = obj is not None and self.has_change_permission(request, obj)
        context["can_resend_invitation"] = may_change and obj.can_be_invited
        context["can_reset_password"] = may_change and obj.can_reset_password
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        event = "account_changed" if change else "account_created"
        authentication_log.record(event, obj, by=request.user.pk, fields=form.changed_data)

    def log_deletions(self, request, queryset):
        for account in queryset:
            authentication_log.record("account_deleted", account, by=request.user.pk)
        return super().log_deletions(request, queryset)

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        self._send_invitation(request, obj)
        return response

    @method_decorator(require_POST)
    def invite(self, request, pk):
        """Resend the invitation to a user who has never signed in."""
        account = self._get_account(request, pk)
        if not account.can_be_invited:
            raise Http404
        self._send_invitation(request, account)
        return HttpResponseRedirect(reverse("admin:staff_user_change", args=[pk]))

    @method_decorator(require_POST)
    def reset_password(self, request, pk):
        """Send a link for a new password. The present password works until the link is used."""
        account = self._get_account(request, pk)
        if not account.can_reset_password:
            raise Http404
        get_adapter().send_password_reset(account)
        text = _(
            "We’ll email a link for a new password to %(address)s. It works once, for %(duration)s."
        )
        values = {"address": account.email, "duration": span(settings.PASSWORD_RESET_LINK_LIFETIME)}
        self.message_user(request, text % values, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:staff_user_change", args=[pk]))

    def _get_account(self, request, pk):
        account = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        return account

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
