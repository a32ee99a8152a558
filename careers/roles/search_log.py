"""A log of searches with no results, which tells recruiters which synonyms to add. No personal data."""

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.normalization import normalize

# One statement, so that concurrent searches for the same words are all counted. Django's ORM cannot
# express `count + 1` on conflict.
_UPSERT = """
    INSERT INTO roles_zeroresultsearch AS log (term, language, count, last_on) VALUES (%s, %s, 1, %s)
    ON CONFLICT (term, language)
    DO UPDATE SET count = log.count + 1, last_on = excluded.last_on
"""
_MAX_DIGITS = 5  # a term with more may contain a telephone number


class ZeroResultSearchManager(models.Manager["ZeroResultSearch"]):
    def record(self, query: str, language: str) -> None:
        """Count a search for `query` that had no results.

        Possibly personal data is not stored: no email address, no long number, no time of day. When
        the table is full, the least frequent row is deleted.
        """
        term = normalize(query)
        if not term or len(term) > ZeroResultSearch.MAX_LENGTH or _may_be_personal(query, term):
            return
        today = timezone.localdate(timezone=timezone.get_default_timezone())
        others = self.exclude(term=term, language=language).order_by("-count", "-last_on", "-pk")
        self.filter(pk__in=others.values("pk")[ZeroResultSearch.MAX_ROWS - 1 :]).delete()
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [term, language, today.isoformat()])


class ZeroResultSearch(models.Model):
    """A normalised search term with no results: how often, in which language, and when last."""

    MAX_LENGTH = 60  # characters; longer text is not a keyword
    MAX_ROWS = 500

    term = models.CharField(_("words"), max_length=MAX_LENGTH)
    language = models.CharField(
        _("language"), max_length=2, choices=[("en", _("English")), ("ja", _("Japanese"))]
    )
    count = models.PositiveIntegerField(_("searches"), default=1)
    last_on = models.DateField(pgettext_lazy("of a search", "last day"))

    objects = ZeroResultSearchManager()

    class Meta:
        ordering = ("-count", "-last_on", "pk")
        constraints = [
            models.UniqueConstraint(fields=("term", "language"), name="unique_zero_result_search")
        ]
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")

    def __str__(self) -> str:
        return self.term


def _may_be_personal(query: str, term: str) -> bool:
    return "@" in query or sum(character.isdigit() for character in term) > _MAX_DIGITS
