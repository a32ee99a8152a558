"""Invitations: an account without a password, an email with a link, and a command for the first account."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from careers.outbox.models import Email
from careers.staff import tokens
from careers.staff.models import User
from tests import make
from tests.conftest import PASSWORD, Visitor, sign_in
from tests.html import parse
from tests.staff.test_sign_in import choose_password, link_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NEW = {"email": "hana@example.com", "last_name": "佐藤", "first_name": "花", "language": "ja"}


@pytest.fixture
def superuser(signed_in):
    return signed_in(None)


@pytest.fixture
def hana(superuser):
    groups = [Group.objects.get(name="Editors").pk]
    superuser.post("/admin/staff/user/add/", {**NEW, "groups": groups})
    return User.objects.get(email=NEW["email"])


def test_invitation_email_in_language_of_account(hana):
    assert not hana.has_usable_password()
    assert [group.name for group in hana.groups.all()] == ["Editors"]
    email = Email.objects.get()
    assert (email.recipient, email.language, email.erase_after_sending) == (
        NEW["email"],
        "ja",
        True,
    )
    assert email.subject == "【careers.example.com】採用サイトのアカウントのご案内"
    assert email.body.startswith("佐藤 花 様\n\ncareers.example.comの採用サイト")
    assert "採用サイト：https://careers.example.com/ja/\n" in email.body
    assert not re.search("[a-z]{2}", re.sub(r"https://\S+|careers\.example\.com", "", email.body))


def test_invitation_email_in_english(superuser):
    make.company()
    superuser.post("/admin/staff/user/add/", {**NEW, "language": "en"})
    email = Email.objects.get()
    assert email.subject == "Your account for the Kumo careers site"
    assert email.body.startswith("Dear 佐藤 花,\n\nAn account has been made for you")
    assert "Kumo recruiting team\nCareers site: https://careers.example.com/en/\n" in email.body


def test_invitation_email_without_name(superuser):
    superuser.post("/admin/staff/user/add/", {"email": "hana@example.com", "language": "ja"})
    assert Email.objects.get().body.startswith("ご担当者様\n\n")


def test_invitation_email_does_not_escape_company_name(superuser):
    make.company(name_ja="雨&風")
    superuser.post("/admin/staff/user/add/", NEW)
    assert Email.objects.get().subject == "【雨&風】採用サイトのアカウントのご案内"


def test_invitation_to_international_domain(superuser):
    """Two forms of one address are one account; an address we cannot send to is an error."""
    superuser.post("/admin/staff/user/add/", {**NEW, "email": "hana@straße.example"})
    assert User.objects.filter(email="hana@xn--strae-oqa.example").count() == 1
    assert Email.objects.get().recipient == "hana@xn--strae-oqa.example"
    again = superuser.post("/admin/staff/user/add/", {**NEW, "email": "Hana@XN--strae-oqa.example"})
    assert "already an account with this address" in again.text.replace("Account", "account")
    call_command("invite", "hana@straße.example")
    other = superuser.post("/admin/staff/user/add/", {**NEW, "email": "hana@exa\u200dmple.com"})
    assert other.status_code == 200
    assert User.objects.filter(email__startswith="hana").count() == 1


def test_invitation_link_works_once(hana):
    link = link_in(Email.objects.get())
    visitor = Visitor()
    assert choose_password(visitor, link).headers["Location"] == "/admin/"
    assert '<html lang="ja"' in visitor.page("/admin/")
    assert "This link no longer works" in Visitor().page(link)


def test_invitation_link_lifetime(hana):
    link = link_in(Email.objects.get())
    now = datetime.now().astimezone()
    with time_machine.travel(now + timedelta(days=3, minutes=-1)):
        assert Visitor().get(link).status_code == 302
    with time_machine.travel(now + timedelta(days=3, minutes=1)):
        assert "This link no longer works" in Visitor().page(link)


def test_invitation_can_be_sent_again_until_first_sign_in(superuser, hana):
    path = f"/admin/staff/user/{hana.pk}/"
    assert "Send the invitation again" in superuser.page(f"{path}change/")
    assert superuser.get(f"{path}invite/").status_code == 405
    superuser.post(f"{path}invite/")
    first, second = Email.objects.order_by("pk")
    assert first.recipient == second.recipient == "hana@example.com"
    choose_password(Visitor(), link_in(second))
    assert "Send the invitation again" not in superuser.page(f"{path}change/")
    assert superuser.post(f"{path}invite/").status_code == 404
    assert Email.objects.count() == 2


def test_invitation_requires_superuser(signed_in, hana):
    assert signed_in("Recruiters").post(f"/admin/staff/user/{hana.pk}/invite/").status_code == 403
    assert Email.objects.count() == 1


def invite(capsys, *words):
    call_command("invite", *words)
    return re.search(r"https://careers\.example\.com(/\S+)", capsys.readouterr().out)[1]


def test_invite_command_creates_first_account(capsys):
    link = invite(capsys, "rin@example.com", "--superuser", "--language", "ja")
    visitor = Visitor()
    choose_password(visitor, link)
    assert visitor.get("/admin/staff/user/").status_code == 200
    assert not Email.objects.exists()


def test_invite_command_adds_groups_and_repeats_unused_link(capsys):
    invite(capsys, "rin@example.com", "--group", "Recruiters")
    link = invite(capsys, "RIN@example.com", "--group", "Editors")
    rin = User.objects.get()
    assert {group.name for group in rin.groups.all()} == {"Recruiters", "Editors"}
    choose_password(Visitor(), link)
    with pytest.raises(CommandError, match="signed in before"):
        call_command("invite", "rin@example.com")


def test_invite_command_resets_account(capsys):
    User.objects.create_user("rin@example.com", PASSWORD)
    old = Visitor()
    sign_in(old, "rin@example.com")
    link = invite(capsys, "rin@example.com", "--reset")
    assert old.get("/admin/").status_code == 302
    assert choose_password(Visitor(), link).headers["Location"] == "/admin/"


def test_invite_command_rejects_invalid_email():
    with pytest.raises(CommandError, match="valid email"):
        call_command("invite", "not an address")
    assert not User.objects.exists()


@pytest.mark.parametrize("group", ["Viewers", "Recruiters"])
def test_account_language_chosen_by_user(signed_in, group):
    visitor = signed_in(group)
    assert visitor.post("/admin/account/language/", {"language": "ja"}).status_code == 302
    assert '<html lang="ja"' in visitor.page("/admin/account/")
    visitor.post("/admin/account/language/", {"language": "xx"})
    visitor.user.refresh_from_db()
    assert visitor.user.language == "ja"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_first_password_is_set_and_not_changed(language):
    """By an invitation it is the first one; by a reset link it replaces another."""
    hana = User.objects.create_user("hana@example.com", language=language)
    for expected in (
        {"en": "Your password is set.", "ja": "パスワードを設定しました。"},
        {"en": "Your password was changed.", "ja": "パスワードを変更しました。"},
    ):
        visitor = Visitor()
        choose_password(visitor, urlsplit(tokens.password_link(hana)).path)
        assert parse(visitor.page("/admin/")).texts(".message-text") == [expected[language]]
        hana.refresh_from_db()
