"""What the benchmark compares can be opened: a benchmark that nobody runs every day would break unseen."""

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.ROOT_URLCONF = "tests.bench.urls"


def test_both_forms_of_a_role_are_there(signed_in):
    visitor, role = signed_in("Recruiters"), make.role()
    for site in ("admin", "stock"):
        page = visitor.page(reverse(f"{site}:roles_role_change", args=[role.pk]))
        assert 'name="title_en"' in page
