"""Everything that a role's page shows, in one language, as one dict.

The page, its preview, the copy kept with an application and what programs read all show this.
"""

from typing import NamedTuple

from django.db.models import Case, IntegerField, Q, Value, When, prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careers.cards import Card
from careers.company import page as company_page
from careers.company import theme
from careers.company.models import HiringStep, Perk
from careers.languages import Words, listed, words
from careers.names import tongue

from . import where
from .completeness import BY_INDEX
from .facts import Condition, Workplace
from .models import Role
from .wording import last_moment, pay

AppliesTo = Perk.AppliesTo
PERKS_OF = {
    Workplace.ON_SITE: [AppliesTo.EVERYONE, AppliesTo.OFFICE],
    Workplace.HYBRID: [AppliesTo.EVERYONE, AppliesTo.OFFICE, AppliesTo.REMOTE],
    Workplace.REMOTE: [AppliesTo.EVERYONE, AppliesTo.REMOTE],
}
LISTED = (  # the columns that a list reads, besides where the role is
    *("title_en", "title_ja", "slug", "workplace", "employment_type", "closes_on"),
    *("department__name_en", "department__name_ja"),
)
SIMILAR = 3


class Fact(NamedTuple):
    """A line of the table: a term, and what is stated. `day` is set where that is a date."""

    term: str
    values: list[Words]
    day: str = ""


def find(pk):
    """The role and the one it points to, if they have a page: `(role, see_also)`, either None."""
    pointed = Role.objects.filter(pk=pk).values("see_also_id")
    rows = Role.objects.posted().filter(Q(pk=pk) | Q(pk__in=pointed)).select_related("department")
    found = {row.pk: row for row in rows.order_by()}
    role = found.get(pk)
    return role, role and found.get(role.see_also_id)


def preview(role, language, request):
    """Context of the page of a role that may have none yet, or not in these words."""
    see_also = Role.objects.posted().filter(pk=role.see_also_id).first()
    return shown(role, language, request, see_also=see_also)


def shown(role, language, request, *, see_also):
    """Context of the page of `role` in `language`, which must be the active one."""
    company = company_page.of(request).company
    near = similar(role, language, beside=None if role.is_closed else see_also)
    said = page(role, language, company=company, see_also=see_also)
    return {"section": "roles", **said, "similar": near}


def page(role, language, *, company, see_also=None):
    """What the page of `role` says of it in `language`, which must be the active one."""
    closed = role.is_closed
    where.read([role])
    prefetch_related_objects([role], "working_languages", "conditions")
    return {
        "role": role,
        "title": getattr(role, f"title_{language}") or "",
        "summary": getattr(role, f"summary_{language}") or "",
        "department": words(role.department, "name"),
        "facts": facts(role, language, company),
        "texts": texts(role, language),
        "see_also": None if closed else _see_also(role, see_also, language),
        "perks": [] if closed else perks(PERKS_OF[role.workplace]),
        "steps": [] if closed else list(HiringStep.objects.all()),
        "apply_url": "" if closed else _apply_url(role),
        "agency_notice": "" if closed else getattr(company, f"agency_notice_{language}") or "",
    }


def _apply_url(role):
    """The way to the form, which stands in a room above; a role that was never saved has none."""
    return reverse("applications:apply", args=[role.pk, role.slug]) if role.pk and role.slug else ""


def card(role, language, company):
    """What is written on the card of `role`: see `careers.cards`."""
    return Card(
        title=getattr(role, f"title_{language}") or "",
        label=words(role.department, "name", language).text,
        name=company.name,
        brand=company.accent,
        on_brand=theme.on(company.accent),
    )


def texts(role, language):
    """Pairs of a heading and rich text, without the empty ones."""
    every = [
        (_("About the work"), "intro"),
        (_("What you will do"), "duties"),
        (_("Requirements"), "requirements"),
        (_("Nice to have"), "nice_to_haves"),
        (_("Who we are looking for"), "expectations"),
        ("", "closing"),
    ]
    written = [(heading, getattr(role, f"{name}_{language}")) for heading, name in every]
    return [(heading, text) for heading, text in written if text]


def perks(groups):
    """Pairs of whom perks are for and the perks, in the order of `groups`, without empty ones."""
    rows = list(Perk.objects.filter(applies_to__in=groups))
    heard = [(group.label, [perk for perk in rows if perk.applies_to == group]) for group in groups]
    return [(label, found) for label, found in heard if found]


def similar(role, language, *, beside=None):
    """At most three open roles besides these two, for a list in `language`: of the same department
    first, then of the same employment type. Where `role` itself is, is read with where they are."""
    but = [row.pk for row in (role, beside) if row]
    rows = near(*alike([role.department_id], [role.employment_type])).exclude(pk__in=but)
    nearest = list(rows[:SIMILAR])
    where.read([role, *nearest])
    return [row.entry(language) for row in nearest]


