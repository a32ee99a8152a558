"""Emails about an application: to the candidate in their language, to the recruiter in theirs."""

import re

import pytest
import time_machine

from careers.applications.models import Application
from careers.outbox.models import Email
from careers.staff.models import User
from tests import make

from .conftest import apply, cv

pytestmark = pytest.mark.one_database

NOON = "2026-11-21T10:15:00+09:00"


@pytest.fixture
def recruiter(db):
    return User.objects.create_user("hana@kumo.example.com", language="ja")


@time_machine.travel(NOON, tick=False)
def test_email_to_candidate_in_japanese(client, recruiter):
    role = make.role(title_ja="バックエンドエンジニア", recruiter=recruiter)
    apply(client, role, "ja", career_history=cv("経歴.txt"))
    email = Email.objects.get(recipient="taro@example.org")
    assert email.subject == "【クモ】ご応募を受け付けました／バックエンドエンジニア"
    assert email.reply_to == "hana@kumo.example.com"
    assert email.body.startswith("山田 太郎 様\n")
    for line in (
        f"　受付番号：{Application.objects.get().display_reference}",
        "　受付日時：2026年11月21日（土）10:15（日本時間）",
        "　応募書類：履歴書、職務経歴書",
    ):
        assert line in email.body.splitlines()
    assert "採用サイト：https://careers.example.com/ja/" in email.body


def test_email_greeting_has_name_in_order_of_its_script(client):
    """Hangul: the family name first, without a space. Joiners are letters of Persian."""
    names = (
        ("김", "철수", "ja", "김철수 様\n"),
        ("김", "철수", "en", "Dear 김철수,\n"),
        ("علوی", "علی\u200cرضا", "en", "Dear علی\u200cرضا علوی,\n"),
        ("Nguyễn", "Văn An", "ja", "Văn An Nguyễn 様\n"),
    )
    role = make.role()
    for number, (family_name, given_name, language, greeting) in enumerate(names):
        kana = {"family_kana": "", "given_kana": ""} if language == "ja" else {}
        address = f"name{number}@example.org"
        apply(
            client, role, language, family_name=family_name, given_name=given_name,
            email=address, **kana,
        )  # fmt: skip
        assert Email.objects.get(recipient=address).body.startswith(greeting)


@time_machine.travel(NOON, tick=False)
def test_email_to_candidate_in_english(client):
    apply(client, make.role(title_en="Backend engineer"), "en")
    email = Email.objects.get(recipient="taro@example.org")
    assert email.subject == "Application received: Backend engineer | Kumo"
    assert email.reply_to == "jobs@kumo.example.com"
    assert "Dear Taro Yamada," in email.body
    assert "\n  Received: Saturday, 21 November 2026, 10:15 (Japan time)" in email.body


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x0b", "\x85", "\x07"])
def test_email_subject_without_control_characters(client, company, sign):
    """A control character in a title or a name is no obstacle to applying; the subject has none."""
    company.name_en = f"Ku{sign}mo"
    company.save()
    role = make.role(title_en=f"Cloud{sign}reader")
    assert apply(client, role, "en").status_code == 302
    subject = Email.objects.get(recipient="taro@example.org").subject
    assert subject == "Application received: Cloud reader | Ku mo"
    assert Email.objects.exclude(recipient="taro@example.org").get().subject.isprintable()


def test_email_to_recruiter_in_account_language(client, recruiter):
    role = make.role(title_ja="バックエンドエンジニア", recruiter=recruiter)
    apply(client, role, "en", message="Something private.")
    application = Application.objects.get()
    email = Email.objects.get(recipient="hana@kumo.example.com")
    assert email.subject == (
        f"【クモ】新しい応募がありました／バックエンドエンジニア［{application.display_reference}］"
    )
    assert "　氏名：Taro Yamada" in email.body
    assert f"/admin/applications/application/{application.reference}/change/" in email.body
    assert "private" not in email.body and "taro@" not in email.body


def test_email_link_to_recruiter_opens_the_application(client, signed_in):
    """The link names the application by its reference. Only users who may see it can open it."""
    apply(client, make.role())
    application = Application.objects.get()
    email = Email.objects.get(recipient="jobs@kumo.example.com")
    [link] = re.findall(r"https://careers\.example\.com(/admin/applications/\S+)", email.body)
    assert f"/{application.pk}/" not in link
    recruiter, manager = signed_in("Recruiters"), signed_in("Hiring managers")
    page = recruiter.page(link)
    assert "Taro Yamada" in page and f"/application/{application.pk}/move/" in page
    assert manager.get(link).status_code == 404
    application.role.department.managers.add(manager.user)
    assert "Taro Yamada" in manager.page(link)
    wrong = link.replace(application.reference, "ABCDEFGH")
    assert recruiter.get(wrong).status_code == 404


def test_email_to_company_without_recruiter(client, recruiter):
    recruiter.is_active = False
    recruiter.save()
    apply(client, make.role(recruiter=recruiter))
    apply(client, None, "ja", email="other@example.org")
    subjects = Email.objects.filter(recipient="jobs@kumo.example.com").values_list(
        "subject", flat=True
    )
    assert len(subjects) == 2
    assert any("職種を指定しない応募" in subject for subject in subjects)


def test_email_defangs_name(client):
    """A name with line breaks and a URL adds no line and no link to any email."""
    hostile = "Click\r\nhttps://evil.example <b>"
    apply(client, make.role(), family_name=hostile, given_name="")
    emails = Email.objects.all()
    assert {email.recipient for email in emails} == {"taro@example.org", "jobs@kumo.example.com"}
    for email in emails:
        assert "Click" in email.body
        assert "https://evil" not in email.body + email.subject
        assert "evil" not in email.subject
