"""Departments, places and roles, and the words by which roles are found, in the admin."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from careers.bilingual.admin import BilingualAdmin, BilingualInline, PublishedAdmin
from careers.bilingual.ordering import InOrder
from careers.bilingual.preview import Among, PublicPage
from careers.revisions.admin import VersionedAdmin
from careers.revisions.forms import VersionedForm
from careers.searching import found

from . import jobposting, page
from .confirmed import DOUBTFUL
from .facts import Condition
from .models import (
    Department,
    Location,
    MissedSearch,
    RemoteCountry,
    Role,
    RoleCondition,
    RoleLanguage,
    RoleLocation,
    SynonymGroup,
)

OPENINGS = Among(lambda record: "roles:index")


@admin.register(Department)
class DepartmentAdmin(InOrder, BilingualAdmin):
    public_page = OPENINGS
    list_display = ("name_en", "name_ja")
    list_display_links = ("name_en", "name_ja")
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    sections = ((None, ("name", "managers")),)


@admin.register(Location)
class LocationAdmin(InOrder, BilingualAdmin):
    public_page = OPENINGS
    list_display = ("name_en", "name_ja", "country", "smoking")
    list_display_links = ("name_en", "name_ja")
    sections = ((None, ("name", "address", "country", "time_zone", "smoking")),)


class RoleLocationInline(BilingualInline):
    model = RoleLocation
    fields = ("location",)


class RemoteCountryInline(BilingualInline):
    model = RemoteCountry
    fields = ("country",)


class RoleLanguageInline(BilingualInline):
    model = RoleLanguage
    fields = (("language", "proficiency"),)


class RoleConditionInline(BilingualInline):
    model = RoleCondition
    fields = ("kind", "text")


@admin.register(Role)
class RoleAdmin(PublishedAdmin):
    list_display = (
        "__str__",
        "reference_id",
        "department",
        "published",
        "period",
    )
    list_filter = ("department", "workplace", "employment_type")
    list_select_related = ("department",)
    change_form_template = "admin/roles/role/change_form.html"
    can_duplicate = True
    readonly_fields = ("conditions_to_state", "search_engines")
    public_page = PublicPage("roles/detail.html", page.preview)
    limits = {"title": (60, 32), "summary": (160, 80), "see_also_text": (120, 60)}
    inlines = (RoleLocationInline, RemoteCountryInline, RoleLanguageInline, RoleConditionInline)
    sections = (
        (None, ("title", "summary")),
        (
            _("Text"),
            ("intro", "duties", "requirements", "nice_to_haves", "expectations", "closing"),
        ),
        (
            _("Facts"),
            (
                "reference_id",
                "department",
                ("workplace", "employment_type", "level"),
                ("pay_min", "pay_max", "pay_currency", "pay_period"),
                "recruiter",
            ),
        ),
        (_("Another role"), ("see_also", "see_also_text")),
        (
            _("Publication"),
            (("publish_en", "publish_ja"), ("opens_at", "closes_on"), "slug", "search_engines"),
        ),
        (_("Conditions of employment"), ("conditions_to_state",)),
    )

    def get_urls(self):
        view = self.admin_site.admin_view(self.confirm)
        ours = path("<path:object_id>/confirm/", view, name="roles_role_confirm")
        return [ours, *super().get_urls()]

    @method_decorator(require_POST)
    def confirm(self, request, object_id):
        """The role is still accurate; on to the next one, or `back` to all that is to be done."""
        role = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, role):
            raise PermissionDenied
        if role is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        Role.objects.filter(pk=role.pk).confirm()
        said = gettext("“%(role)s” is confirmed as still accurate.") % {"role": role}
        self.message_user(request, said, messages.SUCCESS)
        following = Role.objects.unconfirmed().first()
        if following and "back" not in request.POST:
            return redirect("admin:roles_role_change", following.pk)
        return redirect("admin:index")

    def save_model(self, request, obj, form, change):
        obj.confirmed_at = timezone.now()  # whoever edits a role has read it
        super().save_model(request, obj, form, change)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_open_form"] = self._may_open_form(request.user, obj)
        if obj and self.has_change_permission(request, obj):
            context["unconfirmed"] = Role.objects.unconfirmed().filter(pk=obj.pk).exists()
            context["doubtful_days"] = DOUBTFUL.days
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _may_open_form(self, user, role):
        """Whether somebody may add the role's application form, or see the one that it has."""
        if user.has_perm("questions.add_applicationform"):
            return True
        return user.has_perm("questions.view_applicationform") and hasattr(role, "application_form")

    @admin.display(description=_("search engines"))
    def search_engines(self, role):
        """Without what Google would not list the role. It informs; it blocks nothing."""
        missing = list(jobposting.refusals(role))
        if not missing:
            return _("Google can list this opening once it is published.")
        refused = _("Google does not list this opening as it is.")
        return format_html_join(mark_safe("<br>"), "{}", ((said,) for said in (refused, *missing)))

    @admin.display(description=_("not stated yet"))
    def conditions_to_state(self, role):
        """Which conditions of a posting in Japan are missing. It informs; it blocks nothing."""
        missing = role.missing_conditions() if role.pk else list(Condition)
        if not missing:
            return _("Everything that a posting in Japan has to state is stated.")
        return format_html_join(" · ", "{}", ((kind.label,) for kind in missing))


@admin.register(SynonymGroup)
class SynonymGroupAdmin(VersionedAdmin):
    """Groups of synonyms. One that begins with a missed search takes its word: `?terms=…`."""

    form = VersionedForm
    fields = ("terms",)
    search_fields = ("folded",)

    def get_search_results(self, request, queryset, search_term):
        return found(queryset, search_term), False


@admin.register(MissedSearch)
class MissedSearchAdmin(admin.ModelAdmin):
    """What was looked for in vain: a list of synonyms to be made. The site writes it, nobody else."""

    list_display = ("term", "count", "language", "last_on", "start")
    list_display_links = None  # there is no more to see of one
    sortable_by = ()  # the most wanted first
    list_filter = ("language",)
    search_fields = ("term",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_list_display(self, request):
        may = request.user.has_perm("roles.add_synonymgroup")
        return self.list_display if may else self.list_display[:-1]

    @admin.display(description=_("synonyms"))
    def start(self, missed):
        address = reverse("admin:roles_synonymgroup_add", query={"terms": missed.term})
        whole = gettext("Add synonyms of “%(word)s”") % {"word": missed.term}
        short = gettext("Add synonyms")
        return format_html('<a href="{}" aria-label="{}">{}</a>', address, whole, short)
