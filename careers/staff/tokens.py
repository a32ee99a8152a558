"""One-time links for choosing a password: invitations and password resets."""

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import base36_to_int

from careers.languages import absolute


class Links(PasswordResetTokenGenerator):
    """Makes and checks what is secret in a link.

    A link ends when it is used, or when the person signs in otherwise. Unused, an invitation is valid
    for PASSWORD_RESET_TIMEOUT, and a link for a person who has signed in before for
    PASSWORD_RESET_LINK_LIFETIME.
    """

    key_salt = "careers.staff.tokens"

    def check_token(self, user, token):
        if not super().check_token(user, token):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.partition("-")[0])
        limit = settings.PASSWORD_RESET_LINK_LIFETIME.total_seconds()
        return user.last_login is None or age <= limit


def link(user):
    """The whole address of a page on which `user` chooses a password, once."""
    return address(user_pk_to_url_str(user), Links().make_token(user))


def address(user_id, token):
    """The whole address for a token. From SITE_URL: an email never quotes a Host header."""
    kwargs = {"uidb36": user_id, "key": token}
    return absolute(reverse("account_reset_password_from_key", kwargs=kwargs))
