"""The review page of an application in the admin: its content, its permissions, its actions."""

import html
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from careers.application_forms.enums import DocumentKind, QuestionKind
from careers.applications.models import Application, Confirmation, StageChange
from careers.applications.workflow import confirm
from careers.outbox.models import Email
from tests import make
from tests.conftest import queries
from tests.html import parse

from .conftest import apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter(signed_in):
    return signed_in("Recruiters")


@pytest.fixture
def manager(signed_in):
    """A hiring manager of one department; `manager.role` is an opening of it."""
    visitor = signed_in("Hiring managers")
    visitor.role = make.role()
    visitor.role.department.managers.add(visitor.user)
    return visitor


def path(application, suffix="change/"):
    return f"/admin/applications/application/{application.pk}/{suffix}"


def unescaped_page(visitor, application):
    return html.unescape(visitor.page(path(application)))


# --- Content -----------------------------------------------------------------------------------


@pytest.mark.one_database
def test_review_name_and_contact(recruiter):
    application = make.application(
        preferred_name="たろちゃん",
        email="taro+sky@example.org",
        phone="０９０ー1234ー5678",
        phone_e164="+819012345678",
    )
    page = unescaped_page(recruiter, application)
    assert "<ruby>山田<rp>（</rp><rt>ヤマダ</rt>" in page and "<rt>タロウ</rt>" in page
    assert "たろちゃん" in page
    assert 'href="mailto:taro%2Bsky@example.org">taro+sky@example.org<' in page
    assert 'href="tel:+819012345678">０９０ー1234ー5678<' in page


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("language", "typed", "link"),
    [
        ("ja", "０３（１２３４）５６７８", "+81312345678"),
        ("en", "(415) 555-2671", None),
        ("ja", "(415) 555-2671", None),
        ("en", "0049 30 123456", "+4930123456"),
    ],
)
def test_review_phone_link_needs_a_country(client, recruiter, language, typed, link):
    """The number is shown as typed; it is a link only if its country is certain."""
    assert apply(client, make.role(), language, phone=typed).status_code == 302
    page = unescaped_page(recruiter, Application.objects.get())
    shown = typed if language == "en" or not link else "03(1234)5678"
    assert f">{shown}<" in page.replace("\n", "").replace("  ", "")
    assert re.findall('href="tel:([^"]*)"', page) == ([link] if link else [])


@pytest.mark.one_database
def test_review_western_name_order(recruiter):
    application = make.application(
        family_name="Smith", given_name="Ann", family_kana="", given_kana="", language="en"
    )
    assert re.search(r"<h1[^>]*>Ann Smith</h1>", recruiter.page(path(application)))


@pytest.mark.one_database
def test_review_hangul_name_order(recruiter):
    application = make.application(
        family_name="김", given_name="철수", family_kana="", given_kana="", language="en"
    )
    assert re.search(r"<h1[^>]*>김철수</h1>", recruiter.page(path(application)))
    assert "김철수" in recruiter.page("/admin/applications/application/")


def test_review_role_policy_and_posting(recruiter):
    role = make.role(title_en="Cloud reader")
    application = make.application(
        role,
        policy=make.policy(),
        retention_consent_until=date(2027, 11, 21),
        posting_snapshot={
            "title": "雲を読む人",
            "summary": "空を見ます。",
            "facts": [["勤務地", ["東京"]]],
            "texts": [["仕事内容", "<p>見る。</p><script>alert(1)</script>"]],
            "perks": [["全員", ["よい椅子"]]],
        },
    )
    page = unescaped_page(recruiter, application)
    for text in (
        f'href="/admin/roles/role/{role.pk}/change/">Cloud reader<',
        "Privacy, version 1",
        "May be kept and considered until November 21, 2027",
        '<summary lang="ja">雲を読む人</summary>',
        "勤務地",
        "<p>見る。</p>",
        "よい椅子",
        f"/en/roles/{role.pk}-",
        application.display_reference,
    ):
        assert text in page, text
    assert "alert(1)" not in page


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "May be kept and considered until November 21, 2026"),
        (-1, "No longer: the permission ended on November 20, 2026"),
        (None, "No, this application only"),
    ],
)
def test_review_consent_for_other_roles(recruiter, days, text):
    """A recruiter sees whether the candidate may be considered for other roles today."""
    with time_machine.travel("2026-11-21T12:00:00+09:00", tick=False):
        until = None if days is None else timezone.localdate() + timedelta(days=days)
        application = make.application(retention_consent_until=until)
        recruiter.force_login(recruiter.user)
        assert text in unescaped_page(recruiter, application)


