"""Job posts: a role as JSON, once for each language in which it is public.

A job post has the content of the role's page, in the language of the post.
"""

import html
from datetime import timedelta

from django.conf import settings
from django.db.models import TextField
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from careers.cldr import country
from careers.languages import LANGUAGES, absolute, format_list, localized
from careers.roles import entries
from careers.roles.addresses import address_text
from careers.roles.context import texts, working_languages
from careers.roles.enums import Condition, EmploymentType, Level, Workplace
from careers.roles.formatting import pay
from careers.roles.jobposting import description_html
from careers.roles.models import Role

# The id of a post is the primary key of its role × 10 plus this digit, and never changes. No role has the
# key 0, so 1 and 2 are the ids of the prospect posts.
LANGUAGE_DIGIT = {"en": 1, "ja": 2}
LONG_TEXTS = [field.name for field in Role._meta.concrete_fields if isinstance(field, TextField)]
NO_HIERARCHY = {"parent_id": None, "child_ids": []}  # departments and offices are not nested


def public_roles(*, with_texts=False, **lookups):
    """The public roles in the order of the site; without texts unless `with_texts`."""
    roles = Role.objects.public().filter(**lookups).select_related("department")
    roles = roles.prefetch_related(*entries.RELATED, "working_languages")
    return list(roles if with_texts else roles.defer(*LONG_TEXTS))


def consents():
    """The two consents of the form: processing is required, retention is optional."""
    return [
        {
            "type": "gdpr",
            "requires_consent": True,
            "requires_processing_consent": True,
            "requires_retention_consent": False,
            "retention_period": settings.RETENTION_CONSENT_LIFETIME.days,
            "demographic_data_consent_applies": False,
        }
    ]


def get(post_id):
    """The role and the language of a public post: `(role, language)`; None if there is no such post.

    The role is None for a prospect post.
    """
    pk, digit = divmod(post_id, 10)
    language = next((code for code in LANGUAGES if LANGUAGE_DIGIT[code] == digit), None)
    if not language or not pk:
        return (None, language) if language else None
    role = next(iter(public_roles(with_texts=True, pk=pk)), None)
    return (role, language) if role and language in role.languages else None


def summary(role, language, company):
    """The job post of `role` in `language`, as in a list."""
    with translation.override(language):
        return {
            "id": role.pk * 10 + LANGUAGE_DIGIT[language],
            "internal_job_id": role.pk,
            "requisition_id": role.reference_id,
            "title": getattr(role, f"title_{language}"),
            "language": language,
            "company_name": localized(company, "name").text,
            "location": {"name": _location_name(role)},
            "absolute_url": absolute(role.get_absolute_url(language)),
            "first_published": _timestamp(role.posted_at(language)),
            "updated_at": _timestamp(role.changed_at),
            "application_deadline": role.closes_at
            and _timestamp(role.closes_at - timedelta(seconds=1)),
            "metadata": _metadata(role),
            "data_compliance": consents(),
        }


def detail(role, language, company):
    """The job post with the text, the department and the offices."""
    with translation.override(language):
        content = description_html(getattr(role, f"summary_{language}"), texts(role, language))
        return {
            **summary(role, language, company),
            "content": html.escape(content),
            "departments": [department(role.department) | NO_HIERARCHY],
            "offices": [office(location) | NO_HIERARCHY for location in role.locations.all()],
        }


def pay_ranges(role, language):
    """The pay ranges of a role, empty if the pay is not stated. The unit is 1/100 of any currency."""
    if role.pay_min is None:
        return []
    with translation.override(language):
        return [
            {
                "min_cents": role.pay_min * 100,
                "max_cents": None if role.pay_max is None else role.pay_max * 100,
                "currency_type": role.pay_currency,
                "title": str(Condition.PAY.label),
                "blurb": "\n".join(_pay_lines(role)),
            }
        ]


def department(row):
    """A `Department` as JSON, with its name in the active language, else in the other one."""
    return {"id": row.pk, "name": localized(row, "name").text}


def office(location):
    """A `Location` as JSON, with its address, or its country if it has none."""
    place = address_text(location).text or country(location.country)
    return {"id": location.pk, "name": localized(location, "name").text, "location": place}


def _location_name(role):
    names = [localized(location, "name").text for location in role.locations.all()]
    return (
        format_list(names) if names and role.workplace != Workplace.REMOTE else role.workplace_text
    )


def _timestamp(value):
    """ISO 8601 with the offset of the site's time zone."""
    local_time = timezone.localtime(value, timezone.get_default_timezone())
    return local_time.isoformat(timespec="seconds")


def _metadata(role):
    """Facts for which Greenhouse has no property of its own. Their ids never change."""
    level = str(Level(role.level).label) if role.level else None
    facts = [
        (1, _("Workplace"), "single_select", str(Workplace(role.workplace).label)),
        (2, _("Employment type"), "single_select", str(EmploymentType(role.employment_type).label)),
        (3, _("Level"), "single_select", level),
        (4, _("Working languages"), "multi_select", working_languages(role)),
    ]
    return [
        {"id": number, "name": name, "value": value, "value_type": kind}
        for number, name, kind, value in facts
    ]


def _pay_lines(role):
    """The pay in words, and the conditions that Japanese law requires beside it."""
    condition_texts = {row.kind: localized(row, "text").text for row in role.conditions.all()}
    yield pay(role)
    if text := condition_texts.get(Condition.PAY):
        yield text
    if text := condition_texts.get(Condition.FIXED_OVERTIME):
        pattern = pgettext("condition: text", "%(condition)s: %(text)s")
        yield pattern % {"condition": Condition.FIXED_OVERTIME.label, "text": text}
