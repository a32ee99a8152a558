"""The fields of this app that exist in both languages."""

from modeltranslation.translator import TranslationOptions, register

from .models import Department, Location, Role, RoleCondition


@register(Department)
class DepartmentTranslation(TranslationOptions):
    fields = ("name",)


@register(Location)
class LocationTranslation(TranslationOptions):
    fields = ("name", "address", "city", "region")


@register(Role)
class RoleTranslation(TranslationOptions):
    fields = (
        "title",
        "summary",
        "intro",
        "duties",
        "requirements",
        "nice_to_haves",
        "expectations",
        "closing",
        "see_also_text",
    )


@register(RoleCondition)
class RoleConditionTranslation(TranslationOptions):
    fields = ("text",)
