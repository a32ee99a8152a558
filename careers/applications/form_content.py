"""The public content that a form shows and an application records, cached until that content changes."""

from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.formats import date_format

from careers.application_forms.models import ApplicationForm, Question
from careers.bilingual.preview import as_published
from careers.company.models import Company, Policy
from careers.page_cache.models import Generation
from careers.roles.context import posting_context
from careers.roles.models import Role

from .form_fields import build_fields

CACHED = 256  # forms, each of them in one language


class FormContent:
    """The content of the form of `role` (None: the general application) in `language`.

    Requests share it, so its records must not be changed.
    """

    def __init__(self, role: Role | None, language: str) -> None:
        self._role, self.language = role, language

    @classmethod
    def current(cls, role: Role | None, language: str) -> "FormContent":
        """The content as it is now, with one query if it has not changed since an earlier request.

        Not for use inside a transaction that changes content: it would be cached before its commit.
        """
        is_closed = role is not None and role.is_closed
        return cached_content(Generation.current(), role, language, is_closed=is_closed)

    @cached_property
    def company(self) -> Company:
        return Company.get()

    @cached_property
    def application_form(self) -> ApplicationForm:
        return ApplicationForm.for_role(self._role)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """{field name: Question}, in the order of the form."""
        return {f"question_{row.pk}": row for row in self.application_form.questions()}

    @cached_property
    def form_fields(self) -> dict[str, forms.Field]:
        """{name: form field} of everything that the form asks for. Each form needs a copy of its own.

        `language` must be the active language.
        """
        return build_fields(self.application_form, self.language, self.questions)

    @cached_property
    def accepted_policy(self) -> dict[str, Any]:
        """Columns of an application: the privacy policy, and the SHA-256 of its text in `language`."""
        policy = Policy.objects.current(Policy.Kind.PRIVACY)
        if not policy:
            return {"policy": None, "policy_sha256": ""}
        title = getattr(policy, f"title_{self.language}")
        text = getattr(policy, f"text_{self.language}")
        return {"policy": policy, "policy_sha256": sha256(f"{title}\n{text}".encode()).hexdigest()}

    @cached_property
    def posting_snapshot(self) -> dict[str, Any]:
        """The content of the role's page. {} for a general application.

        `language` must be the active language.
        """
        if self._role is None:
            return {}
        # Read anew: the role of the request may be older than the generation.
        role = Role.objects.select_related("department").get(pk=self._role.pk)
        language = self.language
        # A role that was unpublished while the form was open is rendered as if it were still public.
        page = posting_context(as_published(role, language), language, company=self.company)
        return {
            "title": page["title"],
            "summary": page["summary"],
            "department": page["department"].text,
            "reference_id": role.reference_id,
            "facts": [[fact.term, [value.text for value in fact.values]] for fact in page["facts"]],
            "texts": [[str(heading), html] for heading, html in page["texts"]],
            "perks": [
                [str(label), [str(perk) for perk in perks]] for label, perks in page["perks"]
            ],
            "updated": date_format(role.updated_on, "Y-m-d"),
        }


@lru_cache(CACHED)
def cached_content(
    generation: int, role: Role | None, language: str, *, is_closed: bool
) -> FormContent:
    """Each argument is a part of the key: content changes with the generation, and when a role closes."""
    return FormContent(role, language)
