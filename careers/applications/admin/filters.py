"""Filters of the list of applications: quarantine, stage, role, department, data deletion."""

from urllib.parse import urlencode

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.applications.models import is_recruiter
from careers.roles.models import Role


class QuarantineFilter(admin.SimpleListFilter):
    """Two tabs above the list: received applications, which is the default, and quarantined ones.

    Hiring managers see received ones only, and no tabs.
    """

    title = _("confirmation")
    parameter_name = "waiting"
    template = "admin/applications/tabs.html"
    is_tabs = True

    def __init__(self, request, params, model, model_admin):
        self.is_chosen = shows_quarantine(request)
        super().__init__(request, params, model, model_admin)
        if self.lookup_choices:
            self.count = model_admin.get_queryset(request).quarantined().count()

    def lookups(self, request, model_admin):
        return [("yes", _("Waiting for confirmation"))] if is_recruiter(request.user) else []

    def queryset(self, request, queryset):
        return queryset.quarantined() if self.is_chosen else queryset.confirmed()

    def choices(self, changelist):
        for value, label, count in (
            (None, pgettext_lazy("applications", "Received"), None),
            ("yes", _("Waiting for confirmation"), self.count),
        ):
            parameters = {self.parameter_name: value} if value else {}
            yield {
                "selected": self.is_chosen == bool(value),
                "query_string": changelist.get_query_string(parameters, [self.parameter_name, "p"]),
                "display": label,
                "count": count,
            }


def shows_quarantine(request):
    """Whether the quarantine tab is open."""
    return request.GET.get(QuarantineFilter.parameter_name) == "yes"


def list_context(request):
    """Context of the list: the open tab, and links for a search or filter that finds nothing."""
    is_quarantine, query = shows_quarantine(request), request.GET.get("q", "")
    tab, other_tab = ("?waiting=yes", "?") if is_quarantine else ("?", "?waiting=yes")
    has_other_tab = query and is_recruiter(request.user)
    return {
        "is_recruiter": is_recruiter(request.user),
        "is_quarantine": is_quarantine,
        "is_filtered": any(name not in ("waiting", "q", "p", "o", "all") for name in request.GET),
        "this_tab": tab,
        "same_search_in_other_tab": (
            f"{other_tab}&{urlencode({'q': query})}" if has_other_tab else ""
        ),
    }


class RoleFilter(admin.SimpleListFilter):
    """The roles that have applications, and general applications."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        applications = model_admin.get_queryset(request).order_by()
        roles = Role.objects.filter(pk__in=applications.values("role"))
        choices = [(str(role.pk), str(role)) for role in roles]
        if applications.filter(role=None).exists():
            choices.append(("none", _("General application")))
        return choices

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "none":
                return queryset.filter(role=None)
            case key:
                is_choice = key in dict(self.lookup_choices)
                return queryset.filter(role=key) if is_choice else queryset.none()


class ErasureFilter(admin.SimpleListFilter):
    """Applications whose candidate asked for the deletion of their data. For recruiters only."""

    title = _("data deletion")
    parameter_name = "erasure"

    def lookups(self, request, model_admin):
        return [("requested", _("Requested"))] if is_recruiter(request.user) else []

    def queryset(self, request, queryset):
        if self.value() != "requested":
            return queryset
        return queryset.exclude(erasure_requested_at=None)
