"""Forms of django-allauth, changed for this site."""

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from careers.staff import tokens
from careers.staff.models import User

from . import emails


class PasswordResetForm(ResetPasswordForm):
    """Queues an email with a link. Answers as slowly for an address that has no account."""

    def save(self, request, **kwargs):
        if not self.users:
            nobody = User(pk=0, email="nobody@example.com")
            with transaction.atomic():  # the same work, undone
                emails.send("password_reset", nobody, link=tokens.password_link(nobody))
                transaction.set_rollback(True)
        return super().save(request, **kwargs)


class AddPasskeyForm(AddWebAuthnForm):
    """Adds a passkey, or a security key if its owner wants it as a second step only."""

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