@pytest.mark.one_database
def test_review_text_escaped_with_lines_and_lang(recruiter):
    hostile = "<script>alert(1)</script>\n二行目"
    application = make.application(
        message=hostile,
        resume_text=hostile,
        start=hostile,
        accommodation=hostile,
        family_name="<b>山田</b>",
    )
    application.answers.create(
        question_text=hostile,
        question_language="en",
        text=hostile,
        kind=QuestionKind.TEXT,
        visible_to_hiring_managers=True,
    )
    page = recruiter.page(path(application))
    assert "<script>alert" not in page and "<b>山田" not in page
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt;\n二行目"
    assert page.count(f'lang="ja">{escaped}</div>') == 4
    assert f"<dt>{escaped}</dt>" in page  # in the language of the page


@pytest.mark.one_database
def test_review_question_lang(recruiter):
    application = make.application()
    application.answers.create(
        question_text="雲は？",
        question_language="ja",
        text="好き",
        kind="line",
        visible_to_hiring_managers=True,
    )
    assert '<dt lang="ja">雲は？</dt>' in recruiter.page(path(application))


@pytest.mark.one_database
def test_review_only_http_links(recruiter):
    application = make.application(
        links="https://example.org/taro\njavascript:alert(1)\n \ndata:text/html,x\nhttp://\nmy site"
    )
    page = recruiter.page(path(application))
    link = '<a href="https://example.org/taro" rel="noopener noreferrer nofollow">'
    assert link in page
    assert "javascript:alert(1)" in page
    assert not re.search(r'href="(javascript|data|http:)', page)


def test_review_documents_and_findings(recruiter):
    application = make.application(documents=(DocumentKind.CAREER_HISTORY,))
    attachment = application.attachments.get()
    attachment.document.findings = ["javascript"]
    attachment.document.save()
    page = unescaped_page(recruiter, application)
    for text in ("Career history", "履歴書.txt", "plain text (.txt)", "23\xa0bytes", "no scanner"):
        assert text in page, text
    assert "contains a script" in page
    assert path(application, f"documents/{attachment.pk}/") in page
    assert "Nobody has downloaded it yet." in page


def test_review_other_applications_and_emails(recruiter, signed_in):
    first = make.application(make.role(title_en="Rain maker"), email="Taro@example.org")
    application = make.application(email="taro@example.org", replaces=first)
    make.application(make.role(title_en="Elsewhere"))
    email = make.email(recipient="TARO@example.org", subject="Thank you")
    make.email(recipient="ken@example.org", subject="Not yours")
    page = unescaped_page(recruiter, application)
    assert f'href="{path(first)}">Rain maker<' in page and "Replaced by this one" in page
    assert "Thank you" in page and "/admin/outbox/" not in page
    assert "Elsewhere" not in page and "Not yours" not in page
    assert f"/admin/outbox/email/{email.pk}/change/" in signed_in(None).page(path(application))
    assert "Replaces this one" in unescaped_page(recruiter, first)


def test_review_is_read_only(recruiter, signed_in):
    application = make.application()
    for visitor in (recruiter, signed_in(None)):
        page = visitor.page(path(application)).split('id="content"')[1]
        assert 'name="family_name"' not in page and "<textarea" not in page
        assert visitor.post(path(application), {"family_name": "x"}).status_code == 403
        assert visitor.post(path(application, "delete/"), {"post": "yes"}).status_code == 403
        assert visitor.post("/admin/applications/application/add/").status_code == 403
    assert Application.objects.get().family_name == "山田"


@pytest.mark.one_database
def test_review_query_count_is_constant(recruiter):
    def add_related(application):
        answer = application.answers.create(
            question_text="?", question_language="en", kind="file", visible_to_hiring_managers=True
        )
        attachment = application.attachments.create(
            document=make.document(), kind=DocumentKind.ANSWER, answer=answer
        )
        attachment.document.accesses.create(reader=recruiter.user)
        application.move(
            "offer" if application.stage == "new" else "new", changed_by=recruiter.user
        )
        make.application(make.role(), email=application.email)
        make.email(recipient=application.email)

    application = make.application(make.role())
    add_related(application)
    before = queries(recruiter, path(application))
    for _ in range(10):
        add_related(application)
    assert queries(recruiter, path(application)) == before
    assert before <= 22


# --- Actions -----------------------------------------------------------------------------------


def test_move_records_user(recruiter):
    application = make.application()
    page = recruiter.post(path(application, "move/"), {"stage": "interview"}, follow=True).text
    assert "山田 太郎 is now in “interviews”." in page
    assert re.search(rf"new → interviews\s*<span class=\"note\">{recruiter.user}<", page)
    change = StageChange.objects.get()
    assert (change.old_stage, change.new_stage, change.changed_by) == (
        "new",
        "interview",
        recruiter.user,
    )
    page = recruiter.post(path(application, "move/"), {"stage": "interview"}, follow=True).text
    assert "was in “interviews” already" in page
    assert StageChange.objects.count() == 1


