"""Template context about the company, in the language of the page."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careers.cldr import country
from careers.languages import localized

from . import theme
from .models import Company, Perk, Policy


def company_context(request):
    """Context processor: `company`."""
    return {"company": get_company(request)}


def get_company(request):
    """The company in the active language, read once per request."""
    if not hasattr(request, "company"):
        request.company = LocalizedCompany(Company.get(), get_language())
    return request.company


class LocalizedCompany:
    """The company in one language. Missing texts are empty; the name falls back to the other language."""

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
        """The name in this language, or else in the other one."""
        return localized(self.company, "name", self.language).text

    @property
    def motto(self):
        """The motto, as lines."""
        return _lines(self.__getattr__("motto"))

    @property
    def promises(self):
        """The promises to candidates, as lines."""
        return _lines(self.__getattr__("promises"))

    @property
    def has_concerns_contact(self):
        """Whether there is a contact for concerns about the hiring process."""
        return bool(self.concerns_contact or self.concerns_email)

    @property
    def theme_url(self):
        """The path of the style sheet with the accent color."""
        return reverse("company:theme", args=[theme.digest(self.company.accent)])


def perks_by_group(groups):
    """Pairs of a label and perks, in the order of `groups` (`Perk.AppliesTo`), without empty groups."""
    rows = list(Perk.objects.filter(applies_to__in=groups))
    pairs = [(group.label, [perk for perk in rows if perk.applies_to == group]) for group in groups]
    return [(label, perks) for label, perks in pairs if perks]


def has_page(policy):
    """Whether this kind of policy has its own page. Other kinds are part of another page."""
    return policy.kind in (Policy.Kind.PRIVACY, Policy.Kind.ACCESSIBILITY)


def preview_context(policy, language, request):
    """`policy_context` of any version, for previews."""
    return policy_context(policy.kind, policy, request)


def policy_context(kind, policy, request):
    """Context of a policy page: `policy` (a version or None), `title`, and `contacts`, triples of label, name
    and email address."""
    company = get_company(request)
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
