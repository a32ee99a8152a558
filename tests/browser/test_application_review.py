"""Reviewing applications: find, read, download and move, with the keyboard, with and without JavaScript."""

import secrets

import pytest

from tests.browser.accessibility import violations_on_devices
from tests.components import site

pytestmark = pytest.mark.browser

LIST = "/admin/applications/application/"
LABELS = {
    "en": ("Move", "山田 太郎 is now in “screening”.", "20261121_", "_山田太郎_résumé.txt"),
    "ja": (
        "変更",
        "山田 太郎さんの選考ステータスを「書類選考」に変更しました。",
        "20261121_",
        "_山田太郎_履歴書.txt",
    ),
}

CREATE_CODE = """
import secrets
from datetime import datetime
from zoneinfo import ZoneInfo
from careers.application_forms.enums import DocumentKind
from careers.roles.models import Role
from tests import make

def application(**changes):
    return make.application(**{{"role": Role.objects.order_by("pk").first(), "reference": None,
        "form_key": secrets.token_hex(16), "digest": secrets.token_hex(32), **changes}})

address = secrets.token_hex(6) + "@example.org"
made = application(
    reference="{reference}", email=address, preferred_name="たろ",
    phone="090-1234-5678", phone_e164="+819012345678",
    received_at=datetime(2026, 11, 21, 10, 15, tzinfo=ZoneInfo("Asia/Tokyo")),
    documents=(DocumentKind.RESUME, DocumentKind.CAREER_HISTORY, DocumentKind.PORTFOLIO),
    message="はじめまして。\\n\\n空を見るのが好きで、十年間、毎朝雲を記録してきました。御社の予報を支えたいです。",
    links="https://example.org/taro\\njavascript:alert(1)", start="来月から", eligibility="yes",
    source="board", accommodation="駅から近い会場だと助かります。",
    resume_text="2016–2020  気象台\\n2020–      クモ観測所",
    policy=__import__("careers.company.models", fromlist=["Policy"]).Policy.objects.first(),
    posting_snapshot={{"title": "雲を読むエンジニア", "summary": "空を見ます。",
        "facts": [["勤務地", ["東京", "福岡"]], ["給与", ["600万円〜800万円"]]],
        "texts": [["仕事内容", "<p>雲を読みます。</p><ul><li>朝</li><li>夕方</li></ul>"]],
        "perks": [["全員", ["よい椅子"]]]}},
)
made.stage_changes.create(new_stage="new")
made.answers.create(question_text="好きな雲は何ですか。", question_language="ja", text="入道雲です。\\n夏らしいので。",
    kind="text", visible_to_hiring_managers=True)
made.answers.create(question_text="Which salary do you expect?", question_language="en", text="", kind="line",
    visible_to_hiring_managers=False)
resume, history, portfolio = made.attachments.all()
history.document.findings = ["javascript", "external"]
history.document.scan = "unscanned"
history.document.save()
portfolio.document.scan = "infected"
portfolio.document.save()
application(reference="W" + "{reference}"[1:], email=address, role=None,
    replaces=made)
application(reference="X" + "{reference}"[1:], email="ann@example.org", confirmed_at=None,
    family_name="Smith", given_name="Ann", family_kana="", given_kana="", language="en")
make.email(recipient=address, subject="ご応募を受け付けました", language="ja")
print(made.pk)
print(history.pk)
"""


@pytest.fixture
def application(demo_site):
    """An application with all data: its reference, its key, and the key of a document."""
    reference = "".join(secrets.choice("23456789ABCDEFGH") for _character in range(8))
    output = site.shell(demo_site[1], CREATE_CODE.format(reference=reference))
    key, document = output.split()
    return reference, key, document


