"""The template context of a role's page in one language.

The preview, the copy stored with an application and the JobPosting use the same context.
"""

from typing import NamedTuple

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careers.cldr import language_name
from careers.company import theme
from careers.company.context import get_company, perks_by_group
from careers.company.models import HiringStep, Perk
from careers.languages import LocalizedText, format_list, localized
from careers.social_cards import SocialCard

from .addresses import address_text
from .entries import RELATED, similar_entries
from .enums import Condition, Workplace
from .formatting import closing_time, pay
from .models import Role

AppliesTo = Perk.AppliesTo
PERK_GROUPS = {
    Workplace.ON_SITE: [AppliesTo.EVERYONE, AppliesTo.OFFICE],
    Workplace.HYBRID: [AppliesTo.EVERYONE, AppliesTo.OFFICE, AppliesTo.REMOTE],
    Workplace.REMOTE: [AppliesTo.EVERYONE, AppliesTo.REMOTE],
}


class Fact(NamedTuple):
    """A row of the facts table: a term and its values. `day` is an ISO 8601 date if the value is one."""

    term: str
    values: list[LocalizedText]
    day: str = ""


def get_posted(pk):
    """The role and the role of its "see also" link: `(role, see_also)`; None for a role without a page."""
    see_also = Role.objects.filter(pk=pk).values("see_also_id")
    rows = Role.objects.posted().filter(Q(pk=pk) | Q(pk__in=see_also)).select_related("department")
    roles = {role.pk: role for role in rows.order_by()}
    role = roles.get(pk)
    return role, role and roles.get(role.see_also_id)


def preview_context(role, language, request):
    """`detail_context` of a role that may be unsaved or unpublished.

    Candidates cannot apply before it is published in `language`, so a note replaces the link to its form.
    """
    posted = {
        row.pk: row for row in Role.objects.posted().filter(pk__in=[role.pk, role.see_also_id])
    }
    context = detail_context(role, language, request, see_also=posted.get(role.see_also_id))
    saved = posted.get(role.pk)
    if not role.is_closed and not (saved and language in saved.languages):
        context |= {
            "apply_url": "",
            "apply_note": _("You can apply here once the role is published."),
        }
    return context


def detail_context(role, language, request, *, see_also):
    """Template context of the page of `role` in `language`, which must be the active language."""
    company = get_company(request).company
    return {
        "section": "roles",
        **posting_context(role, language, company=company, see_also=see_also),
        "similar": similar_entries(role, language, exclude=None if role.is_closed else see_also),
    }


def posting_context(role, language, *, company, see_also=None):
    """The part of the context that describes `role` in `language`, which must be the active language."""
    closed = role.is_closed
    prefetch_related_objects([role], *RELATED, "working_languages", "conditions")
    return {
        "role": role,
        "title": getattr(role, f"title_{language}") or "",
        "summary": getattr(role, f"summary_{language}") or "",
        "department": localized(role.department, "name"),
        "facts": facts(role, language, company),
        "texts": texts(role, language),
        "see_also": None if closed else _see_also(role, see_also, language),
        "perks": [] if closed else perks_by_group(PERK_GROUPS[role.workplace]),
        "steps": [] if closed else list(HiringStep.objects.all()),
        "apply_url": "" if closed else _apply_url(role),
        "agency_notice": "" if closed else getattr(company, f"agency_notice_{language}") or "",
    }


def _apply_url(role):
    """The path of the form; empty for an unsaved role. Uses the URL name, as the form is in a higher app."""
    return reverse("applications:apply", args=[role.pk, role.slug]) if role.pk and role.slug else ""


def _see_also(role, target, language):
    """The sentence and the entry of the "see also" role, or None unless that role is open."""
    sentence = getattr(role, f"see_also_text_{language}")
    if not target or target.is_closed or not sentence:
        return None
    return {"text": sentence, "entry": target.entry(language)}


