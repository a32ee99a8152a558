"""Departments, locations and roles. Facts are numbers, choices and dates; only prose is translated."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from careers.bilingual.models import BilingualContent, ShareableContent
from careers.cldr import countries, country, currencies, language_name, language_names, time_zones
from careers.content import OrderedContent, PublicContent
from careers.languages import format_list
from careers.revisions.models import VersionedContent
from careers.rich_text import RichTextField
from careers.search_index import SearchTextField

from . import completeness
from .addresses import POSTAL_CODE_ERRORS, clean_postal_code, is_postal_code
from .enums import (
    Condition,
    EmploymentType,
    Level,
    PayPeriod,
    Proficiency,
    Smoking,
    Workplace,
)
from .review import Reviewable
from .search_log import ZeroResultSearch  # noqa: F401 (registers the model)
from .synonyms import SynonymGroup  # noqa: F401 (registers the model)


class Department(OrderedContent, VersionedContent, BilingualContent):
    """A part of the company that hires."""

    name = models.CharField(pgettext_lazy("department", "name"), max_length=80, blank=True)
    managers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="departments",
        verbose_name=_("hiring managers"),
        help_text=_("They read the applications for this department's openings."),
    )

    required_fields = ("name",)

    class Meta(OrderedContent.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        # careers.staff.permissions names the fields that need it.
        permissions = [("grant_access", "Can decide who sees candidates’ data")]


class Location(OrderedContent, VersionedContent, BilingualContent):
    """An office or other place of work."""

    name = models.CharField(
        pgettext_lazy("place", "name"),
        max_length=80,
        blank=True,
        help_text=_("As shown in lists: “Tokyo”."),
    )
    address = models.TextField(
        pgettext_lazy("place", "address"),
        blank=True,
        help_text=_("Street and building, without city, region, and postal code."),
    )
    city = models.CharField(
        _("city"),
        max_length=80,
        blank=True,
        help_text=_("For the postal address. Leave blank if it is the same as the name."),
    )
    region = models.CharField(
        _("region"),
        max_length=80,
        blank=True,
        help_text=_("Prefecture, state, or province. Leave blank where there is none."),
    )
    postal_code = models.CharField(
        _("postal code"),
        max_length=16,
        blank=True,
        help_text=_("For example, 150-0001 in Japan or 018956 in Singapore."),
    )
    country = models.CharField(_("country"), max_length=2, choices=countries)
    time_zone = models.CharField(
        _("time zone"), max_length=40, choices=time_zones, default="Asia/Tokyo"
    )
    smoking = models.CharField(
        _("smoke-free measure"),
        max_length=12,
        choices=Smoking,
        blank=True,
        help_text=_("A posting in Japan has to state it."),
    )

    required_fields = ("name",)

    class Meta(OrderedContent.Meta):
        verbose_name = _("location")
        verbose_name_plural = _("locations")

    def clean(self):
        super().clean()
        self.postal_code = clean_postal_code(self.postal_code, self.country)
        if self.postal_code and not is_postal_code(self.postal_code, self.country):
            raise ValidationError({"postal_code": POSTAL_CODE_ERRORS[self.country]})


class Role(Reviewable, VersionedContent, BilingualContent, ShareableContent):
    """A role that people can apply for."""

    title = models.CharField(
        pgettext_lazy("role", "title"),
        max_length=120,
        blank=True,
        help_text=_("The title alone: no place, no pay, no reference ID."),
    )
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("One or two sentences; they stand below the title.")
    )
    intro = RichTextField(_("about the work"), blank=True)
    duties = RichTextField(_("duties"), blank=True)
    requirements = RichTextField(
        _("requirements"), blank=True, help_text=_("Only what nobody can do the work without.")
    )
    nice_to_haves = RichTextField(_("nice to have"), blank=True)
    expectations = RichTextField(_("who we are looking for"), blank=True)
    closing = RichTextField(_("closing text"), blank=True)

    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="roles",
        db_index=False,  # the index below begins with it
        verbose_name=_("department"),
    )
    locations = models.ManyToManyField(
        Location, through="RoleLocation", related_name="roles", verbose_name=_("locations")
    )
    workplace = models.CharField(
        _("workplace"), max_length=8, choices=Workplace, default=Workplace.ON_SITE
    )
    employment_type = models.CharField(
        _("employment type"),
        max_length=15,
        choices=EmploymentType,
        default=EmploymentType.PERMANENT,
    )
    level = models.CharField(_("level"), max_length=7, choices=Level, blank=True)
    pay_min = models.PositiveBigIntegerField(
        _("pay from"),
        null=True,
        blank=True,
        help_text=_("In whole units of the currency, without separators: 6000000."),
    )
    pay_max = models.PositiveBigIntegerField(_("pay to"), null=True, blank=True)
    pay_currency = models.CharField(_("currency"), max_length=3, choices=currencies, default="JPY")
    pay_period = models.CharField(
        _("period"), max_length=5, choices=PayPeriod, default=PayPeriod.YEAR
    )
    reference_id = models.CharField(
        _("reference ID"),
        max_length=20,
        unique=True,
        help_text=_("Your own number for this opening. People quote it; it never changes."),
    )
    recruiter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recruiter"),
    )
    see_also = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("see also"),
        help_text=_("Another role that may fit a reader of this one better."),
    )
    see_also_text = models.CharField(
        _("sentence before it"),
        max_length=200,
        blank=True,
        help_text=_("“If you prefer work that users see:”. The link to the role follows."),
    )

    search_text = SearchTextField(also=("reference_id",))
    public_search_text = SearchTextField(
        also=("reference_id",), only_if=("published_at", *completeness.REQUIRED)
    )
    complete_en = completeness.generated_field("en")
    complete_ja = completeness.generated_field("ja")

    required_fields = completeness.REQUIRED
    history_exclude = (*Reviewable.history_exclude, "public_search_text")
    order_with_respect_to = ("department",)
    route = "roles:detail"

    class Meta:
        ordering = ("department__order", "department_id", "order", "pk")
        indexes = [models.Index(fields=completeness.INDEX_COLUMNS, name="role_list_idx")]
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    @classmethod
    def complete(cls, language):
        return Q(**{f"complete_{language}": True}) & ~cls.lacks_texts(language)

    @classmethod
    def lacks_texts(cls, language):
        return Q(pk__in=completeness.incomplete_roles(language))

    @classmethod
    def missing_texts(cls, records, language):
        return completeness.missing_texts(records, language)

    def clean(self):
        super().clean()
        if self.pay_max is not None and self.pay_min is None:
            raise ValidationError({"pay_min": _("Please say where the pay begins.")})
        if self.pay_max is not None and self.pay_max < self.pay_min:
            raise ValidationError({"pay_max": _("This is less than where the pay begins.")})
        if self.see_also_id and self.see_also_id == self.pk:
            raise ValidationError({"see_also": _("Please choose another role than this one.")})

    @property
    def workplace_text(self):
        """Office, or Remote (Japan, Singapore): remote work with the countries it is open to."""
        label = self.get_workplace_display()
        countries = format_list(self.remote_countries.all())
        if self.workplace != Workplace.REMOTE or not countries:
            return label
        pattern = pgettext("workplace (countries)", "%(workplace)s (%(countries)s)")
        return pattern % {"workplace": label, "countries": countries}


class RoleLocation(PublicContent):
    """One of the locations of a role."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="role_locations")
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"))

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("role", "location"), name="unique_location_per_role")
        ]
        verbose_name = _("place of the role")
        verbose_name_plural = _("places of the role")

    def __str__(self):
        return str(self.location)


