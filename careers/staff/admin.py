"""Accounts, in the admin: for superusers."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import User


class GroupChoices(forms.ModelMultipleChoiceField):
    """The groups of careers/staff/rights.py, named in the recruiter's language."""

    def label_from_instance(self, group):
        return gettext(group.name)


class AccountForm(UserChangeForm):
    groups = GroupChoices(
        Group.objects.all(),
        label=_("groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What this person may do. Somebody without a group can sign in, but sees nothing."
        ),
    )


class NewAccountForm(AdminUserCreationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The admin puts the focus into the first field itself; a browser complains about two wishes.
        self.fields["email"].widget.attrs.pop("autofocus", None)

    class Meta:
        model = User
        fields = ("email",)
        widgets = {"email": forms.EmailInput(attrs={"autocomplete": "username"})}


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
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)


# Groups follow the table in rights.py; an edit here would be undone by the next deployment.
admin.site.unregister(Group)
