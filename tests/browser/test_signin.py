"""People and sign-in, as a browser meets them: letters, passwords, passkeys, codes, and every page."""

import re
import time
from email import message_from_string, policy
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.browser.test_admin import violations
from tests.components import site
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

NEW_PASSWORD = "a stapler for the battery"


@pytest.fixture
def account(served):
    """account("rin@example.com", language="ja") makes one that can sign in."""

    def make(address, language="en", superuser=True):
        fields = f"{address!r}, {PASSWORD!r}, language={language!r}, is_superuser={superuser}"
        code = f"from careers.staff.models import User; User.objects.create_user({fields})"
        site.shell(served[1], code)
        return address

    return make


def letters(served):
    """Every letter so far, delivered and decoded, the newest last."""
    site.manage(served[1], "send_queued_mail")
    folder = Path(served[1]["VAR_DIR"]) / "emails"
    files = sorted(folder.glob("*"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_string(file.read_text("utf-8"), policy=policy.default) for file in files]


def link_in(letter):
    return re.search(r"http://\S+/password/choose/\S+", letter.get_body(["plain"]).get_content())[0]


def code_of(secret):
    """What an authenticator app shows, and will show for as long as it takes to type it."""
    left = 30 - time.time() % 30
    if left < 5:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def choose_password(page, password=NEW_PASSWORD):
    page.fill("[name=password1]", password)
    page.fill("[name=password2]", password)
    page.click("main form [type=submit]")


def passkeys_of(page):
    """A fingerprint reader that always says yes, in the browser of this page."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_from_the_invitation_to_the_first_page(signed_in, visit, served):
    superuser = signed_in("en")
    superuser.open("/admin/staff/user/add/")
    page = superuser.page
    page.fill("[name=email]", "hana@example.com")
    page.fill("[name=last_name]", "佐藤")
    page.fill("[name=first_name]", "花")
    page.select_option("[name=language]", "ja")
    page.get_by_label("Recruiters").check()
    page.click("[name=_continue]")
    expect(page.locator(".messagelist")).to_contain_text("An invitation is on its way")
    assert page.get_by_role("button", name="Send the invitation again").is_visible()
    letter = letters(served)[-1]
    assert letter["To"] == "hana@example.com"
    assert letter["Subject"].endswith("】採用サイトのアカウントのご案内")
    hana = visit(1280, locale="ja")
    hana.open(link_in(letter).removeprefix(served[0]))
    assert "set-password" in hana.page.url
    choose_password(hana.page)
    assert hana.page.url == f"{served[0]}/admin/"
    assert "佐藤" in hana.page.inner_text("#user-tools")
    superuser.page.reload()
    assert not page.get_by_role("button", name="Send the invitation again").is_visible()


def test_a_forgotten_password(visit, account, served):
    rin = visit(390, locale="en")
    account("rin.forgets@example.com")
    rin.open("/admin/account/login/")
    rin.page.click("text=Forgot your password?")
    rin.page.fill("[name=email]", "Rin.Forgets@example.com")
    rin.page.click("main form [type=submit]")
    expect(rin.page.locator("h1")).to_have_text("Look into your mail")
    link = link_in(letters(served)[-1])
    rin.page.goto(link)
    choose_password(rin.page)
    assert rin.page.url == f"{served[0]}/admin/"
    rin.page.context.clear_cookies()
    rin.page.goto(link)
    expect(rin.page.locator("h1")).to_have_text("This link no longer works")


def test_a_passkey_alone_signs_in_even_while_the_password_is_locked(visit, account, served):
    address = account("passkey@example.com")
    visitor = visit(1280)
    page = visitor.page
    passkeys_of(page)
    visitor.sign_in(address)
    visitor.open("/admin/account/keys/add/")
    page.fill("[name=name]", "Laptop")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/admin/account/codes/")
    visitor.open("/admin/account/keys/")
    expect(page.locator(".rows")).to_contain_text("Laptop")
    page.click("#logout-form button")
    expect(page.locator("h1")).to_have_text("Sign in")
    for _ in range(6):
        page.fill("[name=login]", address)
        page.fill("[name=password]", "wrong")
        page.click("main form [type=submit]")
    expect(page.locator(".errornote").first).to_contain_text("Too many failed login attempts")
    page.click("#passkey_login")
    page.wait_for_url(f"{served[0]}/admin/")


def test_a_passkey_that_is_refused_is_said_in_words(visit):
    visitor = visit(1280, locale="ja")
    visitor.open("/admin/account/login/")
    session = passkeys_of(visitor.page)  # it holds no passkey of this site
    visitor.page.click("#passkey_login")
    expect(visitor.page.locator(".passkey-failed")).to_be_visible()
    session.send("WebAuthn.disable")


def test_codes_of_an_app_and_the_second_step(visit, account, served):
    address = account("app@example.com")
    visitor = visit(1280)
    page = visitor.page
    visitor.sign_in(address)
    visitor.open("/admin/account/app/activate/")
    assert page.locator(".qr-code").evaluate("image => image.naturalWidth") > 0
    secret = page.input_value("#authenticator_secret")
    page.fill("[name=code]", code_of(secret))
    page.click("main form [type=submit]")
    page.wait_for_url("**/admin/account/codes/")
    recovery = page.input_value("#recovery_codes").split()[0]
    page.click("#logout-form button")
    visitor.sign_in(address)
    expect(page.locator("h1")).to_have_text("The second step")
    assert not [*violations(page)]
    visitor.open("/admin/")
    assert "/admin/account/login" in page.url or "second-step" in page.url
    page.fill("[name=code]", recovery)
    page.click("main form [type=submit] >> nth=0")
    page.wait_for_url(f"{served[0]}/admin/")


def test_a_password_signs_in_without_scripts(visit, account, served):
    address = account("plain@example.com")
    visitor = visit(1280, java_script_enabled=False)
    visitor.sign_in(address)
    assert visitor.page.url == f"{served[0]}/admin/"
    visitor.page.context.clear_cookies()
    visitor.open("/admin/account/login/")
    assert not visitor.page.is_visible("#passkey_login")


BEFORE = ("login/", "password/reset/", "password/reset/done/", "password/choose/1/abc-def/")
PAGES = (
    "",
    "password/",
    "second-factor/",
    "keys/",
    "keys/add/",
    "app/activate/",
    "sessions/",
    "logout/",
    "confirm/",
    "codes/generate/",
)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_pages_before_sign_in_are_accessible_silent_and_alone(visit, language):
    visitor = visit(1280, locale=language)
    faults = []
    for path in BEFORE:
        visitor.open(f"/admin/account/{path}")
        assert visitor.page.locator("html").get_attribute("lang") == language
        faults += violations(visitor.page)
    visitor.open("/admin/account/login/")
    visitor.page.fill("[name=login]", f"nobody.{language}@example.com")
    visitor.page.fill("[name=password]", "wrong")
    visitor.page.click("main form [type=submit]")
    visitor.page.locator(".errornote").first.wait_for()
    faults += violations(visitor.page)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_pages_of_the_account_are_accessible_silent_and_alone(visit, account, language):
    address = account(f"pages.{language}@example.com", language)
    visitor = visit(1280, locale=language)
    page = visitor.page
    passkeys_of(page)
    visitor.sign_in(address)
    faults = []
    for path in PAGES:
        visitor.open(f"/admin/account/{path}")
        assert page.locator("html").get_attribute("lang") == language
        faults += violations(page)
    visitor.open("/admin/account/keys/add/")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/admin/account/codes/")
    for path in ("", "second-factor/", "codes/", "codes/generate/", "keys/", "confirm/key/"):
        visitor.open(f"/admin/account/{path}")
        faults += violations(page)
    visitor.open("/admin/account/keys/")
    for link in ("edit", "remove"):
        page.click(f".rows a[href$='/{link}/']")
        faults += violations(page)
        page.go_back()
    visitor.open("/admin/account/app/activate/")
    page.fill("[name=code]", code_of(page.input_value("#authenticator_secret")))
    page.click("main form [type=submit]")
    page.locator(".messagelist").wait_for()
    visitor.open("/admin/account/app/deactivate/")
    faults += violations(page)
    visitor.open("/admin/account/confirm/code/")
    faults += violations(page)
    assert not faults, "\n".join(faults)


def test_one_chooses_the_language_oneself(visit, account):
    visitor = visit(390)
    visitor.sign_in(account("language@example.com", superuser=False))
    visitor.page.click("a.account-link")
    visitor.page.click("text=日本語")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "ja")
    expect(visitor.page.locator("h1")).to_have_text("アカウント設定")
