"""Forms of django-allauth, changed for this site."""

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from careers.staff import mfa, tokens
from careers.staff.models import User

from . import emails


class SignInForm(LoginForm):
    """Signs in with the address of an account, also with its domain in another form."""

    def clean_login(self):
        return User.objects.normalize_email(self.cleaned_data["login"])


class PasswordResetForm(ResetPasswordForm):
    """Queues an email with a link. Takes as long for an address without an account."""

    def save(self, request, **kwargs):
        if not self.users:
            decoy = User(pk=0, email="decoy@example.com")
            with transaction.atomic():  # the same work, rolled back
                emails.send("password_reset", decoy, link=tokens.password_link(decoy))
                transaction.set_rollback(True)
        return super().save(request, **kwargs)


class SecondStepForm(AuthenticateForm):
    """The code in the second step of signing in; `factors` are what the account can use."""

    @cached_property
    def factors(self):
        return mfa.factors(self.user)


class ConfirmCodeForm(ReauthenticateForm):
    """The code that confirms a session; `factors` are what the account can use."""

    @cached_property
    def factors(self):
        return mfa.factors(self.user)


class AddPasskeyForm(AddWebAuthnForm):
    """Adds a passkey, or a security key that is only a second factor."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["passwordless"].label = _("Signs in alone, without the password")
        self.fields["passwordless"].help_text = _("It then asks for a fingerprint, face or PIN.")
        self.fields["passwordless"].initial = True


class RenameKeyForm(EditWebAuthnForm):
    """Changes the name of a passkey or security key."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
