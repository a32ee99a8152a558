"""The admin site: its name, its order, and the policy its pages need."""

from csp.decorators import csp_replace
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from careers.applications.models import is_recruiter
from careers.bilingual import status_board
from careers.documents.models import Document
from careers.outbox.models import Email

from . import my_work
from .views import sign_out

# Rooms and their records in the order of a recruiter's day, not of any alphabet.
ORDER = {
    "applications": ("Application",),
    "roles": ("Role", "Department", "Location", "SynonymGroup", "ZeroResultSearch"),
    "application_forms": ("ApplicationForm", "QuestionSet"),
    "articles": ("Article",),
    "company": (
        "Company",
        "Perk",
        "Value",
        "HiringStep",
        "Testimonial",
        "Video",
        "Policy",
    ),
    "staff": ("User",),
    "outbox": ("Email",),
}

# Django's admin writes innerHTML, which Trusted Types would refuse. Everything else stays as strict.
without_trusted_types = csp_replace({"require-trusted-types-for": None, "trusted-types": None})


class BackofficeSite(admin.AdminSite):
    site_header = _("Careers")
    site_title = _("Careers")
    index_title = _("My work")

    def admin_view(self, view, cacheable=False):
        return without_trusted_types(super().admin_view(view, cacheable))

    # Signing in and one's own password are django-allauth's (careers/backoffice/urls.py).

    def login(self, request, extra_context=None):
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied  # another sign-in as the same person would not help
        back = request.GET.get("next", "")
        query = f"?{urlencode({'next': back})}" if back else ""
        return HttpResponseRedirect(f"{reverse('account_login')}{query}")

    def logout(self, request, extra_context=None):
        return sign_out(request)

    def password_change(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("account_change_password"))

    def password_change_done(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("backoffice:account"))

    def index(self, request, extra_context=None):
        """My work; below it all rooms and their records."""
        context = {
            "sections": my_work.sections(request),
            "letters_not_delivered": request.user.is_superuser and Email.objects.failed().count(),
            "unscanned": is_recruiter(request.user) and Document.objects.waiting(),
        }
        return super().index(request, context | (extra_context or {}))

    def get_urls(self):
        ours = [
            path("translations/", self.admin_view(status_board.board), name="translations"),
            path("layout/", self.admin_view(status_board.layout), name="layout"),
        ]
        return [*ours, *super().get_urls()]

    def get_app_list(self, request, app_label=None):
        rooms = super().get_app_list(request, app_label)
        for room in rooms:
            names = ORDER[room["app_label"]]
            room["models"].sort(key=lambda model: names.index(model["object_name"]))
        return sorted(rooms, key=lambda room: list(ORDER).index(room["app_label"]))
