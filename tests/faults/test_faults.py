"""For some seconds what `make faults` does for minutes: people apply while parts of the site are killed."""

import os

import pytest

from tests.components.site import manage

from .run import count, run
from .stage import running

pytestmark = pytest.mark.runs_first

SPOIL = """
from careers.applications.models import Application
from careers.documents.storage import document_storage
from careers.outbox.models import Letter
document_storage().delete(Application.objects.first().attachments.get().document.key)
Application.objects.update(form_key="the same")
Letter.objects.filter(pk=Letter.objects.first().pk).update(state="waiting")
"""


def test_what_was_acknowledged_survives(tmp_path):
    on_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    with running(tmp_path, on_postgresql=on_postgresql) as stage:
        outcome = run(stage, kills=8, acknowledged=20, seconds=150, pause=1.0)
        assert outcome.faults == []
        assert outcome.kills.total() >= 8
        assert len(outcome.arrived) >= 20
        assert outcome.letters >= len(outcome.arrived)
        # And the count does see what is missing.
        manage(stage.environment, "shell", "--no-imports", "-c", SPOIL)
        count(stage, outcome)
    said = " ".join(outcome.faults)
    assert "was shown, and is not there as it was sent" in said
    assert f"the form the same is {len(outcome.arrived)} applications" in said
    assert "is waiting, and was not delivered" in said
