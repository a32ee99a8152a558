"""The form of a role in the admin: what publication needs besides the texts of the role itself."""

from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.html import format_html
from django.utils.translation import gettext as _

from careers.bilingual.forms import BilingualFormSet, PublishedForm
from careers.bilingual.visibility import text_links
from careers.languages import LANGUAGES

from .completeness import missing_texts
from .conditions import missing_text_error
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
                error = _("Before this can be published, please write: {}")
                self.add_error(checkbox, format_html(error, text_links(texts)))


class ConditionFormSet(BilingualFormSet):
    """The conditions of a role. In a published language each needs a text, if it has one at all.

    Like `RoleForm`, it checks what an edit makes incomplete: a condition that changes, or all of them if
    the language is published now.
    """

    def clean(self):
        super().clean()
        published = Role.objects.filter(pk=self.instance.pk).values(*_PUBLISHED.values()).first()
        for form in self.forms:
            if hasattr(form, "cleaned_data") and not form.cleaned_data.get(DELETION_FIELD_NAME):
                self._check(form, published or {})

    def _check(self, form, published):
        for language, column in _PUBLISHED.items():
            is_checked = form.has_changed() or not published.get(column)
            if not getattr(self.instance, column) or not is_checked:
                continue
            if error := missing_text_error(form.instance, language):
                form.add_error(f"text_{language}", error)
