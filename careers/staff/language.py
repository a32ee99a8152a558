"""The admin speaks the language of the account; before sign-in, that of the browser."""

from django.utils import translation

from careers.languages import preferred_language

ADMIN = "/admin/"


class AccountLanguageMiddleware:
    """Middleware. Public pages are left alone, so that they never look at who is asking."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(ADMIN):
            return self.get_response(request)
        user = request.user
        chosen = user.language if user.is_authenticated else preferred_language(request)
        with translation.override(chosen):
            response = self.get_response(request)
            response.headers["Content-Language"] = chosen
        return response
