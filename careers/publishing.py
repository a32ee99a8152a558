"""What a visitor may see, and since when. The one gate: `Model.objects.public(language)`."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Min, Q
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from careers.content import OrderedContent, PublicContentQuerySet
from careers.languages import LANGUAGES, BilingualSitemap, other_language, path_in_language

LAST_DAY = date(2100, 12, 31)  # nobody means a later one, and time itself ends in the year 9999
OPENS = datetime(2000, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, 12, tzinfo=UTC)  # in every time zone
OPENS_WHEN = _("Please enter a day of the years 2000 to 2100, or leave this empty to open at once.")
CLOSES_WHEN = _("Please enter a day up to December 31, 2100, or leave this empty if it stays open.")


class PublishedQuerySet(PublicContentQuerySet):
    def posted(self, language=None):
        """What has a page in `language` (or in any): published, opened and complete.

        Open or closed. Each row says in which languages: `in_en`, `in_ja`, read by `languages`.
        """
        posted = {code: self.model._posted(code) for code in LANGUAGES}
        rows = self.annotate(
            **{
                f"in_{code}": ExpressionWrapper(condition, output_field=models.BooleanField())
                for code, condition in posted.items()
            }
        )
        return rows.filter(posted[language] if language else posted["en"] | posted["ja"])

    def public(self, language=None):
        """What is open to a visitor now, in `language` (or in any)."""
        return self.posted(language).filter(self.model._open())

    def scheduled(self):
        """What is published and opens by itself later, the soonest first."""
        published = self.exclude(published_at_en=None, published_at_ja=None)
        return published.filter(opens_at__gt=timezone.now()).order_by("opens_at", "pk")

    def closing_soon(self):
        """What is open to visitors and closes by itself soon, the soonest first."""
        return (
            self.public()
            .filter(closes_on__lte=_today() + settings.CLOSING_SOON)
            .order_by("closes_on", "pk")
        )


class Entry(NamedTuple):
    """A line in a list: the record, the language it is shown in, and its only language if it has one."""

    record: models.Model
    language: str
    only: str | None

    @property
    def title(self):
        return getattr(self.record, f"title_{self.language}")

    @property
    def summary(self):
        return getattr(self.record, f"summary_{self.language}")

    @property
    def url(self):
        return self.record.get_absolute_url(self.language)


class Published(OrderedContent):
    """Something with a page of its own, published per language; neither language is the source.

    It opens and closes once, at moments of the site's time zone: `closes_on` is the last day, to
    its last second.
    """

    published_at_en = models.DateTimeField(_("published in English"), null=True, editable=False)
    published_at_ja = models.DateTimeField(_("published in Japanese"), null=True, editable=False)
    slug = models.SlugField(
        _("end of the address"),
        max_length=80,
        blank=True,
        help_text=_("Shared by both languages. Made from the English title if you leave it empty."),
    )
    opens_at = models.DateTimeField(
        _("opens"),
        null=True,
        blank=True,
        help_text=_("Until then nobody sees it. Leave this empty to open at once."),
        validators=[
            MinValueValidator(OPENS[0], OPENS_WHEN),
            MaxValueValidator(OPENS[1], OPENS_WHEN),
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
        validators=[MaxValueValidator(LAST_DAY, CLOSES_WHEN)],
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = PublishedQuerySet.as_manager()

    route = ""  # the URL name of its page, which takes pk and slug

    class Meta(OrderedContent.Meta):
        abstract = True

    def save(self, *args, **kwargs):
        """Gives it an address if it has none. Japanese titles have no ASCII in them to make one of."""
        if not self.slug:
            self.slug = slugify(self.title_en or "")[:80].strip("-") or self._meta.model_name
        super().save(*args, **kwargs)

    def get_absolute_url(self, language):
        """The path of its page in `language`."""
        return path_in_language(reverse(self.route, args=[self.pk, self.slug]), language)

    @classmethod
    def _posted(cls, language):
        opened = Q(opens_at=None) | Q(opens_at__lte=timezone.now())
        return Q(**{f"published_at_{language}__isnull": False}) & opened & cls.complete(language)

    @classmethod
    def _open(cls):
        return Q(closes_on=None) | Q(closes_on__gte=_today())

    @property
    def is_closed(self):
        """Whether the last day is over."""
        return self.closes_on is not None and self.closes_on < _today()

    @property
    def closes_at(self):
        """The moment at which the last day is over, or None."""
        return self.closes_on and _end(self.closes_on)

    @property
    def is_gone(self):
        """Whether it closed so long ago that its page answers 410."""
        return (
            self.closes_on is not None and self.closes_on < _today() - settings.CLOSED_PAGE_LIFETIME
        )

    @property
    def languages(self):
        """The languages in which it has a page: an answer of the query, see `posted()`."""
        return tuple(code for code in LANGUAGES if getattr(self, f"in_{code}"))

    def entry(self, language):
        """How a list in `language` shows it: in that language, or in the one it has."""
        shown = language if language in self.languages else other_language(language)
        only = self.languages[0] if len(self.languages) == 1 else None
        return Entry(self, shown, only)

    def posted_at(self, language):
        """The moment since which it can be seen in `language`; edits do not move it."""
        published = getattr(self, f"published_at_{language}")
        return max(published, self.opens_at or published)

    def posted_on(self, language):
        """The day of that moment."""
        return _day(self.posted_at(language))

    @property
    def changed_at(self):
        """The moment since which its page is as it is: of the last change, or of opening after it."""
        return max(self.updated_at, self.opens_at or self.updated_at)

    @property
    def updated_on(self):
        """The day of the last change."""
        return _day(self.updated_at)

    def publish(self, language):
        """Publish in `language`; the day of an earlier publication is kept. Does not save."""
        name = f"published_at_{language}"
        setattr(self, name, getattr(self, name) or timezone.now())

    def unpublish(self, language):
        """Take the page in `language` away. Does not save."""
        setattr(self, f"published_at_{language}", None)


class PublishedSitemap(BilingualSitemap):
    """What is public of a `model`, for search engines."""

    model = None

    def items(self):
        rows = self.model.objects.public().order_by("pk")
        return rows.only("slug", "opens_at", "updated_at")

    def languages(self, record):
        return record.languages

    def location(self, record):
        return record.get_absolute_url(record.languages[0])

    def lastmod(self, record):
        return record.changed_at


def seen_since(*languages):
    """For a query: since when something can be seen in the first of `languages` in which it is
    published (see `posted_at`)."""
    moments = [F(f"published_at_{language}") for language in languages]
    published = Coalesce(*moments) if len(moments) > 1 else moments[0]
    return Greatest(published, Coalesce("opens_at", published))


def next_change_at():
    """The next moment at which any public page changes by itself, or None.

    Something opens, closes, or has been closed for so long that it is forgotten.
    """
    today, forgotten = _today(), _today() - settings.CLOSED_PAGE_LIFETIME
    moments = []
    for model in _published_models():
        rows = model.objects.exclude(published_at_en=None, published_at_ja=None)
        soonest = rows.aggregate(
            opens=Min("opens_at", filter=Q(opens_at__gt=timezone.now())),
            closes=Min("closes_on", filter=Q(closes_on__gte=today)),
            goes=Min("closes_on", filter=Q(closes_on__gte=forgotten)),
        )
        moments += [
            soonest["opens"],
            soonest["closes"] and _end(soonest["closes"]),
            soonest["goes"] and _end(soonest["goes"]) + settings.CLOSED_PAGE_LIFETIME,
        ]
    return min(filter(None, moments), default=None)


def _published_models():
    return [model for model in apps.get_models() if issubclass(model, Published)]


def _today():
    """Today in the site's time zone, whatever zone is active."""
    return _day(timezone.now())


def _day(moment):
    return timezone.localdate(moment, timezone.get_default_timezone())


def _end(day):
    """The first moment after `day`; after the last day of all, whatever later one a row may hold."""
    after = min(day, LAST_DAY) + timedelta(days=1)
    return datetime.combine(after, time(), tzinfo=timezone.get_default_timezone())
