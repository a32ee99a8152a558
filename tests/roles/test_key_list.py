"""Conditions with long lists of keys."""

import pytest
from django.db.models import F

from careers.roles.key_list import KeyIn
from careers.roles.models import Role
from tests import make

pytestmark = pytest.mark.django_db


def test_key_list_has_no_limit():
    """SQLite allows 32,766 parameters by default, and at most 250,000 on Debian."""
    roles = [make.role() for _number in range(3)]
    keys = (roles[2].pk, *range(10**9, 10**9 + 300_000), roles[0].pk)
    rows = Role.objects.filter(KeyIn(F("pk"), keys)).order_by("pk")
    assert list(rows) == [roles[0], roles[2]]


def test_key_list_may_be_empty():
    role = make.role()
    assert not Role.objects.filter(KeyIn(F("pk"), ()))
    assert list(Role.objects.exclude(KeyIn(F("pk"), ()))) == [role]
