"""Columns: wide enough for every value that the code can store in them."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from careers.documents.models import Document
from careers.documents.types import NAMES, OTHERS

COLUMNS = [
    field
    for model in apps.get_models(include_auto_created=True)
    if model.__module__.startswith("careers.")
    for field in model._meta.concrete_fields
]
WITH_CHOICES = [field for field in COLUMNS if field.choices]
# Columns whose values are in a table of the code. One of OTHERS may become a type of its own.
WITH_TABLE = [(Document._meta.get_field("type"), [*NAMES, *OTHERS])]


def misfits(field, values):
    """The values that PostgreSQL would reject; SQLite ignores the length of a column."""
    found = []
    for value in values:
        try:
            field.run_validators(field.to_python(value))
        except ValidationError:
            found.append(value)
    return found


@pytest.mark.parametrize("field", WITH_CHOICES, ids=str)
def test_column_fits_its_choices(field):
    assert misfits(field, [value for value, _label in field.flatchoices]) == []


@pytest.mark.parametrize(("field", "values"), WITH_TABLE, ids=str)
def test_column_fits_its_table(field, values):
    assert misfits(field, values) == []


def test_columns_with_choices_were_found():
    names = {str(field) for field in WITH_CHOICES}
    assert len(names) > 30
    assert {"documents.Document.scan", "application_forms.Question.kind"} <= names


def test_narrow_column_is_noticed():
    """The former column of document types, and a choice that is longer than its column."""
    assert "picture" in misfits(models.CharField(max_length=4), [*NAMES, *OTHERS])
    assert misfits(
        models.CharField(max_length=3, choices=[("pdf", ""), ("docx", "")]), ["pdf", "docx"]
    ) == ["docx"]
