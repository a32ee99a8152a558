"""The general application as a job post in each language: Greenhouse calls these prospect posts."""

from html import escape

from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from careers.applications.context import form_url
from careers.languages import LANGUAGES, absolute, localized

from .job_posts import LANGUAGE_DIGIT, consents

SECTION_ID = 1


def section(company):
    """The section of the board that holds the prospect posts."""
    jobs = [summary(language, company) for language in LANGUAGES]
    return {"id": SECTION_ID, "name": _("General application"), "jobs": jobs}


def summary(language, company):
    """The prospect post in `language`, as in a list."""
    with translation.override(language):
        return {
            "id": LANGUAGE_DIGIT[language],
            "internal_job_id": None,
            "requisition_id": None,
            "title": _("General application"),
            "language": language,
            "company_name": localized(company, "name").text,
            "location": {"name": ""},
            "absolute_url": absolute(form_url(None, language)),
            "first_published": None,
            "updated_at": None,
            "application_deadline": None,
            "metadata": [],
            "data_compliance": consents(),
        }


def detail(language, company):
    """The prospect post in `language`, with the text of its page."""
    with translation.override(language):
        text = _(
            "If there is no opening for you today, tell us who you are and what you would like to do."
        )
        content = escape(format_html("<p>{}</p>", text))
    return {**summary(language, company), "content": content, "departments": [], "offices": []}
