"""What public pages show: whenever it is written, in whatever way, the generation of the pages moves on,
in the same transaction. `PublicContent` is the base of all of it; `OrderedContent` adds a place among its like."""

from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import NotRegistered, translator

from careers import japanese
from careers.languages import words
from careers.page_cache.models import Generation
from careers.search_index import SearchTextField, SearchTextQuerySet


def _moving(write):
    """A writing method after which every kept page is old, in the same transaction."""

    def moved(self, *args, **kwargs):
        with transaction.atomic():
            result = write(self, *args, **kwargs)
            Generation.bump()
        return result

    moved.__name__, moved.__doc__ = write.__name__, write.__doc__
    moved.alters_data = True
    return moved


class PublicContentQuerySet(SearchTextQuerySet):
    update = _moving(SearchTextQuerySet.update)  # and with it bulk_update, which updates
    bulk_create = _moving(models.QuerySet.bulk_create)
    delete = _moving(models.QuerySet.delete)
    delete.queryset_only = True

    def public(self, language):
        """What a visitor may see in `language`: what is complete in it."""
        return self.filter(self.model.complete(language))


class PublicContent(models.Model):
    """Something that a public page shows."""

    objects = PublicContentQuerySet.as_manager()

    required = ()  # translated fields without which it does not exist in a language
    history_exclude = (
        "search_text",
    )  # columns in which nobody says anything: no version keeps them
    str_select_related = ()  # foreign keys to what its name tells of

    class Meta:
        abstract = True

    def __str__(self):
        """What it is called, in the language of whoever looks, else in the other one."""
        return words(self, self.required[0]).text or f"{self._meta.verbose_name} {self.pk}"

    save = _moving(models.Model.save)
    delete = _moving(models.Model.delete)

    @classmethod
    def translated(cls):
        """Names of the fields that exist in both languages."""
        try:
            return tuple(translator.get_options_for_model(cls).all_fields)
        except NotRegistered:
            return ()

    @classmethod
    def complete(cls, language):
        """Whether everything required is there in `language`, decided from the columns themselves."""
        # NULL is not greater than the empty text either.
        return Q(*((f"{field}_{language}__gt", "") for field in cls.required))

    def clean(self):
        """Take out characters that nobody typed."""
        super().clean()
        for field in self._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField):
                value = getattr(self, field.attname)
                if isinstance(value, str):
                    setattr(self, field.attname, japanese.clean(value))

    def missing(self, language):
        """Names of the required fields that are empty in `language`."""
        return [name for name in self.required if not getattr(self, f"{name}_{language}")]


class OrderedContent(PublicContent):
    """Something shown among its like, in an order that a recruiter chooses; a new one comes last.

    What has an order has a list, and what has a list is searched.
    """

    order = models.PositiveIntegerField(_("order"), editable=False)
    search_text = SearchTextField()

    history_exclude = ("order", "search_text")
    order_with_respect_to = ()  # foreign keys: its like are those that have the same ones

    class Meta:
        abstract = True
        ordering = ("order", "pk")

    def save(self, *args, **kwargs):
        if self.order is None:
            last = self._like().aggregate(last=Max("order"))["last"]
            self.order = 0 if last is None else last + 1
        super().save(*args, **kwargs)

    def move(self, place):
        """Put it at `place` among its like, counted from 0, and number them 0, 1, 2, … Says where it
        is now, and how many there are. It is no edit of anything, so that no `save()` is called."""
        with transaction.atomic():
            # Everybody locks them in one order; what was read while waiting for a lock may be old.
            locked = self._like().select_for_update(of=("self",)).only("order").order_by("pk")
            rows = sorted(locked, key=lambda row: (row.order, row.pk))
            place = max(0, min(place, len(rows) - 1))
            rows.insert(place, rows.pop(rows.index(self)))
            changed = [row for number, row in enumerate(rows) if row.order != number]
            for number, row in enumerate(rows):
                row.order = number
            if changed:
                type(self).objects.bulk_update(changed, ["order"])
        return place, len(rows)

    def _like(self):
        keys = [self._meta.get_field(name).attname for name in self.order_with_respect_to]
        return type(self).objects.filter(**{key: getattr(self, key) for key in keys})
