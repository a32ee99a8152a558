"""A database that is killed and restarted: cached pages are served meanwhile, marked in Cache-Status."""

import time

import pytest

from tests.components import postgres, prebuilt
from tests.components.site import manage

from .processes import running

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]

OUTAGE = "detail=database-away"


@pytest.fixture
def database():
    with postgres.running_server(data=prebuilt.cluster()) as server:
        yield server


def wait_for_status(process, path, cache_status):
    """Request a page until it has this Cache-Status; its text."""
    for _ in range(400):
        text, status = process.page(path)
        if status == f"Careers; {cache_status}":
            return text
        time.sleep(0.02)
    raise AssertionError(f"{path}: {status}")


def test_database_outage(tmp_path, database):
    with running(tmp_path, database.url) as site:
        [process] = site.serve(1)
        site.warm([process], "/ja/hiring/", "/en/")
        manage(site.environment, "invalidate_pages")
        wait_for_status(process, "/en/", "fwd=miss; stored")
        home, role_list = site.warm([process], "/en/", "/en/roles/")

        database.kill()
        assert process.page("/en/") == (home, "Careers; hit")
        assert wait_for_status(process, "/en/", f"hit; {OUTAGE}") == home
        assert wait_for_status(process, "/en/roles/?utm_source=x", f"hit; {OUTAGE}") == role_list
        # The cached hiring page was stale before the outage, so it is not served.
        for path in ("/ja/hiring/", "/en/advice/", "/en/roles/?q=rain", "/en/apply/"):
            assert "Please try again in a minute" in process.page(path)[0], path
        warnings = [line for line in process.lines() if line.get("level") == "WARNING"]
        assert [line["logger"] for line in warnings] == ["careers.page_cache.freshness"]

        database.revive()
        assert wait_for_status(process, "/en/", "hit") == home
        wait_for_status(process, "/ja/hiring/", "hit")
        wait_for_status(process, "/en/advice/", "hit")
        manage(site.environment, "invalidate_pages")
        wait_for_status(process, "/en/", "fwd=miss; stored")