def alike(departments, types):
    """What a role is like that is of one of these: the conditions, the closer one first."""
    return Q(department__in=departments), Q(employment_type__in=types)


def near(*conditions):
    """For a query: the open roles that meet any of `conditions`, as far as a list shows them; those
    that meet the first one first. `nearness` is the number of the one that they meet."""
    which = [When(condition, then=Value(number)) for number, condition in enumerate(conditions)]
    rows = Role.objects.public().filter(Q(*conditions, _connector=Q.OR))
    rows = rows.annotate(nearness=Case(*which, output_field=IntegerField()))
    rows = rows.select_related("department").only(*LISTED)
    return rows.order_by("nearness", *Role._meta.ordering)


def first(number, language):
    """The first openings of the list, and how many there are of all."""
    roles = Role.objects.public().filter(BY_INDEX).order_by(*Role._meta.ordering)
    return {"entries": entries(roles[:number], language), "count": roles.count()}


def entries(roles, language):
    """The lines of `roles`, a query, in a list in `language`: read without their long texts.

    The database finds the few of them first, and looks at what they say afterwards.
    """
    rows = Role.objects.posted().filter(pk__in=roles.values("pk")).order_by(*roles.query.order_by)
    rows = list(rows.select_related("department").only(*LISTED))
    where.read(rows)
    return [row.entry(language) for row in rows]


def facts(role, language, company):
    """The table 募集要項, in the order that Japanese readers expect, without the empty lines."""
    stated = {row.kind: words(row, "text") for row in role.conditions.all()}

    def condition(kind, *derived):
        said = [stated[kind]] if kind in stated and stated[kind].text else []
        return Fact(str(kind.label), [*(value for value in derived if value.text), *said])

    def fact(term, *values):
        here = [
            value if isinstance(value, Words) else Words(str(value), language) for value in values
        ]
        return Fact(term, [value for value in here if value.text])

    every = [
        fact(_("Reference ID"), role.reference_id),
        fact(_("Department"), words(role.department, "name")),
        fact(_("Employment type"), role.get_employment_type_display()),
        fact(_("Level"), role.get_level_display()),
        condition(Condition.TERM),
        condition(Condition.RENEWAL),
        condition(Condition.PROBATION),
        condition(Condition.DUTIES),
        condition(Condition.DUTIES_SCOPE),
        fact(_("Workplace"), role.workplace_text),
        condition(Condition.PLACE, *_places(role)),
        condition(Condition.PLACE_SCOPE),
        condition(Condition.PAY, Words(pay(role), language)),
        condition(Condition.FIXED_OVERTIME),
        condition(Condition.HOURS),
        condition(Condition.DISCRETIONARY),
        condition(Condition.BREAKS),
        condition(Condition.OVERTIME),
        condition(Condition.DAYS_OFF),
        condition(Condition.INSURANCE),
        condition(Condition.SMOKING, *_smoking(role, language)),
        fact(_("Working languages"), listed(spoken(role))),
        condition(Condition.EMPLOYER, words(company, "legal_name")),
        condition(Condition.DISPATCH),
        _date(_("Posted"), role.posted_on(language), language),
        _date(_("Updated"), role.updated_on, language),
    ]
    if role.closes_on:
        last = [Words(last_moment(role.closes_on), language)]
        every.append(Fact(_("Last day to apply"), last, role.closes_on.isoformat()))
    return [fact for fact in every if fact.values]


def spoken(role):
    """The languages used at work, each with how well: `Japanese (B2)`."""
    pattern = pgettext("language (level)", "%(language)s (%(level)s)")
    return [
        pattern % {"language": tongue(row.language), "level": row.get_proficiency_display()}
        for row in role.working_languages.all()
    ]


def _date(term, day, language):
    return Fact(term, [Words(date_format(day), language)], day.isoformat())


def _places(role):
    lines = []
    for place in role.locations.all():
        lines += [words(place, "name"), words(place, "address")]
    return lines


def _smoking(role, language):
    places = [place for place in role.locations.all() if place.smoking]
    if len(places) == 1:
        return [Words(places[0].get_smoking_display(), language)]
    pattern = pgettext("place: measure", "%(place)s: %(measure)s")
    return [
        Words(
            pattern % {"place": words(place, "name").text, "measure": place.get_smoking_display()},
            language,
        )
        for place in places
    ]


def _see_also(role, target, language):
    """The sentence and the link, if both can be shown: the target must be open."""
    sentence = getattr(role, f"see_also_text_{language}")
    if not target or target.is_closed or not sentence:
        return None
    return {"text": sentence, "entry": target.entry(language)}
