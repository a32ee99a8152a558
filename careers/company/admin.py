"""The admin of the company, its lists and its policies."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from careers.bilingual.admin import BilingualAdmin
from careers.bilingual.order import Order
from careers.bilingual.preview import DetailPreview, ListPreview, Preview
from careers.bilingual.share_links import ShareLinks

from . import context
from .models import Company, HiringStep, Perk, Policy, Testimonial, Value, Video
from .publication import KIND, Publication, kind_choices, requested_kind

WORKING_HERE = ListPreview(lambda record: "working_here")
POLICY_PAGE = DetailPreview("pages/policy.html", context.preview_context, context.has_page)


@admin.register(Company)
class CompanyAdmin(BilingualAdmin):
    panels = (Preview(ListPreview(lambda company: "home")),)
    revert_exclude = ("board_token",)
    sections = (
        (None, ("name", "legal_name", "tagline")),
        (_("Home page"), ("motto", "about")),
        (_("Look"), ("accent", "logo")),
        (_("Hiring"), ("promises", "agency_notice")),
        (
            _("Contacts"),
            (
                "contact_email",
                "privacy_contact",
                "privacy_email",
                "concerns_contact",
                "concerns_email",
                "blog_url",
                "hosting_country",
            ),
        ),
        (_("Data deletion"), ("erasure_grace_days",)),
        (_("For other programs"), ("board_token",)),
    )

    def changelist_view(self, request, extra_context=None):
        """Redirects to the form, because there is only one company."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        name = "change" if Company.objects.filter(pk=1).exists() else "add"
        args = [1] if name == "change" else []
        return HttpResponseRedirect(reverse(f"admin:company_company_{name}", args=args))

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Company.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Perk)
class PerkAdmin(BilingualAdmin):
    panels = (Preview(WORKING_HERE), Order())
    list_display = ("title_en", "title_ja", "applies_to")
    list_display_links = ("title_en", "title_ja")
    list_filter = ("applies_to",)
    sections = ((None, ("title", "text", "applies_to")),)


@admin.register(Value)
class ValueAdmin(BilingualAdmin):
    panels = (Preview(WORKING_HERE), Order())
    list_display = ("title_en", "title_ja")
    list_display_links = ("title_en", "title_ja")
    sections = ((None, ("title", "text")),)


@admin.register(HiringStep)
class HiringStepAdmin(ValueAdmin):
    panels = (Preview(ListPreview(lambda step: "hiring")), Order())


@admin.register(Testimonial)
class TestimonialAdmin(BilingualAdmin):
    panels = (Preview(WORKING_HERE), Order())
    list_display = ("name_en", "name_ja")
    list_display_links = ("name_en", "name_ja")
    sections = ((None, ("name", "job", "text")),)


@admin.register(Video)
class VideoAdmin(BilingualAdmin):
    # The choices of `page` are URL names.
    panels = (Preview(ListPreview(lambda video: video.page)), Order())
    list_display = ("title_en", "title_ja", "page")
    list_display_links = ("title_en", "title_ja")
    sections = (
        (None, ("title", "summary", "transcript")),
        (_("Film"), ("file", "captions", "external_url")),
        (_("Where it is shown"), ("page",)),
    )


@admin.register(Policy)
class PolicyAdmin(BilingualAdmin):
    """A new version starts at a page that asks for its kind: `add/?kind=…` has the last texts."""

    list_display = ("kind", "version", "title_en", "title_ja", "published_at")
    list_display_links = ("kind", "title_en", "title_ja")
    list_filter = ("kind",)
    change_form_template = "admin/company/policy/change_form.html"
    sections = (
        (None, ("kind", "version", "published_at")),
        (_("Text"), ("title", "text")),
    )
    panels = (Preview(POLICY_PAGE), ShareLinks(POLICY_PAGE), Publication())
    draft_parameters = (*BilingualAdmin.draft_parameters, KIND)
    initial_parameters = (KIND,)

    def add_view(self, request, form_url="", extra_context=None):
        if request.method == "POST" or requested_kind(request):
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add a version of a policy"),
            "opts": self.opts,
            "choices": kind_choices(),
        }
        return render(request, "admin/company/policy/choose_kind.html", context)

    def get_readonly_fields(self, request, obj=None):
        """The kind of an existing version is read-only, because its number counts within the kind."""
        return ("kind", "version", "published_at") if obj else ("version", "published_at")

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind" and (kind := requested_kind(request)):
            kwargs["choices"] = [(kind, Policy.Kind(kind).label)]  # the texts are of this kind
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        published = obj is not None and obj.published_at
        return super().has_change_permission(request, obj) and not published

    def has_delete_permission(self, request, obj=None):
        published = obj is not None and obj.published_at
        return super().has_delete_permission(request, obj) and not published

    def get_actions(self, request):
        # "Delete selected" does not check single records, but published versions must not be deleted.
        return {k: v for k, v in super().get_actions(request).items() if k != "delete_selected"}
