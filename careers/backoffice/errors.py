"""Error handlers of the site. Below /admin/, error pages look like the admin and link to its start page;
all other paths get the pages of `careers.pages.errors`.
"""

import sys
from typing import NamedTuple

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _

from careers.languages import LANGUAGES, preferred_language
from careers.logs import route
from careers.pages import errors
from careers.staff import authentication_log
from careers.staff.language import ADMIN_PREFIX

from .parameters import ListParameterRefused


class AdminError(NamedTuple):
    """An error page of the admin: its status and texts."""

    status: int
    heading: str
    text: str
    advice: str = ""


NOT_FOUND = AdminError(
    404,
    _("Page not found"),
    _("It may have been deleted, or the URL may be mistyped."),
)
FORBIDDEN = AdminError(
    403,
    _("You don’t have access to this page"),
    _("If you need it for your work, ask the person who gave you access to the admin."),
)
CSRF_FAILED = AdminError(
    403,
    _("Your form was not saved"),
    _("You may have signed in or out since you opened it, or your browser blocks cookies."),
    _("Go back and copy what you entered. Then reload the page and try again."),
)
BAD_REQUEST = AdminError(
    400,
    _("We can’t open this page"),
    _("The URL may be incomplete or mistyped."),
    _("If you were sending a form, go back. Your browser usually still has what you entered."),
)
LIST_PARAMETER_REFUSED = AdminError(
    400,
    _("We can’t show this list"),
    _("The URL contains a filter or a value that this list doesn’t have."),
)
TOO_LARGE = AdminError(
    413, errors.TOO_LARGE.heading, errors.TOO_LARGE.text, errors.TOO_LARGE.advice
)
SERVER_ERROR = AdminError(
    500,
    _("Something went wrong"),
    _("This is an error of the software. Go back and try again in a few minutes."),
    _("If it happens again, tell your site administrator what you were doing, and when."),
)
DATABASE_OUTAGE = AdminError(
    503,
    _("The database does not answer"),
    _("Nothing was saved. Go back and try again in a minute."),
    _("If this lasts, tell your site administrator."),
)


def page_not_found(request, exception):
    """404."""
    if not _is_admin(request):
        return errors.page_not_found(request, exception)
    return _page(request, NOT_FOUND)


def permission_denied(request, exception=None, reason=""):
    """403: no permission, or a form without a valid CSRF token (with the `reason`, which is not shown)."""
    if not _is_admin(request):
        return errors.permission_denied(request, exception, reason)
    if hasattr(request, "user"):
        event = "form_rejected" if reason else "access_denied"
        authentication_log.record(
            event, request.user, route=route(request.path, request.resolver_match)
        )
    return _page(request, CSRF_FAILED if reason else FORBIDDEN)


def bad_request(request, exception):
    """400: an invalid request. 413: a form with too much data."""
    if not _is_admin(request) or errors.wants_json(request):
        return errors.bad_request(request, exception)
    if isinstance(exception, ListParameterRefused):
        return _page(request, LIST_PARAMETER_REFUSED, list_url=request.path)
    error = errors.request_error(request, exception)
    return _page(request, TOO_LARGE if error is errors.TOO_LARGE else BAD_REQUEST)


def server_error(request):
    """500: an unexpected error. 503 if the database did not answer. The page makes no query."""
    if not _is_admin(request):
        return errors.server_error(request)
    if errors.is_database_outage(sys.exception()):
        response = _standalone_page(request, DATABASE_OUTAGE)
        response.headers["Retry-After"] = "10"
        return response
    return _standalone_page(request, SERVER_ERROR)


def _is_admin(request):
    return request.path_info.startswith(ADMIN_PREFIX)


def _page(request, error, **extra_context):
    """A page in the frame of the admin, with the tabs and the menu of the account."""
    if not hasattr(request, "user"):  # rejected before authentication
        return _standalone_page(request, error)
    site = admin.site
    context = {
        "site_title": site.site_title,
        "site_header": site.site_header,
        "site_url": site.site_url,
        "has_permission": site.has_permission(request),
        "title": error.heading,
        "error": error,
        **extra_context,
    }
    response = render(request, "admin/error.html", context, status=error.status)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _standalone_page(request, error):
    """A page that reads neither the session nor the database.

    It is in the language of the account, or of the browser, if the middleware knew it. If the account
    could not be read, it is in both languages.
    """
    languages = LANGUAGES
    if hasattr(request, "LANGUAGE_CODE"):
        languages = (request.LANGUAGE_CODE,)
    elif not hasattr(request, "user"):
        languages = (preferred_language(request),)
    context = {"error": error, "languages": languages}
    page = render_to_string("admin/standalone_error.html", context)
    response = HttpResponse(page, status=error.status)
    patch_cache_control(response, private=True, no_store=True)
    return response
