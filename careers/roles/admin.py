"""The admin of departments, locations, roles and search synonyms."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from careers.bilingual.admin import BilingualAdmin, BilingualInline, PublishedAdmin
from careers.bilingual.duplicate import Duplicate
from careers.bilingual.order import Order
from careers.bilingual.panels import Panel
from careers.bilingual.preview import DetailPreview, ListPreview, Preview
from careers.bilingual.share_links import ShareLinks
from careers.revisions.admin import VersionedAdmin
from careers.revisions.admin_urls import post_path
from careers.revisions.forms import VersionedForm
from careers.search_index import search_rows

from . import context as role_context
from . import jobposting
from .conditions import checklist
from .forms import ConditionFormSet, RoleForm
from .models import (
    Department,
    Location,
    RemoteCountry,
    Role,
    RoleCondition,
    RoleLanguage,
    RoleLocation,
    SynonymGroup,
    ZeroResultSearch,
)

ROLE_LIST = ListPreview(lambda record: "roles:index")
ROLE_PAGE = DetailPreview("roles/detail.html", role_context.preview_context)


@admin.register(Department)
class DepartmentAdmin(BilingualAdmin):
    panels = (Preview(ROLE_LIST), Order())
    list_display = ("name_en", "name_ja")
    list_display_links = ("name_en", "name_ja")
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    sections = ((None, ("name", "managers")),)


@admin.register(Location)
class LocationAdmin(BilingualAdmin):
    panels = (Preview(ROLE_LIST), Order())
    list_display = ("name_en", "name_ja", "country", "smoking")
    list_display_links = ("name_en", "name_ja")
    sections = (
        (
            None,
            (
                "name",
                "address",
                "city",
                "region",
                ("postal_code", "country"),
                "time_zone",
                "smoking",
            ),
        ),
    )


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
    formset = ConditionFormSet
    fields = ("kind", "text")


class AccuracyReview(Panel):
    """Asks to review an open role that was last reviewed more than `REVIEW_AFTER` ago."""

    def urls(self, model_admin):
        return [post_path(model_admin, "<path:object_id>/review/", self.mark_reviewed, "review")]

    def mark_reviewed(self, model_admin, request, object_id):
        """Mark a role as accurate; redirects to the next one to review, or with `back` to "My work"."""
        role = model_admin.get_object(request, unquote(object_id))
        if not model_admin.has_change_permission(request, role):
            raise PermissionDenied
        if role is None:
            return model_admin._get_obj_does_not_exist_redirect(
                request, model_admin.opts, object_id
            )
        Role.objects.filter(pk=role.pk).mark_reviewed()
        text = gettext("“%(role)s” is confirmed as still accurate.") % {"role": role}
        model_admin.message_user(request, text, messages.SUCCESS)
        next_role = Role.objects.needs_review().first()
        if next_role and "back" not in request.POST:
            return redirect("admin:roles_role_change", next_role.pk)
        return redirect("admin:index")

    def context(self, model_admin, request, obj):
        if not obj or not model_admin.has_change_permission(request, obj):
            return {}
        return {
            "needs_review": Role.objects.needs_review().filter(pk=obj.pk).exists(),
            "review_days": settings.REVIEW_AFTER.days,
        }


@admin.register(Role)
class RoleAdmin(PublishedAdmin):
    form = RoleForm
    panels = (Preview(ROLE_PAGE), ShareLinks(ROLE_PAGE), Duplicate(), Order(), AccuracyReview())
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
    readonly_fields = ("conditions_to_state", "search_engines")
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

    def save_model(self, request, obj, form, change):
        obj.reviewed_at = timezone.now()  # an edit counts as a review
        super().save_model(request, obj, form, change)

    @admin.display(description=_("search engines"))
    def search_engines(self, role):
        """Why Google would not list the role. It does not prevent publication."""
        missing_properties = list(jobposting.missing_properties(role))
        if not missing_properties:
            return _("Google can list this opening once it is published.")
        lines = [_("Google does not list this opening as it is."), *missing_properties]
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))

    @admin.display(description=_("not stated yet"))
    def conditions_to_state(self, role):
        """What `conditions.checklist` finds. It does not prevent publication."""
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in checklist(role)))


@admin.register(SynonymGroup)
class SynonymGroupAdmin(VersionedAdmin):
    """Groups of synonyms. `?terms=…` fills in the term of a search that found nothing."""

    form = VersionedForm
    fields = initial_parameters = ("terms",)
    search_fields = ("search_text",)

    def get_search_results(self, request, queryset, search_term):
        return search_rows(queryset, search_term), False


@admin.register(ZeroResultSearch)
class ZeroResultSearchAdmin(admin.ModelAdmin):
    """Searches with no results, for which recruiters can add synonyms. Read-only."""

    list_display = ("term", "count", "language", "last_on", "add_synonyms")
    list_display_links = None  # the list shows everything
    sortable_by = ()  # the most frequent first
    list_filter = ("language",)
    search_fields = ("term",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_list_display(self, request):
        can_add = request.user.has_perm("roles.add_synonymgroup")
        return self.list_display if can_add else self.list_display[:-1]

    @admin.display(description=_("synonyms"))
    def add_synonyms(self, search):
        url = reverse("admin:roles_synonymgroup_add", query={"terms": search.term})
        label = gettext("Add synonyms of “%(word)s”") % {"word": search.term}
        return format_html(
            '<a href="{}" aria-label="{}">{}</a>', url, label, gettext("Add synonyms")
        )
