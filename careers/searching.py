"""How a record is found by its words, in either language: one column that holds all of them, folded."""

from django.db import models

from careers import japanese, prose
from careers.languages import LANGUAGES


def found(rows, typed):
    """The rows that have every word of `typed` somewhere, however it was typed."""
    for word in japanese.fold(typed).split():
        rows = rows.filter(folded__contains=word)
    return rows


class FoldedField(models.TextField):
    """All words of a record, folded: its texts in both languages and the columns named in `also`.

    It reads them whenever it is written itself: with `save()` and `bulk_create()`; `FoldedQuerySet`
    sees to the rest. The texts are told by their names, so that a migration can fill it, too.
    """

    def __init__(self, also=(), **options):
        self.also = tuple(also)
        super().__init__(**{**options, "default": "", "editable": False})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        del options["default"], options["editable"]
        return name, path, args, {**options, **({"also": self.also} if self.also else {})}

    def pre_save(self, instance, add):
        texts = (_plain(field, instance) for field in self.read_from())
        # A line each: no word begins in one text and ends in the next.
        folded = "\n".join(japanese.fold(text) for text in texts if text)
        setattr(instance, self.attname, folded)
        return folded

    def read_from(self):
        """The fields whose words it holds."""
        return [
            field
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and (field.name in self.also or field.name.endswith(_LANGUAGES))
        ]


class FoldedQuerySet(models.QuerySet):
    """Keeps the folded column right when texts are written without `save()`."""

    def update(self, **values):
        rows = self._whose_words_change(values)
        changed = super().update(**values)
        for row in rows.iterator() if rows is not None else ():
            row.folded = self.model._meta.get_field("folded").pre_save(row, add=False)
            models.QuerySet(self.model, using=self.db).filter(pk=row.pk).update(folded=row.folded)
        return changed

    update.alters_data = True

    def _whose_words_change(self, values):
        """The rows, named by their keys because they may no longer match; None if no word changes."""
        columns = {field.name: field for field in self.model._meta.concrete_fields}
        folded = columns.get("folded")
        if not folded or not any(columns.get(name) in folded.read_from() for name in values):
            return None
        keys = list(self.values_list("pk", flat=True))
        return models.QuerySet(self.model, using=self.db).filter(pk__in=keys)


_LANGUAGES = tuple(f"_{language}" for language in LANGUAGES)


def _plain(field, instance):
    text = getattr(instance, field.attname) or ""
    return prose.plain(text) if isinstance(field, prose.ProseField) else text
