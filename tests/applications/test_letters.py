"""Letters about an application: to the candidate in their language, to the recruiter in theirs."""

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
def test_the_candidate_is_told_in_japanese(client, recruiter):
    role = make.role(title_ja="バックエンドエンジニア", recruiter=recruiter)
    apply(client, role, "ja", career_history=cv("経歴.txt"))
    letter = Email.objects.get(recipient="taro@example.org")
    assert letter.subject == "【クモ】ご応募を受け付けました（バックエンドエンジニア）"
    assert letter.reply_to == "hana@kumo.example.com"
    assert letter.body.startswith("山田 太郎 様\n")
    for line in (
        f"　受付番号：{Application.objects.get().display_reference}",
        "　受付日時：2026年11月21日（土）10:15（日本時間）",
        "　応募書類：履歴書、職務経歴書",
    ):
        assert line in letter.body.splitlines()
    assert "採用サイト：https://careers.example.com/ja/" in letter.body


@time_machine.travel(NOON, tick=False)
def test_the_candidate_is_told_in_english(client):
    apply(client, make.role(title_en="Backend engineer"), "en")
    letter = Email.objects.get(recipient="taro@example.org")
    assert letter.subject == "Application received: Backend engineer | Kumo"
    assert letter.reply_to == "jobs@kumo.example.com"
    assert "Dear Taro Yamada," in letter.body
    assert "\n  Received: Saturday, 21 November 2026, 10:15 (Japan time)" in letter.body


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x0b", "\x85", "\x07"])
def test_an_invisible_sign_in_a_title_or_a_name_keeps_nobody_from_applying(client, company, sign):
    company.name_en = f"Ku{sign}mo"
    company.save()
    role = make.role(title_en=f"Cloud{sign}reader")
    assert apply(client, role, "en").status_code == 302
    subject = Email.objects.get(recipient="taro@example.org").subject
    assert subject == "Application received: Cloud reader | Ku mo"
    assert Email.objects.exclude(recipient="taro@example.org").get().subject.isprintable()


def test_the_recruiter_is_told_in_the_language_of_the_account(client, recruiter):
    role = make.role(title_ja="バックエンドエンジニア", recruiter=recruiter)
    apply(client, role, "en", message="Something private.")
    application = Application.objects.get()
    letter = Email.objects.get(recipient="hana@kumo.example.com")
    assert letter.subject == (
        f"【クモ】新しい応募がありました：バックエンドエンジニア（{application.display_reference}）"
    )
    assert "　氏名：Taro Yamada" in letter.body
    assert f"/admin/applications/application/{application.pk}/change/" in letter.body
    assert "private" not in letter.body and "taro@" not in letter.body


def test_without_a_recruiter_the_company_is_told(client, recruiter):
    recruiter.is_active = False
    recruiter.save()
    apply(client, make.role(recruiter=recruiter))
    apply(client, None, "ja", email="other@example.org")
    subjects = Email.objects.filter(recipient="jobs@kumo.example.com").values_list(
        "subject", flat=True
    )
    assert len(subjects) == 2
    assert any("職種を指定しない応募" in subject for subject in subjects)


def test_a_name_is_no_line_and_no_link(client):
    hostile = "Click\r\nhttps://evil.example <b>"
    apply(client, make.role(), family_name=hostile, given_name="")
    letters = Email.objects.all()
    assert {letter.recipient for letter in letters} == {"taro@example.org", "jobs@kumo.example.com"}
    for letter in letters:
        assert "Click" in letter.body
        assert "https://evil" not in letter.body + letter.subject
        assert "evil" not in letter.subject
