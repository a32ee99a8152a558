"""One-time links for choosing a password: invitations and password resets."""

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import base36_to_int

from careers.languages import absolute


class PasswordTokenGenerator(PasswordResetTokenGenerator):
    """Makes and checks the token of a link.

    A token becomes invalid when it is used and when the user signs in. An unused invitation is valid
    for PASSWORD_RESET_TIMEOUT; the link of a user who has signed in before, for
    PASSWORD_RESET_LINK_LIFETIME.
    """

    key_salt = "careers.staff.tokens"

    def check_token(self, user, token):
        if not super().check_token(user, token):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.partition("-")[0])
        limit = settings.PASSWORD_RESET_LINK_LIFETIME.total_seconds()
        return user.last_login is None or age <= limit


def password_link(user):
    """The absolute URL at which `user` can choose a password, once."""
    return password_url(user_pk_to_url_str(user), PasswordTokenGenerator().make_token(user))


def password_url(user_id, token):
    """The absolute URL for a token, from SITE_URL: the Host header of a request is not trusted."""
    kwargs = {"uidb36": user_id, "key": token}
    return absolute(reverse("account_reset_password_from_key", kwargs=kwargs))
