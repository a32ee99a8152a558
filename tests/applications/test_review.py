"""One application on one page: what was sent, as it was sent, for whom it is meant, and its stage."""

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


def path(application, end="change/"):
    return f"/admin/applications/application/{application.pk}/{end}"


def read(visitor, application):
    return html.unescape(visitor.page(path(application)))


# --- What is read ---------------------------------------------------------------------------------


def test_who_and_how_to_reach_them(recruiter):
    made = make.application(
        preferred_name="たろちゃん",
        email="taro+sky@example.org",
        phone="０９０ー1234ー5678",
        phone_e164="+819012345678",
    )
    page = read(recruiter, made)
    assert "<ruby>山田<rp>（</rp><rt>ヤマダ</rt>" in page and "<rt>タロウ</rt>" in page
    assert "たろちゃん" in page
    assert 'href="mailto:taro%2Bsky@example.org">taro+sky@example.org<' in page
    assert 'href="tel:+819012345678">０９０ー1234ー5678<' in page


def test_a_western_name_stands_in_its_own_order(recruiter):
    made = make.application(
        family_name="Smith", given_name="Ann", family_kana="", given_kana="", language="en"
    )
    assert re.search(r"<h1[^>]*>Ann Smith</h1>", recruiter.page(path(made)))


def test_when_for_what_and_what_was_agreed(recruiter):
    role = make.role(title_en="Cloud reader")
    made = make.application(
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
    page = read(recruiter, made)
    for said in (
        f'href="/admin/roles/role/{role.pk}/change/">Cloud reader<',
        "Privacy, version 1",
        "may be kept until November 21, 2027",
        '<summary lang="ja">雲を読む人</summary>',
        "勤務地",
        "<p>見る。</p>",
        "よい椅子",
        f"/en/roles/{role.pk}-",
        made.display_reference,
    ):
        assert said in page, said
    assert "alert(1)" not in page


def test_what_was_written_is_escaped_keeps_its_lines_and_says_its_language(recruiter):
    evil = "<script>alert(1)</script>\n二行目"
    made = make.application(
        message=evil, resume_text=evil, start=evil, accommodation=evil, family_name="<b>山田</b>"
    )
    made.answers.create(
        question_text=evil,
        question_language="en",
        text=evil,
        kind=QuestionKind.TEXT,
        visible_to_hiring_managers=True,
    )
    page = recruiter.page(path(made))
    assert "<script>alert" not in page and "<b>山田" not in page
    written = "&lt;script&gt;alert(1)&lt;/script&gt;\n二行目"
    assert page.count(f'lang="ja">{written}</div>') == 4
    assert f"<dt>{written}</dt>" in page  # in the language of the reader


def test_a_question_in_the_other_language_says_so(recruiter):
    made = make.application()
    made.answers.create(
        question_text="雲は？",
        question_language="ja",
        text="好き",
        kind="line",
        visible_to_hiring_managers=True,
    )
    assert '<dt lang="ja">雲は？</dt>' in recruiter.page(path(made))


def test_only_addresses_on_the_web_are_links(recruiter):
    made = make.application(
        links="https://example.org/taro\njavascript:alert(1)\n \ndata:text/html,x\nhttp://\nmy site"
    )
    page = recruiter.page(path(made))
    link = '<a href="https://example.org/taro" rel="noopener noreferrer nofollow">'
    assert link in page
    assert "javascript:alert(1)" in page
    assert not re.search(r'href="(javascript|data|http:)', page)


def test_documents_say_what_they_are_and_what_was_noticed(recruiter):
    made = make.application(documents=(DocumentKind.CAREER_HISTORY,))
    attached = made.attachments.get()
    attached.document.findings = ["javascript"]
    attached.document.save()
    page = read(recruiter, made)
    for said in ("Career history", "履歴書.txt", "plain text (.txt)", "23\xa0bytes", "no scanner"):
        assert said in page, said
    assert "contains a script" in page
    assert path(made, f"documents/{attached.pk}/") in page
    assert "Nobody has downloaded it yet." in page


def test_other_applications_and_letters_of_the_same_address(recruiter, signed_in):
    first = make.application(make.role(title_en="Rain maker"), email="Taro@example.org")
    made = make.application(email="taro@example.org", replaces=first)
    make.application(make.role(title_en="Elsewhere"))
    letter = make.letter(recipient="TARO@example.org", subject="Thank you")
    make.letter(recipient="ken@example.org", subject="Not yours")
    page = read(recruiter, made)
    assert f'href="{path(first)}">Rain maker<' in page and "Replaced by this one" in page
    assert "Thank you" in page and "/admin/outbox/" not in page
    assert "Elsewhere" not in page and "Not yours" not in page
    assert f"/admin/outbox/email/{letter.pk}/change/" in signed_in(None).page(path(made))
    assert "Replaces this one" in read(recruiter, first)


def test_nothing_of_it_can_be_edited(recruiter, signed_in):
    made = make.application()
    for visitor in (recruiter, signed_in(None)):
        page = visitor.page(path(made)).split('id="content"')[1]
        assert 'name="family_name"' not in page and "<textarea" not in page
        assert visitor.post(path(made), {"family_name": "x"}).status_code == 403
        assert visitor.post(path(made, "delete/"), {"post": "yes"}).status_code == 403
        assert visitor.post("/admin/applications/application/add/").status_code == 403
    assert Application.objects.get().family_name == "山田"


def test_as_many_queries_for_many_as_for_one(recruiter):
    def more(made):
        answer = made.answers.create(
            question_text="?", question_language="en", kind="file", visible_to_hiring_managers=True
        )
        attached = made.attachments.create(
            document=make.document(), kind=DocumentKind.ANSWER, answer=answer
        )
        attached.document.accesses.create(reader=recruiter.user)
        made.move("offer" if made.stage == "new" else "new", changed_by=recruiter.user)
        make.application(make.role(), email=made.email)
        make.letter(recipient=made.email)

    made = make.application(make.role())
    more(made)
    before = queries(recruiter, path(made))
    for _ in range(10):
        more(made)
    assert queries(recruiter, path(made)) == before
    assert before <= 22


# --- What is done ---------------------------------------------------------------------------------


def test_the_stage_is_moved_and_it_says_by_whom(recruiter):
    made = make.application()
    page = recruiter.post(path(made, "move/"), {"stage": "interview"}, follow=True).text
    assert "山田 太郎 is now in “interviews”." in page
    assert re.search(rf"new → interviews\s*<span class=\"note\">{recruiter.user}<", page)
    change = StageChange.objects.get()
    assert (change.old_stage, change.new_stage, change.changed_by) == (
        "new",
        "interview",
        recruiter.user,
    )
    page = recruiter.post(path(made, "move/"), {"stage": "interview"}, follow=True).text
    assert "was in “interviews” already" in page
    assert StageChange.objects.count() == 1


def test_a_stage_that_does_not_exist_changes_nothing(recruiter):
    made = make.application()
    page = recruiter.post(path(made, "move/"), {"stage": "nonsense"}, follow=True).text
    assert "Please choose a stage." in page
    assert not StageChange.objects.exists()


def test_the_way_back_leads_to_the_list_as_it_was(recruiter):
    made = make.application()
    query = "?_changelist_filters=q%3D%E5%B1%B1%E7%94%B0"
    answer = recruiter.post(path(made, f"move/{query}"), {"stage": "offer"})
    assert answer.headers["Location"] == path(made) + query
    page = recruiter.page(path(made) + query)
    assert 'href="/admin/applications/application/?q=%E5%B1%B1%E7%94%B0"' in page


def test_release_from_quarantine(recruiter):
    made = make.application(confirmed_at=None)
    assert "Waiting for confirmation" in recruiter.page(path(made))
    said = recruiter.post(path(made, "move/"), {"stage": "offer"}, follow=True).text
    assert "Please release this application from quarantine first." in said
    said = html.unescape(recruiter.post(path(made, "release/"), follow=True).text)
    assert "山田 太郎’s application was released from quarantine and is now in the list" in said
    confirmed = Application.objects.get().confirmed_at
    assert confirmed
    said = html.unescape(recruiter.post(path(made, "release/"), follow=True).text)
    assert "had been confirmed already" in said
    assert Application.objects.get().confirmed_at == confirmed


def test_why_it_has_to_be_confirmed(recruiter):
    doubtful = make.application(confirmed_at=None, spam_signals=["challenge", "fast"])
    page = recruiter.page(path(doubtful))
    assert "Why it has to be confirmed" in page and "Sent within 3 seconds" in page
    assert "Why it has to be confirmed" not in recruiter.page(path(make.application()))


def test_a_lost_letter_is_sent_once_more(recruiter, client):
    made = make.application()
    said = recruiter.post(path(made, "resend/"), follow=True).text
    assert f"An email is on its way to {made.email}." in said
    letter = Email.objects.get(recipient=made.email)
    assert letter.language == "ja" and f"/ja/application/{made.status_token()}/" in letter.body
    assert not Email.objects.exclude(pk=letter.pk).exists()  # recruiters need none


def test_a_lost_link_to_confirm_is_sent_once_more(recruiter, client):
    made = make.application(confirmed_at=None)
    step = Confirmation.objects.create(application=made)
    lost = step.issue_token()
    recruiter.post(path(made, "resend/"))
    body = Email.objects.get(recipient=made.email).body
    link = re.search(r"/ja/apply/confirm/[\w-]+/", body)[0]
    assert lost not in link and client.get(link).status_code == 200
    assert client.get(link.replace(link.split("/")[4], lost)).status_code == 404


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_second_press_sends_no_second_letter(recruiter, client, confirmed):
    made = make.application(**({} if confirmed else {"confirmed_at": None}))
    if not confirmed:
        Confirmation.objects.create(application=made)
    recruiter.post(path(made, "resend/"))
    said = recruiter.post(path(made, "resend/"), follow=True).text
    assert f"An email about this application went to {made.email} less than 1 minute ago." in said
    letter = Email.objects.get()
    link = re.search(r"https://[^/]+(/ja/\S+)", letter.body)[1]
    assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        recruiter.post(path(made, "resend/"))
    assert Email.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [{"stage": "withdrawn"}, {"stage": "rejected"}, {"erasure_requested_at": timezone.now()}],
)
def test_about_what_is_over_no_letter_is_sent_again(recruiter, changes):
    made = make.application(**changes)
    assert "Send the email again" not in recruiter.page(path(made))
    said = recruiter.post(path(made, "resend/"), follow=True).text
    assert "This application is closed, so its email is not sent again." in said
    assert not Email.objects.exists()


