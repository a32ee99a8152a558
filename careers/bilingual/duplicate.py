"""A new record begins as a copy of another one: `add/?from=…` shows it in the form, unsaved."""

from collections import defaultdict

from django.contrib import messages
from django.forms.models import model_to_dict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from careers.languages import listed

FROM = "from"
_along = defaultdict(list)  # {model: what copies something else with a record of it}


def on_duplicate(model):
    """For rooms above: `@goes_along(Role)` names a function `copy(original, new, by)` that copies what
    they keep with a record. It is called when the copy is saved, and says in a sentence what it did."""

    def register(copy):
        _along[model].append(copy)
        return copy

    return register


class Duplicated:
    """A ModelAdmin whose records can be copied with all their rows. What has to be unique is left to be
    written, and what `revert_exclude` (see `VersionedAdmin`) begins anew: a copy is a draft."""

    can_duplicate = False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        shown = object_id is None and request.method == "GET"
        request.original = self._original(request) if shown else None
        if request.original:
            messages.info(request, self._said(request.original))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def response_add(self, request, obj, post_url_continue=None):
        """The record and its rows are saved, and the answer says so; what goes along follows."""
        response = super().response_add(request, obj, post_url_continue)
        if original := self._original(request):
            for copy in _along[self.model]:
                if said := copy(original, obj, request.user):
                    messages.info(request, said)
        return response

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["can_duplicate"] = obj and self.can_duplicate and self.has_add_permission(request)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_changeform_initial_data(self, request):
        if not request.original:
            return super().get_changeform_initial_data(request)
        left = {field.name for field in self._left_out()}
        return model_to_dict(request.original, exclude={*self.revert_exclude, *left})

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if original := getattr(request, "original", None):
            kwargs["initial"] = self._rows(original, inline)
        return kwargs

    def get_formsets_with_inlines(self, request, obj=None):
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            if original := getattr(request, "original", None):
                formset.extra = len(self._rows(original, inline))
            yield formset, inline

    def _original(self, request):
        """The record to copy, if somebody asks to see a copy of it."""
        number = request.GET.get(FROM, "")
        may = self.can_duplicate and self.has_add_permission(request)
        if not may or not number:
            return None
        original = self.get_object(request, number)
        return original if original and self.has_view_permission(request, original) else None

    def _left_out(self):
        """What a copy cannot say, because it has to be unique."""
        return [field for field in self.opts.concrete_fields if field.unique and field.editable]

    def _rows(self, original, inline):
        """What the rows of a record say, without saying whose they are."""
        key = next(key for key in inline.opts.fields if key.related_model is self.model)
        rows = inline.model._default_manager.filter(**{key.name: original}).order_by("pk")
        return [model_to_dict(row, exclude=[key.name, inline.opts.pk.name]) for row in rows]

    def _said(self, original):
        own = [capfirst(field.verbose_name) for field in self._left_out() if not field.primary_key]
        said = _("This is a copy of “%(record)s”, and nothing is saved yet.") % {"record": original}
        if own:
            said += " " + _("Please give it its own: %(names)s.") % {"names": listed(own)}
        return said
