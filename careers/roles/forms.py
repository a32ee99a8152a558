"""The form of a role in the admin: what publication needs besides the texts of the role itself."""

from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME

from careers.bilingual.forms import BilingualFormSet, PublishedForm
from careers.bilingual.visibility import missing_texts_error
from careers.languages import LANGUAGES

from .completeness import missing_texts
from .conditions import missing_text
from .models import Role

_PUBLISHED = {language: f"published_at_{language}" for language in LANGUAGES}


class RoleForm(PublishedForm):
    """Refuses to publish a language while the application form lacks a text in it.

    A role that is already published can be saved nevertheless: the text may have been removed since, and
    `RoleAdmin` warns about it. `ConditionFormSet` checks the conditions, which are on the same page.
    """

    def _post_clean(self):
        published = {
            language: getattr(self.instance, name) for language, name in _PUBLISHED.items()
        }
        super()._post_clean()
        for language, was_published in published.items():
            checkbox = f"publish_{language}"
            is_new = self.cleaned_data.get(checkbox) and not was_published
            if not is_new or not self.instance.pk:
                continue
            texts = missing_texts([self.instance], language, saved=False)[self.instance.pk]
            if texts:
                self.add_error(checkbox, missing_texts_error(texts))


class ConditionFormSet(BilingualFormSet):
    """The conditions of a role: refuses to publish a language in which one has no text, if it has any.

    The error is of the whole formset, so that a preview still shows the row.
    """

    def clean(self):
        super().clean()
        published = Role.objects.filter(pk=self.instance.pk).values(*_PUBLISHED.values()).first()
        new_languages = [
            language
            for language, column in _PUBLISHED.items()
            if getattr(self.instance, column) and not (published and published[column])
        ]
        texts = [
            text
            for form in self.forms
            if hasattr(form, "cleaned_data") and not form.cleaned_data.get(DELETION_FIELD_NAME)
            for language in new_languages
            if (text := missing_text(form.instance, language, form.prefix))
        ]
        if texts:
            raise ValidationError(missing_texts_error(texts))
