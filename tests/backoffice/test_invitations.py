"""Invitations: an account without a password, a letter with a link, and a command for the first one."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from careers.outbox.models import Email
from careers.staff.models import User
from tests import make
from tests.conftest import PASSWORD, Visitor, sign_in
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


def test_a_superuser_makes_an_account_and_the_letter_is_in_its_language(hana):
    assert not hana.has_usable_password()
    assert [group.name for group in hana.groups.all()] == ["Editors"]
    letter = Email.objects.get()
    assert (letter.recipient, letter.language, letter.erase_after_sending) == (
        NEW["email"],
        "ja",
        True,
    )
    assert letter.subject == "【careers.example.com】採用サイトのアカウントのご案内"
    assert letter.body.startswith("佐藤 花 様\n\ncareers.example.comの採用サイト")
    assert "採用サイト：https://careers.example.com/ja/\n" in letter.body
    assert not re.search("[a-z]{2}", re.sub(r"https://\S+|careers\.example\.com", "", letter.body))


def test_the_letter_is_written_in_english_too(superuser):
    make.company()
    superuser.post("/admin/staff/user/add/", {**NEW, "language": "en"})
    letter = Email.objects.get()
    assert letter.subject == "Your account for the Kumo careers site"
    assert letter.body.startswith("Dear 佐藤 花,\n\nAn account has been made for you")
    assert "Kumo recruiting team\nCareers site: https://careers.example.com/en/\n" in letter.body


def test_somebody_without_a_name_is_addressed_politely(superuser):
    superuser.post("/admin/staff/user/add/", {"email": "hana@example.com", "language": "ja"})
    assert Email.objects.get().body.startswith("ご担当者様\n\n")


def test_the_letter_names_the_company_as_it_is_written(superuser):
    make.company(name_ja="雨&風")
    superuser.post("/admin/staff/user/add/", NEW)
    assert Email.objects.get().subject == "【雨&風】採用サイトのアカウントのご案内"


def test_the_link_leads_to_a_password_once(hana):
    link = link_in(Email.objects.get())
    visitor = Visitor()
    assert choose_password(visitor, link).headers["Location"] == "/admin/"
    assert '<html lang="ja"' in visitor.page("/admin/")
    assert "This link no longer works" in Visitor().page(link)


def test_the_link_lives_for_three_days(hana):
    link = link_in(Email.objects.get())
    now = datetime.now().astimezone()
    with time_machine.travel(now + timedelta(days=3, minutes=-1)):
        assert Visitor().get(link).status_code == 302
    with time_machine.travel(now + timedelta(days=3, minutes=1)):
        assert "This link no longer works" in Visitor().page(link)


def test_it_can_be_sent_again_until_the_first_sign_in(superuser, hana):
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


def test_only_superusers_invite(signed_in, hana):
    assert signed_in("Recruiters").post(f"/admin/staff/user/{hana.pk}/invite/").status_code == 403
    assert Email.objects.count() == 1


def invite(capsys, *words):
    call_command("invite", *words)
    return re.search(r"https://careers\.example\.com(/\S+)", capsys.readouterr().out)[1]


def test_the_command_makes_the_first_account(capsys):
    link = invite(capsys, "rin@example.com", "--superuser", "--language", "ja")
    visitor = Visitor()
    choose_password(visitor, link)
    assert visitor.get("/admin/staff/user/").status_code == 200
    assert not Email.objects.exists()


def test_the_command_gives_groups_and_repeats_the_link_while_it_was_not_used(capsys):
    invite(capsys, "rin@example.com", "--group", "Recruiters")
    link = invite(capsys, "RIN@example.com", "--group", "Editors")
    rin = User.objects.get()
    assert {group.name for group in rin.groups.all()} == {"Recruiters", "Editors"}
    choose_password(Visitor(), link)
    with pytest.raises(CommandError, match="signed in before"):
        call_command("invite", "rin@example.com")


def test_somebody_who_has_lost_everything_starts_anew(capsys):
    User.objects.create_user("rin@example.com", PASSWORD)
    old = Visitor()
    sign_in(old, "rin@example.com")
    link = invite(capsys, "rin@example.com", "--reset")
    assert old.get("/admin/").status_code == 302
    assert choose_password(Visitor(), link).headers["Location"] == "/admin/"


def test_the_command_refuses_what_is_no_address():
    with pytest.raises(CommandError, match="valid email"):
        call_command("invite", "not an address")
    assert not User.objects.exists()


@pytest.mark.parametrize("group", ["Viewers", "Recruiters"])
def test_everybody_chooses_their_own_language(signed_in, group):
    visitor = signed_in(group)
    assert visitor.post("/admin/account/language/", {"language": "ja"}).status_code == 302
    assert '<html lang="ja"' in visitor.page("/admin/account/")
    visitor.post("/admin/account/language/", {"language": "xx"})
    visitor.user.refresh_from_db()
    assert visitor.user.language == "ja"
