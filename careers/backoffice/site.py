"""The admin site: its title, the order of apps and models, sign-in, and its content security policy."""

from csp.decorators import csp_replace
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from careers import __version__
from careers.applications.models import is_recruiter
from careers.bilingual import status_board
from careers.documents.models import Document
from careers.outbox.models import Email

from . import my_work, site_status
from .access_fields import AccessFieldsAdmin
from .actions import delete_selected
from .parameters import AllowListAdmin
from .views import sign_out

# Apps and models in the order of a recruiter's day. Any others come last.
MENU_ORDER = {
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

# Django's views that no page of the site uses: one searches records of any model, the other redirects to
# the public page of a record without knowing its language.
UNUSED_VIEWS = {"autocomplete", "view_on_site"}

# Django's admin assigns innerHTML, which Trusted Types would block. The rest of the policy applies.
without_trusted_types = csp_replace({"require-trusted-types-for": None, "trusted-types": None})


class BackofficeSite(admin.AdminSite):
    site_header = _("Careers")
    site_title = _("Careers")
    index_title = _("My work")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")
        self.add_action(delete_selected, "delete_selected")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register models with a ModelAdmin that also obeys the rules of the site, from any app."""
        bases = (AllowListAdmin, AccessFieldsAdmin, admin_class or admin.ModelAdmin)
        super().register(model_or_iterable, type(bases[-1].__name__, bases, {}), **options)

    def admin_view(self, view, cacheable=False):
        return without_trusted_types(super().admin_view(view, cacheable))

    def each_context(self, request):
        return {**super().each_context(request), "version": __version__}

    # django-allauth handles sign-in and passwords (careers/backoffice/urls.py).

    def login(self, request, extra_context=None):
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied  # another sign-in with the same account would not help
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
        """My work, and the list of apps and models."""
        context = {
            "sections": my_work.sections(request),
            "problems": site_status.problems() if request.user.is_superuser else [],
            "emails_not_delivered": request.user.is_superuser and Email.objects.failed().count(),
            "unscanned": is_recruiter(request.user) and Document.objects.scan_backlog(),
        }
        return super().index(request, context | (extra_context or {}))

    def get_urls(self):
        urls = [
            path("translations/", self.admin_view(status_board.board), name="translations"),
            path("layout/", self.admin_view(status_board.layout), name="layout"),
        ]
        used = [url for url in super().get_urls() if getattr(url, "name", "") not in UNUSED_VIEWS]
        return [*urls, *used]

    def get_app_list(self, request, app_label=None):
        """The apps and models in the order of `MENU_ORDER`, then any others in Django's order."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            names = MENU_ORDER.get(app["app_label"], ())
            app["models"].sort(key=lambda model: _index(names, model["object_name"]))
        labels = tuple(MENU_ORDER)
        return sorted(apps, key=lambda app: _index(labels, app["app_label"]))


def _index(names, name):
    return names.index(name) if name in names else len(names)
