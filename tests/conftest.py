"""Fixtures for all tests: the test database, the HTTP client, signed-in users."""

import gc
import os

import pytest
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection
from django.template.base import Template
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from PIL import ImageFont

from careers.applications.form_content import cached_content
from careers.ops import readiness
from careers.staff.models import User
from tests.compact_html import compact
from tests.components import prebuilt

HOST = "careers.example.com"
PASSWORD = "correct horse battery"
# Tables that `migrate` and `sync_permissions` fill.
MIGRATED = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "roles_synonymgroup",
}


# Before Django's test environment replaces it.
RENDER_TEMPLATE = Template._render


def pytest_configure():
    prebuilt.folder()  # here, so that workers of pytest-xdist inherit it


def pytest_collection_modifyitems(items):
    """Run slow tests first, so that parallel workers end together."""
    items.sort(key=lambda item: not item.get_closest_marker("runs_first"))


def pytest_collection_finish():
    """Exempt what lives until the end of the run, such as all tests, from garbage collection."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Copy the migrated database instead of running all migrations."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        prebuilt.copy_database(test["NAME"], "migrated")
    else:
        server = os.environ["DATABASE_URL"]
        test["TEMPLATE"] = prebuilt.template(server, "migrated")


@pytest.fixture(scope="session", autouse=True)
def template_rendering(django_test_environment):
    """Render templates as in production.

    The test environment records each of them with a copy of its context, which is a quarter of the time
    of a form. So a response has no `context` and no `templates`: tests read its HTML.
    """
    Template._render = RENDER_TEMPLATE


@pytest.fixture(scope="session")
def django_db_keepdb():
    """Keep the SQLite file, which is copied before the tests."""
    return connection.vendor == "sqlite"


def _empty_tables(_test_case):
    """Empty the tables that a transactional test has filled, except those of the migrated database.

    Django would also delete all permissions and make them again, 0.2 s after each of these tests.
    """
    quote = connection.ops.quote_name
    tables = set(connection.introspection.django_table_names(only_existing=True)) - MIGRATED
    has_rows = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(has_rows)
        filled = [table for (table,) in cursor]
    if filled:
        flush = connection.ops.sql_flush(no_style(), filled, allow_cascade=True)
        connection.ops.execute_sql_flush(flush)


TransactionTestCase._fixture_teardown = _empty_tables


class Visitor(Client):
    """A test client that requests the site over https with its own host name."""

    def __init__(self, **defaults):
        super().__init__(**{"SERVER_NAME": HOST, **defaults})

    def generic(self, *args, **extra):
        return super().generic(*args, **{**extra, "secure": True})

    def request(self, **request):
        """The response; `text` is compact HTML, independent of the layout of templates."""
        response = super().request(**request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            kind = type(response)
            response.__class__ = type(kind.__name__, (kind,), {"text": property(_compact_text)})
        return response

    def page(self, path, **extra):
        """The text of a page; AssertionError unless its status is 200."""
        response = self.get(path, **extra)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response.text


def _compact_text(response):
    return compact(response.content.decode(response.charset))


def queries(visitor, path):
    """The number of queries of a page, measured on the second request."""
    visitor.page(path)
    with CaptureQueriesContext(connection) as captured:
        visitor.page(path)
    return len(captured)


def sign_in(visitor, email, password=PASSWORD):
    """Sign in through the form; the response."""
    return visitor.post("/admin/account/login/", {"login": email, "password": password})


@pytest.fixture
def client():
    return Visitor()


@pytest.fixture
def signed_in(db):
    """signed_in("Recruiters") is the client of a user in that group; None is a superuser."""

    def sign_in(group, language="en", **fields):
        name = group or "Superusers"
        user = User.objects.create_user(
            f"{name.replace(' ', '.').lower()}.{User.objects.count()}@example.com",
            language=language,
            is_superuser=group is None,
            **fields,
        )
        if group:
            user.groups.add(Group.objects.get(name=group))
        visitor = Visitor()
        visitor.force_login(user)
        visitor.user = user
        return visitor

    return sign_in


@pytest.fixture
def font(settings, tmp_path):
    """A font file with the glyphs that Pillow includes, on every machine."""
    path = tmp_path / "font.ttf"
    path.write_bytes(ImageFont.load_default(20).font_bytes)
    settings.CARD_FONT = str(path)
    return settings.CARD_FONT


@pytest.fixture(autouse=True)
def readiness_results():
    """Forget recent results of readiness: in the next test the site is another one."""
    readiness.recent.clear()


@pytest.fixture(autouse=True)
def form_content():
    """Forget the cached content of forms: in the next test its generation belongs to other content."""
    cached_content.cache_clear()
