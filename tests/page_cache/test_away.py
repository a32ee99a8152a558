"""The database is killed, and comes back: what was kept goes on being shown, and says so."""

import time

import pytest

from tests.components import postgres, prebuilt
from tests.components.site import manage

from .stage import running

pytestmark = [pytest.mark.one_database, pytest.mark.runs_first]

AWAY = "detail=database-away"


@pytest.fixture
def database():
    with postgres.serving(data=prebuilt.cluster()) as server:
        yield server


def until(process, path, said):
    """Ask until the cache says so; the text of the page."""
    for _ in range(400):
        text, status = process.page(path)
        if status == f"Careers; {said}":
            return text
        time.sleep(0.02)
    raise AssertionError(f"{path}: {status}")


def test_away_and_back(tmp_path, database):
    with running(tmp_path, database.url) as stage:
        [process] = stage.serve(1)
        stage.keep([process], "/ja/hiring/", "/en/")
        manage(stage.environment, "invalidate_pages")
        until(process, "/en/", "fwd=miss; stored")
        home, openings = stage.keep([process], "/en/", "/en/roles/")

        database.kill()
        assert process.page("/en/") == (home, "Careers; hit")
        assert until(process, "/en/", f"hit; {AWAY}") == home
        assert until(process, "/en/roles/?utm_source=x", f"hit; {AWAY}") == openings
        # Of the hiring page there was only one that an edit had made old: nobody shows it any more.
        for path in ("/ja/hiring/", "/en/advice/", "/en/roles/?q=rain", "/en/apply/"):
            assert "Please try again in a minute" in process.page(path)[0], path
        warnings = [line for line in process.lines() if line.get("level") == "WARNING"]
        assert [line["logger"] for line in warnings] == ["careers.page_cache.freshness"]

        database.revive()
        assert until(process, "/en/", "hit") == home
        until(process, "/ja/hiring/", "hit")
        until(process, "/en/advice/", "hit")
        manage(stage.environment, "invalidate_pages")
        until(process, "/en/", "fwd=miss; stored")
