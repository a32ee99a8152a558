"""The admin: its largest form compared with Django's own, and queries of lists with many rows."""

from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from careers.revisions.models import Revision
from careers.roles.models import Role
from careers.staff.models import User
from tests import make
from tests.bilingual.forms import edit
from tests.conftest import Visitor

from .measure import side_by_side, table

VERSIONS = 30
GOAL = 1.5
LISTS = {
    "roles": lambda: make.role(locations=[make.location()]),
    "departments": make.department,
    "locations": make.location,
    "articles": make.article,
    "perks": make.perk,
    "values": make.value,
    "steps": make.step,
    "testimonials": make.testimonial,
    "videos": make.video,
    "policies": make.policy,
}


@override_settings(ROOT_URLCONF="tests.bench.urls")
def run():
    """Print both tables; return whether every goal is reached."""
    call_command("load_demo", verbosity=0)
    visitor = Visitor()
    visitor.force_login(User.objects.create_superuser("bench@example.com"))
    return all([_change_form(visitor), _lists(visitor)])


def _change_form(visitor):
    role = Role.objects.exclude(conditions=None).order_by("pk").first()
    path = f"/admin/roles/role/{role.pk}/change/"
    for number in range(VERSIONS):
        edit(visitor, path, summary_en=f"Version {number} of this text.")
    versions = Revision.objects.for_instance(role).count()
    times = side_by_side(
        {
            "Django's own form": lambda: visitor.page(path.replace("/admin/", "/stock/")),
            "ours": lambda: visitor.page(path),
        },
        rounds=60,
    )
    stock, ours = times.values()
    ratio = ours.median / stock.median
    print(f"\nThe form of a role with {role.conditions.count()} conditions and {versions} versions")
    rows = [
        ("", "median ms", "quarters"),
        *(_row(name, values) for name, values in times.items()),
    ]
    table(rows)
    print(f"ratio {ratio:.2f} (goal: at most {GOAL})")
    return ratio <= GOAL


def _lists(visitor):
    print("\nQueries of a list")
    rows, is_constant = [("", "20 rows", "200 rows")], True
    for name, maker in LISTS.items():
        record = [maker() for _ in range(20)][-1]
        path = f"/admin/{record._meta.app_label}/{record._meta.model_name}/"
        few = _queries(visitor, path)
        for _ in range(180):
            maker()
        many = _queries(visitor, path)
        is_constant = is_constant and many <= few
        rows.append((name, few, many))
    table(rows)
    print(f"goal: never more ({admin.ModelAdmin.list_per_page} rows are on a page)")
    return is_constant


def _queries(visitor, path):
    visitor.page(path)
    with CaptureQueriesContext(connection) as queries:
        visitor.page(f"{path}?all=")
    return len(queries)


def _row(name, times):
    return name, f"{times.median:.1f}", f"{times.low:.1f} to {times.high:.1f}"
