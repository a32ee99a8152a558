"""Nothing typed is lost or replaced: Back, Forward, reload, closing, versions, sign-in, two tabs, colleagues.

After each step, what the editors show is what their fields would send.
"""

import pytest

from tests.browser.accessibility import violations_on_devices
from tests.browser.conftest import save
from tests.components import site
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

CREATE_CODE = """
from careers.roles.models import Role, Department, RoleCondition
from careers.revisions.models import Draft
Draft.objects.all().delete()
role = Role.objects.create(
    title_en="Rain engineer", title_ja="雨のエンジニア", summary_en="Reads the rain.",
    summary_ja="雨を読む仕事です。", duties_en="<p>Read the rain.</p>", duties_ja="<p>雨を読みます。</p>",
    reference_id=f"DRAFT-{Role.objects.count()}", department=Department.objects.first(),
    opens_at="2031-01-01T00:00Z")
RoleCondition.objects.create(role=role, kind="hours", text_en="9 to 6", text_ja="9:00～18:00")
print(role.pk)
"""
SIGN_OUT = "from django.contrib.sessions.models import Session\nSession.objects.all().delete()"
COUNT = "from careers.revisions.models import Draft\nprint(Draft.objects.count())"

# What the editors show and what their fields would send, as plain text: {field: [shown, sent]}.
EDITORS = """() => Object.fromEntries(
  [...document.querySelectorAll("textarea[data-rich-text]")]
    .filter((textarea) => !textarea.id.includes("__prefix__"))
    .map((textarea) => {
      const sent = document.createElement("div");
      sent.innerHTML = textarea.value;
      const shown = document.getElementById(`${textarea.id}_area`);
      return [textarea.name, [shown.textContent, sent.textContent.replace(/\\n/g, "")]];
    }))"""
# Whether all rows that the form counts are there, and no others.
ROWS = """() => [...document.querySelectorAll("[name$=-TOTAL_FORMS]")].map((total) => {
  const prefix = total.name.replace("-TOTAL_FORMS", "");
  return [Number(total.value), document.querySelectorAll(`.dynamic-${prefix}`).length];
})"""

TYPED = {
    "title_ja": "嵐のエンジニア",
    "summary_en": "Reads the storm.",
    "duties_en": "Read the storm.",
    "duties_ja": "嵐を読みます。",
    "conditions-1-text_en": "Weekends",
    "conditions-1-text_ja": "土日",
}
STORED = {
    "title_ja": "雨のエンジニア",
    "summary_en": "Reads the rain.",
    "duties_en": "Read the rain.",
    "duties_ja": "雨を読みます。",
}


class Recruiter:
    """A tab with the form of a role, and the questions that the browser asked in it."""

    def __init__(self, visitor, path, environment):
        self.visitor, self.path, self.environment = visitor, path, environment
        self.adopt(visitor.page)

    def adopt(self, page):
        """Go on in this tab."""
        self.page, self.questions = page, []
        page.on("dialog", self._answer)

    def _answer(self, dialog):
        self.questions.append(dialog.type)
        dialog.accept()

    def new_tab(self):
        tab = Recruiter(self.visitor, self.path, self.environment)
        tab.adopt(self.page.context.new_page())
        return tab

    def open(self, path=None):
        self.page.goto(self.visitor.url + (path or self.path))

    def write(self, field, text):
        """Type into a rich text editor."""
        self.page.click(f"#id_{field}_area")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def type_everything(self):
        """Type into fields and editors, and add a row."""
        page = self.page
        page.fill("[name=title_ja]", TYPED["title_ja"])
        page.fill("[name=summary_en]", TYPED["summary_en"])
        self.write("duties_en", TYPED["duties_en"])
        self.write("duties_ja", TYPED["duties_ja"])
        page.click("#conditions-group .add-row a")
        page.select_option("[name=conditions-1-kind]", "days_off")
        self.fill_row("text_en")
        self.fill_row("text_ja")

    def fill_row(self, name):
        field = f"conditions-1-{name}"
        if self.page.locator(f"#id_{field}_area").count():
            self.write(field, TYPED[field])
        else:
            self.page.fill(f"[name={field}]", TYPED[field])

    def assert_shows(self, expected):
        """The form shows these texts, and would send exactly what it shows."""
        page = self.page
        page.wait_for_load_state()
        editors = page.evaluate(EDITORS)
        assert len(editors) > 10
        assert [name for name, (shown, sent) in editors.items() if shown != sent] == []
        rows = page.evaluate(ROWS)
        assert len(rows) == 4
        assert [pair for pair in rows if pair[0] != pair[1]] == []
        shown = {
            name: editors[name][0] if name in editors else page.input_value(f"[name={name}]")
            for name in expected
        }
        assert shown == expected

    def continue_draft(self, number=1):
        """Wait until `number` drafts are offered, and continue the newest."""
        offers = self.page.locator("#drafts li")
        offers.nth(number - 1).wait_for()
        assert offers.count() == number
        with self.page.expect_navigation():
            offers.first.locator("a").click()

    def wait_until_stored(self):
        """Hide the tab, which stores the draft at once, and wait for the message."""
        with self.page.expect_response("**/draft/") as response:
            self.page.evaluate(
                "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
                "document.dispatchEvent(new Event('visibilitychange'));"
                "delete document.hidden"
            )
        assert response.value.status == 200
        self.page.get_by_text("Draft saved").wait_for()

    def count(self):
        return int(site.shell(self.environment, COUNT))


