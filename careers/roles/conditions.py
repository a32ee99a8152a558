"""The conditions of employment of a role: what is not stated yet, and which texts lack a language.

The Employment Security Act, article 5-3, and its ordinance, article 4-2 (3), name what a posting of
employment in Japan has to state.
"""

import re
from collections import defaultdict
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from careers.bilingual.models import MissingText
from careers.company.models import Company
from careers.languages import localized, other_language

from .completeness import RolePart
from .enums import CONDITIONAL, IF_APPLICABLE, Condition, EmploymentType, Workplace
from .models import RoleCondition

JAPAN = "JP"
# The contract always ends. Other types can have a term, except permanent employment.
_FIXED_TERM = {EmploymentType.FIXED_TERM, EmploymentType.SENIOR_CONTRACT}
_INDEFINITE = re.compile(
    r"(?:期間|期限)の定め(?:は)?(?:な[しいく]|ありません)|無期|"
    r"\b(?:indefinite|open-ended|permanent|no (?:fixed|end|limit))\b",
    re.IGNORECASE,
)


# --- What is not stated yet ----------------------------------------------------------------------


def checklist(role):
    """Yield lines about the conditions that `role` does not state yet, for the recruiter.

    A help against omissions: it checks whether something is stated, not whether it is correct.
    """
    if role.employment_type == EmploymentType.CONTRACTOR:
        yield _("Japanese law requires these items for employment, not for contractors.")
        return
    if not is_possible_in_japan(role):
        yield _("Japanese law requires these items for work in Japan only.")
        return
    stated = stated_conditions(role)
    missing = [kind for kind in Condition if kind not in stated and is_required(kind, role)]
    optional = [kind for kind in IF_APPLICABLE if kind not in stated]
    if missing:
        yield " · ".join(str(kind.label) for kind in missing)
    else:
        yield _(
            "The basic items are complete. This check helps to avoid omissions. It does not guarantee"
            " that the posting complies with the law."
        )
    if optional:
        labels = " · ".join(str(kind.label) for kind in optional)
        yield _("If it applies, state it too: %(conditions)s") % {"conditions": labels}


def is_possible_in_japan(role):
    """Whether the work can be done in Japan: at a location, or remotely. True while it has no place yet."""
    if role.pk is None:
        return True
    countries = {location.country for location in role.locations.all()}
    if role.workplace == Workplace.REMOTE:
        countries |= {row.country for row in role.remote_countries.all()}
    return JAPAN in countries or not countries


def stated_conditions(role):
    """The conditions that are stated: by a text, or by the role, its locations or the company."""
    kinds = set()
    if role.pk is not None:
        kinds |= {row.kind for row in role.conditions.all() if row.text_en or row.text_ja}
        locations = list(role.locations.all())
        in_japan = [location for location in locations if location.country == JAPAN]
        if locations:
            kinds.add(Condition.LOCATION)
        if in_japan and all(location.smoking for location in in_japan):
            kinds.add(Condition.SMOKING)
    if role.pay_min is not None:
        kinds.add(Condition.PAY)
    if role.duties_en or role.duties_ja:
        kinds.add(Condition.DUTIES)
    if localized(Company.get(), "legal_name").text:
        kinds.add(Condition.EMPLOYER)
    return kinds


def is_required(kind, role):
    """Whether a posting of this role in Japan has to state the condition.

    Whether a contract is renewed, by which criteria and how often: only if it ends.
    """
    if kind == Condition.RENEWAL:
        return _has_fixed_term(role)
    return kind not in CONDITIONAL


def _has_fixed_term(role):
    if role.employment_type in _FIXED_TERM:
        return True
    if role.employment_type == EmploymentType.PERMANENT or role.pk is None:
        return False
    terms = [row for row in role.conditions.all() if row.kind == Condition.TERM]
    texts = [text for row in terms for text in (row.text_en, row.text_ja) if text]
    return bool(texts) and not any(map(_INDEFINITE.search, texts))


# --- Texts that lack a language ------------------------------------------------------------------


def missing_text(condition, language, row):
    """The `MissingText` of a condition in a form, or None; `row` is the prefix of its fields."""
    text, other_text = (
        getattr(condition, f"text_{code}") for code in (language, other_language(language))
    )
    if text or not other_text:
        return None
    return MissingText(_name(condition), language, f"#id_{row}-text_{language}")


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
