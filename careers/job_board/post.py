"""An opening as posts of the job board: one for each language in which it is public.

A post says what the page of the opening says, in the language of the post.
"""

import html
from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careers.applications.retention import CONSENT_PERIOD
from careers.cldr import country
from careers.languages import LANGUAGES, absolute, listed, words
from careers.roles import context, where
from careers.roles.enums import Condition, EmploymentType, Level, Workplace
from careers.roles.formatting import pay
from careers.roles.jobposting import description
from careers.roles.models import Role

# The number of a post is that of its opening and this digit, for ever. No opening has the number 0:
# with it, a post is about no opening in particular.
DIGIT = {"en": 1, "ja": 2}
LISTED = (
    *context.LISTED,
    *("level", "reference_id", "opens_at", "updated_at", "published_at_en", "published_at_ja"),
)
BESIDE = {"parent_id": None, "child_ids": []}  # no department and no office is a part of another
# The two consents of the form: without `agree` nobody applies, `keep` is everybody's own choice.
CONSENTS = [
    {
        "type": "gdpr",
        "requires_consent": True,
        "requires_processing_consent": True,
        "requires_retention_consent": False,
        "retention_period": CONSENT_PERIOD.days,
        "demographic_data_consent_applies": False,
    }
]


def roles(*, whole=False, **which):
    """The openings that are public, in the order of the site; `whole` with their texts."""
    found = Role.objects.public().filter(**which).select_related("department")
    found = found.prefetch_related("working_languages")
    rows = list(found if whole else found.only(*LISTED))
    where.read(rows, keys=found.order_by().values("pk"))
    return rows


def find(number):
    """The opening and the language of a public post, or None: `(role, language)`. The role is None
    where it is about no opening in particular."""
    pk, digit = divmod(number, 10)
    language = next((code for code in LANGUAGES if DIGIT[code] == digit), None)
    if not language or not pk:
        return (None, language) if language else None
    role = next(iter(roles(whole=True, pk=pk)), None)
    return (role, language) if role and language in role.languages else None


def post(role, language, company):
    """What a list says of an opening in one language."""
    with translation.override(language):
        return {
            "id": role.pk * 10 + DIGIT[language],
            "internal_job_id": role.pk,
            "requisition_id": role.reference_id,
            "title": getattr(role, f"title_{language}"),
            "language": language,
            "company_name": words(company, "name").text,
            "location": {"name": _where(role)},
            "absolute_url": absolute(role.get_absolute_url(language)),
            "first_published": _moment(role.posted_at(language)),
            "updated_at": _moment(role.changed_at),
            "application_deadline": role.closes_at
            and _moment(role.closes_at - timedelta(seconds=1)),
            "metadata": _metadata(role),
            "data_compliance": CONSENTS,
        }


def whole(role, language, company):
    """The same with the text, the department and the offices."""
    with translation.override(language):
        summary = getattr(role, f"summary_{language}")
        return {
            **post(role, language, company),
            "content": html.escape(description(summary, context.texts(role, language))),
            "departments": [department(role.department) | BESIDE],
            "offices": [office(place) | BESIDE for place in role.locations.all()],
        }


def pay_ranges(role, language):
    """What an opening pays, if its page says so. Greenhouse counts in hundredths of every currency."""
    if role.pay_min is None:
        return []
    with translation.override(language):
        return [
            {
                "min_cents": role.pay_min * 100,
                "max_cents": None if role.pay_max is None else role.pay_max * 100,
                "currency_type": role.pay_currency,
                "title": str(Condition.PAY.label),
                "blurb": "\n".join(_about_pay(role)),
            }
        ]


def department(row):
    """A department, named in the active language, else in the other one."""
    return {"id": row.pk, "name": words(row, "name").text}


def office(row):
    """A place of work, likewise, with its address or at least its country."""
    where = words(row, "address").text or country(row.country)
    return {"id": row.pk, "name": words(row, "name").text, "location": where}


def _where(role):
    names = [words(place, "name").text for place in role.locations.all()]
    return listed(names) if names and role.workplace != Workplace.REMOTE else role.workplace_text


def _moment(moment):
    """ISO 8601 with the offset of the site's time zone, in which openings open and close."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return local.isoformat(timespec="seconds")


def _metadata(role):
    """Facts without a place of their own in a post; their numbers stay."""
    level = str(Level(role.level).label) if role.level else None
    facts = [
        (1, _("Workplace"), "single_select", str(Workplace(role.workplace).label)),
        (2, _("Employment type"), "single_select", str(EmploymentType(role.employment_type).label)),
        (3, _("Level"), "single_select", level),
        (4, _("Working languages"), "multi_select", context.spoken(role)),
    ]
    return [
        {"id": number, "name": name, "value": value, "value_type": kind}
        for number, name, kind, value in facts
    ]


def _about_pay(role):
    """The pay in words, and what the law wants to be said with it."""
    stated = {row.kind: words(row, "text").text for row in role.conditions.all()}
    yield pay(role)
    if said := stated.get(Condition.PAY):
        yield said
    if said := stated.get(Condition.FIXED_OVERTIME):
        pattern = pgettext("condition: text", "%(condition)s: %(text)s")
        yield pattern % {"condition": Condition.FIXED_OVERTIME.label, "text": said}