@pytest.fixture
def recruiter(signed_in, demo_site):
    pk = site.shell(demo_site[1], CREATE_CODE).strip()
    recruiter = Recruiter(signed_in("en"), f"/admin/roles/role/{pk}/change/", demo_site[1])
    recruiter.open()
    return recruiter


def test_typed_text_survives_every_way_out(recruiter):
    """Back, Forward, reload, and closing the tab: the page asks, and then offers the draft."""
    page = recruiter.page
    recruiter.type_everything()
    recruiter.assert_shows(TYPED)

    page.reload()
    assert recruiter.questions == ["beforeunload"]
    recruiter.assert_shows(STORED)
    recruiter.continue_draft()
    recruiter.assert_shows(TYPED)

    # A continued draft is stored already: the browser does not ask.
    page.go_back()
    recruiter.assert_shows(STORED)
    page.go_forward()
    recruiter.assert_shows(TYPED)
    page.reload()
    recruiter.assert_shows(TYPED)
    assert recruiter.questions == ["beforeunload"]

    recruiter.write("duties_ja", "風を読みます。")
    changed = TYPED | {"duties_ja": "風を読みます。"}
    page.click("#site-name a")
    page.wait_for_url("**/admin/")
    assert recruiter.questions == ["beforeunload"] * 2
    page.go_back()
    recruiter.assert_shows(changed)  # the same draft, with the last change

    recruiter.write("duties_en", "Read the wind.")
    changed |= {"duties_en": "Read the wind."}
    other = page.context.new_page()
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    assert recruiter.questions == ["beforeunload"] * 3
    recruiter.adopt(other)
    recruiter.open()
    recruiter.continue_draft()
    recruiter.assert_shows(changed)

    save(other)
    assert other.url == recruiter.visitor.url + recruiter.path
    recruiter.assert_shows(changed)
    assert recruiter.count() == 0
    # Back to the URLs of the draft and of the form: both show the saved values.
    other.go_back()
    recruiter.assert_shows(changed)
    other.go_back()
    recruiter.assert_shows(changed)
    assert recruiter.questions == []


def test_question_only_about_changes(recruiter):
    """A pristine form, one that was changed back, and a submitted one are left without a question."""
    page = recruiter.page
    recruiter.open()
    page.fill("[name=summary_en]", "Typed")
    page.fill("[name=summary_en]", STORED["summary_en"])
    page.click("#id_duties_en_area")
    page.keyboard.type("x")
    page.keyboard.press("Control+Z")
    page.click("#conditions-group .add-row a")
    page.click("#conditions-group .inline-deletelink")
    recruiter.assert_shows(STORED)
    recruiter.open()
    assert (recruiter.questions, recruiter.count()) == ([], 0)
    page.click("#conditions-group .add-row a")
    page.evaluate("location.reload()")
    page.locator("#drafts li").wait_for()
    assert recruiter.questions == ["beforeunload"]


