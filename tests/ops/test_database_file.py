"""The SQLite database, which holds candidates' data, is readable for the user of the site only."""

import os
from pathlib import Path

import pytest

from tests.components import prebuilt, site
from tests.components.environment import development_environment

pytestmark = [pytest.mark.one_database]

READ = "from careers.roles.models import Role; print(Role.objects.count())"


def modes(folder):
    return {path.name: path.stat().st_mode & 0o777 for path in folder.glob("careers.sqlite3*")}


def test_database_file_is_private(tmp_path):
    """A new one, and one that an earlier version made with the permissions of the umask."""
    environment = development_environment(str(tmp_path), "http://localhost:8000")
    previous = os.umask(0o022)
    try:
        site.manage(environment, "migrate", "page_cache", "--verbosity=0")
        assert modes(tmp_path) == {"careers.sqlite3": 0o600}
        database = Path(tmp_path, "careers.sqlite3")
        database.unlink()
        prebuilt.copy_database(database, "migrated")
        for path in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
            path.touch()
            path.chmod(0o644)
        assert site.manage(environment, "shell", "--no-imports", "-c", READ) == "0\n"
    finally:
        os.umask(previous)
    assert set(modes(tmp_path).values()) == {0o600}
