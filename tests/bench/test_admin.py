"""The pages that the benchmark compares can be opened; otherwise the benchmark could break unnoticed."""

import pytest
from django.urls import reverse

from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.ROOT_URLCONF = "tests.bench.urls"


def test_benchmark_change_forms_open(signed_in):
    visitor, role = signed_in("Recruiters"), make.role()
    for site in ("admin", "stock"):
        page = visitor.page(reverse(f"{site}:roles_role_change", args=[role.pk]))
        assert 'name="title_en"' in page
