"""What a public page shows moves the pages on when it changes: every such model is `PublicContent`."""

import ast

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from modeltranslation.translator import translator

from careers.content import PublicContent
from tools.catalogues import ROOT

# What the site notes for recruiters is on no page.
NOTES = {"roles.ZeroResultSearch"}
PUBLIC_ROOMS = {"company", "articles", "roles", "application_forms"}


def public_models():
    return [model for room in PUBLIC_ROOMS for model in apps.get_app_config(room).get_models()]


def test_every_model_of_a_public_room_is_shown():
    made = {model._meta.label for model in public_models() if not model._meta.auto_created}
    shown = {model._meta.label for model in public_models() if issubclass(model, PublicContent)}
    assert made - NOTES == shown


def test_many_to_many_fields_between_them_are_shown_too():
    for model in public_models():
        for field in model._meta.local_many_to_many:
            if field.related_model is not get_user_model():
                assert issubclass(field.remote_field.through, PublicContent), field


def test_translated_fields_may_be_empty_and_have_no_default():
    """Else a posting in one language could not be saved, or would show the wrong language."""
    for model in translator.get_registered_models():
        for name in translator.get_options_for_model(model).all_fields:
            field = model._meta.get_field(name)
            assert field.blank, field
            assert not field.has_default(), field


QUERIES = {
    *("filter", "exclude", "get", "order_by", "values", "values_list", "only", "defer", "distinct"),
    *("annotate", "alias", "aggregate", "latest", "earliest", "in_bulk", "create", "update"),
    *("get_or_create", "update_or_create", "Q", "F"),
}
# Columns of other models, and dictionaries: these names are not translated there.
NOT_TRANSLATED = {
    ("register.filter", "name"),
    ("marks.get", "name"),
    ("Group.objects.get_or_create", "name"),
    ("Q", "address"),
    ("written.values_list", "address"),
}


def queried_names(source):
    """(called, name, line) of every field name in what looks like a query, on whatever object."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called.rpartition(".")[2] not in QUERIES:
            continue
        constants = (arg.value for arg in node.args if isinstance(arg, ast.Constant))
        paths = [text for text in constants if isinstance(text, str)]
        paths += [keyword.arg for keyword in node.keywords if keyword.arg]
        for path in paths:
            for name in path.lstrip("-").split("__"):
                yield called, name, node.lineno


def test_no_query_uses_a_translated_field_by_its_bare_name():
    """It would look into the column of whatever language is active."""
    translated = {
        name
        for model in translator.get_registered_models()
        for name in translator.get_options_for_model(model).all_fields
    }
    for path in (ROOT / "careers").rglob("*.py"):
        for called, name, line in queried_names(path.read_text("utf-8")):
            allowed = name not in translated or (called, name) in NOT_TRANSLATED
            assert allowed, f"{path.name}:{line}: {called}(… {name} …)"


@pytest.mark.parametrize(
    "source",
    [
        "Role.objects.filter(title='x')",
        "company.perks.filter(title__contains='x')",
        "roles.order_by('-title')",
        "Q(role__title='x')",
        "queryset.values_list('department__name', flat=True)",
    ],
)
def test_the_check_sees_every_way_to_query(source):
    assert {"title", "name"} & {name for _called, name, _line in queried_names(source)}
