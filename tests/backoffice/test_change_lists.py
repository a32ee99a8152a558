"""Every list of the admin: as many queries with two hundred rows as with twenty, and with one."""

import pytest
from django.contrib.auth.models import Group

from careers.staff.models import User
from tests import make
from tests.conftest import queries

pytestmark = pytest.mark.django_db


def a_role():
    return make.role(locations=[make.location()])


def a_form():
    form = make.form(make.role())
    make.question(form)
    return form


def a_set():
    made = make.question_set()
    make.question(made)
    return made


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
    make.letter,
]


@pytest.mark.parametrize("maker", LISTS)
def test_a_list(maker, signed_in):
    superuser = signed_in(None)
    thing = maker()
    path = f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/"
    one = queries(superuser, path)
    for _ in range(19):
        maker()
    assert queries(superuser, path) == one
    copy(thing, 180)
    assert queries(superuser, path) == one
    assert superuser.page(path).count('class="action-select"') == 100  # a page of them


def copy(thing, number):
    """The same record so many times more, but for what has to differ."""
    model, rows = type(thing), []
    kept = {field.attname: getattr(thing, field.attname) for field in model._meta.concrete_fields}
    for count in range(number):
        own = {"order": count, "version": count + 100, "reference_id": f"copy-{count}"}
        own |= {"email": f"copy-{count}@example.com", "message_id": str(count), "id": None}
        own |= {"role_id": make.role().pk} if "role_id" in kept else {}
        rows.append(model(**kept | {name: own[name] for name in kept.keys() & own.keys()}))
    model.objects.bulk_create(rows)
