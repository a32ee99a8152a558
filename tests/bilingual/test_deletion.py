"""Revisions, text states and share links are deleted with their record, from wherever it is deleted."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careers.application_forms.models import ApplicationForm, Question, QuestionSet
from careers.articles.models import Article
from careers.bilingual import share_links
from careers.bilingual.models import BilingualContent, ShareableContent, ShareLink, TextState
from careers.company.models import Company, HiringStep, Perk, Policy, Testimonial, Value, Video
from careers.page_cache.models import Generation
from careers.revisions.models import Revision, VersionedContent
from careers.roles.models import (
    Department,
    Location,
    Role,
    RoleCondition,
    SynonymGroup,
    ZeroResultSearch,
)
from careers.staff.models import User
from tests import make
from tests.bilingual.forms import edit, path_of
from tests.html import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


@pytest.fixture
def role(recruiter):
    return a_role(recruiter)


def a_role(recruiter):
    """A role with revisions, text states and share links; its rows and form have revisions and states."""
    role = make.role(title_en="Rain engineer", title_ja="雨のエンジニア")
    RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9～18時")
    form = make.form(role)
    make.question(form)
    edit(recruiter, path_of(role), title_en="Storm", changes={"conditions-0-text_en": "10 to 7"})
    edit(recruiter, path_of(form), changes={"own_questions-0-text_en": "Which rain?"})
    share_links.create(role, by=recruiter.user)
    return role


def attached_counts():
    """The number of revisions, text states and share links."""
    return [model.objects.count() for model in (Revision, TextState, ShareLink)]


def delete_in_the_shell(recruiter, role):
    Role.objects.get(pk=role.pk).delete()


def delete_by_queryset(recruiter, role):
    Role.objects.filter(pk=role.pk).delete()


def delete_in_the_admin(recruiter, role):
    recruiter.post(path_of(role, "delete"), {"post": "yes"})


def delete_with_the_action(recruiter, role):
    action = {"action": "delete_selected", "_selected_action": [role.pk], "post": "yes"}
    recruiter.post("/admin/roles/role/", action)


@pytest.mark.parametrize(
    "delete",
    [delete_in_the_shell, delete_by_queryset, delete_in_the_admin, delete_with_the_action],
)
def test_deletion_removes_attached_rows_of_record_and_cascade(recruiter, role, delete):
    """Attached rows of the role and of what is deleted by cascade: its conditions, its form, its questions."""
    assert attached_counts() == [4, 3, 1]
    generation = Generation.current()
    delete(recruiter, role)
    assert not Role.objects.exists()
    assert attached_counts() == [0, 0, 0]
    assert Generation.current() > generation


def test_deletion_keeps_attached_rows_of_other_records(recruiter, role):
    """Of a record of the same model, and of a record of another model with the same primary key."""
    other = make.role()
    same_number = make.perk(pk=role.pk)
    edit(recruiter, path_of(other), title_en="Snow engineer")
    edit(recruiter, path_of(same_number), title_en="A better chair")
    share_links.create(other, by=recruiter.user)
    role.delete()
    assert attached_counts() == [4, 2, 1]
    for record in (other, same_number):
        assert record.revisions.count() == 2
        assert record.text_states.count() == 1


def test_deletion_of_inline_row_removes_its_text_states(recruiter, role):
    states = TextState.objects.for_instances(list(role.conditions.all()))
    numbers = set(states.values_list("pk", flat=True))
    assert numbers
    edit(recruiter, path_of(role), changes={"conditions-0-DELETE": "on"})
    assert not TextState.objects.filter(pk__in=numbers).exists()


def test_deletion_of_policy_removes_its_share_links(recruiter):
    policy = make.policy("privacy", published=False)
    edit(recruiter, path_of(policy), title_en="Our privacy")
    share_links.create(policy, by=recruiter.user)
    Policy.objects.all().delete()
    assert attached_counts() == [0, 0, 0]


@pytest.mark.one_database
def test_deletion_query_count_is_constant(recruiter):
    def queries_to_delete(number):
        for _ in range(number):
            a_role(recruiter)
        with CaptureQueriesContext(connection) as captured:
            Role.objects.all().delete()
        return len(captured)

    queries_to_delete(1)  # loads the content types
    assert queries_to_delete(4) == queries_to_delete(1)


def summary(page):
    """The numbers on a page that asks before it deletes: {name: number}."""
    lines = parse(page).texts("#content h2:first-of-type + ul li")
    return {name: int(number) for name, _colon, number in (line.partition(": ") for line in lines)}


@pytest.mark.one_database
def test_deletion_page_counts_attached_rows(recruiter, role):
    """It lists the role, its rows and its form, and counts the versions and share links.

    Text states are left out, because recruiters never see them.
    """
    page = recruiter.page(path_of(role, "delete"))
    assert "Condition: Working hours" in page
    assert "Application form:" in page
    assert summary(page) == {
        "Roles": 1,
        "Conditions": 1,
        "Application forms": 1,
        "Questions": 1,
        "Versions": 4,
        "Share links": 1,
    }
    action = {"action": "delete_selected", "_selected_action": [role.pk]}
    selected = recruiter.post("/admin/roles/role/", action).text
    assert summary(selected) == summary(page)
    for html in (page, selected):
        listed = parse(html).texts("#content h2 + ul li")
        assert len(listed) > 6
        for name in ("Version", "Text state", "Share link"):
            assert not [line for line in listed if line.startswith(f"{name}: ")]


@pytest.mark.one_database
def test_deletion_page_of_a_department_lists_no_table_rows(recruiter):
    """Its hiring managers keep their accounts; rows of the many-to-many table are left out."""
    department = make.department()
    department.managers.add(recruiter.user)
    page = parse(recruiter.page(path_of(department, "delete"))).one("#content").text
    assert "Department: Backend" in page
    assert "relationship" not in page and "object (" not in page


@pytest.mark.parametrize("confirmed", [{}, {"post": "yes"}])
def test_deletion_of_records_that_are_gone_is_a_warning(recruiter, confirmed):
    """A colleague was faster: the list says that nothing was deleted."""
    perk = make.perk()
    number = perk.pk
    perk.delete()
    make.perk()
    action = {"action": "delete_selected", "_selected_action": [number], **confirmed}
    page = parse(recruiter.post("/admin/company/perk/", action, follow=True).text)
    [message] = page.all(".messagelist li")
    assert message["class"] == "warning"
    assert message.one(".message-text").text.startswith("Nothing was deleted")


@pytest.mark.one_database
def test_deletion_asks_in_every_list(signed_in):
    """The action of each list shows a page first, and only its button deletes."""
    superuser = signed_in(None)
    records = [
        make.perk(),
        make.question_set(),
        SynonymGroup.objects.create(terms="rain\n雨"),
        ZeroResultSearch.objects.create(term="fog", language="en", last_on="2026-11-20"),
        User.objects.create_user("rin@example.com"),
    ]
    for record in records:
        rows = type(record).objects.filter(pk=record.pk)
        path = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
        action = {"action": "delete_selected", "_selected_action": [record.pk]}
        assert summary(superuser.post(path, action).text)
        assert rows.exists()
        superuser.post(path, {**action, "post": "yes"})
        assert not rows.exists()


# --- Every model, deleted in every way -----------------------------------------------------------


def a_condition():
    return RoleCondition.objects.create(role=make.role(), kind="hours", text_en="9", text_ja="9時")


RECORDS = {
    Policy: lambda: make.policy(published=False),
    Company: make.company,
    Perk: make.perk,
    Value: make.value,
    Testimonial: make.testimonial,
    HiringStep: make.step,
    Video: make.video,
    Article: make.article,
    SynonymGroup: lambda: SynonymGroup.objects.create(terms="cirrus\n巻雲"),
    Department: make.department,
    Location: make.location,
    Role: make.role,
    RoleCondition: a_condition,
    QuestionSet: make.question_set,
    ApplicationForm: lambda: make.form(make.role()),
    Question: lambda: make.question(make.form(make.role())),
}
PARENTS = [  # a record, and its parent, whose deletion deletes it
    (a_condition, lambda row: row.role),
    (lambda: make.form(make.role()), lambda form: form.role),
    (lambda: make.question(make.form(make.role())), lambda question: question.form),
    (lambda: make.question(make.form(make.role())), lambda question: question.form.role),
    (lambda: make.question(make.question_set()), lambda question: question.question_set),
]


def attach(record, by):
    """Give the record one row of each kind that its model can have; returns how many."""
    if isinstance(record, VersionedContent):
        Revision.objects.create(record=record, content={}, digest="")
    if isinstance(record, BilingualContent):
        TextState.objects.create(record=record, field="text")
    if isinstance(record, ShareableContent):
        share_links.create(record, by=by)
    return sum(attached_counts())


def test_deletion_table_has_every_model():
    bases = (VersionedContent, BilingualContent, ShareableContent)
    assert RECORDS.keys() == {model for model in apps.get_models() if issubclass(model, bases)}


@pytest.mark.parametrize("by_queryset", [False, True])
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_deletion_of_every_model_removes_attached_rows(signed_in, model, by_queryset):
    """By a fresh instance and by a queryset; the rows of another record stay."""
    by, record = signed_in(None).user, RECORDS[model]()
    other = make.article() if model is Company else RECORDS[model]()
    remaining = attach(other, by)
    assert attach(record, by) > remaining
    rows = model.objects.filter(pk=record.pk)
    (rows if by_queryset else rows.get()).delete()
    assert not rows.exists()
    assert sum(attached_counts()) == remaining > 0


@pytest.mark.parametrize("by_queryset", [False, True])
@pytest.mark.parametrize(("make_record", "get_parent"), PARENTS)
def test_deletion_of_parent_removes_attached_rows(signed_in, make_record, get_parent, by_queryset):
    record = make_record()
    parent = get_parent(record)
    assert attach(record, signed_in(None).user) > 0
    rows = type(parent).objects.filter(pk=parent.pk)
    (rows if by_queryset else rows.get()).delete()
    assert not type(record).objects.exists()
    assert attached_counts() == [0, 0, 0]
