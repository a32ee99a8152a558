"""Duplicates a record: `add/?from=<pk>` shows the add form, filled in with the values of another record."""

from collections import defaultdict

from django.contrib import messages
from django.forms.models import model_to_dict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from careers.languages import format_list

from .panels import Panel

FROM = "from"
_callbacks = defaultdict(list)  # {model: functions that copy related data}


def on_duplicate(model):
    """Register a callback that higher apps use to copy related data when a record is duplicated.

    It is called as `callback(original, copy, by)` after the copy is saved. It returns a sentence about
    what it copied, or "" if it copied nothing.
    """

    def register(callback):
        _callbacks[model].append(callback)
        return callback

    return register


class Duplicate(Panel):
    """Copies a record with its rows.

    The copy is a draft: unique fields are left empty, and the fields in `revert_exclude` (see
    `VersionedAdmin`) are not copied.
    """

    def context(self, model_admin, request, obj):
        return {"can_duplicate": obj and model_admin.has_add_permission(request)}

    def initial(self, model_admin, request):
        original = _original(model_admin, request)
        if not original:
            return {}
        unique_fields = _unique_fields(model_admin.opts)
        messages.info(request, _announcement(original, unique_fields))
        unique_names = (field.name for field in unique_fields)
        return model_to_dict(original, exclude={*model_admin.revert_exclude, *unique_names})

    def initial_rows(self, model_admin, request, inline):
        original = _original(model_admin, request)
        if not original:
            return []
        key = next(key for key in inline.opts.fields if key.related_model is model_admin.model)
        rows = inline.model._default_manager.filter(**{key.name: original}).order_by("pk")
        return [model_to_dict(row, exclude=[key.name, inline.opts.pk.name]) for row in rows]

    def after_add(self, model_admin, request, obj):
        if original := _original(model_admin, request):
            for callback in _callbacks[model_admin.model]:
                if sentence := callback(original, obj, request.user):
                    messages.info(request, sentence)


def _original(model_admin, request):
    """The record to copy, or None without the parameter or without permission."""
    pk = request.GET.get(FROM, "")
    if not pk or not model_admin.has_add_permission(request):
        return None
    original = model_admin.get_object(request, pk)
    return original if original and model_admin.has_view_permission(request, original) else None


def _unique_fields(opts):
    return [field for field in opts.concrete_fields if field.unique and field.editable]


def _announcement(original, unique_fields):
    text = _("This is a copy of “%(record)s”, and nothing is saved yet.") % {"record": original}
    names = [capfirst(field.verbose_name) for field in unique_fields if not field.primary_key]
    if names:
        text += " " + _("Please give it its own: %(names)s.") % {"names": format_list(names)}
    return text
