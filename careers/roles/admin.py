"""Departments, places and roles, in the admin."""

from django.contrib import admin
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from careers.bilingual.admin import BilingualAdmin, BilingualInline, PublishedAdmin
from careers.bilingual.preview import Among, PublicPage

from . import page
from .facts import Condition
from .models import (
    Department,
    Location,
    RemoteCountry,
    Role,
    RoleCondition,
    RoleLanguage,
    RoleLocation,
)

OPENINGS = Among(lambda record: "roles:index")


@admin.register(Department)
class DepartmentAdmin(BilingualAdmin):
    public_page = OPENINGS
    list_display = ("name_en", "name_ja", "order")
    list_display_links = ("name_en", "name_ja")
    list_editable = ("order",)
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    sections = ((None, ("name", "managers", "order")),)


@admin.register(Location)
class LocationAdmin(BilingualAdmin):
    public_page = OPENINGS
    list_display = ("name_en", "name_ja", "country", "smoking", "order")
    list_display_links = ("name_en", "name_ja")
    list_editable = ("order",)
    sections = ((None, ("name", "address", "country", "time_zone", "smoking", "order")),)


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
        "opens_at",
        "closes_on",
        "order",
    )
    list_editable = ("order",)
    list_filter = ("department", "workplace", "employment_type")
    list_select_related = ("department",)
    searched = ("reference_id",)
    readonly_fields = ("conditions_to_state",)
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
            (("publish_en", "publish_ja"), ("opens_at", "closes_on"), "slug", "order"),
        ),
        (_("Conditions of employment"), ("conditions_to_state",)),
    )

    @admin.display(description=_("not stated yet"))
    def conditions_to_state(self, role):
        """Which conditions of a posting in Japan are missing. It informs; it blocks nothing."""
        missing = role.missing_conditions() if role.pk else list(Condition)
        if not missing:
            return _("Everything that a posting in Japan has to state is stated.")
        return format_html_join(" · ", "{}", ((kind.label,) for kind in missing))
