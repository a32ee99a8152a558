"""Manual order of a list: buttons in each row move its record up, down or to a position."""

from collections import Counter
from functools import cache
from typing import NamedTuple

from django.contrib.admin import display
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.messages import ERROR, SUCCESS
from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careers.revisions.admin_urls import post_path

from .panels import Panel


class Position(NamedTuple):
    """A record is the `number`th (from 1) of the `count` records that share one order."""

    number: int
    count: int


class Order(Panel):
    """For an `OrderedContent` model. A move is not an edit: no revision, and no text becomes stale."""

    js = (Script("js/order.js", type="module"),)

    def urls(self, model_admin):
        return [post_path(model_admin, "<path:object_id>/move/", self.move, "move")]

    def move(self, model_admin, request, object_id):
        """Move a record by one `step`, "up" or "down", or to a `position`, counted from 1."""
        record = model_admin.get_object(request, unquote(object_id))
        if not model_admin.has_change_permission(request, record):
            raise PermissionDenied
        if record is None:
            return model_admin._get_obj_does_not_exist_redirect(
                request, model_admin.opts, object_id
            )
        index = _requested_index(request.POST, record)
        if index is None:
            model_admin.message_user(request, _("Please give a position: 1 is the first."), ERROR)
        else:
            index, count = record.move_to(index)
            text = _("“%(record)s” is now %(place)s of %(count)s.")
            text %= {"record": record, "place": index + 1, "count": count}
            model_admin.message_user(request, text, SUCCESS)
        changelist = reverse(admin_urlname(model_admin.opts, "changelist"))
        return HttpResponseRedirect(f"{changelist}?{request.GET.urlencode()}#position-{record.pk}")

    def list_columns(self, model_admin, request):
        return [_position_column(model_admin.model)] if _can_move(model_admin, request) else []

    def list_context(self, model_admin, request):
        can_move = _can_move(model_admin, request)
        return {
            "can_move": can_move,
            "in_another_order": model_admin.has_change_permission(request) and not can_move,
        }


def _requested_index(data, record):
    """The requested position, counted from 0; None if it is missing or invalid."""
    step = data.get("step")
    if step in ("up", "down"):
        index = _positions(type(record))[record.pk].number - 1
        return index - 1 if step == "up" else index + 1
    number = data.get("position", "")
    return int(number) - 1 if number.isdecimal() and len(number) < 10 else None


def _can_move(model_admin, request):
    """Whether the user may move rows, and the list shows all rows in their own order."""
    groups = (f"{name}__id__exact" for name in model_admin.model.order_with_respect_to)
    neutral = {PAGE_VAR, *groups}  # parameters that hide no neighbour of a row
    is_complete = not any(value for name, value in request.GET.items() if name not in neutral)
    return is_complete and model_admin.has_change_permission(request)


def _position_column(model):
    """The list column with the buttons, for one response: one query reads all positions."""
    positions = cache(_positions)

    @display(description=gettext_lazy("order"))
    def position(record):
        number, count = positions(model)[record.pk]
        if count == 1:
            return ""
        context = {"record": record, "number": number, "count": count}
        return render_to_string("admin/bilingual/position.html", context)

    return position


def _positions(model):
    """The positions of all records of a model: {pk: Position}, in one query."""
    keys = [model._meta.get_field(name).attname for name in model.order_with_respect_to]
    rows = list(model.objects.order_by(*model._meta.ordering).values_list("pk", *keys))
    counts, numbers, positions = Counter(tuple(row[1:]) for row in rows), Counter(), {}
    for pk, *group in rows:
        numbers[tuple(group)] += 1
        positions[pk] = Position(numbers[tuple(group)], counts[tuple(group)])
    return positions
