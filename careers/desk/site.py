"""The admin site: its name, its order, and the policy its pages need."""

from csp.decorators import csp_replace
from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from careers.bilingual import board
from careers.outbox.models import Letter

# Rooms and their records in the order of a recruiter's day, not of any alphabet.
ORDER = {
    "roles": ("Role", "Department", "Location"),
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
    "outbox": ("Letter",),
}

# Django's admin writes innerHTML, which Trusted Types would refuse. Everything else stays as strict.
_without_trusted_types = csp_replace({"require-trusted-types-for": None, "trusted-types": None})


class Desk(admin.AdminSite):
    site_header = _("Careers")
    site_title = _("Careers")
    index_title = _("What would you like to do?")

    def admin_view(self, view, cacheable=False):
        return _without_trusted_types(super().admin_view(view, cacheable))

    def login(self, request, extra_context=None):
        return _without_trusted_types(super().login)(request, extra_context)

    def index(self, request, extra_context=None):
        lost = Letter.objects.failed().count() if request.user.is_superuser else 0
        return super().index(request, {"letters_not_delivered": lost, **(extra_context or {})})

    def get_urls(self):
        ours = [
            path("translations/", self.admin_view(board.board), name="translations"),
            path("layout/", self.admin_view(board.layout), name="layout"),
        ]
        return [*ours, *super().get_urls()]

    def get_app_list(self, request, app_label=None):
        rooms = super().get_app_list(request, app_label)
        for room in rooms:
            names = ORDER[room["app_label"]]
            room["models"].sort(key=lambda model: names.index(model["object_name"]))
        return sorted(rooms, key=lambda room: list(ORDER).index(room["app_label"]))
