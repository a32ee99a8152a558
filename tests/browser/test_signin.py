"""Sign-in in a browser: invitation, password, passkeys, authenticator codes, and all account pages."""

import re
import time
from email import message_from_string, policy
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.browser.accessibility import violations_on_devices
from tests.components import site
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser

NEW_PASSWORD = "a stapler for the battery"


@pytest.fixture
def account(demo_site):
    """account("rin@example.com", language="ja") creates a user who can sign in."""

    def make(address, language="en", superuser=True):
        fields = f"{address!r}, {PASSWORD!r}, language={language!r}, is_superuser={superuser}"
        code = f"from careers.staff.models import User; User.objects.create_user({fields})"
        site.shell(demo_site[1], code)
        return address

    return make


def sent_messages(demo_site):
    """All emails of the site so far, sent and parsed, the newest last."""
    site.call(demo_site[1], "send_queued_mail")
    folder = Path(demo_site[1]["VAR_DIR"]) / "emails"
    files = sorted(folder.glob("*"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_string(file.read_text("utf-8"), policy=policy.default) for file in files]


def password_link(message):
    text = message.get_body(["plain"]).get_content()
    return re.search(r"http://\S+/password/choose/\S+", text)[0]


def totp_code(secret):
    """The current code of an authenticator app, valid for at least five more seconds."""
    seconds_left = 30 - time.time() % 30
    if seconds_left < 5:
        time.sleep(seconds_left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def choose_password(page, password=NEW_PASSWORD):
    page.fill("[name=password1]", password)
    page.fill("[name=password2]", password)
    page.click("main form [type=submit]")


def add_authenticator(page):
    """Add a virtual authenticator that accepts everything to the browser of this page."""
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


def test_invitation_to_first_page(signed_in, visit, demo_site):
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
    message = sent_messages(demo_site)[-1]
    assert message["To"] == "hana@example.com"
    assert message["Subject"].endswith("】採用サイトのアカウントのご案内")
    hana = visit(1280, locale="ja")
    hana.open(password_link(message).removeprefix(demo_site[0]))
    assert "set-password" in hana.page.url
    choose_password(hana.page)
    assert hana.page.url == f"{demo_site[0]}/admin/"
    assert "佐藤" in hana.page.inner_text("#user-tools")
    superuser.page.reload()
    assert not page.get_by_role("button", name="Send the invitation again").is_visible()


def test_password_reset(visit, account, demo_site):
    rin = visit(390, locale="en")
    account("rin.forgets@example.com")
    rin.open("/admin/account/login/")
    rin.page.click("text=Forgot your password?")
    rin.page.fill("[name=email]", "Rin.Forgets@example.com")
    rin.page.click("main form [type=submit]")
    expect(rin.page.locator("h1")).to_have_text("Look into your mail")
    link = password_link(sent_messages(demo_site)[-1])
    rin.page.goto(link)
    choose_password(rin.page)
    assert rin.page.url == f"{demo_site[0]}/admin/"
    rin.page.context.clear_cookies()
    rin.page.goto(link)
    expect(rin.page.locator("h1")).to_have_text("This link no longer works")


def add_passkey(page):
    """Add a passkey on its page."""
    page.fill("[name=name]", "Laptop")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/admin/account/codes/")


def test_passkey_as_second_step(visit, account, demo_site):
    address = account("second@example.com")
    visitor = visit(1280)
    page = visitor.page
    add_authenticator(page)
    visitor.sign_in(address)
    visitor.open("/admin/account/keys/add/")
    add_passkey(page)
    page.click("#logout-form button")
    visitor.sign_in(address)
    expect(page.locator("h1")).to_have_text("The second step")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(f"{demo_site[0]}/admin/")


def test_passkey_signs_in_while_password_is_locked(visit, account, demo_site):
    address = account("passkey@example.com")
    visitor = visit(1280)
    page = visitor.page
    add_authenticator(page)
    visitor.sign_in(address)
    visitor.open("/admin/account/keys/add/")
    add_passkey(page)
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
    page.wait_for_url(f"{demo_site[0]}/admin/")


def test_passkey_failure_shows_message(visit):
    visitor = visit(1280, locale="ja")
    visitor.open("/admin/account/login/")
    session = add_authenticator(visitor.page)  # it has no passkey for this site
    visitor.page.click("#passkey_login")
    expect(visitor.page.locator(".passkey-failed")).to_be_visible()
    session.send("WebAuthn.disable")


def test_authenticator_app_and_recovery_code(visit, account, demo_site):
    address = account("app@example.com")
    visitor = visit(1280)
    page = visitor.page
    visitor.sign_in(address)
    visitor.open("/admin/account/app/activate/")
    assert page.locator(".qr-code").evaluate("image => image.naturalWidth") > 0
    secret = page.input_value("#authenticator_secret")
    page.fill("[name=code]", totp_code(secret))
    page.click("main form [type=submit]")
    page.wait_for_url("**/admin/account/codes/")
    recovery_code = page.input_value("#recovery_codes").split()[0]
    page.click("#logout-form button")
    visitor.sign_in(address)
    expect(page.locator("h1")).to_have_text("The second step")
    assert violations_on_devices(page) == []
    visitor.open("/admin/")
    assert "/admin/account/login" in page.url or "second-step" in page.url
    page.fill("[name=code]", recovery_code)
    page.click("main form [type=submit] >> nth=0")
    page.wait_for_url(f"{demo_site[0]}/admin/")


def test_password_without_javascript(visit, account, demo_site):
    address = account("plain@example.com")
    visitor = visit(1280, java_script_enabled=False)
    visitor.sign_in(address)
    assert visitor.page.url == f"{demo_site[0]}/admin/"
    visitor.page.context.clear_cookies()
    visitor.open("/admin/account/login/")
    assert not visitor.page.is_visible("#passkey_login")


ANONYMOUS_PAGES = (
    "login/",
    "password/reset/",
    "password/reset/done/",
    "password/choose/1/abc-def/",
)
ACCOUNT_PAGES = (
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
def test_anonymous_pages_are_accessible(visit, language):
    visitor = visit(1280, locale=language)
    faults = []
    for path in ANONYMOUS_PAGES:
        visitor.open(f"/admin/account/{path}")
        assert visitor.page.locator("html").get_attribute("lang") == language
        faults += violations_on_devices(visitor.page)
    visitor.open("/admin/account/login/")
    visitor.page.fill("[name=login]", f"nobody.{language}@example.com")
    visitor.page.fill("[name=password]", "wrong")
    visitor.page.click("main form [type=submit]")
    visitor.page.locator(".errornote").first.wait_for()
    faults += violations_on_devices(visitor.page)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_account_pages_are_accessible(visit, account, language):
    address = account(f"pages.{language}@example.com", language)
    visitor = visit(1280, locale=language)
    page = visitor.page
    add_authenticator(page)
    visitor.sign_in(address)
    faults = []
    for path in ACCOUNT_PAGES:
        visitor.open(f"/admin/account/{path}")
        assert page.locator("html").get_attribute("lang") == language
        faults += violations_on_devices(page)
    visitor.open("/admin/account/keys/add/")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/admin/account/codes/")
    for path in ("", "second-factor/", "codes/", "codes/generate/", "keys/", "confirm/key/"):
        visitor.open(f"/admin/account/{path}")
        faults += violations_on_devices(page)
    visitor.open("/admin/account/keys/")
    for link in ("edit", "remove"):
        page.click(f".rows a[href$='/{link}/']")
        faults += violations_on_devices(page)
        page.go_back()
    visitor.open("/admin/account/app/activate/")
    page.fill("[name=code]", totp_code(page.input_value("#authenticator_secret")))
    page.click("main form [type=submit]")
    page.locator(".messagelist").wait_for()
    visitor.open("/admin/account/app/deactivate/")
    faults += violations_on_devices(page)
    visitor.open("/admin/account/confirm/code/")
    faults += violations_on_devices(page)
    assert not faults, "\n".join(faults)


def test_account_language(visit, account):
    visitor = visit(390)
    visitor.sign_in(account("language@example.com", superuser=False))
    visitor.page.click("a.account-link")
    visitor.page.click("text=日本語")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "ja")
    expect(visitor.page.locator("h1")).to_have_text("アカウント設定")
