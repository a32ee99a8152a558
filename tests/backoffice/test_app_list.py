"""The start page lists apps and models in our order, then any others."""

import importlib
import re

import pytest
from django.contrib import admin
from django.urls import clear_url_caches

from careers import urls
from careers.bilingual.models import TextState
from careers.company.models import Perk
from careers.roles.models import RemoteCountry, RoleLanguage

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def unknown_models():
    """Models that the order does not name: one of an app without an entry, two of an app with one."""
    models = [TextState, RoleLanguage, RemoteCountry]
    admin.site.register(models)
    reload_urls()  # they list the apps of the admin
    yield
    admin.site.unregister(models)
    reload_urls()


def reload_urls():
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def admin_user(signed_in):
    return signed_in(None)


def app_list(visitor):
    """The labels of apps and models in the order of the start page: ["app-roles", "model-role", …]."""
    page = visitor.page("/admin/")
    names = re.findall(r'class="(app-\w+|model-\w+)\b', page)
    return list(dict.fromkeys(names))


def test_app_list_has_unknown_models_last(admin_user, unknown_models):
    names = app_list(admin_user)
    roles = names[names.index("app-roles") : names.index("app-application_forms")]
    assert roles == [
        "app-roles",
        "model-role",
        "model-department",
        "model-location",
        "model-synonymgroup",
        "model-zeroresultsearch",
        "model-remotecountry",
        "model-rolelanguage",
    ]
    assert names[-2:] == ["app-bilingual", "model-textstate"]
    assert names.index("app-outbox") == len(names) - 4


def test_app_list_without_unknown_models_is_the_same(admin_user):
    names = app_list(admin_user)
    assert names[0] == "app-applications"
    assert names[-2:] == ["app-outbox", "model-email"]
    perk = f"model-{Perk._meta.model_name}"
    assert names[names.index(perk) - 1] == "model-company"