def test_a_link_that_is_sent_again_ends_with_its_application(recruiter):
    made = make.application(confirmed_at=None, received_at=timezone.now() - timedelta(days=27))
    step = Confirmation.objects.create(application=made)
    recruiter.post(path(made, "resend/"))
    step.refresh_from_db()
    assert step.expires_at == made.received_at + timedelta(days=30)


def test_whether_the_link_has_been_sent_is_said_as_it_is(recruiter):
    made = make.application(confirmed_at=None)
    Confirmation.objects.create(application=made)
    page = read(recruiter, made)
    assert "The email with the link is written as soon as" in page
    recruiter.post(path(made, "resend/"))
    assert "An email with a link went to this address." in read(recruiter, made)


def test_to_confirm_twice_is_to_confirm_once():
    made = make.application(confirmed_at=None)
    stale = Application.objects.get()
    assert confirm(made) is True
    assert confirm(made) is False and confirm(stale) is False
    assert stale.is_confirmed and stale.confirmed_at == made.confirmed_at


# --- Hiring managers ------------------------------------------------------------------------------


def test_a_manager_reads_what_is_meant_for_reviewers(manager):
    made = make.application(manager.role, accommodation="A quiet room", message="Hello")
    made.answers.create(
        question_text="Seen?",
        text="yes",
        question_language="en",
        kind="line",
        visible_to_hiring_managers=True,
    )
    made.answers.create(
        question_text="Pay?",
        text="900",
        question_language="en",
        kind="line",
        visible_to_hiring_managers=False,
    )
    make.letter(recipient=made.email, subject="Thank you")
    other = make.application(make.role(title_en="Elsewhere"), email=made.email)
    page = manager.page(path(made))
    assert "Hello" in page and "Seen?" in page
    for hidden in ("quiet room", "Pay?", "900", "Thank you", "Elsewhere", other.display_reference):
        assert hidden not in page, hidden
    for button in ("/move/", "/release/", "Opened"):
        assert button not in page, button


