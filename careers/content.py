"""Base classes of content on public pages.

Every write of `PublicContent` bumps the generation of the page cache in the same transaction, so that
no page shows old content. `OrderedContent` adds an order that recruiters choose.
"""

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import NotRegistered, translator

from careers import japanese
from careers.invisible import is_blank
from careers.languages import localized
from careers.page_cache.models import Generation
from careers.search_index import SearchTextField, SearchTextQuerySet


class PublicContentQuerySet(SearchTextQuerySet):
    """Bulk writes bump the generation too. `bulk_update()` calls `update()`."""

    def update(self, **values: Any) -> int:
        with transaction.atomic():
            count = super().update(**values)
            Generation.bump()
        return count

    update.alters_data = True  # type: ignore[attr-defined]  # read by Django's templates

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        with transaction.atomic():
            created = super().bulk_create(*args, **kwargs)
            Generation.bump()
        return created

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            deleted = super().delete()
            Generation.bump()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]  # read by Django's templates
    delete.queryset_only = True  # type: ignore[attr-defined]  # read by as_manager()

    def public(self, language: str) -> Self:
        """Content that visitors may see in `language`: what is complete in it."""
        return self.filter(self.model.complete(language))


class PublicContent(models.Model):
    """Content that a public page shows.

    `required_fields` are translated fields without which a record does not exist in a language.
    `history_exclude` are columns that revisions leave out. `str_select_related` are the foreign keys
    that `str()` follows, for lists.
    """

    objects = PublicContentQuerySet.as_manager()

    required_fields: ClassVar[tuple[str, ...]] = ()
    history_exclude: ClassVar[tuple[str, ...]] = ("search_text",)
    str_select_related: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Its name in the active language, else in the other one."""
        name = localized(self, self.required_fields[0]).text
        return name or f"{self._meta.verbose_name} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            Generation.bump()

    save.alters_data = True  # type: ignore[attr-defined]  # read by Django's templates

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            Generation.bump()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]  # read by Django's templates

    @classmethod
    def translated(cls) -> tuple[str, ...]:
        """Names of the fields that exist in both languages."""
        try:
            return tuple(translator.get_options_for_model(cls).all_fields)
        except NotRegistered:
            return ()

    @classmethod
    def complete(cls, language: str) -> Q:
        """The condition that all required fields have a text in `language`."""
        # NULL is not greater than the empty string either.
        return Q(*((f"{field}_{language}__gt", "") for field in cls.required_fields))

    def clean(self) -> None:
        """Remove invisible characters, which often come with pasted text.

        A required field that contains nothing else is an error.
        """
        super().clean()
        errors = {}
        for field in self._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField):
                value = getattr(self, field.attname)
                if isinstance(value, str) and field.editable:
                    visible = "" if is_blank(value) else japanese.strip_invisible(value)
                    setattr(self, field.attname, visible)
                    if value and not visible and not field.blank:
                        errors[field.name] = _("This field is required.")
        if errors:
            raise ValidationError(errors)

    def missing_fields(self, language: str) -> list[str]:
        """Names of the required fields that are empty in `language`."""
        return [name for name in self.required_fields if not getattr(self, f"{name}_{language}")]


class OrderedContent(PublicContent):
    """Content in an order that recruiters choose; a new record comes last.

    `order_with_respect_to` names foreign keys: records with the same values share one order.
    """

    order = models.PositiveIntegerField(_("order"), editable=False)
    search_text = SearchTextField()

    history_exclude: ClassVar[tuple[str, ...]] = ("order", "search_text")
    order_with_respect_to: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        ordering = ("order", "pk")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.order is None:
            last = self._siblings().aggregate(last=Max("order"))["last"]
            self.order = 0 if last is None else last + 1
        super().save(*args, **kwargs)

    def move_to(self, position: int) -> tuple[int, int]:
        """Move it to `position` among its siblings, counted from 0, and renumber them.

        Returns its position now and the number of siblings, itself included. Moving is no edit: it
        does not call `save()`, so that no revision is recorded.
        """
        with transaction.atomic():
            # Lock in one order, to avoid deadlocks. Orders read before the lock may have changed.
            locked = self._siblings().select_for_update(of=("self",)).only("order").order_by("pk")
            rows = sorted(locked, key=lambda row: (row.order, row.pk))
            position = max(0, min(position, len(rows) - 1))
            rows.insert(position, rows.pop(rows.index(self)))
            changed = [row for number, row in enumerate(rows) if row.order != number]
            for number, row in enumerate(rows):
                row.order = number
            if changed:
                type(self).objects.bulk_update(changed, ["order"])
        return position, len(rows)

    def _siblings(self) -> models.QuerySet[Self]:
        keys = [f"{name}_id" for name in self.order_with_respect_to]
        return type(self).objects.filter(**{key: getattr(self, key) for key in keys})
