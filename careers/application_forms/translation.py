"""The translated fields of application forms."""

from modeltranslation.translator import TranslationOptions, register

from .models import ApplicationForm, Question, QuestionSet


@register(QuestionSet)
class QuestionSetTranslation(TranslationOptions):
    fields = ("name",)


@register(ApplicationForm)
class ApplicationFormTranslation(TranslationOptions):
    fields = ("note",)


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text", "help", "choices")
