"""A form that says what somebody else wrote while it was being filled in."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from .compare import difference, told


class VersionedForm(forms.ModelForm):
    """The form of a record, or of one of its rows, of which versions are kept.

    `columns` names fields of the form that are none of the model: {"publish_en": "published_at_en"}.
    """

    columns = {}
    meeting = None  # set by the admin, for one request

    def __init__(self, data=None, *args, meeting=None, **kwargs):
        self.meeting = meeting or self.meeting
        if data is None and self.meeting:
            data = self.meeting.data
        super().__init__(data, *args, **kwargs)

    def column(self, name):
        """The column behind a field of the form, or None."""
        if name in self.columns:
            return self.columns[name]
        fields = {field.name: field for field in self._meta.model._meta.get_fields()}
        return getattr(fields.get(name), "attname", None)

    def _post_clean(self):
        super()._post_clean()
        if not self.meeting:
            return
        if self.meeting.said and not self.prefix:
            self.add_error(None, list(self.meeting.said))
        for note in self.meeting.notes.get(self.prefix, []):
            self.add_error(note.field if note.field in self.fields else None, self._told(note))

    def _told(self, note):
        if note.deleted:
            return _("Somebody deleted this meanwhile. If you save, it is added again.")
        if not note.field:
            return _("Somebody changed this meanwhile, and you marked it to be deleted.")
        if note.field in self.columns:
            return _("Somebody changed this meanwhile.")
        field = self._meta.model._meta.get_field(note.field)
        theirs = format_html("<q{}>{}</q>", _lang(field), told(field, note.now))
        if note.before is None or field.is_relation or field.choices:
            return format_html(_("Somebody wrote here meanwhile: {}"), theirs)
        changed = difference(field, note.before, note.now)
        return format_html(
            _("Somebody wrote here meanwhile: {} What they changed: {}"),
            theirs,
            format_html("<q{}>{}</q>", _lang(field), changed),
        )


def _lang(field):
    language = getattr(field, "language", "")
    return format_html(' lang="{}" class="theirs"', language) if language else ""
