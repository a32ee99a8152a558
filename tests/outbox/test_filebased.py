"""Emails of a development site: files in VAR_DIR/emails, and their text in the admin."""

import stat
from email import message_from_bytes, policy

import pytest
from django.core.mail import send_mail

from careers.outbox.models import Email
from tests import make
from tests.outbox.conftest import deliver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("outbox"),
    pytest.mark.one_database,
]

LINK = "https://careers.example.com/invitation/abc-123/"


@pytest.fixture
def folder(settings, tmp_path):
    settings.DEV, settings.VAR_DIR = True, tmp_path
    return tmp_path / "emails"


def test_file_is_readable_text_and_valid_message(folder):
    send_mail("ご招待", f"佐藤 花 様\n\n{LINK}\n", "クモ <jobs@example.com>", ["hana@example.org"])
    deliver()
    [path] = folder.iterdir()
    assert path.suffix == ".eml"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    text = path.read_text("utf-8")
    for line in ("Subject: ご招待", "From: クモ <jobs@example.com>", "佐藤 花 様", LINK):
        assert line in text.splitlines()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    email = Email.objects.get()
    assert message["Message-ID"] == email.message_id
    assert LINK in message.get_body(["plain"]).get_content()
    assert f'<a href="{LINK}">{LINK}</a>' in message.get_body(["html"]).get_content()
    assert (email.state, email.body) == ("sent", "")


def test_file_written_twice_is_one_file(folder):
    email = make.email()
    deliver()
    Email.objects.filter(pk=email.pk).update(state="waiting")
    deliver()
    assert len([*folder.iterdir()]) == 1


def test_file_error_keeps_email_in_queue(folder, settings):
    folder.write_text("in the way")
    make.email()
    with pytest.raises(FileExistsError):
        deliver()
    folder.unlink()
    deliver()
    assert Email.objects.get().state == "sent"


def test_files_deleted_with_emails(folder):
    make.email()
    make.email(recipient="ken@example.org")
    deliver()
    Email.objects.scrub("hana@example.org")
    [path] = folder.iterdir()
    assert "ken@example.org" in path.read_text("utf-8")


def test_admin_shows_text_before_and_after_sending(folder, signed_in):
    superuser = signed_in(None)
    send_mail("Welcome", f"<b>Open</b>\n{LINK}", None, ["hana@example.org"])
    path = f"/admin/outbox/email/{Email.objects.get().pk}/change/"
    for _ in range(2):
        page = superuser.page(path)
        assert f'<a href="{LINK}" rel="nofollow">{LINK}</a>' in page
        assert "&lt;b&gt;Open&lt;/b&gt;" in page
        deliver()
    [file] = folder.iterdir()
    file.unlink()
    assert LINK not in superuser.page(path)