class RemoteCountry(PublicContent):
    """A country from which a remote role can be done."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="remote_countries")
    country = models.CharField(_("country"), max_length=2, choices=countries)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("role", "country"), name="unique_remote_country_per_role"
            )
        ]
        verbose_name = _("country for remote work")
        verbose_name_plural = _("countries for remote work")

    def __str__(self):
        return country(self.country)


class RoleLanguage(PublicContent):
    """A language used at work, and the required proficiency."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="working_languages")
    language = models.CharField(_("language"), max_length=2, choices=language_names)
    proficiency = models.CharField(
        _("proficiency"),
        max_length=6,
        choices=Proficiency,
        help_text=_("By the European framework: B2 is enough for most meetings."),
    )

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("role", "language"), name="unique_language_per_role")
        ]
        verbose_name = _("working language")
        verbose_name_plural = _("working languages")

    def __str__(self):
        return f"{language_name(self.language)} {self.get_proficiency_display()}"


class RoleCondition(BilingualContent):
    """A condition of employment, in the fixed terms of Japanese law."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="conditions")
    kind = models.CharField(_("condition"), max_length=14, choices=Condition)
    text = models.TextField(_("text"), blank=True)

    incomplete_en = completeness.incomplete_field("en", optional=("text",))
    incomplete_ja = completeness.incomplete_field("ja", optional=("text",))

    required_fields = ("text",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("role", "kind"), name="unique_condition_kind_per_role")
        ]
        indexes = completeness.incomplete_indexes("role", prefix="condition")
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self):
        return self.get_kind_display()