def test_move_to_unknown_stage(recruiter):
    application = make.application()
    page = recruiter.post(path(application, "move/"), {"stage": "nonsense"}, follow=True).text
    assert "Please choose a stage." in page
    assert not StageChange.objects.exists()


def test_review_back_link_keeps_filters(recruiter):
    application = make.application()
    query = "?_changelist_filters=q%3D%E5%B1%B1%E7%94%B0"
    response = recruiter.post(path(application, f"move/{query}"), {"stage": "offer"})
    assert response.headers["Location"] == path(application) + query
    page = recruiter.page(path(application) + query)
    assert 'href="/admin/applications/application/?q=%E5%B1%B1%E7%94%B0"' in page


def test_release_from_quarantine(recruiter):
    application = make.application(confirmed_at=None)
    assert "Waiting for confirmation" in recruiter.page(path(application))
    text = recruiter.post(path(application, "move/"), {"stage": "offer"}, follow=True).text
    assert "Please release this application from quarantine first." in text
    text = html.unescape(recruiter.post(path(application, "release/"), follow=True).text)
    assert "山田 太郎’s application was released from quarantine and is now in the list" in text
    confirmed = Application.objects.get().confirmed_at
    assert confirmed
    text = html.unescape(recruiter.post(path(application, "release/"), follow=True).text)
    assert "had been confirmed already" in text
    assert Application.objects.get().confirmed_at == confirmed


def test_review_spam_signals(recruiter):
    quarantined = make.application(confirmed_at=None, spam_signals=["challenge", "fast"])
    page = recruiter.page(path(quarantined))
    assert "Why it has to be confirmed" in page and "Sent within 3 seconds" in page
    assert "Why it has to be confirmed" not in recruiter.page(path(make.application()))


def test_resend_status_email(recruiter, client):
    application = make.application()
    text = recruiter.post(path(application, "resend/"), follow=True).text
    assert f"An email is on its way to {application.email}." in text
    email = Email.objects.get(recipient=application.email)
    assert email.language == "ja" and f"/ja/application/{application.status_token()}/" in email.body
    assert not Email.objects.exclude(pk=email.pk).exists()  # recruiters get none


def test_resend_confirmation_link(recruiter, client):
    application = make.application(confirmed_at=None)
    confirmation = Confirmation.objects.create(application=application)
    old_token = confirmation.issue_token()
    recruiter.post(path(application, "resend/"))
    body = Email.objects.get(recipient=application.email).body
    link = re.search(r"/ja/apply/confirm/[\w-]+/", body)[0]
    assert old_token not in link and client.get(link).status_code == 200
    assert client.get(link.replace(link.split("/")[4], old_token)).status_code == 404


@pytest.mark.parametrize("confirmed", [True, False])
def test_resend_limited_to_once_a_minute(recruiter, client, confirmed):
    application = make.application(**({} if confirmed else {"confirmed_at": None}))
    if not confirmed:
        Confirmation.objects.create(application=application)
    recruiter.post(path(application, "resend/"))
    text = recruiter.post(path(application, "resend/"), follow=True).text
    assert (
        f"An email about this application went to {application.email} less than 1 minute ago."
        in text
    )
    email = Email.objects.get()
    link = re.search(r"https://[^/]+(/ja/\S+)", email.body)[1]
    assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        recruiter.post(path(application, "resend/"))
    assert Email.objects.count() == 2


@pytest.mark.parametrize("state", ["withdrawn", "told", "deletion"])
def test_resend_refused_when_closed(recruiter, client, state):
    application = make.application()
    status_path = f"/ja/application/{application.status_token()}/"
    if state == "withdrawn":
        client.post(f"{status_path}withdraw/")
    elif state == "told":
        make.status_update(application, "not_selected")
    else:
        client.post(f"{status_path}erasure/")
    Email.objects.all().delete()
    assert "Send the email again" not in recruiter.page(path(application))
    text = recruiter.post(path(application, "resend/"), follow=True).text
    assert "This application is closed, so its email is not sent again." in text
    assert not Email.objects.exists()


def test_resend_link_expires_with_application(recruiter):
    application = make.application(
        confirmed_at=None, received_at=timezone.now() - timedelta(days=27)
    )
    confirmation = Confirmation.objects.create(application=application)
    recruiter.post(path(application, "resend/"))
    confirmation.refresh_from_db()
    assert confirmation.expires_at == application.received_at + timedelta(days=30)


