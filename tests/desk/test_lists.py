"""Every list of the admin: as many queries with fifty rows as with one."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careers.staff.models import User
from tests import make

pytestmark = pytest.mark.django_db


def a_role():
    return make.role(locations=[make.location()])


def an_account():
    user = User.objects.create_user(f"{User.objects.count()}@example.com")
    user.groups.add(Group.objects.first())
    return user


LISTS = [
    a_role,
    make.department,
    make.location,
    make.article,
    make.perk,
    make.value,
    make.step,
    make.testimonial,
    make.video,
    make.policy,
    an_account,
]


@pytest.mark.parametrize("maker", LISTS)
def test_a_list(maker, signed_in):
    superuser = signed_in(None)
    thing = maker()
    path = f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/"
    superuser.page(path)
    with CaptureQueriesContext(connection) as one:
        superuser.page(path)
    for _ in range(49):
        maker()
    with CaptureQueriesContext(connection) as fifty:
        page = superuser.page(path)
    assert page.count('class="action-select"') >= 50
    assert len(fifty) == len(one)
