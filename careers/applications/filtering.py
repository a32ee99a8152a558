"""The ways to narrow the list of applications: what waits, whose opening, which one."""

from urllib.parse import urlencode

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.roles.models import Role

from .reviewing import is_recruiter


class Waiting(admin.SimpleListFilter):
    """Two tabs above the list: what counts as an application, and what waits to. The first is there
    without asking; a hiring manager has nothing else, and no tabs."""

    title = _("confirmation")
    parameter_name = "waiting"
    template = "admin/applications/tabs.html"
    is_tabs = True

    def __init__(self, request, params, model, model_admin):
        self.is_chosen = is_waiting(request)
        super().__init__(request, params, model, model_admin)
        if self.lookup_choices:
            self.number = model_admin.get_queryset(request).quarantined().count()

    def lookups(self, request, model_admin):
        return [("yes", _("Waiting for confirmation"))] if is_recruiter(request.user) else []

    def queryset(self, request, queryset):
        return queryset.quarantined() if self.is_chosen else queryset.confirmed()

    def choices(self, changelist):
        for name, label, number in (
            (None, pgettext_lazy("applications", "Received"), None),
            ("yes", _("Waiting for confirmation"), self.number),
        ):
            changed = {self.parameter_name: name} if name else {}
            yield {
                "selected": self.is_chosen == bool(name),
                "query_string": changelist.get_query_string(changed, [self.parameter_name, "p"]),
                "display": label,
                "number": number,
            }


def is_waiting(request):
    """Whether somebody looks at what waits for confirmation."""
    return request.GET.get(Waiting.parameter_name) == "yes"


def place(request):
    """Context of the list: which tab is open, and the ways on from where nothing is found."""
    waiting, typed = is_waiting(request), request.GET.get("q", "")
    tab, other = ("?waiting=yes", "?") if waiting else ("?", "?waiting=yes")
    query = urlencode({"q": typed})
    return {
        "recruiter": is_recruiter(request.user),
        "is_waiting": waiting,
        "narrowed": any(name not in ("waiting", "q", "p", "o", "all") for name in request.GET),
        "this_tab": tab,
        "same_in_other_tab": f"{other}&{query}" if typed and is_recruiter(request.user) else "",
    }


class OfRole(admin.SimpleListFilter):
    """The roles for which there are applications, and those for no role in particular."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        applications = model_admin.get_queryset(request).order_by()
        roles = Role.objects.filter(pk__in=applications.values("role"))
        chosen = [(str(role.pk), str(role)) for role in roles]
        if applications.filter(role=None).exists():
            chosen.append(("none", _("General application")))
        return chosen

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "none":
                return queryset.filter(role=None)
            case key:
                return queryset.filter(role=key) if key.isdecimal() else queryset.none()
