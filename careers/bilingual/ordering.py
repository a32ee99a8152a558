"""A list whose order a recruiter chooses: each row is moved up, down or to a position by a button."""

from collections import Counter
from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST


class Place(NamedTuple):
    """Where a record stands among its like: the `number`th (from 1) of `count`."""

    number: int
    count: int

    @property
    def is_first(self):
        return self.number == 1

    @property
    def is_last(self):
        return self.number == self.count


class InOrder:
    """A ModelAdmin of an `Ordered` model. Moving is no edit: no version is kept, nothing is stale."""

    change_list_template = "admin/bilingual/ordered_list.html"

    class Media:
        js = (Script("js/ordering.js", type="module"),)

    def get_urls(self):
        view = self.admin_site.admin_view(self.move)
        name = f"{self.opts.app_label}_{self.opts.model_name}_move"
        return [path("<path:object_id>/move/", view, name=name), *super().get_urls()]

    @method_decorator(require_POST)
    def move(self, request, object_id):
        """Move a record by one `step`, "up" or "down", or to the `place` that was typed, from 1."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        wanted = self._wanted(request, record)
        if wanted is None:
            self.message_user(request, _("Please give a position: 1 is the first."), messages.ERROR)
        else:
            place, count = record.move(wanted)
            said = _("“%(record)s” is now %(place)s of %(count)s.")
            numbers = {"record": record, "place": place + 1, "count": count}
            self.message_user(request, said % numbers, messages.SUCCESS)
        return HttpResponseRedirect(f"{self._list()}?{request.GET.urlencode()}#place-{record.pk}")

    def _wanted(self, request, record):
        """The place that somebody asks for, from 0, or None if nobody could tell."""
        now = self._places()[record.pk].number - 1
        match request.POST.get("step"):
            case "up":
                return now - 1
            case "down":
                return now + 1
        typed = request.POST.get("place", "")
        return int(typed) - 1 if typed.isdecimal() and len(typed) < 10 else None

    # --- The list -----------------------------------------------------------------------------

    def get_list_display(self, request):
        names = super().get_list_display(request)
        return (*names, "place") if self._may_move(request) and self._is_whole(request) else names

    def get_changelist_instance(self, request):
        found = super().get_changelist_instance(request)
        if "place" in found.list_display:
            places = self._places()
            for record in found.result_list:
                record.place = places[record.pk]
        return found

    def changelist_view(self, request, extra_context=None):
        hint = self._may_move(request) and not self._is_whole(request)
        return super().changelist_view(request, {"in_another_order": hint, **(extra_context or {})})

    @admin.display(description=gettext_lazy("order"))
    def place(self, record):
        """The buttons of a row. Their form stands outside of the list, which is a form itself."""
        if record.place.count == 1:
            return ""
        return render_to_string("admin/bilingual/position.html", {"record": record})

    def _may_move(self, request):
        return self.has_change_permission(request)

    def _is_whole(self, request):
        """Whether the list is in its own order, with no neighbour left out of it."""
        harmless = {PAGE_VAR, *(f"{name}__id__exact" for name in self.model.among)}
        return not any(value for name, value in request.GET.items() if name not in harmless)

    def _places(self):
        """Where every record stands: {pk: Place}, in one query."""
        keys = [self.opts.get_field(name).attname for name in self.model.among]
        rows = list(self.model.objects.order_by(*self.opts.ordering).values_list("pk", *keys))
        counts, numbers, places = Counter(tuple(row[1:]) for row in rows), Counter(), {}
        for pk, *like in rows:
            numbers[tuple(like)] += 1
            places[pk] = Place(numbers[tuple(like)], counts[tuple(like)])
        return places

    def _list(self):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
