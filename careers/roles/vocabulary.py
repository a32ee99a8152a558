"""Which words mean the same to somebody who looks for work, and which were looked for in vain."""

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careers.revisions.models import VersionedContent
from careers.search_index import SearchTextField, as_words


class SynonymGroup(VersionedContent):
    """Words of either language of which each finds the openings that have any of them.

    They are looked up when somebody searches: a new group is true at once, for every opening.
    """

    MOST = 50  # words; each of them is looked for whenever somebody searches for one of them
    NAMED = 6  # of these name it

    terms = models.TextField(
        _("words"),
        help_text=_("One on each line, in either language. In whatever way they are typed."),
    )
    search_text = SearchTextField(also=("terms",))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self):
        """Its first words: a title, and a line in a list."""
        first = self.words[: self.NAMED]
        return " · ".join(first if len(self.words) <= self.NAMED else [*first, "…"])

    @property
    def words(self):
        """The words as recruiters wrote them."""
        return [line.strip() for line in self.terms.splitlines() if line.strip()]

    def clean(self):
        super().clean()
        if (number := len(self.words)) > self.MOST:
            said = _(
                "A group takes at most %(most)s words, and this one has %(number)s. Please keep those"
                " that really mean the same, and put others into a group of their own."
            )
            raise ValidationError({"terms": said % {"most": self.MOST, "number": number}})

    def save(self, *args, **kwargs):
        """What it says is no longer looked for in vain: it is done."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            said = [as_words(word)[: ZeroResultSearch.LONGEST] for word in self.words]
            ZeroResultSearch.objects.filter(term__in=said).delete()


# At once, however many look for the same: Django has no words for that.
_COUNT_ONE = """
    INSERT INTO roles_zeroresultsearch AS known (term, language, count, last_on) VALUES (%s, %s, 1, %s)
    ON CONFLICT (term, language)
    DO UPDATE SET count = known.count + 1, last_on = excluded.last_on
"""


class ZeroResultSearchManager(models.Manager):
    def count_one(self, typed, language):
        """Somebody looked for `typed` and found nothing.

        Nothing that may be about a person is kept: no address, no long number, no time of day. Not
        more than so many words either: when there is no room, the least wanted goes.
        """
        term = as_words(typed)
        if not term or len(term) > ZeroResultSearch.LONGEST or "@" in typed or _has_number(term):
            return
        today = timezone.localdate(timezone=timezone.get_default_timezone())
        others = self.exclude(term=term, language=language).order_by("-count", "-last_on", "-pk")
        self.filter(pk__in=others.values("pk")[ZeroResultSearch.MOST - 1 :]).delete()
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_ONE, [term, language, today.isoformat()])


class ZeroResultSearch(models.Model):
    """Words that found no opening: how often, in which language, and when last. Nobody's words."""

    LONGEST = 60  # letters; whoever writes more writes no keyword
    MOST = 500  # rows

    term = models.CharField(_("words"), max_length=LONGEST)
    language = models.CharField(
        _("language"), max_length=2, choices=[("en", _("English")), ("ja", _("Japanese"))]
    )
    count = models.PositiveIntegerField(_("searches"), default=1)
    last_on = models.DateField(pgettext_lazy("of a search", "last day"))

    objects = ZeroResultSearchManager()

    class Meta:
        ordering = ("-count", "-last_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("term", "language"), name="one_count_of_a_missed_search"
            )
        ]
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")

    def __str__(self):
        return self.term


def _has_number(term):
    """Whether there are as many digits in it as in a telephone number."""
    return sum(letter.isdigit() for letter in term) > 5
