"""Models of public apps: every change invalidates cached pages, and no query uses a bare translated name."""

import ast

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from modeltranslation.translator import translator

from careers.content import PublicContent
from tools.catalogues import ROOT

# Records for recruiters only; no page shows them.
RECRUITER_ONLY = {"roles.ZeroResultSearch"}
PUBLIC_APPS = {"company", "articles", "roles", "application_forms"}


def public_models():
    return [
        model for app_label in PUBLIC_APPS for model in apps.get_app_config(app_label).get_models()
    ]


def test_public_models_are_public_content():
    models = {model._meta.label for model in public_models() if not model._meta.auto_created}
    public = {model._meta.label for model in public_models() if issubclass(model, PublicContent)}
    assert models - RECRUITER_ONLY == public


def test_many_to_many_tables_are_public_content():
    for model in public_models():
        for field in model._meta.local_many_to_many:
            if field.related_model is not get_user_model():
                assert issubclass(field.remote_field.through, PublicContent), field


def test_translated_fields_blank_without_default():
    """Otherwise a role in one language could not be saved, or would show the wrong language."""
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
# Columns of other models, and dictionaries: here these names are not translated.
NOT_TRANSLATED = {
    ("register.filter", "name"),
    ("marks.get", "name"),
    ("parameters.get", "region"),
    ("Group.objects.get_or_create", "name"),
    ("Q", "address"),
    ("written.values_list", "address"),
}


def queried_names(source):
    """(function, name, line) of every field name in a call that may be a query, on any object."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = ast.unparse(node.func)
        if function.rpartition(".")[2] not in QUERIES:
            continue
        constants = (arg.value for arg in node.args if isinstance(arg, ast.Constant))
        paths = [text for text in constants if isinstance(text, str)]
        paths += [keyword.arg for keyword in node.keywords if keyword.arg]
        for path in paths:
            for name in path.lstrip("-").split("__"):
                yield function, name, node.lineno


def test_queries_use_no_bare_translated_name():
    """It would query the column of the active language."""
    translated = {
        name
        for model in translator.get_registered_models()
        for name in translator.get_options_for_model(model).all_fields
    }
    for path in (ROOT / "careers").rglob("*.py"):
        for function, name, line in queried_names(path.read_text("utf-8")):
            is_allowed = name not in translated or (function, name) in NOT_TRANSLATED
            assert is_allowed, f"{path.name}:{line}: {function}(… {name} …)"


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
def test_queried_names_covers_all_query_methods(source):
    assert {"title", "name"} & {name for _called, name, _line in queried_names(source)}
