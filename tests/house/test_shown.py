"""What a public page shows moves the pages on when it changes: every such model is `PublicContent`."""

import ast

from django.apps import apps
from django.contrib.auth import get_user_model
from modeltranslation.translator import translator

from careers.content import PublicContent
from tools.catalogues import ROOT

# What the site notes for recruiters is on no page.
NOTES = {"roles.MissedSearch"}
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


def test_no_query_uses_a_translated_field_by_its_bare_name():
    """It would look into the column of whatever language is active."""
    bare = {
        name
        for model in translator.get_registered_models()
        for name in translator.get_options_for_model(model).all_fields
    }
    asking = {"filter", "exclude", "get", "order_by", "values", "values_list", "update", "create"}
    for path in (ROOT / "careers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in asking or ast.unparse(node.func.value) in ("Q", "super()"):
                continue
            queried = ".objects" in ast.unparse(node.func.value)
            used = {keyword.arg.partition("__")[0] for keyword in node.keywords if keyword.arg}
            used |= (
                {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
                if queried
                else set()
            )
            if queried:
                assert not used & bare, f"{path.name}:{node.lineno}"
