"""The translation status of a record in each language: missing, stale or ready."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from careers.languages import LANGUAGES, other_language

from .models import MissingText, TextState
from .stale import tracked_fields


class TranslationStatus(TextChoices):
    MISSING = "missing", _("Missing")
    STALE = "stale", _("Out of date")
    READY = "ready", _("Ready")


class LanguageProgress(NamedTuple):
    """The status of a record in one language, and the URL and date of the first text that needs work.

    `url` is relative to the form of the record; empty if no field of it needs work. `missing_texts` are
    texts of other records or rows that the record shows.
    """

    language: str
    status: TranslationStatus
    url: str = ""
    since: object = None
    missing_texts: Sequence[MissingText] = ()


def language_progress(record, language, states, missing_texts=()):
    """The progress of `record` in `language`; `states` are its text states, {field: state}.

    An empty text is missing if it is required, or if the other language has it. `missing_texts` are
    those of `missing_texts_by_record`.
    """
    required = getattr(record, "required_fields", ())
    for field in tracked_fields(type(record)):
        text, other_text = (
            getattr(record, f"{field}_{code}") for code in (language, other_language(language))
        )
        if not text and (other_text or field in required):
            state = states.get(field)
            since = getattr(state, f"changed_at_{other_language(language)}", None)
            url = _field_url(field, language)
            return LanguageProgress(language, TranslationStatus.MISSING, url, since, missing_texts)
    if missing_texts:
        url = missing_texts[0].url
        return LanguageProgress(
            language, TranslationStatus.MISSING, url, missing_texts=missing_texts
        )
    stale = [state for state in states.values() if state.stale == language]
    if stale:
        oldest = min(stale, key=lambda state: state.stale_since)
        url = _field_url(oldest.field, language)
        return LanguageProgress(language, TranslationStatus.STALE, url, oldest.stale_since)
    return LanguageProgress(language, TranslationStatus.READY)


def _field_url(field, language):
    return f"#id_{field}_{language}"


def states_by_record(records):
    """The text states of records of one model: {pk: {field: state}}. One query."""
    states = {record.pk: {} for record in records}
    authors = [f"changed_by_{language}" for language in LANGUAGES]
    for state in TextState.objects.for_instances(records).select_related(*authors):
        states[state.object_id][state.field] = state
    return states


def missing_texts_by_record(records):
    """The texts that records of one model show and lack: {language: {pk: [MissingText]}}."""
    return {
        language: type(records[0]).missing_texts(records, language) if records else {}
        for language in LANGUAGES
    }


def annotate_status(queryset):
    """The queryset with annotations for the status in a list, for each language.

    `stale_en`: whether any text is stale. `lacks_texts_en`: whether `missing_texts` finds something.
    """
    content_type = ContentType.objects.get_for_model(queryset.model)
    states = TextState.objects.filter(content_type=content_type, object_id=OuterRef("pk"))
    annotations = {}
    for language in LANGUAGES:
        annotations[f"stale_{language}"] = Exists(states.stale(language))
        annotations[f"lacks_texts_{language}"] = ExpressionWrapper(
            queryset.model.lacks_texts(language), output_field=BooleanField()
        )
    return queryset.annotate(**annotations)


def missing_condition(model, language):
    """The `Q` of records in which a text is missing in `language`."""
    condition = model.lacks_texts(language)
    for field in tracked_fields(model):
        empty = ~Q(**{f"{field}_{language}__gt": ""})
        if field not in getattr(model, "required_fields", ()):
            empty &= Q(**{f"{field}_{other_language(language)}__gt": ""})
        condition |= empty
    return condition
