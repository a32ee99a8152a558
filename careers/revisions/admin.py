"""The versions of a record in the admin: kept with every save, compared, put back; and a save that
would overwrite a colleague is stopped."""

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import Script
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from careers.languages import LANGUAGES, OWN_NAME, listed

from .compare import compare, side_by_side
from .content import content, digest, put_back, rebuild, stored
from .meeting import Meeting, all_new, as_typed, meet
from .models import Revision

OPENED = "_opened"  # the content with which a form was opened
ON_A_PAGE = 20


class VersionedAdmin(admin.ModelAdmin):
    """Keeps every version of its records; its form is a `VersionedForm`.

    `stays` names the fields that an old version does not bring back: when and where it is shown.
    """

    change_form_template = "admin/revisions/change_form.html"
    stays = ()

    class Media:
        js = (Script("js/session.js", type="module"),)

    # --- Saving: nothing of a colleague is overwritten, and what was is kept ---------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        pk = unquote(object_id)
        if request.method != "POST":
            self._show_version(request, pk)
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            record = self._stored(pk, lock=True)
            request.before = record and content(record)
            if record and request.POST.get(OPENED) != digest(request.before):
                self._meet(request, record)
            elif not record and OPENED in request.POST:
                object_id, form_url = None, self._begin_anew(request)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        before = request.before if change else None
        Revision.objects.keep(form.instance, by=request.user, before=before)

    def delete_model(self, request, obj):
        Revision.objects.forget(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        Revision.objects.forget(*queryset)
        super().delete_queryset(request, queryset)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and self.has_change_permission(request, obj):
            said = getattr(request, "before", None) or _shown(context, obj)
            context["opened"] = digest(said)
        context["stopped"] = bool(getattr(request, "meeting", None) and request.meeting.said)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _meet(self, request, record):
        """Put together what both wrote, and let the form say so instead of saving."""
        if not self.has_change_permission(request, record):
            return  # Django says so
        opened = Revision.objects.of(record).filter(digest=request.POST.get(OPENED, "")).first()
        meeting = meet(
            self._forms(request, record.pk, data=request.POST, files=request.FILES),
            self._forms(request, record.pk),
            was=opened and opened.content,
            now=request.before,
        )
        saved = Revision.objects.of(record).filter(digest=digest(request.before))
        said = _said(saved.select_related("made_by").first(), meeting, request.FILES)
        request.meeting = meeting._replace(said=said)
        request.POST = meeting.data

    def _begin_anew(self, request):
        """The record was deleted: what somebody typed becomes the form of a new one."""
        formsets = [formset for formset, _inline in self.get_formsets_with_inlines(request)]
        data = all_new(request.POST, formsets)
        said = _(
            "Somebody deleted this after you had opened it. Nothing is lost: if you save, it is added"
            " again."
        )
        request.meeting = Meeting(data, {}, [], [said])
        request.POST = data
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.meeting = getattr(request, "meeting", None)
        return form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if meeting := getattr(request, "meeting", None):
            kwargs |= {"data": meeting.data.copy(), "form_kwargs": {"meeting": meeting}}
        return kwargs

    def _forms(self, request, pk, *, data=None, files=None, shown=None):
        """A form of the record and its formsets; `shown` is another record to show in the form."""
        record = stored(self.model, pk)
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
        return form(data, files, instance=shown or record), formsets

    def _stored(self, pk, *, lock=False):
        try:
            return stored(self.model, self.opts.pk.to_python(pk), lock=lock)
        except ValidationError:
            return None

    # --- Looking at versions, and putting one back -----------------------------------------------

    def history_view(self, request, object_id, extra_context=None):
        """All versions, and what is different between two of them (`?from=…&to=…`)."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        versions = Revision.objects.of(record).select_related("made_by")
        page = Paginator(versions, ON_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Versions: %(record)s") % {"record": record},
            "opts": self.opts,
            "original": record,
            "page": page,
            "lines": list(self._lines(page.object_list, versions)),
            "newest": versions.first(),
            "may_change": self.has_change_permission(request, record),
            "languages": [(code, OWN_NAME[code]) for code in LANGUAGES],
            **self._comparison(request, versions),
            **(extra_context or {}),
        }
        return render(request, "admin/revisions/history.html", context)

    def _lines(self, shown, versions):
        """Pairs of a version and what changed with it; the oldest one changed nothing."""
        shown = list(shown)
        older = versions.filter(pk__lt=shown[-1].pk).first() if shown else None
        for version, before in zip(shown, [*shown[1:], older], strict=False):
            found = compare(self.model, before.content, version.content) if before else None
            yield version, None if found is None else listed(change.label for change in found)

    def _comparison(self, request, versions):
        chosen = [_number(request, name) for name in ("from", "to")]
        if None in chosen:
            return {}
        found = {version.pk: version for version in versions.filter(pk__in=chosen)}
        pair = sorted(found.values(), key=lambda version: version.pk)
        if len(pair) < 2:
            return {"pair": pair}
        changed = compare(self.model, *(version.content for version in pair))
        texts, rows = side_by_side(changed)
        return {"pair": pair, "texts": texts, "rows": rows}

    def _show_version(self, request, pk):
        """Let the form show an old version (`?version=…`, `&language=…`), unsaved."""
        number, language = _number(request, "version"), request.GET.get("language", "")
        record = self._stored(pk) if number else None
        if not record or not self.has_change_permission(request, record):
            return
        version = Revision.objects.of(record).filter(pk=number).first()
        if not version or language not in ("", *LANGUAGES):
            return
        now = request.before = content(record)
        said = put_back(self.model, version.content, now, language=language, stays=self.stays)
        form, formsets = self._forms(
            request, pk, shown=rebuild(self.model, record.pk, said["fields"])
        )
        data = as_typed(form, formsets, said, now)
        request.meeting = meet(
            self._forms(request, pk, data=data),
            self._forms(request, pk),
            was=now,
            now=now,
            drop=not language,
        )
        messages.info(request, _shown_version(version))


def _number(request, name):
    """A number in the address that could be that of a version, else None."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _shown(context, record):
    """What a form shows of a record: what it has read already is not read again."""
    formsets = (inline.formset for inline in context["inline_admin_formsets"])
    rows = {
        formset.fk.remote_field.get_accessor_name(): formset.get_queryset() for formset in formsets
    }
    return content(record, rows)


def _said(last, meeting, files):
    """Why nothing is saved yet, what was taken over, and what to do, in sentences.

    `last` is the version that was saved meanwhile, if it is known.
    """
    if last and last.made_by:
        said = _("%(who)s saved this on %(when)s, after you had opened it.")
        sentences = [said % {"who": last.made_by, "when": _moment(last)}]
    else:
        sentences = [_("Somebody saved this after you had opened it.")]
    sentences.append(_("Nothing of yours is saved yet, and nothing is lost."))
    if meeting.notes:
        sentences.append(
            _("Where both of you wrote, your text is in the form and theirs stands beside it.")
        )
    if meeting.taken:
        said = _("What you did not touch now shows theirs: %(names)s.")
        sentences.append(said % {"names": listed(meeting.taken)})
    if files:
        sentences.append(_("Please choose your files again."))
    sentences.append(_("Look it over, then save again."))
    return sentences


def _shown_version(version):
    if not version.made_at:
        return _(
            "The form shows the version that was found. Nothing is saved yet: look it over, then save."
        )
    said = _(
        "The form shows the version of %(when)s. Nothing is saved yet: look it over, then save."
    )
    return said % {"when": _moment(version)}


def _moment(version):
    return date_format(localtime(version.made_at), "DATETIME_FORMAT")
