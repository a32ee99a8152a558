"""URL patterns of the views that a ModelAdmin has beside Django's own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST


def post_path(
    model_admin: "ModelAdmin[Any]", route: str, view: Callable[..., HttpResponse], name: str
) -> URLPattern:
    """A URL pattern of a ModelAdmin that accepts only POST; calls `view(model_admin, request, …)`.

    Its name follows Django's pattern, so that `{% url opts|admin_urlname:name %}` finds it.
    """
    opts = model_admin.opts
    post_view = model_admin.admin_site.admin_view(require_POST(partial(view, model_admin)))
    return path(route, post_view, name=f"{opts.app_label}_{opts.model_name}_{name}")
