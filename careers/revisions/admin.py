"""Versions in the admin: every save stores a revision. Recruiters compare and restore old revisions.

A save that would overwrite a colleague's edit stores nothing; the form shows both. Values that are not
saved yet are stored as a draft.
"""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from careers.languages import LANGUAGES

from . import drafts
from .conflict import (
    MergedForm,
    RecordForms,
    conflict_messages,
    deleted_message,
    draft_message,
    merge_forms,
    revert_message,
)
from .form_data import as_new_record, fill_in
from .history import history_context, revision_number
from .models import Revision, VersionedContent
from .snapshot import Snapshot, build_instance, digest, load, revert, snapshot

BASE_DIGEST = (
    "_base_digest"  # hidden input: digest of the snapshot that the form showed when opened
)

Request = Any  # an HttpRequest that carries `snapshot`, `merged_form` and `draft` of this admin


class VersionedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """The admin of a `VersionedContent` model; its form is a `VersionedForm`.

    `revert_exclude` names the columns that keep their values when an old revision is restored.
    `draft_parameters` names the parameters of the add form that saving it needs, so that the URL of a
    draft contains them.
    """

    change_form_template = "admin/revisions/change_form.html"
    revert_exclude: ClassVar[tuple[str, ...]] = ()
    draft_parameters: ClassVar[tuple[str, ...]] = ()

    class Media:
        js = (Script("js/session.js", type="module"), Script("js/drafts.js", type="module"))

    def get_urls(self) -> list[URLPattern]:
        return [*drafts.urls(self), *super().get_urls()]

    # --- The change form -------------------------------------------------------------------------

    def changeform_view(
        self,
        request: Request,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        pk = None if object_id is None else unquote(object_id)
        if request.method != "POST":
            if drafts.PARAMETER not in request.GET:
                self._show_revision(request, pk)
            elif not self._show_draft(request, pk):
                messages.warning(request, _("This draft no longer exists."))
                return HttpResponseRedirect(request.path)
        if request.method != "POST" or pk is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            record = self._load(pk, lock=True)
            if record:
                request.snapshot = snapshot(record)
                if request.POST.get(BASE_DIGEST) != digest(request.snapshot):
                    self._merge_edits(request, record)
            elif BASE_DIGEST in request.POST:
                object_id, form_url = None, self._add_again(request)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _show_draft(self, request: Request, pk: str | None) -> bool:
        """Fill the form in with a draft (`?draft=…`), merged with later edits of the record.

        Saves nothing. Returns False if the user has no such draft.
        """
        record = None if pk is None else self._load(pk)
        if pk is not None and (not record or not self.has_change_permission(request, record)):
            return True  # Django's view answers
        draft = drafts.find(self, request, record)
        if draft is None:
            return False
        request.draft, data = draft, drafts.to_form_data(draft)
        merged = MergedForm(data, {}, [])
        if record:
            request.snapshot = snapshot(record)
            if data.get(BASE_DIGEST) != digest(request.snapshot):
                merged = self._merge(request, record, data, has_files=draft.has_files)
        request.merged_form = merged._replace(is_draft=True)
        if not merged.messages:
            messages.info(request, draft_message(draft))
        return True

    def _show_revision(self, request: Request, pk: str | None) -> None:
        """Fill the form in with an old revision (`?version=…`, `&language=…`); saves nothing."""
        number, language = revision_number(request, "version"), request.GET.get("language", "")
        record = self._load(pk) if number and pk else None
        if not record or not self.has_change_permission(request, record):
            return
        revision = record.revisions.filter(pk=number).first()
        if not revision or language not in ("", *LANGUAGES):
            return
        request.snapshot = snapshot(record)
        reverted = revert(
            self.model,
            revision.content,
            request.snapshot,
            language=language,
            exclude=self.revert_exclude,
        )
        instance = build_instance(self.model, record.pk, reverted["fields"])
        form, formsets = self._record_forms(request, pk, initial=instance)
        request.merged_form = MergedForm(fill_in(form, formsets, reverted), {}, [])
        messages.info(request, revert_message(revision))

    def _merge_edits(self, request: Request, record: VersionedContent) -> None:
        """Merge the submitted form with a colleague's edit, and show the result instead of saving it."""
        if not self.has_change_permission(request, record):
            return  # Django's view answers 403
        request.merged_form = self._merge(
            request, record, request.POST, request.FILES, has_files=bool(request.FILES)
        )
        request.POST = request.merged_form.data

    def _merge(
        self,
        request: Request,
        record: VersionedContent,
        data: QueryDict,
        files: Any = None,
        *,
        has_files: bool,
    ) -> MergedForm:
        """Merge the data of a form with the stored record. The messages list the changes."""
        revisions = record.revisions.select_related("created_by")
        base = revisions.filter(digest=data.get(BASE_DIGEST, "")).first()
        newest = revisions.filter(digest=digest(request.snapshot)).first()
        merged = merge_forms(
            self._record_forms(request, record.pk, data=data, files=files),
            self._record_forms(request, record.pk),
            base=base and base.content,
            current=request.snapshot,
        )
        sentences = conflict_messages(newest, merged, has_files=has_files)
        return merged._replace(messages=tuple(sentences))

    def _add_again(self, request: Request) -> str:
        """Show the submitted values in the form for a new record, because the record was deleted.

        Returns the URL of that form.
        """
        formsets = [formset for formset, _inline in self.get_formsets_with_inlines(request)]
        request.POST = as_new_record(request.POST, formsets)
        request.merged_form = MergedForm(request.POST, {}, [], (deleted_message(),))
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")

    def _load(self, pk: str, *, lock: bool = False) -> VersionedContent | None:
        try:
            record: VersionedContent = load(self.model, self.opts.pk.to_python(pk), lock=lock)
        except (ValidationError, self.model.DoesNotExist):
            return None
        return record

    def _record_forms(
        self,
        request: Request,
        pk: Any,
        *,
        data: QueryDict | None = None,
        files: Any = None,
        initial: VersionedContent | None = None,
    ) -> RecordForms:
        """The forms of a record, bound if there is `data`; `initial` is another record to show."""
        record = load(self.model, pk)
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form = self.get_form(request, record, change=True, fields=fields)
        formsets = [
            formset(
                data,
                instance=record,
                prefix=formset.get_default_prefix(),
                queryset=inline.get_queryset(request),
            )
            for formset, inline in self.get_formsets_with_inlines(request, record)
        ]
        return RecordForms(form(data, files, instance=initial or record), formsets)

    def get_form(
        self, request: Request, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.merged = getattr(request, "merged_form", None)
        return form

    def get_formset_kwargs(
        self, request: Request, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if merged := getattr(request, "merged_form", None):
            kwargs |= {"data": merged.data.copy(), "form_kwargs": {"merged": merged}}
        return kwargs

    def render_change_form(
        self,
        request: Request,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj and self.has_change_permission(request, obj):
            base = getattr(request, "snapshot", None) or _displayed_snapshot(context, obj)
            context["base_digest"] = digest(base)
        merged = getattr(request, "merged_form", None)
        context["has_conflict"] = bool(merged and merged.messages)
        context |= drafts.context(self, request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request: Request, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = request.snapshot if change else None
        Revision.objects.create_from(form.instance, by=request.user, before=before)
        drafts.delete_saved(request)

    def _get_preserved_qsl(self, request: Request, preserved_filters: str) -> list[Any]:
        """Drop the parameters of the form from the URL after a save, where Django would repeat them.

        `?version=…`, `?draft=…` or `?from=…` would fill the form in again.
        """
        return []

    # --- The list of revisions -------------------------------------------------------------------

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All revisions of a record, and the differences between two of them."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            redirect = self._get_obj_does_not_exist_redirect  # type: ignore[attr-defined]  # private
            response: HttpResponse = redirect(request, self.opts, object_id)
            return response
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Versions: %(record)s") % {"record": record},
            "opts": self.opts,
            "original": record,
            "may_change": self.has_change_permission(request, record),
            **history_context(request, record),
            **(extra_context or {}),
        }
        return render(request, "admin/revisions/history.html", context)

    # --- Deleting --------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """List each record that is deleted too, but only count its versions and share links.

        Rows of many-to-many tables and text states are left out, because recruiters never see them.
        """
        items, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        for model in _attached_models():
            label = f"{capfirst(model._meta.verbose_name)}: "
            items = _without(items, label)
            if not getattr(model, "is_counted_in_deletions", False):
                counts.pop(model._meta.verbose_name_plural, None)
        return items, counts, forbidden, protected


def _without(items: Any, label: str) -> list[Any]:
    """Nested lists of a confirmation page without the items that begin with `label`."""
    return [
        _without(item, label) if isinstance(item, list) else item
        for item in items
        if not (isinstance(item, str) and item.startswith(label))
    ]


def _displayed_snapshot(context: dict[str, Any], record: VersionedContent) -> Snapshot:
    """The snapshot that a form shows. It reuses the rows that the formsets have read."""
    formsets = (inline.formset for inline in context["inline_admin_formsets"])
    rows = {
        formset.fk.remote_field.get_accessor_name(): formset.get_queryset() for formset in formsets
    }
    return snapshot(record, rows)


def _attached_models() -> set[Any]:
    """Models whose rows belong to records: generic relations, and tables of many-to-many fields."""
    models = apps.get_models(include_auto_created=True)
    generic = {
        field.related_model
        for model in models
        for field in model._meta.private_fields
        if isinstance(field, GenericRelation)
    }
    return generic | {model for model in models if model._meta.auto_created}
