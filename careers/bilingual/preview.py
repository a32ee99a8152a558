"""Preview: the public page of a record, rendered from the unsaved form in the admin.

    panels = (Preview(DetailPreview("roles/detail.html", context.preview)),)

A `DetailPreview` is for a record with its own page, a `ListPreview` for one that a page shows among
others. A preview leaves nothing in the database.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.forms import Script
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from careers.languages import LANGUAGES, OWN_NAMES, format_list
from careers.publishing import PublishedContent
from careers.revisions.admin_urls import post_path
from careers.revisions.snapshot import row_models

from .panels import Panel, is_popup

UNSAVED = 0  # primary key of a record that has none yet, so that it can have rows; never saved


class Preview(Panel):
    """Shows `page`, a `DetailPreview` or a `ListPreview`, beside the change form."""

    js = (Script("js/preview.js", type="module"),)

    def __init__(self, page):
        self.page = page

    def urls(self, model_admin):
        route = "preview/<slug:language>/"
        return [
            post_path(model_admin, f"add/{route}", self.preview, "preview_new"),
            post_path(model_admin, f"<path:object_id>/{route}", self.preview, "preview"),
        ]

    def preview(self, model_admin, request, language, object_id=None):
        """The public page in `language`, from a form that may be incomplete or invalid."""
        if language not in LANGUAGES:
            raise Http404
        record = model_admin.get_object(request, unquote(object_id)) if object_id else None
        if object_id and record is None:
            raise Http404
        if not _may_preview(model_admin, request, record):
            raise PermissionDenied
        record = _record_from_form(model_admin, request, record)
        if names := _missing_choices(record):
            text = _("To see the preview, please choose: %(fields)s.")
            return _preview_unavailable(text % {"fields": format_list(names)})
        if not self.page.exists(record):
            return _preview_unavailable(_("There is no preview: this text has no page of its own."))
        return self.page.render(request, record, language)

    def context(self, model_admin, request, obj):
        if is_popup(request) or not _may_preview(model_admin, request, obj):
            return {}
        name = admin_urlname(model_admin.opts, "preview" if obj else "preview_new")
        args = [obj.pk] if obj else []
        return {
            "previews": [
                {
                    "language": language,
                    "own_name": OWN_NAMES[language],
                    "url": reverse(name, args=[*args, language]),
                }
                for language in LANGUAGES
            ]
        }


class DetailPreview(NamedTuple):
    """The page of one record: `template` with `context(record, language, request)`.

    `exists(record)` is False for a record without a page, if only some records of a model have one.
    """

    template: str
    context: Callable
    exists: Callable = lambda record: True

    def render(self, request, record, language, **extra):
        """The page of `record` in `language` as if it were published, with noindex."""
        with translation.override(language):
            context = self.context(as_published(record, language), language, request)
            response = render(request, self.template, {**context, **extra, "unlisted": True})
        return make_private(response)


class ListPreview(NamedTuple):
    """A page that shows a record among others.

    `url(record)` is the URL name of the page, alone or with its arguments:
    ("applications:apply", {"pk": 1, "slug": "cook"}). `exists(record)` is False if no page shows the
    record. The view sees that it is a preview by `request.is_preview`.
    """

    url: Callable
    exists: Callable = lambda record: True

    def render(self, request, record, language):
        """The page as it would be if the record were saved.

        The record is saved and the transaction rolled back: the view queries the database, so it would
        not show a record in memory.
        """
        name, arguments = self.url(record), {}
        if not isinstance(name, str):
            name, arguments = name
        with translation.override(language), transaction.atomic():
            request.path = request.path_info = reverse(name, kwargs=arguments)
            request.method = "GET"
            request.is_preview = True
            try:
                _save(record)
                view = resolve(request.path)
                response = view.func(request, *view.args, **view.kwargs)
            except (IntegrityError, Http404):
                response = None
            transaction.set_rollback(True)
        if response is None or response.status_code != 200:
            return _preview_unavailable(
                _("There is no preview: in this language there is no such page yet.")
            )
        return make_private(response)


def as_published(record, language):
    """Publish the record in `language` in memory only; returns the record."""
    if isinstance(record, PublishedContent):
        record.publish(language)
        record.updated_at = record.updated_at or timezone.now()
    return record


def make_private(response):
    """Forbid caching and indexing of the response; returns the response."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _preview_unavailable(reason):
    """The 422 response with the reason why there is no preview. preview.js shows it."""
    response = HttpResponse(reason, status=422, content_type="text/plain; charset=utf-8")
    return make_private(response)


