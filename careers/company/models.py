"""The company and its perks, values, testimonials, hiring steps and videos."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.bilingual.models import BilingualContent
from careers.cldr import countries
from careers.content import OrderedContent
from careers.email_address import validate_address
from careers.media import validate_captions, validate_image, validate_video
from careers.revisions.models import VersionedContent
from careers.rich_text import RichTextField

from .policies import Policy  # noqa: F401 (Django finds models in models.py)
from .theme import HEX_COLOR


class Company(VersionedContent, BilingualContent):
    """The company that hires. There is one row, with primary key 1."""

    name = models.CharField(
        pgettext_lazy("company", "name"),
        max_length=80,
        blank=True,
        help_text=_("As people call it: in the head of every page."),
    )
    legal_name = models.CharField(
        _("legal name"),
        max_length=120,
        blank=True,
        help_text=_("As registered. A posting in Japan has to name the employer."),
    )
    tagline = models.CharField(
        _("tagline"),
        max_length=200,
        blank=True,
        help_text=_("One sentence for search engines and for links that people share."),
    )
    motto = models.TextField(
        _("motto"),
        blank=True,
        help_text=_("The large lines of the home page, one step in each line. Three look best."),
    )
    about = models.TextField(
        _("about"), blank=True, help_text=_("Two or three sentences below the motto.")
    )
    promises = models.TextField(
        _("promises to applicants"),
        blank=True,
        help_text=_(
            "What nobody will meet in your hiring process, one in each line: “No puzzles”."
        ),
    )
    agency_notice = models.TextField(
        _("notice to agencies"),
        blank=True,
        help_text=_("Whether recruitment agencies may propose people. Shown with every opening."),
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#ff9a26",
        validators=[RegexValidator(HEX_COLOR, _("Please write a colour like #ff9a26."))],
        help_text=_("One colour, like #ff9a26. The text on it becomes black or white by itself."),
    )
    logo = models.FileField(
        _("logo"),
        blank=True,
        validators=[validate_image],
        help_text=_("Wide and flat looks best, as SVG or PNG. Without one your name is shown."),
    )
    contact_email = models.EmailField(
        _("contact for applicants"),
        blank=True,
        validators=[validate_address],
        help_text=_("Shown with the form; gets notices."),
    )
    privacy_contact = models.CharField(
        _("privacy contact"),
        max_length=200,
        blank=True,
        help_text=_("Who answers questions about personal data: a department or an office."),
    )
    privacy_email = models.EmailField(
        _("e-mail for privacy"), blank=True, validators=[validate_address]
    )
    concerns_contact = models.CharField(
        _("contact for concerns"),
        max_length=200,
        blank=True,
        help_text=_(
            "Whom applicants can tell when something felt wrong, with telephone and hours."
        ),
    )
    concerns_email = models.EmailField(
        _("e-mail for concerns"), blank=True, validators=[validate_address]
    )
    blog_url = models.URLField(_("address of the blog"), blank=True)
    hosting_country = models.CharField(
        _("country of the servers"),
        max_length=2,
        choices=countries,
        blank=True,
        help_text=_("Where personal data is kept. The privacy page says so."),
    )

    erasure_grace_days = models.PositiveSmallIntegerField(
        _("days until data is deleted"),
        default=1,
        # One month is the limit of GDPR art. 12(3); the law of Japan says "without delay".
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_(
            "When candidates ask us to delete their data, it’s deleted within this many days: 1 to 30. Until"
            " then, a request that someone else made can be noticed. Candidates see the date and time."
        ),
    )

    board_token = models.SlugField(
        _("name of the job board"),
        max_length=40,
        blank=True,
        db_index=False,  # there is one row
        help_text=_(
            "Other programs read your openings at /v1/boards/ followed by this name. Left empty, it is"
            " made from the English name. If you change it, update every program that uses it."
        ),
    )

    required_fields = ("name",)

    class Meta:
        verbose_name = verbose_name_plural = _("company")

    def save(self, *args, **kwargs):
        """Sets the primary key, and a job board token if there is none."""
        self.pk = 1
        if not self.board_token:
            self.board_token = slugify(self.name_en or "")[:40].strip("-") or "careers"
        super().save(*args, **kwargs)

    @classmethod
    def get(cls):
        """The company, or an unsaved one without texts while there is no row."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Perk(OrderedContent, VersionedContent, BilingualContent):
    """A benefit that the company offers to everyone, or to office or remote staff only."""

    class AppliesTo(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        OFFICE = "office", _("Office staff")
        REMOTE = "remote", _("Remote staff")

    title = models.CharField(
        _("title"), max_length=120, blank=True, help_text=_("A few words: “A hardware allowance”.")
    )
    text = models.TextField(
        _("details"),
        blank=True,
        help_text=_("Optional: a sentence for the page about working here."),
    )
    applies_to = models.CharField(
        _("applies to"), max_length=8, choices=AppliesTo, default=AppliesTo.EVERYONE
    )

    required_fields = ("title",)

    class Meta(OrderedContent.Meta):
        verbose_name = _("perk")
        verbose_name_plural = _("perks")


class Value(OrderedContent, VersionedContent, BilingualContent):
    """A value of the company."""

    title = models.CharField(_("title"), max_length=80, blank=True)
    text = models.TextField(_("text"), blank=True, help_text=_("One or two sentences."))

    required_fields = ("title", "text")

    class Meta(OrderedContent.Meta):
        verbose_name = _("value")
        verbose_name_plural = _("values")


class Testimonial(OrderedContent, VersionedContent, BilingualContent):
    """A quote of a team member about working here."""

    name = models.CharField(pgettext_lazy("person", "name"), max_length=80, blank=True)
    job = models.CharField(_("job title"), max_length=120, blank=True)
    text = models.TextField(
        _("text"), blank=True, help_text=_("One or two sentences; they are set large.")
    )

    required_fields = ("name", "text")

    class Meta(OrderedContent.Meta):
        verbose_name = _("testimonial")
        verbose_name_plural = _("testimonials")


class HiringStep(OrderedContent, VersionedContent, BilingualContent):
    """A step of the hiring process."""

    title = models.CharField(
        _("title"),
        max_length=60,
        blank=True,
        help_text=_("Two or three words: “Meet a recruiter”."),
    )
    text = models.TextField(
        _("text"), blank=True, help_text=_("What happens, and what it asks of the applicant.")
    )

    required_fields = ("title",)

    class Meta(OrderedContent.Meta):
        verbose_name = _("hiring step")
        verbose_name_plural = _("hiring steps")


class Video(OrderedContent, VersionedContent, BilingualContent):
    """A video: an uploaded file, or a link to another site; never an embed, which would track visitors."""

    class Placement(models.TextChoices):
        HIRING = "hiring", _("Hiring process")
        WORKING_HERE = "working_here", _("Working here")

    title = models.CharField(_("title"), max_length=120, blank=True)
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("One sentence below the film.")
    )
    transcript = RichTextField(
        _("transcript"),
        blank=True,
        help_text=_("Everything that is said, for people who cannot hear or see the film."),
    )
    file = models.FileField(
        _("film"),
        blank=True,
        validators=[validate_video],
        help_text=_("An MP4 file. Please add captions in both languages."),
    )
    captions = models.FileField(_("captions"), blank=True, validators=[validate_captions])
    external_url = models.URLField(
        pgettext_lazy("on the web", "address"),
        blank=True,
        help_text=_(
            "If the film is elsewhere: the page then shows a link that says where it leads."
        ),
    )
    page = models.CharField(_("page"), max_length=12, choices=Placement, default=Placement.HIRING)

    required_fields = ("title",)

    class Meta(OrderedContent.Meta):
        verbose_name = _("video")
        verbose_name_plural = _("videos")

    @property
    def host(self):
        """The host name of `external_url`, which is shown beside the link."""
        return urlsplit(self.external_url).hostname

    def clean(self):
        super().clean()
        if bool(self.file) == bool(self.external_url):
            raise ValidationError(_("Please give either a film or an address, not both."))
