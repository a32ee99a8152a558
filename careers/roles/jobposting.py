"""The schema.org JobPosting of an open role, for search engines, made from the context of its page.

https://developers.google.com/search/docs/appearance/structured-data/job-posting
"""

import json
from datetime import timedelta

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from careers import rich_text
from careers.company.models import Company
from careers.languages import absolute, localized

from .addresses import address
from .enums import SCHEMA_ORG, Workplace

# Escaped, because in a script element they could end the element or a line of JavaScript.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def missing_properties(role, company_name=None):
    """Yield a sentence for each property that Google requires and `role` lacks."""
    name = company_name if company_name is not None else localized(Company.get(), "name").text
    is_saved = role.pk is not None
    if not name:
        yield _("Please write the name of the company.")
    if role.workplace == Workplace.REMOTE:
        if not (is_saved and role.remote_countries.all()):
            yield _("Please add the countries from which this remote role can be done.")
    elif not (is_saved and role.locations.all()):
        yield _("Please add a place of work.")


def script_json(page, language, company):
    """The JobPosting as JSON, safe inside a script element, from the context `page` of a role.

    Empty if the role is closed or lacks something (see `missing_properties`).
    """
    role = page["role"]
    if role.is_closed or any(missing_properties(role, company.name)):
        return ""
    text = json.dumps(_posting(page, language, company), ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPED))  # noqa: S308


def description_html(summary, texts):
    """The texts of a role as HTML that consists of paragraphs and lists only."""
    parts = [format_html("<p>{}</p>", summary)]
    for heading, text in texts:
        parts += [
            format_html("<p>{}</p>", heading) if heading else "",
            rich_text.to_basic_html(text),
        ]
    return "".join(parts)


def _posting(page, language, company):
    role = page["role"]
    posting = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": page["title"],
        "description": description_html(page["summary"], page["texts"]),
        "identifier": {
            "@type": "PropertyValue",
            "name": company.name,
            "value": role.reference_id,
        },
        "datePosted": role.posted_on(language).isoformat(),
        "employmentType": SCHEMA_ORG[role.employment_type],
        "hiringOrganization": _organization(company, language),
        "url": absolute(role.get_absolute_url(language)),
        "directApply": bool(page["apply_url"]),
        **_locations(role),
    }
    if role.closes_on:
        posting["validThrough"] = (role.closes_at - timedelta(seconds=1)).isoformat()
    if role.pay_min is not None:
        posting["baseSalary"] = _salary(role)
    return posting


def _organization(company, language):
    organization = {
        "@type": "Organization",
        "name": company.name,
        "sameAs": absolute(f"/{language}/"),
    }
    if company.logo:
        organization["logo"] = absolute(company.logo.url)
    return organization


def _locations(role):
    """The locations, or for remote work its countries; never both, because Google defines remote work as
    work without any location."""
    if role.workplace == Workplace.REMOTE:
        countries = [{"@type": "Country", "name": str(row)} for row in role.remote_countries.all()]
        return {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": countries}
    places = [_place(location) for location in role.locations.all()]
    # Some programs ignore a list.
    return {"jobLocation": places if len(places) > 1 else places[0]}


def _place(location):
    parts = address(location)
    properties = {
        "@type": "PostalAddress",
        "streetAddress": parts.street,
        "addressLocality": parts.city or localized(location, "name").text,
        "addressRegion": parts.region,
        "postalCode": parts.postal_code,
        "addressCountry": parts.country,
    }
    return {"@type": "Place", "address": {key: text for key, text in properties.items() if text}}


def _salary(role):
    if role.pay_max == role.pay_min:
        amount = {"value": role.pay_min}
    elif role.pay_max is None:
        amount = {"minValue": role.pay_min}
    else:
        amount = {"minValue": role.pay_min, "maxValue": role.pay_max}
    return {
        "@type": "MonetaryAmount",
        "currency": role.pay_currency,
        "value": {"@type": "QuantitativeValue", **amount, "unitText": role.pay_period.upper()},
    }