def social_card(role, language, company):
    """The texts and colors of the social card of `role` (see `careers.social_cards`)."""
    return SocialCard(
        title=getattr(role, f"title_{language}") or "",
        label=localized(role.department, "name", language).text,
        name=company.name,
        brand=company.accent,
        on_brand=theme.text_color(company.accent),
    )


def texts(role, language):
    """Pairs of a heading and rich text, without empty texts."""
    fields = [
        (_("About the work"), "intro"),
        (_("What you will do"), "duties"),
        (_("Requirements"), "requirements"),
        (_("Nice to have"), "nice_to_haves"),
        (_("Who we are looking for"), "expectations"),
        ("", "closing"),
    ]
    pairs = [(heading, getattr(role, f"{name}_{language}")) for heading, name in fields]
    return [(heading, text) for heading, text in pairs if text]


def facts(role, language, company):
    """The rows of the facts table (募集要項), in the order that Japanese readers expect; no empty rows."""
    condition_texts = {row.kind: localized(row, "text") for row in role.conditions.all()}

    def condition(kind, *derived):
        return fact(str(kind.label), *derived, condition_texts.get(kind, ""))

    def fact(term, *values):
        localized = [
            value if isinstance(value, LocalizedText) else LocalizedText(str(value), language)
            for value in values
        ]
        return Fact(term, [value for value in localized if value.text])

    rows = [
        fact(_("Reference ID"), role.reference_id),
        fact(_("Department"), localized(role.department, "name")),
        fact(_("Employment type"), role.get_employment_type_display()),
        fact(_("Level"), role.get_level_display()),
        condition(Condition.TERM),
        condition(Condition.RENEWAL),
        condition(Condition.PROBATION),
        condition(Condition.DUTIES),
        condition(Condition.DUTIES_SCOPE),
        fact(_("Workplace"), role.workplace_text),
        condition(Condition.LOCATION, *_names_and_addresses(role)),
        condition(Condition.LOCATION_SCOPE),
        condition(Condition.PAY, pay(role)),
        condition(Condition.FIXED_OVERTIME),
        condition(Condition.HOURS),
        condition(Condition.DISCRETIONARY),
        condition(Condition.BREAKS),
        condition(Condition.OVERTIME),
        condition(Condition.DAYS_OFF),
        condition(Condition.INSURANCE),
        condition(Condition.SMOKING, *_smoking_measures(role)),
        fact(_("Working languages"), format_list(working_languages(role))),
        condition(Condition.EMPLOYER, localized(company, "legal_name")),
        condition(Condition.DISPATCH),
        _date(_("Posted"), role.posted_on(language), language),
        _date(_("Updated"), role.updated_on, language),
    ]
    if role.closes_on:
        last = [LocalizedText(closing_time(role.closes_on), language)]
        rows.append(Fact(_("Last day to apply"), last, role.closes_on.isoformat()))
    return [row for row in rows if row.values]


def working_languages(role):
    """The working languages, each with its level: `Japanese (B2)`."""
    pattern = pgettext("language (level)", "%(language)s (%(level)s)")
    return [
        pattern % {"language": language_name(row.language), "level": row.get_proficiency_display()}
        for row in role.working_languages.all()
    ]


def _date(term, day, language):
    return Fact(term, [LocalizedText(date_format(day), language)], day.isoformat())


def _names_and_addresses(role):
    return [
        text
        for location in role.locations.all()
        for text in (localized(location, "name"), address_text(location))
    ]


def _smoking_measures(role):
    """The measure of each location that states one, with its name if there are several."""
    locations = [location for location in role.locations.all() if location.smoking]
    if len(locations) == 1:
        return [locations[0].get_smoking_display()]
    pattern = pgettext("place: measure", "%(place)s: %(measure)s")
    return [
        pattern
        % {"place": localized(location, "name").text, "measure": location.get_smoking_display()}
        for location in locations
    ]
