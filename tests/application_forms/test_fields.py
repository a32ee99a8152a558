"""The table of form fields agrees with the columns, and recruiters see every field."""

import pytest
from django.db import models

from careers.application_forms.enums import DocumentKind, Requirement
from careers.application_forms.fields import (
    CONFIGURABLE_FIELDS,
    DOCUMENT_FIELDS,
    FIELDS,
    NAME_FIELDS,
    FieldType,
)
from careers.application_forms.models import ApplicationForm
from careers.applications.models import Application
from tests import make

pytestmark = pytest.mark.one_database

STORED_FIELDS = [field for field in FIELDS.values() if field.type != FieldType.DOCUMENT]
each_stored_field = pytest.mark.parametrize("field", STORED_FIELDS, ids=lambda field: field.name)


def test_form_has_a_column_for_each_configurable_field():
    columns = {
        column.name: column
        for column in ApplicationForm._meta.concrete_fields
        if column.choices and set(dict(column.choices)) <= set(Requirement.values)
    }
    assert columns.keys() == {field.name for field in CONFIGURABLE_FIELDS}
    for field in CONFIGURABLE_FIELDS:
        column = columns[field.name]
        assert (column.default, column.verbose_name) == (field.default, field.verbose_name)
        assert [value for value, _label in column.choices] == list(field.requirements)


@each_stored_field
def test_application_has_a_column_for_each_stored_field(field):
    column = Application._meta.get_field(field.name)
    if field.choices:
        assert column.choices == field.choices.choices
    elif field.max_length > 254:
        assert isinstance(column, models.TextField)
    else:
        assert column.max_length == field.max_length


def test_document_fields_equal_document_kinds():
    names = [field.name for field in DOCUMENT_FIELDS]
    assert names == [kind for kind in DocumentKind.values if kind != DocumentKind.ANSWER]


def test_name_fields_of_both_languages_cover_all_name_types():
    name_fields = {name for names in NAME_FIELDS.values() for name in names}
    name_types = {FieldType.NAME, FieldType.KANA}
    assert name_fields == {field.name for field in FIELDS.values() if field.type in name_types}


@pytest.mark.django_db
def test_review_page_shows_every_stored_field(client, signed_in):
    make.company()
    values = {field.name: f"value of {field.name}" for field in STORED_FIELDS}
    values |= {"email": "taro@example.org", "eligibility": "support", "source": "event"}
    values |= {"links": "https://clouds.example.org/", "phone": "03-1234-5678"}
    department = make.department()
    application = make.application(make.role(department=department), language="en", **values)
    address = f"/admin/applications/application/{application.pk}/change/"
    expected = values | {
        "eligibility": application.get_eligibility_display(),
        "source": application.get_source_display(),
    }
    page = signed_in("Recruiters").page(address)
    assert [name for name, text in expected.items() if text not in page] == []

    manager = signed_in("Hiring managers")
    department.managers.add(manager.user)
    page = manager.page(address)
    hidden = [name for name, text in expected.items() if text not in page]
    assert hidden == [field.name for field in STORED_FIELDS if field.recruiters_only]
