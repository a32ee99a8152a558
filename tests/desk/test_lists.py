"""Every list of the admin: as many queries with fifty rows as with one."""

import pytest
from django.contrib.auth.models import Group

from careers.staff.models import User
from tests import make
from tests.conftest import queries

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
    make.letter,
]


@pytest.mark.parametrize("maker", LISTS)
def test_a_list(maker, signed_in):
    superuser = signed_in(None)
    thing = maker()
    path = f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/"
    one = queries(superuser, path)
    for _ in range(49):
        maker()
    assert queries(superuser, path) == one
    assert superuser.page(path).count('class="action-select"') >= 50
