"""Query counts of every list in the admin: the same with 200 rows as with 20 and with one."""

import pytest
from django.contrib.auth.models import Group

from careers.staff.models import User
from tests import make
from tests.conftest import queries
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def a_role():
    return make.role(locations=[make.location()])


def a_form():
    form = make.form(make.role())
    make.question(form)
    return form


def a_set():
    question_set = make.question_set()
    make.question(question_set)
    return question_set


def an_account():
    user = User.objects.create_user(f"{User.objects.count()}@example.com")
    user.groups.add(Group.objects.first())
    return user


LISTS = [
    a_role,
    make.department,
    make.location,
    a_form,
    a_set,
    make.article,
    make.perk,
    make.value,
    make.step,
    make.testimonial,
    make.video,
    make.policy,
    an_account,
    make.email,
]


@pytest.mark.parametrize("make_record", LISTS)
def test_change_list_query_count_is_constant(make_record, signed_in):
    superuser = signed_in(None)
    record = make_record()
    path = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
    one = queries(superuser, path)
    for _ in range(19):
        make_record()
    assert queries(superuser, path) == one
    create_copies(record, 180)
    assert queries(superuser, path) == one
    assert len(parse(superuser.page(path)).all("#result_list tbody tr")) == 100  # one page


def create_copies(record, number):
    """Create `number` copies of a record, with different values in unique columns."""
    model, rows = type(record), []
    values = {
        field.attname: getattr(record, field.attname) for field in model._meta.concrete_fields
    }
    for count in range(number):
        changes = {"order": count, "version": count + 100, "reference_id": f"copy-{count}"}
        changes |= {"email": f"copy-{count}@example.com", "message_id": str(count), "id": None}
        changes |= {"role_id": make.role().pk} if "role_id" in values else {}
        rows.append(
            model(**values | {name: changes[name] for name in values.keys() & changes.keys()})
        )
    model.objects.bulk_create(rows)
