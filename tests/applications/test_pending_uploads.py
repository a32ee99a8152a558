"""Pending uploads and grace periods: files and values survive errors, a day, and a role that closes."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from careers.applications.models import Application, PendingUpload
from careers.documents.models import Document
from careers.documents.storage import document_storage
from tests import make

from .conftest import apply, cv, form_values, path, retry_values


def test_pending_upload_survives_form_error(client):
    role = make.role()
    form = form_values(client, role, "ja", email="x", resume=cv("履歴書.txt"))
    response = client.post(path(role, "ja"), form)
    assert (
        "履歴書.txt" in response.text
        and 'value="resume" aria-label="履歴書.txtを削除"' in response.text
    )
    assert (
        client.post(
            path(role, "ja"), retry_values(response, form, email="a@example.org")
        ).status_code
        == 302
    )
    (attachment,) = Application.objects.get().attachments.all()
    assert attachment.document.name == "履歴書.txt"


def test_pending_upload_removed(client):
    role = make.role()
    form = form_values(client, role, email="x")
    response = client.post(path(role), form)
    removed = client.post(
        path(role), retry_values(response, form, remove="resume", message="Still here")
    )
    assert removed.status_code == 200
    assert "cv.txt" not in removed.text and "Still here" in removed.text
    assert 'id="error-summary"' not in removed.text
    response = client.post(path(role), retry_values(removed, form, email="a@example.org"))
    assert "Please choose your résumé, or paste it as text." in response.text


def test_pending_upload_remove_invalid_name(client):
    role = make.role()
    form = form_values(client, role, email="x")
    response = client.post(path(role), form)
    response = client.post(path(role), retry_values(response, form, remove="\0"))
    assert response.status_code == 200 and "cv.txt" in response.text


def test_pending_upload_replaced_by_new_file(client):
    role = make.role()
    form = form_values(client, role, email="x")
    response = client.post(path(role), form)
    retry = retry_values(response, form, email="a@example.org", resume=cv("better.txt"))
    client.post(path(role), retry)
    (attachment,) = Application.objects.get().attachments.all()
    assert attachment.document.name == "better.txt"


def test_pending_upload_resent_after_lost_response(client):
    role = make.role()
    form = form_values(client, role, email="x")
    response = client.post(path(role), form)
    retry = retry_values(response, form, email="a@example.org")
    first, repeated = (client.post(path(role), retry) for _time in range(2))
    assert first.status_code == repeated.status_code == 302
    assert Application.objects.count() == 1


def test_pending_upload_not_shown_is_not_sent(client):
    """A file that was deselected, or chosen by a previous user of the browser, is not attached."""
    role = make.role()
    form = form_values(client, role, email="x", cover_letter=cv("mistake.txt"))
    response = client.post(path(role), form, headers={"Accept": "application/json"})
    assert response.status_code == 422
    retry = {**form, "email": "a@example.org", "resume": cv(), "cover_letter": ""}
    response = client.post(path(role), {**retry, "email": "x"})
    assert "cv.txt" in response.text and "mistake.txt" not in response.text
    assert client.post(path(role), {**retry, "resume": cv()}).status_code == 302
    names = Application.objects.get().attachments.values_list("document__name", flat=True)
    assert list(names) == ["cv.txt"]


def test_pending_upload_in_replacement_application(client):
    role = make.role()
    form = form_values(client, role, email="x")
    retry = retry_values(client.post(path(role), form), form, email="a@example.org")
    assert client.post(path(role), retry).status_code == 302
    corrected = {**retry, "message": "And this.", "send_again": "yes"}
    assert client.post(path(role), corrected).status_code == 302
    repeated, first = Application.objects.all()
    assert repeated.attachments.get().document == first.attachments.get().document


def test_pending_upload_bound_to_its_form(client):
    role = make.role()
    client.post(path(role), form_values(client, role, email="x"))
    assert "cv.txt" not in client.page(path(role))


def test_pending_upload_beside_rejected_file(client):
    role = make.role()
    response = apply(client, role, resume=cv("cv.pdf", b""), cover_letter=cv("letter.txt"))
    assert "This file is empty." in response.text
    assert "letter.txt" in response.text
    assert list(PendingUpload.objects.values_list("field_name", flat=True)) == ["cover_letter"]


def test_pending_uploads_pruned_after_two_days(client):
    """Their documents are deleted; those of applications stay."""
    role = make.role()
    apply(client, role, email="x")
    apply(client, role)
    with time_machine.travel(timezone.now() + timedelta(hours=47)):
        call_command("prune_pending_uploads")
        assert PendingUpload.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        call_command("prune_pending_uploads")
    assert PendingUpload.objects.count() == 0
    (document,) = Document.objects.all()
    assert document_storage().exists(document.key)
    assert Application.objects.get().attachments.get().document == document


def test_form_open_for_thirty_hours(client):
    role = make.role()
    form = form_values(client, role)
    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        assert client.post(path(role), form).status_code == 302


@pytest.fixture
def closing(client):
    """A role that closes tonight, and the values of a form that was opened before."""
    with time_machine.travel("2026-11-21T20:00:00+09:00", tick=False):
        role = make.role(closes_on=date(2026, 11, 21))
        yield role, form_values(client, role, message="Long thought about.")


def test_grace_accepts_form_opened_before_closing(client, closing):
    role, form = closing
    with time_machine.travel("2026-11-22T23:00:00+09:00", tick=False):
        assert client.get(path(role)).status_code == 302  # the form cannot be opened any more
        assert client.post(path(role), form).status_code == 302
    assert Application.objects.count() == 1


def test_grace_with_form_error(client, closing):
    role, form = closing
    with time_machine.travel("2026-11-22T10:00:00+09:00", tick=False):
        response = client.post(path(role), {**form, "email": "x"})
        assert response.status_code == 422
        assert client.post(path(role), retry_values(response, form)).status_code == 302


def test_grace_over_shows_typed_values(client, closing):
    role, form = closing
    with time_machine.travel("2026-11-23T00:00:01+09:00", tick=False):
        response = client.post(path(role), form)
    assert response.status_code == 410
    assert "This opening has closed" in response.text
    assert "Long thought about." in response.text
    assert 'href="/en/apply/"' in response.text
    assert (Application.objects.count(), Document.objects.count()) == (0, 0)


def test_grace_over_shows_labels_of_choices(client, closing):
    role, _form = closing
    choices = {"choices_en": "Cirrus\nStratus\nCumulus", "choices_ja": "巻雲\n層雲\n積雲"}
    question = make.question(make.form(role), "multi_select", **choices)
    with time_machine.travel("2026-11-21T20:00:00+09:00", tick=False):
        values = {f"question_{question.pk}": ["Cirrus", "Cumulus"], "source": "board"}
        form = form_values(client, role, **values)
    with time_machine.travel("2026-11-23T00:00:01+09:00", tick=False):
        response = client.post(path(role), form)
    assert "<dd>Cirrus<br>Cumulus</dd>" in response.text
    assert "<dd>A job board</dd>" in response.text


def test_grace_over_repeated_form_shows_receipt(client, closing):
    """A form sent again after a lost response finds its application, though the role has closed."""
    role, form = closing
    with time_machine.travel("2026-11-22T23:00:00+09:00", tick=False):
        first = client.post(path(role), form)
    with time_machine.travel("2026-11-23T00:00:01+09:00", tick=False):
        repeated = client.post(path(role), {**form, "resume": cv()})
        changed = client.post(path(role), {**form, "resume": cv(), "message": "Another."})
        assert client.page(repeated.url) == client.page(first.url)
    assert (repeated.status_code, changed.status_code) == (302, 410)
    assert Application.objects.count() == 1


def test_form_of_draft_role_is_not_found(client):
    draft = make.role(published_at_en=None, published_at_ja=None, title_en="Secret")
    response = client.post(path(draft), {"email": "x"})
    assert response.status_code == 404 and "Secret" not in response.text


def test_grace_after_unpublishing(client):
    role = make.role()
    form, late_form = form_values(client, role), form_values(client, role)
    role.unpublish("en")
    role.unpublish("ja")
    role.save()
    assert client.post(path(role), form).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        response = client.post(path(role), late_form)
    assert response.status_code == 410
    assert not re.search(r'href="/en/roles/\d', response.text)
