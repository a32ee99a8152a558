"""Unexpected input in the admin: our own page with 400 or 404, or the usual page; never an error."""

from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from careers.applications.models import Application
from careers.articles.models import Article
from careers.company.models import Perk
from careers.outbox.models import Email
from careers.roles.models import Role
from careers.staff.models import User
from tests import make
from tests.html import parse

pytestmark = pytest.mark.django_db

KEYS = ("9" * 23, "9" * 5000, "a\0b", "²", "-1", "1,2")
MODELS = list(admin.site._registry)


def path_of(model, rest=""):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{rest}"


@pytest.mark.parametrize("page", ["change/", "delete/", "history/"])
def test_page_of_absurd_record(page, signed_in):
    """Pages of records that cannot exist lead to the start page, or answer 403 or 404."""
    visitor, number = signed_in(None), 0
    for model in MODELS:
        for key in KEYS:
            response = visitor.get(path_of(model, f"{quote(key, safe='')}/{page}"))
            assert response.status_code in (302, 403, 404), (model, key)
            number += 1
    assert number == 18 * len(KEYS)


def test_action_with_absurd_selection(signed_in):
    """Actions refuse keys that no row can have, and change nothing."""
    visitor = signed_in(None)
    records = [make.application(make.role()), make.article(), make.perk(), make.email()]
    actions = {
        Application: ("tell", "move_to_offer"),
        Article: ("delete_selected",),
        Perk: ("delete_selected",),
        Email: ("try_again", "send_copy"),
        User: ("delete_selected",),
    }
    number = 0
    for model, names in actions.items():
        for action in names:
            for key in (*KEYS[:4], "", "x"):
                data = {"action": action, "_selected_action": [key], "index": "0"}
                response = visitor.post(path_of(model), data)
                assert response.status_code == 400, (model, action, key)
                heading = parse(response.text).one("h1").text
                assert heading == "We can’t open this page"
                number += 1
    assert number == 7 * 6
    for record in records:
        assert type(record).objects.filter(pk=record.pk).exists()
    assert Application.objects.get().stage == "new"
    response = visitor.post(
        path_of(Application), {"action": "tell", "_selected_action": ["7" * 18]}
    )
    assert response.status_code in (200, 302)  # a row that does not exist is no error


@pytest.mark.one_database
def test_forms_ignore_unknown_values_in_urls(signed_in):
    """A link fills in only what the site's own links do: no account, no date that the form cannot read."""
    visitor, role, user = signed_in(None), make.role(), User.objects.create_user("rin@example.com")
    for query in ("opens_at=x", "closes_on=x", f"recruiter={user.pk}&title_en=x&reference_id=x"):
        for model in (Role, Article):
            page = parse(visitor.page(path_of(model, f"add/?{query}")))
            assert page.all("[name^=opens_at]") and not page.all("input[value='x']")
            assert not page.all(f"[name=recruiter] option[selected][value='{user.pk}']")
    page = parse(visitor.page(f"/admin/roles/department/add/?managers={user.pk}"))
    assert page.all("[name=managers]") and not page.all("[name=managers][checked]")

    page = parse(visitor.page("/admin/roles/synonymgroup/add/?terms=cobol"))
    assert page.one("textarea").text == "cobol"
    page = parse(visitor.page(f"/admin/application_forms/applicationform/add/?role={role.pk}"))
    assert page.one("[name=role] option[selected]")["value"] == str(role.pk)
    page = parse(visitor.page("/admin/company/policy/add/?kind=privacy"))
    assert page.texts("[name=kind] option") == ["Privacy"]


@pytest.mark.one_database
@pytest.mark.parametrize("group", ["Hiring managers", "Editors", None])
def test_unused_views_of_django_do_not_exist(group, signed_in):
    """`/admin/r/<type>/<id>/` and the autocomplete view: 404 for each type and each relation."""
    visitor, number = signed_in(group), 0
    record = make.application(make.role())
    make.article()
    for content_type in ContentType.objects.values_list("pk", flat=True):
        for key in (record.pk, record.role_id, "x"):
            assert visitor.get(f"/admin/r/{content_type}/{key}/").status_code == 404
            number += 1
    for model in MODELS:
        for field in model._meta.get_fields():
            if field.is_relation:
                query = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                    "term": "",
                }
                response = visitor.get("/admin/autocomplete/", query)
                assert response.status_code == 404
                number += 1
    assert number > 150
