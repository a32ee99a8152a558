"""Duplicating a role: all of its content, as an unsaved draft."""

import pytest
from django.forms.models import model_to_dict

from careers.revisions.models import Revision
from careers.roles.models import (
    RemoteCountry,
    Role,
    RoleCondition,
    RoleLanguage,
    RoleLocation,
)
from tests import make
from tests.bilingual.forms import edit, errors_of, fields_of

pytestmark = pytest.mark.django_db

ADD = "/admin/roles/role/add/"


@pytest.fixture
def role():
    role = make.role(
        title_en="Rain engineer",
        title_ja="雨のエンジニア",
        closing_ja="<p>お待ちしています。</p>",
        reference_id="R-77",
        level="senior",
        pay_min=6_000_000,
        see_also=make.role(),
        see_also_text_en="If you prefer snow:",
        opens_at="2026-01-05T10:00+09:00",
        closes_on="2030-01-01",
        locations=[make.location(), make.location(name_en="Osaka")],
    )
    RemoteCountry.objects.create(role=role, country="SG")
    RoleLanguage.objects.create(role=role, language="ja", proficiency="C1")
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9時～18時")
    RoleCondition.objects.create(role=role, kind="breaks", text_ja="60分")
    return role


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


def content(role):
    """The content of a role and its rows, without keys and dates."""
    own_fields = {"id", "reference_id", "slug", "opens_at", "closes_on"}
    rows = {
        model: [
            _without_empty_values(model_to_dict(row, exclude=["id", "role"]))
            for row in model.objects.filter(role=role).order_by("pk")
        ]
        for model in (RoleLocation, RemoteCountry, RoleLanguage, RoleCondition)
    }
    return _without_empty_values(model_to_dict(role, exclude=own_fields)), rows


def _without_empty_values(facts):
    return {name: value for name, value in facts.items() if value}  # empty is NULL or ""


def test_duplicate_copies_content_as_draft(recruiter, role):
    page = recruiter.get(f"/admin/roles/role/{role.pk}/change/")
    assert f'href="{ADD}?from={role.pk}">Duplicate' in page.text
    response = recruiter.get(f"{ADD}?from={role.pk}")
    assert "This is a copy of “Rain engineer”, and nothing is saved yet." in response.text
    assert "Please give it its own: Reference ID." in response.text
    assert '<p class="errornote">' not in response.text
    assert Role.objects.count() == 2
    form = fields_of(response)
    assert form["reference_id"] == ""
    saved = recruiter.post(ADD, form | {"reference_id": "R-78"})
    assert saved.status_code == 302, errors_of(saved)
    copy = Role.objects.get(reference_id="R-78")
    assert content(copy) == content(role)
    assert (copy.published_at_en, copy.published_at_ja) == (None, None)
    assert (copy.opens_at, copy.closes_on, copy.slug) == (None, None, "rain-engineer")
    assert copy.order == role.order + 1
    assert Role.objects.get(pk=role.pk).reference_id == "R-77"


def test_duplicate_copies_no_versions_or_stale_states(recruiter, role):
    edit(recruiter, f"/admin/roles/role/{role.pk}/change/", title_en="Storm engineer")
    form = fields_of(recruiter.get(f"{ADD}?from={role.pk}"))
    recruiter.post(ADD, form | {"reference_id": "R-78"})
    copy = Role.objects.get(reference_id="R-78")
    assert Revision.objects.for_instance(copy).count() == 1
    assert not copy.text_states.exclude(stale="").exists()


def test_duplicate_can_be_edited_before_saving(recruiter, role):
    form = fields_of(recruiter.get(f"{ADD}?from={role.pk}"))
    form |= {"reference_id": "R-78", "title_en": "Snow engineer", "conditions-0-DELETE": "on"}
    recruiter.post(f"{ADD}?from={role.pk}", form)
    copy = Role.objects.get(reference_id="R-78")
    assert copy.title_en == "Snow engineer"
    assert [row.kind for row in copy.conditions.all()] == ["breaks"]


@pytest.mark.parametrize("number", ["0", "x", "", "99999999999999999999999"])
def test_duplicate_of_unknown_record_is_an_empty_form(recruiter, number):
    response = recruiter.get(f"{ADD}?from={number}")
    assert response.status_code == 200
    assert fields_of(response)["title_en"] == ""


def test_duplicate_requires_add_permission(signed_in, role):
    viewer = signed_in("Viewers")
    assert "Duplicate" not in viewer.page(f"/admin/roles/role/{role.pk}/change/")
    assert viewer.get(f"{ADD}?from={role.pk}").status_code == 403


def test_duplicate_missing_for_other_models(recruiter):
    perk = make.perk(title_en="A chair")
    assert "Duplicate" not in recruiter.page(f"/admin/company/perk/{perk.pk}/change/")
    response = recruiter.get(f"/admin/company/perk/add/?from={perk.pk}")
    assert fields_of(response)["title_en"] == ""
