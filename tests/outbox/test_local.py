"""On a local site a letter is a file, and the admin shows what it says."""

import email
import stat
from email import policy

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


def test_a_letter_becomes_a_file_that_people_and_programs_can_read(folder):
    send_mail("ご招待", f"佐藤 花 様\n\n{LINK}\n", "クモ <jobs@example.com>", ["hana@example.org"])
    deliver()
    [path] = folder.iterdir()
    assert path.suffix == ".eml"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    text = path.read_text("utf-8")
    for line in ("Subject: ご招待", "From: クモ <jobs@example.com>", "佐藤 花 様", LINK):
        assert line in text.splitlines()
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    letter = Email.objects.get()
    assert message["Message-ID"] == letter.message_id
    assert LINK in message.get_body(["plain"]).get_content()
    assert f'<a href="{LINK}">{LINK}</a>' in message.get_body(["html"]).get_content()
    assert (letter.state, letter.body) == ("sent", "")


def test_a_letter_that_comes_twice_is_one_file(folder):
    letter = make.letter()
    deliver()
    Email.objects.filter(pk=letter.pk).update(state="waiting")
    deliver()
    assert len([*folder.iterdir()]) == 1


def test_a_disk_that_refuses_keeps_the_letter(folder, settings):
    folder.write_text("in the way")
    make.letter()
    with pytest.raises(FileExistsError):
        deliver()
    folder.unlink()
    deliver()
    assert Email.objects.get().state == "sent"


def test_the_files_go_with_their_letters(folder):
    make.letter()
    make.letter(recipient="ken@example.org")
    deliver()
    Email.objects.scrub("hana@example.org")
    [path] = folder.iterdir()
    assert "ken@example.org" in path.read_text("utf-8")


def test_the_admin_shows_the_text_before_and_after(folder, signed_in):
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
