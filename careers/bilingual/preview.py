"""What a record will look like in public while it is being written: its own page, from what is typed.

A ModelAdmin says which page that is: `public_page = PublicPage("roles/detail.html", page.preview)`, or
`ListPreview(lambda perk: "working_here")` for a record that is one of many on a page. Nothing stays saved.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, resolve, reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from careers.languages import LANGUAGES, OWN_NAME, listed
from careers.publishing import Published
from careers.revisions.snapshot import row_models

UNSAVED = 0  # the number of a record that has none, so that it can have rows; never saved


class DetailPreview(NamedTuple):
    """The page on which visitors see a record.

    `context(record, language, request)` is what the template shows, `exists(record)` whether a record
    of this kind has a page of its own.
    """

    template: str
    context: Callable
    exists: Callable = lambda record: True

    def render(self, request, record, language, **extra):
        """The page of `record` in `language`, published or not; no search engine is told of it."""
        with translation.override(language):
            shown = self.context(as_published(record, language), language, request)
            response = render(request, self.template, {**shown, **extra, "unlisted": True})
        return unlisted(response)


class ListPreview(NamedTuple):
    """A page that shows a record among others; `name(record)` is the URL name of the page, alone or
    with its arguments: ("applications:apply", {"pk": 1, "slug": "cook"}).

    `prepare(record, language)` writes what else has to be so before there is such a page.
    """

    name: Callable
    exists: Callable = lambda record: True
    prepare: Callable = lambda record, language: None

    def render(self, request, record, language):
        """The page as if the record had been saved: it is, and the database takes it back.

        Such a page asks for many records at once, so what is in memory alone would not be on it.
        """
        name, arguments = self.name(record), {}
        if not isinstance(name, str):
            name, arguments = name
        with translation.override(language), transaction.atomic():
            request.path = request.path_info = reverse(name, kwargs=arguments)
            request.method = "GET"
            try:
                _save(record)
                self.prepare(record, language)
                response = _answer(request)
            except (IntegrityError, Http404):
                response = None
            transaction.set_rollback(True)
        if response is None or response.status_code != 200:
            return _preview_unavailable(
                _("There is no preview: in this language there is no such page yet.")
            )
        return unlisted(response)


def _save(record):
    """Save a record with the rows that its form shows, and delete those that it shows no more."""
    record.save()
    shown = getattr(record, "_prefetched_objects_cache", {})
    for name in row_models(type(record)).keys() & shown.keys():
        key, rows = getattr(record, name).field.name, shown[name]
        kept = [row.pk for row in rows if row.pk]
        rows.model.objects.filter(**{key: record}).exclude(pk__in=kept).delete()
        for row in rows:
            setattr(row, key, record)
            row.save()


def _answer(request):
    """What the site answers at the address of a request, as it does to visitors."""
    page = resolve(request.path)
    return page.func(request, *page.args, **page.kwargs)


def unlisted(response):
    """The response, to be kept by nobody and listed nowhere."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _preview_unavailable(said):
    """The answer in the place of a preview: a sentence that says why there is none."""
    response = HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
    return unlisted(response)


def as_published(record, language):
    """The record as if it were published now in `language`, if it is not. In memory only."""
    if isinstance(record, Published):
        record.publish(language)
        record.updated_at = record.updated_at or timezone.now()
    return record


class Previewed:
    """A ModelAdmin whose form shows the public page of what is typed into it."""

    public_page = None

    def get_urls(self):
        if not self.public_page:
            return super().get_urls()
        view, name = self.admin_site.admin_view(self.preview), self._url_name("preview")
        return [
            path("add/preview/<slug:language>/", view, name=f"{name}_new"),
            path("<path:object_id>/preview/<slug:language>/", view, name=name),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def preview(self, request, language, object_id=None):
        """The public page in `language`, from a form that need be neither complete nor right."""
        if language not in LANGUAGES:
            raise Http404
        record = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and record is None:
            raise Http404
        if not self._may_preview(request, record):
            raise PermissionDenied
        record = self._typed(request, record)
        if said := self._hindrance(record):
            return _preview_unavailable(said)
        return self.public_page.render(request, record, language)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if self.public_page and not context["is_popup"] and self._may_preview(request, obj):
            name = self._url_name("preview")
            context["previews"] = [
                {
                    "language": language,
                    "own_name": OWN_NAME[language],
                    "address": reverse(f"admin:{name}", args=[obj.pk, language])
                    if obj
                    else reverse(f"admin:{name}_new", args=[language]),
                }
                for language in LANGUAGES
            ]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _url_name(self, word):
        return f"{self.opts.app_label}_{self.opts.model_name}_{word}"

    def _may_preview(self, request, record):
        if record is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, record)

    def _hindrance(self, record):
        """What keeps the record from being shown, as a sentence; empty if nothing does."""
        if lacking := _lacking(record):
            return _("To see the preview, please choose: %(fields)s.") % {"fields": listed(lacking)}
        if not self.public_page.exists(record):
            return _("There is no preview: this text has no page of its own.")
        return ""

    def _typed(self, request, record):
        """The record as it stands in the form. Files are left out: they would have to be stored."""
        change = record is not None
        names = flatten_fieldsets(self.get_fieldsets(request, record))
        form_class = self.get_form(request, record, change=change, fields=names)
        stored = _columns(record or self.model())
        form = form_class(request.POST, instance=record)
        formsets, _inlines = self._create_formsets(request, form.instance, change=change)
        form.is_valid()
        record = form.instance
        _restore(record, form, stored)
        record.pk = record.pk or UNSAVED
        for formset in formsets:
            _show_rows(record, formset)
        return record


def _lacking(record):
    """The names of the choices without which there is no page."""
    return [
        capfirst(field.verbose_name)
        for field in record._meta.concrete_fields
        if field.many_to_one and not field.null and getattr(record, field.attname) is None
    ]


def _columns(record):
    # What the database works out, nobody has typed; a record that is not saved yet has none of it.
    fields = (field for field in record._meta.concrete_fields if not field.generated)
    return {field.attname: getattr(record, field.attname) for field in fields}


def _restore(record, form, stored):
    """What is not right in the form shows what is stored."""
    for name in form.errors:
        field = next((field for field in record._meta.concrete_fields if field.name == name), None)
        if field:
            setattr(record, field.attname, stored[field.attname])


def _show_rows(record, formset):
    """Let `record` have the rows of a formset, as if they had been saved."""
    rows = list(_rows(formset))
    key = formset.fk
    found = formset.model._default_manager.none()
    found._result_cache = rows
    prefetched = record.__dict__.setdefault("_prefetched_objects_cache", {})
    prefetched[key.remote_field.get_accessor_name()] = found
    # Where the rows only connect, the record has what they lead to.
    for field in record._meta.many_to_many:
        if field.remote_field.through is formset.model:
            target = formset.model._meta.get_field(field.m2m_reverse_field_name()).attname
            chosen = [getattr(row, target) for row in rows]
            prefetched[field.name] = field.related_model._default_manager.filter(pk__in=chosen)


def _rows(formset):
    stored = [_columns(form.instance) for form in formset.forms]
    formset.is_valid()
    for form, columns in zip(formset.forms, stored, strict=True):
        is_new = form in formset.extra_forms
        if is_new and not (form.has_changed() and form.is_valid()):
            continue  # not written yet, or not far enough to be shown
        if form.cleaned_data.get(DELETION_FIELD_NAME):
            continue
        _restore(form.instance, form, columns)
        yield form.instance
