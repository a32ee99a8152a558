"""How a record is found by its words, in either language: one column that holds all of them, folded.

Plain `LIKE`, the same on every database. Japanese is found anywhere; a word in other letters is found
by how it begins, and one of two letters only whole: AI is not in `training`, nor Go in `Google`.
"""

import re

from django.db import models
from django.db.models import Q

from careers import japanese, rich_text
from careers.languages import LANGUAGES


def found(rows, typed):
    """The rows that have every word of `typed` somewhere, however it was typed."""
    words = as_words(typed).split()
    if typed.strip() and not words:
        return rows.none()
    for word in words:
        rows = rows.filter(holds(spellings(word)))
    return rows


def holds(forms, column="search_text"):
    """The condition that one of `forms` is in a folded column."""
    found = ((f"{column}__contains", pattern(form)) for form in sorted(forms))
    return Q(*found, _connector=Q.OR)


def as_words(text):
    """Words with a space between them, folded: punctuation is gone, except inside `node.js` and `c++`,
    and Japanese stands apart from other letters: `生成AI` is 生成 and ai."""
    text = _PUNCTUATION.sub(" ", japanese.fold_signs(text))
    return " ".join(_BORDER.sub(" ", _LOOSE_DOT.sub(" ", text)).split())


def spellings(words):
    """How `words` stand in the folded column if whoever wrote them chose the other kana.

    A long vowel mark is dropped from katakana alone: サーバー is サーバ, but メール is not in 求める.
    """
    katakana = japanese.as_katakana(words)
    return {without_marks(words), without_marks(katakana), japanese.to_hiragana(words)}


def key(words):
    """One for all spellings of `words`."""
    return without_marks(japanese.as_katakana(words))


def without_marks(words):
    """サーバー and サーバ, マネージャー and マネジャー are one."""
    return _LONG_MARK.sub("", words)


def line(text):
    """A text as it stands in the folded column."""
    words = without_marks(as_words(text))
    return f" {words} " if words else ""


def pattern(form):
    """What to look for in the folded column."""
    start = "" if japanese.is_japanese(form[0]) else " "
    last = form.split(" ")[-1]
    whole = len(last) <= 2 and last.isalnum() and not japanese.is_japanese(last)
    return f"{start}{form} " if whole else f"{start}{form}"


class SearchTextField(models.TextField):
    """All words of a record, folded: its texts in both languages and the columns named in `also`.

    It reads them whenever it is written itself: with `save()` and `bulk_create()`; `SearchTextQuerySet`
    sees to the rest. The texts are told by their names, so that a migration can fill it, too.

    `once_public` names what a language needs to be public: with it, the texts of a language that is
    not published, or lacks one of these, are left out. What visitors search tells nothing of a draft.
    """

    def __init__(self, also=(), once_public=(), **options):
        self.also, self.once_public = tuple(also), tuple(once_public)
        super().__init__(**{**options, "default": "", "editable": False})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        del options["default"], options["editable"]
        ours = {"also": self.also, "once_public": self.once_public}
        return name, path, args, {**options, **{key: of for key, of in ours.items() if of}}

    def pre_save(self, instance, add):
        # A line each, empty ones too: no word begins in one text and ends in the next, and whoever
        # reads the lines knows which is which.
        hidden = tuple(f"_{code}" for code in LANGUAGES if not self._is_public(instance, code))
        search_text = "\n".join(
            "" if field.name.endswith(hidden) else line(_plain(field, instance))
            for field in self.read_from()
        )
        setattr(instance, self.attname, search_text)
        return search_text

    def _is_public(self, instance, language):
        needed = [f"{name}_{language}" for name in ("published_at", *self.once_public)]
        return not self.once_public or all(getattr(instance, name) for name in needed)

    def read_from(self):
        """The fields whose words it holds, in the order of its lines."""
        return [
            field
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and (field.name in self.also or field.name.endswith(_LANGUAGES))
        ]

    def depends_on(self, names):
        """Whether it may be another one once fields with these names are."""
        known = {field.name for field in self.read_from()}
        if self.once_public:
            known |= {f"published_at{language}" for language in _LANGUAGES}
        return not known.isdisjoint(names)


class SearchTextQuerySet(models.QuerySet):
    """Keeps the folded columns right when texts are written without `save()`."""

    def update(self, **values):
        columns = [
            field
            for field in self.model._meta.concrete_fields
            if isinstance(field, SearchTextField) and field.depends_on(values)
        ]
        # Named by their keys, because they may no longer match.
        keys = list(self.values_list("pk", flat=True)) if columns else []
        changed = super().update(**values)
        rows = models.QuerySet(self.model, using=self.db)
        for row in rows.filter(pk__in=keys).iterator():
            search_text = {field.attname: field.pre_save(row, add=False) for field in columns}
            rows.filter(pk=row.pk).update(**search_text)
        return changed

    update.alters_data = True


# What stays inside a word: C++, C#, .NET's dot in node.js, 100%.
_PUNCTUATION = re.compile(r"[^\w+#.%]+")
_LOOSE_DOT = re.compile(r"(?<![0-9a-z])\.|\.(?![0-9a-z])")
_JAPANESE = "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OTHER = "0-9a-z\u00df-\u024f"
_BORDER = re.compile(f"(?<=[{_JAPANESE}])(?=[{_OTHER}])|(?<=[{_OTHER}+#%])(?=[{_JAPANESE}])")
_LONG_MARK = re.compile("(?<=[ァ-ヺ])ー+")
_LANGUAGES = tuple(f"_{language}" for language in LANGUAGES)


def _plain(field, instance):
    text = getattr(instance, field.attname) or ""
    return rich_text.plain(text) if isinstance(field, rich_text.RichTextField) else text