def press_tab_until(page, selector):
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {selector}")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_review_with_keyboard(signed_in, application, language, script):
    reference = application[0]
    button, message, prefix, suffix = LABELS[language]
    visitor = signed_in(language, java_script_enabled=script)
    page = visitor.page
    visitor.open(LIST)
    page.focus("#searchbar")
    page.keyboard.type(f"山田太郎 {reference[:4]}-{reference[4:]}")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    rows = page.locator("#result_list tbody tr")
    assert rows.count() == 1
    rows.locator("th a").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "入道雲です。" in page.inner_text(".answers")
    page.locator(".documents .document-download a").first.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    name = download.value.suggested_filename
    assert name.startswith(prefix) and name.endswith(suffix)
    assert download.value.path().read_bytes() == b"I have watched the sky."
    page.focus("[name=stage]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    button_with_focus = page.locator(".stage button:focus")
    assert button_with_focus.inner_text() == button
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert message in page.inner_text(".messagelist")
    assert not visitor.console_messages


def test_review_controls_reachable_by_tab(signed_in, application):
    visitor = signed_in("en")
    visitor.open(f"{LIST}{application[1]}/change/")
    press_tab_until(visitor.page, ".stage select")
    press_tab_until(visitor.page, ".documents .document-download a")


def test_bulk_move_without_javascript(signed_in, application):
    visitor = signed_in("en", java_script_enabled=False)
    page = visitor.page
    visitor.open(f"{LIST}?q={application[0]}")
    page.check("#result_list .action-select >> nth=0")
    page.select_option("[name=action]", "move_to_interview")
    with page.expect_navigation():
        page.click(".actions button")
    assert "1 application is now in “interviews”." in page.inner_text(".messagelist")


@pytest.mark.parametrize("script", [True, False])
def test_telling_several_candidates_and_undoing(signed_in, application, script):
    """Preview, told candidates and review page are accessible; telling is undone from the page."""
    visitor = signed_in("ja", java_script_enabled=script)
    page = visitor.page
    visitor.open(f"{LIST}?q={application[0]}")
    page.check("#result_list .action-select >> nth=0")
    page.select_option("[name=action]", "tell")
    with page.expect_navigation():
        page.click(".actions button")
    page.select_option("[name=status]", "interviews")
    with page.expect_navigation():
        page.click("button[name=preview]")
    assert "面接選考中です" in page.inner_text("blockquote")
    faults = violations_on_devices(page) if script else []
    with page.expect_navigation():
        page.click("button[name=tell]")
    assert "それまでは元に戻せます" in page.inner_text("form.callout")
    faults += violations_on_devices(page) if script else []
    batch = page.url
    visitor.open(f"{LIST}{application[1]}/change/")
    faults += violations_on_devices(page) if script else []
    page.goto(batch)
    with page.expect_navigation():
        page.click("form.callout button")
    assert "1名分を元に戻しました" in page.inner_text(".messagelist")
    assert not faults, "\n".join(faults)
    assert not visitor.console_messages


@pytest.mark.parametrize("language", ["en", "ja"])
def test_review_pages_are_accessible(signed_in, application, language):
    _reference, key, document = application
    visitor = signed_in(language)
    page = visitor.page
    faults = []
    for path in (
        "/admin/",
        LIST,
        f"{LIST}?waiting=yes",
        f"{LIST}?q=nobody-is-called-so",
        f"{LIST}{key}/change/",
        f"{LIST}{key}/documents/{document}/",
        f"{LIST}{key}/history/",
        f"{LIST}{key}/tell/",
        f"{LIST}{key}/erase/",
    ):
        visitor.open(path)
        page.eval_on_selector_all("main details", "all => all.forEach(each => each.open = true)")
        faults += violations_on_devices(page, contrast=language == "ja")
        if path == f"{LIST}?waiting=yes":
            page.locator("#result_list tbody th a", has_text="Ann Smith").first.click()
            page.locator(".quarantine button").wait_for()
            faults += violations_on_devices(page, contrast=language == "ja")
    assert not faults, "\n".join(faults)
