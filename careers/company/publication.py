"""Publication of policy versions in the admin.

A new version starts with the texts of the last one. The form of a draft shows the changes from the version
in force. A page asks for confirmation before it publishes a draft.
"""

from functools import partial
from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from careers.bilingual.panels import Panel
from careers.languages import LANGUAGES
from careers.revisions.compare import ComparisonRow, display_value, html_difference
from careers.revisions.models import create_revision
from careers.revisions.snapshot import digest, snapshot

from .models import Policy

KIND = "kind"  # parameter of the add form: the kind of policy
DIGEST = "digest"  # hidden input: the draft and the version in force that the page showed


class KindChoice(NamedTuple):
    """A kind of policy for which a version can be added: its newest version, and the one in force."""

    label: str
    add_url: str
    newest: Policy | None
    current: Policy | None


class Publication(Panel):
    """Publishes drafts of `Policy`, one at a time."""

    def urls(self, model_admin):
        view = partial(self.publish, model_admin)
        return [
            path(
                "<path:object_id>/publish/",
                model_admin.admin_site.admin_view(view),
                name="company_policy_publish",
            )
        ]

    def publish(self, model_admin, request, object_id):
        """GET shows the changes and asks for confirmation; POST publishes the draft."""
        if not model_admin.has_change_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            policy = model_admin.get_object(request, unquote(object_id))
            if policy is None:
                return model_admin._get_obj_does_not_exist_redirect(
                    request, model_admin.opts, object_id
                )
            current = Policy.objects.select_for_update().current(policy.kind)
            policy = Policy.objects.select_for_update().get(pk=policy.pk)
            change_page = HttpResponseRedirect(
                reverse("admin:company_policy_change", args=[policy.pk])
            )
            if policy.published_at:
                text = _("%(policy)s is published already.") % {"policy": policy}
                model_admin.message_user(request, text, messages.WARNING)
                return change_page
            if request.method == "POST":
                if request.POST.get(DIGEST) != _digest(policy, current):
                    text = _("This version has changed in the meantime. Check it again.")
                    model_admin.message_user(request, text, messages.WARNING)
                    return HttpResponseRedirect(request.path)
                try:
                    with create_revision(policy, by=request.user):
                        policy.publish()
                except ValidationError as error:
                    model_admin.message_user(request, " ".join(error.messages), messages.ERROR)
                else:
                    text = _("%(policy)s is published and can no longer be changed.")
                    model_admin.message_user(request, text % {"policy": policy}, messages.SUCCESS)
                return change_page
        return self._render(model_admin, request, policy, current)

    def _render(self, model_admin, request, policy, current):
        try:
            policy.validate_publication()
            problems = []
        except ValidationError as error:
            problems = error.messages
        context = {
            **model_admin.admin_site.each_context(request),
            "title": _("Publish: %(policy)s") % {"policy": policy},
            "opts": model_admin.opts,
            "policy": policy,
            "current": current,
            "is_agreed_to": policy.kind == Policy.Kind.PRIVACY,
            "comparison": _comparison(policy, current),
            "digest": _digest(policy, current),
            "problems": problems,
        }
        return render(request, "admin/company/policy/publish.html", context)

    # --- The form ----------------------------------------------------------------------------

    def context(self, model_admin, request, obj):
        if not obj or not model_admin.has_change_permission(request, obj):
            return {}
        current = Policy.objects.current(obj.kind)
        return {
            "can_publish": True,
            "current": current,
            "comparison": _comparison(obj, current) if current else [],
        }

    def initial(self, model_admin, request):
        """The kind in `?kind=…`, and the texts of the newest version of that kind."""
        kind = requested_kind(request)
        newest = Policy.objects.newest(kind) if kind else None
        if not newest:
            return {}
        text = _("The texts are those of version %(version)s. Change what is different now.")
        messages.info(request, text % {"version": newest.version})
        names = (f"{name}_{language}" for name in Policy.translated() for language in LANGUAGES)
        return {name: getattr(newest, name) for name in names}


def requested_kind(request):
    """The kind in `?kind=…`, or None."""
    kind = request.GET.get(KIND, "")
    return kind if kind in Policy.Kind.values else None


def kind_choices():
    """A `KindChoice` for each kind of policy. Two queries."""
    newest, current = {}, {}
    for policy in Policy.objects.order_by("-version").defer("text_en", "text_ja"):
        newest.setdefault(policy.kind, policy)
        if policy.published_at:
            current.setdefault(policy.kind, policy)
    url = reverse(admin_urlname(Policy._meta, "add"))
    return [
        KindChoice(kind.label, f"{url}?{KIND}={kind}", newest.get(kind), current.get(kind))
        for kind in Policy.Kind
    ]


def _comparison(policy, current):
    """Title and text of `policy` in both languages, with the differences from the version in force."""
    rows = []
    for name in Policy.translated():
        differences = []
        for language in LANGUAGES:
            field = Policy._meta.get_field(f"{name}_{language}")
            after = getattr(policy, field.name) or ""
            before = (getattr(current, field.name) or "") if current else after
            is_changed = before != after
            html = (
                html_difference(field, before, after) if is_changed else display_value(field, after)
            )
            differences.append((language, html))
        label = capfirst(Policy._meta.get_field(name).verbose_name)
        rows.append(ComparisonRow(label, differences))
    return rows


def _digest(policy, current):
    """Changes when the draft is edited, or when another version comes into force."""
    return f"{digest(snapshot(policy))}-{current.pk if current else 0}"
