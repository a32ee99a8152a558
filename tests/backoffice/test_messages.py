"""Messages: a word for the level, and a warning for an action that changes nothing."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.utils import translation

from careers.bilingual import share_links
from careers.outbox.models import Email
from tests import make
from tests.bilingual.forms import path_of
from tests.conftest import PASSWORD, sign_in
from tests.html import parse

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LEVELS = {
    messages.SUCCESS: {"en": "Done", "ja": "完了"},
    messages.INFO: {"en": "Note", "ja": "お知らせ"},
    messages.WARNING: {"en": "Warning", "ja": "注意"},
    messages.ERROR: {"en": "Error", "ja": "エラー"},
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_message_levels_differ_in_words_and_signs(language):
    """Screen readers get the word, and the levels do not depend on colors."""
    context = {"messages": [Message(level, "hello") for level in LEVELS]}
    with translation.override(language):
        page = parse(render_to_string("admin/base_site.html", context))
    rows = page.all(".messagelist li")
    assert [row["class"] for row in rows] == ["success", "info", "warning", "error"]
    assert len({row.one("[aria-hidden]").text for row in rows}) == len(LEVELS)
    words = [row.one(".message-level").text.split()[-1] for row in rows]
    assert words == [word[language] for word in LEVELS.values()]
    assert [row.one(".message-text").text for row in rows] == ["Hello"] * len(LEVELS)


@pytest.mark.parametrize("action", ["try_again", "send_copy"])
def test_email_action_on_missing_emails_is_a_warning(action, signed_in):
    """An action on emails that have been pruned since the list was opened warns and changes nothing."""
    email = make.email()
    number = email.pk
    Email.objects.all().delete()
    make.email()
    page = signed_in(None).post(
        "/admin/outbox/email/", {"action": action, "_selected_action": [number]}, follow=True
    )
    [message] = parse(page.text).all(".messagelist li")
    assert message["class"] == "warning"
    assert "no longer exist" in message.text


def test_action_without_selection_is_a_warning(signed_in):
    make.email()
    data = {"action": "try_again", "index": "0"}
    page = signed_in(None, language="ja").post("/admin/outbox/email/", data, follow=True)
    [message] = parse(page.text).all(".messagelist li")
    assert message["class"] == "warning"
    assert "項目が選択されていないため" in message.text


def test_sign_out_everywhere_else_asks(signed_in, client):
    """The button says what follows before it acts."""
    visitor = signed_in("Recruiters")
    visitor.user.set_password(PASSWORD)
    visitor.user.save()
    for each in (visitor.__class__(), client):
        sign_in(each, visitor.user.email)
        each.page("/admin/")
    assert UserSession.objects.count() == 2
    question = parse(client.page("/admin/account/sessions/")).one("details.confirm")
    assert question.one("summary").text == "Sign out everywhere else"
    assert "not saved may be lost" in question.one("p").text
    assert question.one("button[type=submit]").text == "Sign them out"


def test_share_link_revocation_asks(signed_in):
    recruiter, role = signed_in("Recruiters"), make.role()
    share_links.create(role, by=recruiter.user)
    question = parse(recruiter.page(path_of(role))).one("#share-links details.confirm")
    assert "You cannot undo this." in question.one("p").text
    assert question.texts("button") == ["Revoke the link"]


def test_list_has_one_bar_of_actions(signed_in):
    """It stays in view along the list, so that no second bar has to be kept in step with it."""
    make.perk()
    page = parse(signed_in("Recruiters").page("/admin/company/perk/"))
    assert len(page.all(".actions select[name=action]")) == 1
