"""The translation status of a record in each language: missing, stale or ready."""

from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from careers.languages import LANGUAGES, other_language

from .models import TextState
from .stale import tracked_fields


class TranslationStatus(TextChoices):
    MISSING = "missing", _("Missing")
    STALE = "stale", _("Out of date")
    READY = "ready", _("Ready")


class LanguageProgress(NamedTuple):
    """The status of a record in one language, the first field that needs work, and since when."""

    language: str
    status: TranslationStatus
    field: str = ""
    since: object = None


def language_progress(record, language, states):
    """The progress of `record` in `language`; `states` are its text states, {field: state}.

    An empty text is missing if it is required, or if the other language has it.
    """
    required = getattr(record, "required_fields", ())
    for field in tracked_fields(type(record)):
        text, other_text = (
            getattr(record, f"{field}_{code}") for code in (language, other_language(language))
        )
        if not text and (other_text or field in required):
            state = states.get(field)
            since = getattr(state, f"changed_at_{other_language(language)}", None)
            return LanguageProgress(language, TranslationStatus.MISSING, field, since)
    stale = [state for state in states.values() if state.stale == language]
    if stale:
        oldest = min(stale, key=lambda state: state.stale_since)
        return LanguageProgress(language, TranslationStatus.STALE, oldest.field, oldest.stale_since)
    return LanguageProgress(language, TranslationStatus.READY)


def states_by_record(records):
    """The text states of records of one model: {pk: {field: state}}. One query."""
    states = {record.pk: {} for record in records}
    authors = [f"changed_by_{language}" for language in LANGUAGES]
    for state in TextState.objects.for_instances(records).select_related(*authors):
        states[state.object_id][state.field] = state
    return states


def annotate_stale(queryset):
    """The queryset with the annotations `stale_en` and `stale_ja`: whether any text is stale."""
    content_type = ContentType.objects.get_for_model(queryset.model)
    states = TextState.objects.filter(content_type=content_type, object_id=OuterRef("pk"))
    return queryset.annotate(
        **{f"stale_{language}": Exists(states.stale(language)) for language in LANGUAGES}
    )


def missing_condition(model, language):
    """The `Q` of records in which a text is missing in `language`."""
    condition = Q(pk__in=[])
    for field in tracked_fields(model):
        empty = ~Q(**{f"{field}_{language}__gt": ""})
        if field not in getattr(model, "required_fields", ()):
            empty &= Q(**{f"{field}_{other_language(language)}__gt": ""})
        condition |= empty
    return condition