def test_review_confirmation_email_state(recruiter):
    application = make.application(confirmed_at=None)
    Confirmation.objects.create(application=application)
    page = unescaped_page(recruiter, application)
    assert "The email with the link is written as soon as" in page
    recruiter.post(path(application, "resend/"))
    assert "An email with a link went to this address." in unescaped_page(recruiter, application)


def test_confirm_is_idempotent():
    application = make.application(confirmed_at=None)
    stale = Application.objects.get()
    assert confirm(application) is True
    assert confirm(application) is False and confirm(stale) is False
    assert stale.is_confirmed and stale.confirmed_at == application.confirmed_at


# --- Hiring managers ---------------------------------------------------------------------------


def test_manager_sees_visible_answers_only(manager):
    application = make.application(manager.role, accommodation="A quiet room", message="Hello")
    application.answers.create(
        question_text="Seen?",
        text="yes",
        question_language="en",
        kind="line",
        visible_to_hiring_managers=True,
    )
    application.answers.create(
        question_text="Pay?",
        text="Nine hundred",
        question_language="en",
        kind="line",
        visible_to_hiring_managers=False,
    )
    make.email(recipient=application.email, subject="Thank you")
    other = make.application(make.role(title_en="Elsewhere"), email=application.email)
    page = manager.page(path(application))
    assert "Hello" in page and "Seen?" in page
    for hidden in (
        "quiet room",
        "Pay?",
        "Nine hundred",
        "Thank you",
        "Elsewhere",
        other.display_reference,
    ):
        assert hidden not in page, hidden
    for button in ("/move/", "/release/", "Opened"):
        assert button not in page, button


@pytest.mark.parametrize("case", ["department", "general", "quarantine"])
def test_manager_gets_404_for_others(manager, case):
    application = {
        "department": lambda: make.application(make.role()),
        "general": lambda: make.application(),
        "quarantine": lambda: make.application(manager.role, confirmed_at=None),
    }[case]()
    attachment = application.attachments.get()
    for suffix in ("change/", "history/", f"documents/{attachment.pk}/"):
        assert manager.get(path(application, suffix)).status_code == 404, suffix
    for suffix in ("move/", "release/", f"documents/{attachment.pk}/"):
        assert manager.post(path(application, suffix), {"stage": "offer"}).status_code == 404, (
            suffix
        )
    missing = "/admin/applications/application/999999/change/"
    pages = [parse(manager.get(url).text) for url in (missing, path(application))]
    for page in pages:
        page.one("[name=csrfmiddlewaretoken]").node.decompose()  # random in each response
    assert pages[0].html == pages[1].html


def test_manager_cannot_move_or_release(manager):
    application = make.application(manager.role)
    assert manager.post(path(application, "move/"), {"stage": "offer"}).status_code == 403
    assert manager.post(path(application, "release/")).status_code == 403
    assert not StageChange.objects.exists()


def test_manager_removed_loses_access(manager):
    application = make.application(manager.role)
    assert manager.get(path(application)).status_code == 200
    manager.role.department.managers.clear()
    assert manager.get(path(application)).status_code == 404


# --- My work -----------------------------------------------------------------------------------


def test_my_work_newest_applications(recruiter):
    now = timezone.now()
    role = make.role(title_en="Cloud reader")
    for days in range(7):
        make.application(role, family_name=f"No{days}", received_at=now - timedelta(days=days))
    make.application(stage="offer")
    page = recruiter.page("/admin/")
    section = re.search(r'aria-labelledby="work-applications">(.*?)</section>', page, re.DOTALL)[1]
    assert '<span class="count">7</span>' in section
    assert re.findall(r"(No\d)", section) == ["No0", "No1", "No2", "No3", "No4"]
    assert "Cloud reader ·" in section
    assert 'href="/admin/applications/application/?stage__exact=new"' in section
    assert "work-quarantine" not in page


def test_my_work_quarantine(recruiter, signed_in):
    make.application(confirmed_at=None)
    page = recruiter.page("/admin/")
    section = re.search(r'aria-labelledby="work-quarantine">(.*?)</section>', page, re.DOTALL)[1]
    assert 'href="/admin/applications/application/?waiting=yes"' in section
    assert '<span class="count">1</span>' in section
    for group in ("Editors", "Viewers", "Hiring managers"):
        page = signed_in(group).page("/admin/")
        assert "山田" not in page and "work-quarantine" not in page, group


def test_my_work_scan_backlog(recruiter, signed_in):
    assert "virus scanner" not in recruiter.page("/admin/")
    document = make.document()
    document.scan = "unscanned"
    document.save()
    assert "1 document has waited for the virus scanner since" in recruiter.page("/admin/")
    assert "virus scanner" not in signed_in("Editors").page("/admin/")