def test_draft_stored_while_typing(recruiter):
    """Every ten seconds; the message changes once. A draft that is changed back is deleted."""
    page = recruiter.page
    page.clock.install()
    recruiter.open()
    page.fill("[name=summary_en]", "Typed")
    page.clock.fast_forward(10_000)
    page.get_by_text("Draft saved").wait_for()
    assert page.locator("#draft-status time").inner_text().count(":") == 1
    assert violations_on_devices(page) == []
    page.evaluate(
        "new MutationObserver(() => { window.announced = true }).observe("
        "document.querySelector('#draft-status [role=status]'), {childList: true})"
    )
    page.fill("[name=summary_en]", "Typed again")
    recruiter.wait_until_stored()
    assert page.evaluate("window.announced") is None
    assert recruiter.count() == 1
    page.fill("[name=summary_en]", STORED["summary_en"])
    with page.expect_response("**/drafts/discard/"):
        page.clock.fast_forward(10_000)
    assert recruiter.count() == 0


def test_draft_longer_than_a_keepalive_request(recruiter):
    """Browsers refuse more than 64 KiB in a request that outlives the page."""
    page = recruiter.page
    page.fill("[name=summary_ja]", "雨" * 30_000)
    recruiter.wait_until_stored()
    page.reload()
    recruiter.continue_draft()
    recruiter.assert_shows({"summary_ja": "雨" * 30_000})


def test_drafts_of_two_tabs(recruiter):
    """Each tab has its own draft, even if both continue the same one."""
    first, second = recruiter, recruiter.new_tab()
    second.open()
    first.write("duties_ja", "一つ目")
    second.write("duties_ja", "二つ目")
    first.wait_until_stored()
    second.wait_until_stored()
    assert recruiter.count() == 2

    third = recruiter.new_tab()
    third.open()
    third.continue_draft(2)
    third.assert_shows({"duties_ja": "二つ目"})
    second.write("duties_ja", "二つ目の続き")
    second.wait_until_stored()
    third.write("duties_ja", "三つ目")
    with third.page.expect_response(lambda answer: answer.status == 409):
        third.page.evaluate("dispatchEvent(new Event('pagehide'))")
    third.page.get_by_text("Draft saved").wait_for()
    assert recruiter.count() == 3

    save(first.page)
    assert recruiter.count() == 2
    second.page.reload()
    second.page.locator("#drafts li >> nth=1").wait_for()
    second.assert_shows({"duties_ja": "一つ目"})
    texts = set()
    for number in range(2):
        url = second.page.locator("#drafts li a").nth(number).get_attribute("href")
        third.open(url)
        third.assert_shows({})
        texts.add(third.page.inner_text("#id_duties_ja_area"))
        assert third.page.locator(".field-duties_ja .errorlist q").first.inner_text() == "一つ目"
    assert texts == {"二つ目の続き", "三つ目"}


def test_draft_after_restoring_a_version(recruiter):
    """Typing into a restored version: the draft contains it. A save leads to the plain form."""
    page = recruiter.page
    page.fill("[name=summary_en]", "Reads clouds.")
    save(page)
    recruiter.open(recruiter.path.replace("change", "history"))
    page.click("table.versions tbody tr:last-child a >> nth=0")
    recruiter.assert_shows(STORED)
    recruiter.write("duties_en", TYPED["duties_en"])
    page.reload()
    recruiter.continue_draft()
    assert "version=" not in page.url
    recruiter.assert_shows(STORED | {"duties_en": TYPED["duties_en"]})
    page.go_back()
    recruiter.assert_shows(STORED)
    save(page)
    assert page.url == recruiter.visitor.url + recruiter.path
    recruiter.assert_shows(STORED)


