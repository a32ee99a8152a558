"""What every page shows of the company, as texts in the page's language."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careers.languages import words
from careers.names import country

from . import theme
from .models import Company, Policy


def site(request):
    """Context of every page: `company`, read before a template asks for it."""
    return {"company": of(request)}


def of(request):
    """The company in the language of this page, read once for a request."""
    if not hasattr(request, "company"):
        request.company = CompanyPage(Company.get(), get_language())
    return request.company


class CompanyPage:
    """The company in one language. A text that is missing is empty; a name is never missing."""

    def __init__(self, company, language):
        self.company = company
        self.language = language

    def __getattr__(self, name):
        translated = f"{name}_{self.language}"
        if hasattr(self.company, translated):
            return getattr(self.company, translated) or ""
        return getattr(self.company, name)

    @property
    def name(self):
        """The name by which people know it."""
        return words(self.company, "name", self.language).text

    @property
    def motto(self):
        """The steps of the motto."""
        return _lines(self.__getattr__("motto"))

    @property
    def promises(self):
        """What nobody will meet in the hiring process."""
        return _lines(self.__getattr__("promises"))

    @property
    def has_concerns_contact(self):
        """Whether it is stated whom applicants can tell when something felt wrong."""
        return bool(self.concerns_contact or self.concerns_email)

    @property
    def theme_url(self):
        """The address of the company's colour."""
        return reverse("company:theme", args=[theme.digest(self.company.accent)])


def has_page(policy):
    """Whether a policy stands on a page of its own; the others are a part of one."""
    return policy.kind in (Policy.Kind.PRIVACY, Policy.Kind.ACCESSIBILITY)


def preview(policy, language, request):
    """Context of the page of a version that may not be the current one."""
    return of_policy(policy.kind, policy, request)


def of_policy(kind, policy, request):
    """Context of the page of a kind of policy: a version of it or None, and whom to ask."""
    company = of(request)
    title, contacts = {
        Policy.Kind.PRIVACY: (
            _("Privacy"),
            [
                (_("Whom to ask"), company.privacy_contact, company.privacy_email),
                (_("Country of the servers"), country(company.hosting_country), ""),
            ],
        ),
        Policy.Kind.ACCESSIBILITY: (
            _("Accessibility"),
            [(_("Whom to tell"), "", company.contact_email)],
        ),
    }[kind]
    return {
        "policy": policy,
        "title": (policy and policy.title) or title,
        "contacts": [contact for contact in contacts if any(contact[1:])],
    }


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]
