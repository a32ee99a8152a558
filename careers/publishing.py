"""Publication state of content: draft, scheduled, open, closed. `Model.objects.public(language)` decides
what visitors see."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, NamedTuple, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Min, Q
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from careers.content import OrderedContent, PublicContentQuerySet
from careers.languages import LANGUAGES, BilingualSitemap, other_language, path_in_language

LATEST_DATE = date(2100, 12, 31)  # datetime overflows after the year 9999
# Years 2000 to 2100 in every time zone.
EARLIEST_OPENING = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_OPENING = datetime(2101, 1, 1, 12, tzinfo=UTC)
OPENS_ERROR = _(
    "Please enter a day of the years 2000 to 2100, or leave this empty to open at once."
)
CLOSES_ERROR = _(
    "Please enter a day up to December 31, 2100, or leave this empty if it stays open."
)


class PublishedQuerySet(PublicContentQuerySet):
    def posted(self, language: str | None = None) -> Self:
        """Records with a page in `language` (or in either): published, opened and complete; may be closed.

        Each row has the annotations `in_en` and `in_ja`, which `languages` reads.
        """
        posted = {code: self.model._posted(code) for code in LANGUAGES}
        rows = self.annotate(
            **{
                f"in_{code}": ExpressionWrapper(condition, output_field=models.BooleanField())
                for code, condition in posted.items()
            }
        )
        return rows.filter(posted[language] if language else posted["en"] | posted["ja"])

    def public(self, language: str | None = None) -> Self:
        """Records that are open to visitors now, in `language` (or in either)."""
        return self.posted(language).filter(self.model._open())

    def scheduled(self) -> Self:
        """Published records that open later, the soonest first."""
        published = self.exclude(published_at_en=None, published_at_ja=None)
        return published.filter(opens_at__gt=timezone.now()).order_by("opens_at", "pk")

    def closing_soon(self) -> Self:
        """Open records that close within CLOSING_SOON, the soonest first."""
        return (
            self.public()
            .filter(closes_on__lte=_today() + settings.CLOSING_SOON)
            .order_by("closes_on", "pk")
        )


class ListEntry(NamedTuple):
    """A record in a list, in the language of the entry. `only_language` is set if it has just one."""

    record: "PublishedContent"
    language: str
    only_language: str | None

    @property
    def title(self) -> str:
        title: str = getattr(self.record, f"title_{self.language}")
        return title

    @property
    def summary(self) -> str:
        summary: str = getattr(self.record, f"summary_{self.language}")
        return summary

    @property
    def url(self) -> str:
        return self.record.get_absolute_url(self.language)


class PublishedContent(OrderedContent):
    """Content with a page of its own, published per language; neither language is the source.

    It opens and closes once for both languages. `closes_on` is the last day, to 23:59:59 in the time
    zone of the site.
    """

    published_at_en = models.DateTimeField(_("published in English"), null=True, editable=False)
    published_at_ja = models.DateTimeField(_("published in Japanese"), null=True, editable=False)
    slug = models.SlugField(
        _("end of the address"),
        max_length=80,
        blank=True,
        help_text=_("Shared by both languages. Made from the English title if you leave it empty."),
    )
    # False once a recruiter has set the slug, or once the record was published in English.
    slug_follows_title = models.BooleanField(default=True, editable=False)
    opens_at = models.DateTimeField(
        _("opens"),
        null=True,
        blank=True,
        help_text=_("Until then nobody sees it. Leave this empty to open at once."),
        validators=[
            MinValueValidator(EARLIEST_OPENING, OPENS_ERROR),
            MaxValueValidator(LATEST_OPENING, OPENS_ERROR),
        ],
    )
    closes_on = models.DateField(
        _("last day"),
        null=True,
        blank=True,
        help_text=_(
            "Open until 23:59:59 of this day, in the time zone of the site. Leave this empty if it"
            " stays open."
        ),
        validators=[MaxValueValidator(LATEST_DATE, CLOSES_ERROR)],
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = PublishedQuerySet.as_manager()  # type: ignore[misc]  # in place of the one of PublicContent

    history_exclude: ClassVar[tuple[str, ...]] = (
        *OrderedContent.history_exclude,
        "slug_follows_title",
    )
    route: ClassVar[str] = ""  # the URL name of its page, which takes pk and slug

    class Meta(OrderedContent.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Set the slug, unless `update_fields` are given: see `_set_slug`."""
        if kwargs.get("update_fields") is None:
            self._set_slug()
        super().save(*args, **kwargs)

    def _set_slug(self) -> None:
        """Make the slug from the English title, else from the name of the model.

        Every save makes it again until the record is published in English, so that a role that was first
        written in Japanese gets a readable URL. Views redirect URLs with an earlier slug. A slug that a
        recruiter has set stays; clearing it makes a new one.
        """
        if self.slug and self._state.adding:
            self.slug_follows_title = False
        if not self.slug:
            self.slug_follows_title = True
        if self.slug_follows_title:
            title = getattr(self, "title_en", None) or ""
            self.slug = slugify(title)[:80].strip("-") or str(self._meta.model_name)
        if self.published_at_en:
            self.slug_follows_title = False

    def clean(self) -> None:
        """Refuse a last day that ends before the opening.

        Not a database constraint: the end of a day depends on the time zone of the site, a setting.
        """
        super().clean()
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            error = _("This is before it opens. Enter %(day)s or a later day, or open it earlier.")
            day = date_format(_day(self.opens_at), "SHORT_DATE_FORMAT")
            raise ValidationError({"closes_on": ValidationError(error, params={"day": day})})

    def get_absolute_url(self, language: str) -> str:
        """The path of its page in `language`."""
        return path_in_language(reverse(self.route, args=[self.pk, self.slug]), language)

    @classmethod
    def _posted(cls, language: str) -> Q:
        opened = Q(opens_at=None) | Q(opens_at__lte=timezone.now())
        return Q(**{f"published_at_{language}__isnull": False}) & opened & cls.complete(language)

    @classmethod
    def _open(cls) -> Q:
        return Q(closes_on=None) | Q(closes_on__gte=_today())

    @property
    def is_closed(self) -> bool:
        """Whether its last day has passed."""
        return self.closes_on is not None and self.closes_on < _today()

    @property
    def closes_at(self) -> datetime | None:
        """The end of its last day, or None."""
        return _end_of_day(self.closes_on) if self.closes_on else None

    @property
    def is_gone(self) -> bool:
        """Whether it closed so long ago that its page answers 410."""
        return (
            self.closes_on is not None and self.closes_on < _today() - settings.CLOSED_PAGE_LIFETIME
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it has a page. Needs the annotations of `posted()`."""
        return tuple(code for code in LANGUAGES if getattr(self, f"in_{code}"))

    def entry(self, language: str) -> ListEntry:
        """Its `ListEntry` in a list in `language`: in that language, or in the only one it has."""
        entry_language = language if language in self.languages else other_language(language)
        only_language = self.languages[0] if len(self.languages) == 1 else None
        return ListEntry(self, entry_language, only_language)

    def posted_at(self, language: str) -> datetime:
        """The time at which it became visible in `language`; edits do not change it."""
        published: datetime = getattr(self, f"published_at_{language}")
        return max(published, self.opens_at or published)

    def posted_on(self, language: str) -> date:
        """The day of `posted_at`, in the time zone of the site."""
        return _day(self.posted_at(language))

    @property
    def changed_at(self) -> datetime:
        """The time of the last change to its page: the last edit, or the opening if that came later."""
        return max(self.updated_at, self.opens_at or self.updated_at)

    @property
    def updated_on(self) -> date:
        """The day of the last edit, in the time zone of the site."""
        return _day(self.updated_at)

    def publish(self, language: str) -> None:
        """Publish in `language`, keeping the date of an earlier publication. Does not save."""
        name = f"published_at_{language}"
        setattr(self, name, getattr(self, name) or timezone.now())

    def unpublish(self, language: str) -> None:
        """Unpublish in `language`. Does not save."""
        setattr(self, f"published_at_{language}", None)


class PublishedSitemap(BilingualSitemap):
    """Sitemap of the public records of `model`."""

    model: type[PublishedContent]

    def items(self) -> PublishedQuerySet:
        rows = self.model.objects.public().order_by("pk")
        return rows.only("slug", "opens_at", "updated_at")

    def get_languages_for_item(self, record: PublishedContent) -> list[str]:
        return list(record.languages)

    def location(self, record: PublishedContent) -> str:
        return record.get_absolute_url(record.languages[0])

    def lastmod(self, record: PublishedContent) -> datetime:
        return record.changed_at


def visible_since(*languages: str) -> Greatest:
    """Query expression for `posted_at`, in the first of `languages` in which a record is published."""
    columns = [F(f"published_at_{language}") for language in languages]
    published = Coalesce(*columns) if len(columns) > 1 else columns[0]
    return Greatest(published, Coalesce("opens_at", published))


def next_change_at() -> datetime | None:
    """The next time at which a public page changes without an edit, or None.

    That is when a record opens, closes, or has been closed for CLOSED_PAGE_LIFETIME.
    """
    today = _today()
    oldest_closed = today - settings.CLOSED_PAGE_LIFETIME
    times = []
    for model in _published_models():
        rows = model.objects.exclude(published_at_en=None, published_at_ja=None)
        soonest = rows.aggregate(
            opens=Min("opens_at", filter=Q(opens_at__gt=timezone.now())),
            closes=Min("closes_on", filter=Q(closes_on__gte=today)),
            page_ends=Min("closes_on", filter=Q(closes_on__gte=oldest_closed)),
        )
        times += [
            soonest["opens"],
            soonest["closes"] and _end_of_day(soonest["closes"]),
            soonest["page_ends"]
            and _end_of_day(soonest["page_ends"]) + settings.CLOSED_PAGE_LIFETIME,
        ]
    return min(filter(None, times), default=None)


def _published_models() -> list[type[PublishedContent]]:
    return [model for model in apps.get_models() if issubclass(model, PublishedContent)]


def _today() -> date:
    """Today in the time zone of the site, regardless of the active one."""
    return _day(timezone.now())


def _day(value: datetime) -> date:
    return timezone.localdate(value, timezone.get_default_timezone())


def _end_of_day(day: date) -> datetime:
    """Midnight after `day` in the time zone of the site; dates after LATEST_DATE count as LATEST_DATE."""
    next_day = min(day, LATEST_DATE) + timedelta(days=1)
    return datetime.combine(next_day, time(), tzinfo=timezone.get_default_timezone())
