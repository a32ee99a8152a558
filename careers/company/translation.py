"""The fields of this app that exist in both languages."""

from modeltranslation.translator import TranslationOptions, register

from .models import Company, HiringStep, Perk, Policy, Testimonial, Value, Video


@register(Company)
class CompanyTranslation(TranslationOptions):
    fields = (
        "name",
        "legal_name",
        "tagline",
        "motto",
        "about",
        "promises",
        "agency_notice",
        "privacy_contact",
        "concerns_contact",
    )


@register([Perk, Value, HiringStep, Policy])
class TitleAndTextTranslation(TranslationOptions):
    fields = ("title", "text")


@register(Testimonial)
class TestimonialTranslation(TranslationOptions):
    fields = ("name", "job", "text")


@register(Video)
class VideoTranslation(TranslationOptions):
    fields = ("title", "summary", "transcript", "captions")
