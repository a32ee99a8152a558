"""Files and typing survive: a mistake elsewhere in the form, a day, and a role that closes meanwhile."""

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

from .conftest import again, apply, cv, filled, path


def test_a_file_need_not_be_chosen_again(client):
    role = make.role()
    form = filled(client, role, "ja", email="x", resume=cv("履歴書.txt"))
    answer = client.post(path(role, "ja"), form)
    assert (
        "履歴書.txt" in answer.text
        and 'value="resume" aria-label="履歴書.txtを削除"' in answer.text
    )
    assert (
        client.post(path(role, "ja"), again(answer, form, email="a@example.org")).status_code == 302
    )
    (attachment,) = Application.objects.get().attachments.all()
    assert attachment.document.name == "履歴書.txt"


def test_a_waiting_file_is_taken_back(client):
    role = make.role()
    form = filled(client, role, email="x")
    answer = client.post(path(role), form)
    removed = client.post(path(role), again(answer, form, remove="resume", message="Still here"))
    assert removed.status_code == 200
    assert "cv.txt" not in removed.text and "Still here" in removed.text
    assert 'id="error-summary"' not in removed.text
    refused = client.post(path(role), again(removed, form, email="a@example.org"))
    assert "Please choose your résumé, or paste it as text." in refused.text


def test_to_take_back_what_has_no_name_takes_nothing_back(client):
    role = make.role()
    form = filled(client, role, email="x")
    answer = client.post(path(role), form)
    left = client.post(path(role), again(answer, form, remove="\0"))
    assert left.status_code == 200 and "cv.txt" in left.text


def test_a_new_file_takes_the_place_of_a_waiting_one(client):
    role = make.role()
    form = filled(client, role, email="x")
    answer = client.post(path(role), form)
    better = again(answer, form, email="a@example.org", resume=cv("better.txt"))
    client.post(path(role), better)
    (attachment,) = Application.objects.get().attachments.all()
    assert attachment.document.name == "better.txt"


def test_sent_again_after_a_lost_answer_it_is_the_same(client):
    role = make.role()
    form = filled(client, role, email="x")
    answer = client.post(path(role), form)
    right = again(answer, form, email="a@example.org")
    first, second = (client.post(path(role), right) for _time in range(2))
    assert first.status_code == second.status_code == 302
    assert Application.objects.count() == 1


