"""Revisions, text states and share links are deleted with their record, from wherever it is deleted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careers.bilingual import share_links
from careers.bilingual.models import ShareLink, TextState
from careers.company.models import Policy
from careers.page_cache.models import Generation
from careers.revisions.models import Revision
from careers.roles.models import Role, RoleCondition
from tests import make
from tests.bilingual.forms import edit, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


@pytest.fixture
def role(recruiter):
    return a_role(recruiter)


def a_role(recruiter):
    """A role with revisions, text states, share links, and all of it for its rows and its form."""
    role = make.role(title_en="Rain engineer", title_ja="雨のエンジニア")
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9～18時")
    form = make.form(role)
    make.question(form)
    edit(recruiter, path_of(role), title_en="Storm", changes={"conditions-0-text_en": "10 to 7"})
    edit(recruiter, path_of(form), changes={"own_questions-0-text_en": "Which rain?"})
    share_links.make(role, by=recruiter.user)
    return role


def attached():
    """How many rows there are of each kind."""
    return [model.objects.count() for model in (Revision, TextState, ShareLink)]


def delete_in_the_shell(recruiter, role):
    Role.objects.get(pk=role.pk).delete()


def delete_by_queryset(recruiter, role):
    Role.objects.filter(pk=role.pk).delete()


def delete_in_the_admin(recruiter, role):
    recruiter.post(path_of(role, "delete"), {"post": "yes"})


def delete_with_the_action(recruiter, role):
    chosen = {"action": "delete_selected", "_selected_action": [role.pk], "post": "yes"}
    recruiter.post("/admin/roles/role/", chosen)


@pytest.mark.parametrize(
    "delete",
    [delete_in_the_shell, delete_by_queryset, delete_in_the_admin, delete_with_the_action],
)
def test_nothing_remains_of_a_deleted_record(recruiter, role, delete):
    """Neither of the role, nor of what is deleted by cascade: its conditions, its form, its questions."""
    assert attached() == [4, 3, 1]
    generation = Generation.current()
    delete(recruiter, role)
    assert not Role.objects.exists()
    assert attached() == [0, 0, 0]
    assert Generation.current() > generation


def test_the_rows_of_another_record_remain(recruiter, role):
    """Of a record of the same model, and of one of another model with the same number."""
    other = make.role()
    same_number = make.perk(pk=role.pk)
    edit(recruiter, path_of(other), title_en="Snow engineer")
    edit(recruiter, path_of(same_number), title_en="A better chair")
    share_links.make(other, by=recruiter.user)
    role.delete()
    assert attached() == [4, 2, 1]
    for record in (other, same_number):
        assert record.revisions.count() == 2
        assert record.text_states.count() == 1


def test_a_row_deleted_in_the_form_takes_its_states_along(recruiter, role):
    states = TextState.objects.for_instances(list(role.conditions.all()))
    numbers = set(states.values_list("pk", flat=True))
    assert numbers
    edit(recruiter, path_of(role), changes={"conditions-0-DELETE": "on"})
    assert not TextState.objects.filter(pk__in=numbers).exists()


def test_a_policy_is_deleted_with_its_links(recruiter):
    policy = make.policy("privacy", published=False)
    edit(recruiter, path_of(policy), title_en="Our privacy")
    share_links.make(policy, by=recruiter.user)
    Policy.objects.all().delete()
    assert attached() == [0, 0, 0]


def test_as_many_queries_for_many_roles_as_for_one(recruiter):
    def queries_to_delete(number):
        for _ in range(number):
            a_role(recruiter)
        with CaptureQueriesContext(connection) as captured:
            Role.objects.all().delete()
        return len(captured)

    queries_to_delete(1)  # loads the content types
    assert queries_to_delete(4) == queries_to_delete(1)


def test_the_confirmation_page_lists_what_people_know(recruiter, role):
    """The role, its rows and its form; no revision, text state or share link."""
    page = recruiter.page(path_of(role, "delete"))
    assert "Condition: Working hours" in page
    assert "Application form:" in page
    for name in ("Version", "Text state", "Share link"):
        assert f"{name}: " not in page and f"{name}s: " not in page
    chosen = {"action": "delete_selected", "_selected_action": [role.pk]}
    assert "Version" not in recruiter.post("/admin/roles/role/", chosen).text.partition("<h1")[2]
