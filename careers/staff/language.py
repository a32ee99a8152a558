"""The language of the admin: the one set in the account, and before sign-in the browser's."""

from django.utils import translation

from careers.languages import preferred_language

ADMIN_PREFIX = "/admin/"


class AccountLanguageMiddleware:
    """Activates the language of the account on admin pages. Public pages never read the session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(ADMIN_PREFIX):
            return self.get_response(request)
        user = request.user
        language = user.language if user.is_authenticated else preferred_language(request)
        request.LANGUAGE_CODE = language  # for error pages, which do not read the account again
        with translation.override(language):
            response = self.get_response(request)
            response.headers["Content-Language"] = language
        return response
