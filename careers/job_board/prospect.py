"""The posts that are about no opening in particular: Greenhouse calls them prospect posts."""

from html import escape

from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from careers.applications.context import form_url
from careers.languages import LANGUAGES, absolute, words

from .post import DIGIT, consents

SECTION = 1


def section(company):
    """The section of the board with these posts, one in each language."""
    jobs = [post(language, company) for language in LANGUAGES]
    return {"id": SECTION, "name": _("General application"), "jobs": jobs}


def post(language, company):
    """What a list says of applying for no opening in particular."""
    with translation.override(language):
        return {
            "id": DIGIT[language],
            "internal_job_id": None,
            "requisition_id": None,
            "title": _("General application"),
            "language": language,
            "company_name": words(company, "name").text,
            "location": {"name": ""},
            "absolute_url": absolute(form_url(None, language)),
            "first_published": None,
            "updated_at": None,
            "application_deadline": None,
            "metadata": [],
            "data_compliance": consents(),
        }


def whole(language, company):
    """The same with what its page says."""
    with translation.override(language):
        text = _(
            "If there is no opening for you today, tell us who you are and what you would like to do."
        )
        content = escape(format_html("<p>{}</p>", text))
    return {**post(language, company), "content": content, "departments": [], "offices": []}
