"""A short version of `make faults`: candidates apply while parts of the site are killed."""

import os

import pytest

from tests.components.site import manage

from .killable_site import running
from .run import count, run

pytestmark = pytest.mark.runs_first

DAMAGE = """
from careers.applications.models import Application
from careers.documents.storage import document_storage
from careers.outbox.models import Email
document_storage().delete(Application.objects.first().attachments.get().document.key)
Application.objects.update(form_key="the same")
Email.objects.filter(pk=Email.objects.first().pk).update(state="waiting")
"""


def test_acknowledged_applications_survive_kills(tmp_path):
    on_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    with running(tmp_path, on_postgresql=on_postgresql) as site:
        outcome = run(site, kills=8, acknowledged=20, seconds=150, pause=1.0)
        assert outcome.faults == []
        assert outcome.kills.total() >= 8
        assert len(outcome.receipts) >= 20
        assert outcome.emails >= len(outcome.receipts)
        # The count reports damage.
        manage(site.environment, "shell", "--no-imports", "-c", DAMAGE)
        count(site, outcome)
    faults = " ".join(outcome.faults)
    assert "was shown, but is not stored as it was sent" in faults
    assert f"the form the same is {len(outcome.receipts)} applications" in faults
    assert "is waiting, and was not delivered" in faults