def test_draft_after_a_rejected_save(recruiter):
    """The form with errors is not saved: leaving it asks, and its text is offered."""
    page = recruiter.page
    recruiter.write("duties_ja", TYPED["duties_ja"])
    page.fill("[name=reference_id]", "")
    save(page)
    assert page.locator(".errorlist").count() > 0
    recruiter.assert_shows({"duties_ja": TYPED["duties_ja"]})
    page.get_by_text("Draft saved").wait_for()
    page.click("#site-name a")
    page.wait_for_url("**/admin/")
    assert recruiter.questions == ["beforeunload"]
    recruiter.open()
    recruiter.continue_draft()
    recruiter.assert_shows({"duties_ja": TYPED["duties_ja"], "reference_id": ""})
    assert page.locator(".errorlist").count() == 0


def test_draft_after_session_end(recruiter, sessions):
    """The page says that the draft is not stored; after signing in elsewhere, it is."""
    page = recruiter.page
    site.shell(recruiter.environment, SIGN_OUT)
    sessions.clear()
    recruiter.type_everything()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.get_by_text("Draft not saved: you are no longer signed in").wait_for()
    assert violations_on_devices(page) == []
    with page.context.expect_page() as new_page:
        page.click("#not-sent a")
    sign_in_page = new_page.value
    sign_in_page.fill("[name=login]", "en@example.com")
    sign_in_page.fill("[name=password]", PASSWORD)
    sign_in_page.click("main form [type=submit] >> nth=0")
    sign_in_page.wait_for_url("**/admin/")
    page.get_by_text("Draft saved").wait_for(timeout=15_000)
    assert page.locator("#not-sent").is_hidden()
    recruiter.assert_shows(TYPED)
    page.reload()
    recruiter.continue_draft()
    recruiter.assert_shows(TYPED)
    save(page)
    recruiter.assert_shows(TYPED)
    assert recruiter.count() == 0


def test_draft_offline(recruiter):
    page = recruiter.page
    page.fill("[name=summary_en]", "Typed")
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.get_by_text("Draft not saved: no connection").wait_for()
    page.context.set_offline(False)
    recruiter.wait_until_stored()


def test_draft_merged_with_colleague(recruiter, signed_in):
    """A colleague saves the record: other fields are merged, the same field is a conflict."""
    page = recruiter.page
    recruiter.type_everything()
    page.reload()
    page.locator("#drafts li").wait_for()
    colleague = Recruiter(signed_in("ja"), recruiter.path, recruiter.environment)
    colleague.open()
    colleague.write("duties_ja", "雲を読みます。")
    colleague.page.fill("[name=summary_ja]", "雲を読む仕事です。")
    save(colleague.page)
    recruiter.continue_draft()
    merged = TYPED | {"summary_ja": "雲を読む仕事です。"}
    recruiter.assert_shows(merged)
    assert "雲を読みます。" in page.inner_text(".field-duties_ja .errorlist")
    save(page)
    recruiter.assert_shows(merged)
    assert recruiter.count() == 0


def test_draft_of_new_record(recruiter):
    """The add form offers its drafts, in Japanese too; discarding one deletes it."""
    page = recruiter.page
    recruiter.open("/admin/company/value/add/")
    page.fill("[name=title_ja]", "正直")
    page.fill("[name=text_en]", "We say what we know.")
    page.reload()
    offer = page.locator("#drafts li")
    offer.wait_for()
    assert offer.locator("[lang=ja]").inner_text() == "正直"
    assert violations_on_devices(page) == []
    recruiter.continue_draft()
    assert page.input_value("[name=title_ja]") == "正直"
    assert page.input_value("[name=text_en]") == "We say what we know."
    page.go_back()
    page.click("#drafts button")
    page.wait_for_url("**/value/add/")
    assert page.locator("#drafts").is_hidden()
    assert recruiter.count() == 0


def test_list_position_is_not_restored(recruiter):
    """A number that was typed and not sent would look like the position of the row."""
    page = recruiter.page
    recruiter.open("/admin/company/value/")
    field = page.locator(".row-position [name=position] >> nth=0")
    field.fill("3")
    page.reload()
    assert field.input_value() == "1"