def _may_preview(model_admin, request, record):
    if record is None:
        return model_admin.has_add_permission(request)
    return model_admin.has_change_permission(request, record)


def _missing_choices(record):
    """Names of the required foreign keys that are empty: the page cannot be rendered without them."""
    return [
        capfirst(field.verbose_name)
        for field in record._meta.concrete_fields
        if field.many_to_one and not field.null and getattr(record, field.attname) is None
    ]


# --- A record from a form that need not be valid -----------------------------------------------


def _record_from_form(model_admin, request, record):
    """The record and its rows in memory, with the values of the submitted form.

    An invalid field has its stored value. Uploaded files are ignored, because they would be stored.
    """
    change = record is not None
    names = flatten_fieldsets(model_admin.get_fieldsets(request, record))
    form_class = model_admin.get_form(request, record, change=change, fields=names)
    stored_values = _columns(record or model_admin.model())
    form = form_class(request.POST, instance=record)
    formsets, _inlines = model_admin._create_formsets(request, form.instance, change=change)
    form.is_valid()
    record = form.instance
    _restore_invalid(record, form, stored_values)
    record.pk = record.pk or UNSAVED
    for formset in formsets:
        _prefetch_rows(record, formset)
    return record


def _columns(record):
    # A form never sets a generated column, and an unsaved record has no value for it.
    fields = (field for field in record._meta.concrete_fields if not field.generated)
    return {field.attname: getattr(record, field.attname) for field in fields}


def _restore_invalid(record, form, stored_values):
    """Set the invalid fields of the form back to their stored values."""
    for name in form.errors:
        field = next((field for field in record._meta.concrete_fields if field.name == name), None)
        if field:
            setattr(record, field.attname, stored_values[field.attname])


def _prefetch_rows(record, formset):
    """Make the related manager of `record` return the rows of a formset."""
    rows = list(_rows(formset))
    key = formset.fk
    queryset = formset.model._default_manager.none()
    queryset._result_cache = rows
    prefetched = record.__dict__.setdefault("_prefetched_objects_cache", {})
    prefetched[key.remote_field.get_accessor_name()] = queryset
    # If the rows are those of a many-to-many relation, set its targets too.
    for field in record._meta.many_to_many:
        if field.remote_field.through is formset.model:
            target = formset.model._meta.get_field(field.m2m_reverse_field_name()).attname
            targets = [getattr(row, target) for row in rows]
            prefetched[field.name] = field.related_model._default_manager.filter(pk__in=targets)


def _rows(formset):
    stored_values = [_columns(form.instance) for form in formset.forms]
    formset.is_valid()
    for form, columns in zip(formset.forms, stored_values, strict=True):
        is_new = form in formset.extra_forms
        if is_new and not (form.has_changed() and form.is_valid()):
            continue  # empty or incomplete
        if form.cleaned_data.get(DELETION_FIELD_NAME):
            continue
        _restore_invalid(form.instance, form, columns)
        yield form.instance


def _save(record):
    """Save a record with the rows set by `_prefetch_rows`, and delete its other rows."""
    record.save()
    prefetched = getattr(record, "_prefetched_objects_cache", {})
    for name in row_models(type(record)).keys() & prefetched.keys():
        key, rows = getattr(record, name).field.name, prefetched[name]
        pks = [row.pk for row in rows if row.pk]
        rows.model.objects.filter(**{key: record}).exclude(pk__in=pks).delete()
        for row in rows:
            setattr(row, key, record)
            row.save()
