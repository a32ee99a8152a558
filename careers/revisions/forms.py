"""The form of a record with revisions. It shows conflicts with another person's edit."""

from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .compare import display_value, html_difference
from .conflict import MergedForm
from .merge import Conflict
from .snapshot import Field


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The form of a versioned record or of one of its rows.

    `columns` maps form fields without a model field of the same name to their columns:
    {"publish_en": "published_at_en"}. A merge compares only whether such a column is set.
    """

    columns: ClassVar[dict[str, str]] = {}
    merged: MergedForm | None = None  # a `MergedForm` to show, set by the admin for one request

    def __init__(
        self, data: Any = None, *args: Any, merged: MergedForm | None = None, **kwargs: Any
    ) -> None:
        self.merged = merged or self.merged
        if data is None and self.merged:
            data = self.merged.data
        super().__init__(data, *args, **kwargs)

    @classmethod
    def column(cls, name: str) -> str | None:
        """The column of a form field, or None."""
        if name in cls.columns:
            return cls.columns[name]
        fields = {field.name: field for field in cls._meta.model._meta.get_fields()}
        return getattr(fields.get(name), "attname", None)

    def full_clean(self) -> None:
        if self.merged and self.merged.is_draft:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        else:
            super().full_clean()
        if not self.merged:
            return
        if self.merged.messages and not self.prefix:
            self.add_error(None, list(self.merged.messages))
        for conflict in self.merged.conflicts.get(self.prefix, ()):
            name = conflict.field if conflict.field in self.fields else None
            self.add_error(name, self._describe(conflict))

    def _describe(self, conflict: Conflict) -> str:
        if conflict.deleted:
            return _(
                "Someone else deleted this while you were editing. If you save, it is added again."
            )
        if not conflict.field:
            return _(
                "Someone else changed this while you were editing, and you marked it for deletion."
            )
        if conflict.field in self.columns:
            return _("Someone else changed this while you were editing.")
        field = self._meta.model._meta.get_field(conflict.field)
        theirs = _quote(field, display_value(field, conflict.theirs))
        if conflict.base is None or field.is_relation or field.choices:
            return format_html(_("Someone else edited this field: {}"), theirs)
        difference = _quote(field, html_difference(field, conflict.base, conflict.theirs))
        return format_html(
            _("Someone else edited this field: {} What they changed: {}"), theirs, difference
        )


def _quote(field: Field, text: str) -> SafeString:
    if language := getattr(field, "language", ""):
        return format_html('<q lang="{}" class="theirs">{}</q>', language, text)
    return format_html("<q>{}</q>", text)
