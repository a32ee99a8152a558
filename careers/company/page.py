"""What every page shows of the company, as texts in the page's language."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from careers.languages import words

from . import theme
from .models import Company


def site(request):
    """Context of every page: `company`, asked for once and only by a template that shows it."""
    return {"company": SimpleLazyObject(lambda: of(request))}


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
    def theme_url(self):
        """The address of the company's colour."""
        return reverse("company:theme", args=[theme.digest(self.company.accent)])


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]