@pytest.mark.parametrize("other", ["department", "general", "quarantine"])
def test_what_is_not_a_managers_is_not_there(manager, other):
    made = {
        "department": lambda: make.application(make.role()),
        "general": lambda: make.application(),
        "quarantine": lambda: make.application(manager.role, confirmed_at=None),
    }[other]()
    attached = made.attachments.get()
    for end in ("change/", "history/", f"documents/{attached.pk}/"):
        assert manager.get(path(made, end)).status_code == 404, end
    for end in ("move/", "release/", f"documents/{attached.pk}/"):
        assert manager.post(path(made, end), {"stage": "offer"}).status_code == 404, end
    nobodys = "/admin/applications/application/999999/change/"
    assert manager.get(nobodys).text == manager.get(path(made)).text


def test_a_manager_decides_nothing(manager):
    made = make.application(manager.role)
    assert manager.post(path(made, "move/"), {"stage": "offer"}).status_code == 403
    assert manager.post(path(made, "release/")).status_code == 403
    assert not StageChange.objects.exists()


def test_who_manages_no_longer_reads_no_longer(manager):
    made = make.application(manager.role)
    assert manager.get(path(made)).status_code == 200
    manager.role.department.managers.clear()
    assert manager.get(path(made)).status_code == 404


# --- My work --------------------------------------------------------------------------------------


def test_my_work_names_the_newest(recruiter):
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


def test_my_work_names_what_waits(recruiter, signed_in):
    make.application(confirmed_at=None)
    page = recruiter.page("/admin/")
    section = re.search(r'aria-labelledby="work-quarantine">(.*?)</section>', page, re.DOTALL)[1]
    assert 'href="/admin/applications/application/?waiting=yes"' in section
    assert '<span class="count">1</span>' in section
    for group in ("Editors", "Viewers", "Hiring managers"):
        page = signed_in(group).page("/admin/")
        assert "山田" not in page and "work-quarantine" not in page, group


def test_my_work_says_that_documents_wait_for_the_scanner(recruiter, signed_in):
    assert "virus scanner" not in recruiter.page("/admin/")
    document = make.document()
    document.scan = "unscanned"
    document.save()
    assert "1 document has waited for the virus scanner since" in recruiter.page("/admin/")
    assert "virus scanner" not in signed_in("Editors").page("/admin/")
