"""Sessions in the database under a hash of the secret that is in the cookie.

A copy of the database or a backup opens no session (ASVS 5.0, 11.4 and 13.3). `session_key` is the hash,
also in the user's list of sessions; only the browser has the secret.
"""

from hashlib import sha256

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware


class SessionStore(db.SessionStore):
    """A session. Its `secret` is known if it comes from a cookie, or is new."""

    secret = None

    @classmethod
    def of_secret(cls, secret):
        """The session with this secret; a new one for None."""
        store = cls(_hash(secret) if secret else None)
        store.secret = secret
        return store

    def _get_new_session_key(self):
        self.secret = super()._get_new_session_key()
        return _hash(self.secret)


class SecretSessionMiddleware(SessionMiddleware):
    """Django's middleware, with the secret of the session in the cookie in place of its key."""

    def process_request(self, request):
        secret = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        request.session = self.SessionStore.of_secret(secret)

    def process_response(self, request, response):
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie.value:  # it is empty when the cookie is deleted
            cookie.set(cookie.key, request.session.secret, request.session.secret)
        return response


def _hash(secret):
    """160 bits, which is what Django's column can store. The secret is random, so it needs no salt."""
    return sha256(secret.encode()).hexdigest()[:40]