def test_a_file_that_the_page_did_not_show_is_not_sent(client):
    """Chosen by mistake, and the field emptied again; or chosen by whoever sat here before."""
    role = make.role()
    form = filled(client, role, email="x", cover_letter=cv("mistake.txt"))
    answer = client.post(path(role), form, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    right = {**form, "email": "a@example.org", "resume": cv(), "cover_letter": ""}
    refused = client.post(path(role), {**right, "email": "x"})
    assert "cv.txt" in refused.text and "mistake.txt" not in refused.text
    assert client.post(path(role), {**right, "resume": cv()}).status_code == 302
    names = Application.objects.get().attachments.values_list("document__name", flat=True)
    assert list(names) == ["cv.txt"]


def test_sent_once_more_after_it_arrived_it_has_its_waiting_files(client):
    role = make.role()
    form = filled(client, role, email="x")
    right = again(client.post(path(role), form), form, email="a@example.org")
    assert client.post(path(role), right).status_code == 302
    assert client.post(path(role), {**right, "message": "And this."}).status_code == 302
    second, first = Application.objects.all()
    assert second.attachments.get().document == first.attachments.get().document


def test_nobody_reaches_the_files_of_another_form(client):
    role = make.role()
    client.post(path(role), filled(client, role, email="x"))
    assert "cv.txt" not in client.page(path(role))


def test_a_refused_file_says_why_and_the_others_wait(client):
    role = make.role()
    answer = apply(client, role, resume=cv("cv.pdf", b""), cover_letter=cv("letter.txt"))
    assert "This file is empty." in answer.text
    assert "letter.txt" in answer.text
    assert list(PendingUpload.objects.values_list("field_name", flat=True)) == ["cover_letter"]


def test_drafts_are_swept_after_two_days_and_applications_never(client):
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


def test_a_form_may_be_open_for_a_day(client):
    role = make.role()
    form = filled(client, role)
    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        assert client.post(path(role), form).status_code == 302


@pytest.fixture
def closing(client):
    """A role that closes tonight, and a form of it that was opened before."""
    with time_machine.travel("2026-11-21T20:00:00+09:00", tick=False):
        role = make.role(closes_on=date(2026, 11, 21))
        yield role, filled(client, role, message="Long thought about.")


def test_a_form_opened_before_the_end_is_taken_for_a_day_after_it(client, closing):
    role, form = closing
    with time_machine.travel("2026-11-22T23:00:00+09:00", tick=False):
        assert client.get(path(role)).status_code == 302  # nobody can open it any more
        assert client.post(path(role), form).status_code == 302
    assert Application.objects.count() == 1


def test_a_mistake_in_that_day_costs_nothing(client, closing):
    role, form = closing
    with time_machine.travel("2026-11-22T10:00:00+09:00", tick=False):
        answer = client.post(path(role), {**form, "email": "x"})
        assert answer.status_code == 422
        assert client.post(path(role), again(answer, form)).status_code == 302


def test_later_it_says_so_and_gives_the_words_back(client, closing):
    role, form = closing
    with time_machine.travel("2026-11-23T00:00:01+09:00", tick=False):
        answer = client.post(path(role), form)
    assert answer.status_code == 410
    assert "This opening has closed" in answer.text
    assert "Long thought about." in answer.text
    assert 'href="/en/apply/"' in answer.text
    assert (Application.objects.count(), Document.objects.count()) == (0, 0)


def test_choices_are_given_back_in_words(client, closing):
    role, _form = closing
    lines = {"choices_en": "Cirrus\nStratus\nCumulus", "choices_ja": "巻雲\n層雲\n積雲"}
    several = make.question(make.form(role), "multi_select", **lines)
    with time_machine.travel("2026-11-21T20:00:00+09:00", tick=False):
        chosen = {f"question_{several.pk}": ["Cirrus", "Cumulus"], "source": "board"}
        form = filled(client, role, **chosen)
    with time_machine.travel("2026-11-23T00:00:01+09:00", tick=False):
        answer = client.post(path(role), form)
    assert "<dd>Cirrus<br>Cumulus</dd>" in answer.text
    assert "<dd>A job board</dd>" in answer.text


def test_what_had_arrived_before_the_end_says_so_after_it(client, closing):
    """Its answer was lost on the way, and it is sent once more when nothing can be sent any more."""
    role, form = closing
    with time_machine.travel("2026-11-22T23:00:00+09:00", tick=False):
        first = client.post(path(role), form)
    with time_machine.travel("2026-11-23T00:00:01+09:00", tick=False):
        same = client.post(path(role), {**form, "resume": cv()})
        changed = client.post(path(role), {**form, "resume": cv(), "message": "Another."})
        assert client.page(same.url) == client.page(first.url)
    assert (same.status_code, changed.status_code) == (302, 410)
    assert Application.objects.count() == 1


def test_nobody_learns_of_a_draft(client):
    draft = make.role(published_at_en=None, published_at_ja=None, title_en="Secret")
    answer = client.post(path(draft), {"email": "x"})
    assert answer.status_code == 404 and "Secret" not in answer.text


def test_a_role_that_is_taken_back_is_like_one_that_closes(client):
    role = make.role()
    form, late = filled(client, role), filled(client, role)
    role.unpublish("en")
    role.unpublish("ja")
    role.save()
    assert client.post(path(role), form).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        answer = client.post(path(role), late)
    assert answer.status_code == 410
    assert not re.search(r'href="/en/roles/\d', answer.text)
