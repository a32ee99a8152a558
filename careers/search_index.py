"""Search in both languages: one column per record that holds the normalised words of its texts.

Searches use plain `LIKE`, the same on every database. Japanese is found anywhere in a text; a word in
another script is found by its beginning, and a word of one or two letters only as a whole: `AI` is not
found in `training`, nor `Go` in `Google`.
"""

import re
from typing import Any

from django.db import models
from django.db.models import Q

from careers import japanese, rich_text
from careers.languages import LANGUAGES


def search_rows(rows, query):
    """The rows that contain every word of `query`, however it was typed."""
    words = normalize(query).split()
    if query.strip() and not words:
        return rows.none()
    for word in words:
        rows = rows.filter(contains_any(spellings(word)))
    return rows


def contains_any(terms, column="search_text"):
    """The condition that a search column contains one of `terms`."""
    lookups = ((f"{column}__contains", like_term(term)) for term in sorted(terms))
    return Q(*lookups, _connector=Q.OR)


def normalize(text):
    """The words of a text with spaces between them, in normalised form.

    Punctuation is removed, except within `node.js` and `c++`. Japanese is separated from other
    scripts: `生成AI` becomes 生成 and ai.
    """
    text = _PUNCTUATION.sub(" ", japanese.fold_except_kana(text))
    return " ".join(_SCRIPT_BORDER.sub(" ", _LOOSE_DOT.sub(" ", text)).split())


def spellings(words):
    """The forms in which normalised `words` may occur in a search column: in either kana.

    Long vowel marks are dropped from katakana only: サーバー matches サーバ, but メール does not match 求める.
    """
    katakana = japanese.as_katakana(words)
    return {drop_long_marks(words), drop_long_marks(katakana), japanese.to_hiragana(words)}


def spelling_key(words):
    """The same key for all spellings of `words`."""
    return drop_long_marks(japanese.as_katakana(words))


def drop_long_marks(words):
    """Without long vowel marks after katakana, so that サーバー equals サーバ."""
    return _LONG_MARK.sub("", words)


def index_line(text):
    """A text as a line of a search column."""
    words = drop_long_marks(normalize(text))
    return f" {words} " if words else ""


def like_term(term):
    """The string to look for in a search column, with spaces where a word must begin or end."""
    start = "" if japanese.is_japanese(term[0]) else " "
    last = term.split(" ")[-1]
    is_short = len(last) <= 2 and last.isalnum() and not japanese.is_japanese(last)
    return f"{start}{term} " if is_short else f"{start}{term}"


class SearchTextField(models.TextField):
    """The normalised words of a record: of its translated texts and of the columns in `also`.

    The value is computed by `save()`, `bulk_create()` and `SearchTextQuerySet.update()`. Fields are
    found by name, so that migrations can fill the column too.

    `only_if` names translated columns: if one of them is empty in a language, the texts of that
    language are left out. A search for visitors then reveals nothing of a draft.
    """

    def __init__(self, also=(), only_if=(), **options):
        self.also, self.only_if = tuple(also), tuple(only_if)
        super().__init__(**{**options, "default": "", "editable": False})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        del options["default"], options["editable"]
        own = {"also": self.also, "only_if": self.only_if}
        return name, path, args, {**options, **{key: value for key, value in own.items() if value}}

    def pre_save(self, instance, add):
        # One line for each text, empty ones too: no match reaches from one text into the next, and
        # the number of a line tells the field.
        hidden = tuple(f"_{code}" for code in LANGUAGES if not self._is_included(instance, code))
        value = "\n".join(
            "" if field.name.endswith(hidden) else index_line(_plain_text(field, instance))
            for field in self.source_fields()
        )
        setattr(instance, self.attname, value)
        return value

    def _is_included(self, instance, language):
        return all(getattr(instance, f"{name}_{language}") for name in self.only_if)

    def source_fields(self):
        """The fields whose words it holds, in the order of its lines."""
        return [
            field
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and (field.name in self.also or field.name.endswith(_LANGUAGE_SUFFIXES))
        ]

    def depends_on(self, names):
        """Whether its value depends on one of the fields `names`."""
        sources = {field.name for field in self.source_fields()}
        sources |= {f"{name}{suffix}" for name in self.only_if for suffix in _LANGUAGE_SUFFIXES}
        return not sources.isdisjoint(names)


class SearchTextQuerySet(models.QuerySet):
    """Keeps search columns up to date when texts are written by `update()`."""

    def update(self, **values: Any) -> int:
        columns = [
            field
            for field in self.model._meta.concrete_fields
            if isinstance(field, SearchTextField) and field.depends_on(values)
        ]
        # Remember the rows by key: after the update they may no longer match the filter.
        keys = list(self.values_list("pk", flat=True)) if columns else []
        count = super().update(**values)
        rows = models.QuerySet(self.model, using=self.db)
        for row in rows.filter(pk__in=keys).iterator():
            search_texts = {field.attname: field.pre_save(row, add=False) for field in columns}
            rows.filter(pk=row.pk).update(**search_texts)
        return count

    update.alters_data = True


# Punctuation, except within C++, C#, node.js and 100%.
_PUNCTUATION = re.compile(r"[^\w+#.%]+")
_LOOSE_DOT = re.compile(r"(?<![0-9a-z])\.|\.(?![0-9a-z])")
_JAPANESE = "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OTHER = "0-9a-z\u00df-\u024f"
_SCRIPT_BORDER = re.compile(f"(?<=[{_JAPANESE}])(?=[{_OTHER}])|(?<=[{_OTHER}+#%])(?=[{_JAPANESE}])")
_LONG_MARK = re.compile("(?<=[ァ-ヺ])ー+")
_LANGUAGE_SUFFIXES = tuple(f"_{language}" for language in LANGUAGES)


def _plain_text(field, instance):
    text = getattr(instance, field.attname) or ""
    return rich_text.to_plain_text(text) if isinstance(field, rich_text.RichTextField) else text
