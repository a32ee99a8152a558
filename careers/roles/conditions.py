"""The conditions of employment of a role: which texts are missing in a language."""

from collections import defaultdict
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from careers.bilingual.models import MissingText
from careers.languages import other_language

from .completeness import RolePart
from .models import RoleCondition


def missing_text_error(condition, language):
    """The error of a condition without a text in a published `language`, or None if it needs none."""
    if getattr(condition, f"text_{language}") or not getattr(
        condition, f"text_{other_language(language)}"
    ):
        return None
    advice = {
        "en": _("Enter it, or clear “Published in English”."),
        "ja": _("Enter it, or clear “Published in Japanese”."),
    }[language]
    text = MissingText(_name(condition), language, url="")
    return _("%(missing)s. %(advice)s") % {"missing": text.sentence, "advice": advice}


def _incomplete_roles(language):
    return [RoleCondition.objects.filter(**{f"incomplete_{language}": True}).values("role")]


def _missing_texts(roles, language):
    [keys] = _incomplete_roles(language)
    incomplete = keys.filter(role__in=roles)
    rows = RoleCondition.objects.filter(role__in=incomplete).order_by("role", "pk")
    missing = defaultdict(list)
    for role, conditions in groupby(rows, key=lambda row: row.role_id):
        url = reverse("admin:roles_role_change", args=[role])
        for number, condition in enumerate(conditions):  # its row in the form of the role
            if getattr(condition, f"incomplete_{language}"):
                field = f"id_conditions-{number}-text_{language}"
                missing[role].append(MissingText(_name(condition), language, f"{url}#{field}"))
    return missing


def _name(condition):
    return _("Condition “%(condition)s”") % {"condition": condition.get_kind_display()}


PART = RolePart(_incomplete_roles, _missing_texts, is_edited_with_role=True)
