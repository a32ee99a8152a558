"""The second step of signing in, and the confirmation of a session, offer exactly the account's factors."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from careers.staff.models import User
from tests.conftest import HOST, PASSWORD, Visitor, sign_in
from tests.html import parse
from tests.staff.test_mfa import SECRET, code

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STEP = "/admin/account/login/second-step/"
KEY = "#mfa_webauthn_authenticate"
NEEDS_JAVASCRIPT = {"en": "need JavaScript", "ja": "JavaScriptを有効にし"}
PROMPTS = {
    ("app", "codes"): "Enter a code from your authenticator app, or one of your recovery codes.",
    ("app",): "Enter a code from your authenticator app.",
    ("codes",): "Enter one of your recovery codes.",
    (): None,
}
# The factors of an account. Without an app or a key, recovery codes do not count as a second factor.
ACCOUNTS = [
    ("key",),
    ("key", "codes"),
    ("key", "used codes"),
    ("app",),
    ("app", "codes"),
    ("app", "used codes"),
    ("key", "app"),
    ("key", "app", "codes"),
    ("key", "app", "used codes"),
]


@pytest.fixture(autouse=True)
def frozen_clock():
    """A code is valid for 30 seconds, which must not end between two requests."""
    with time_machine.travel(time.time(), tick=False):
        yield


@pytest.fixture
def rin():
    return User.objects.create_user("rin@example.com", PASSWORD, is_superuser=True)


def registered_credential():
    """The credential that a browser sends when it registers a key, without attestation."""
    public_key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    key_data = AttestedCredentialData.create(Aaguid.NONE, b"key 1", public_key)
    flags = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.ATTESTED
    data = AuthenticatorData.create(bytes(32), flags, 0, key_data)
    client_data = CollectedClientData.create(
        CollectedClientData.TYPE.CREATE, b"challenge", f"https://{HOST}"
    )
    return {
        "id": websafe_encode(b"key 1"),
        "rawId": websafe_encode(b"key 1"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }


def give(user, *factors):
    """Add what `factors` name to an account."""
    if "app" in factors:
        TOTP.activate(user, SECRET)
    if "key" in factors:
        Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Key 1", "credential": registered_credential(), "passwordless": False},
        )
    if "codes" in factors or "used codes" in factors:
        codes = RecoveryCodes.activate(user)
        if "used codes" in factors:
            for unused in codes.get_unused_codes():
                assert codes.validate_code(unused)


def prompt_of(factors):
    return PROMPTS[tuple(name for name in ("app", "codes") if name in factors)]


@pytest.mark.parametrize("factors", ACCOUNTS, ids="+".join)
def test_second_step_offers_what_the_account_has(factors, rin):
    give(rin, *factors)
    visitor = Visitor()
    assert sign_in(visitor, rin.email).headers["Location"].startswith(STEP)
    page = parse(visitor.page(STEP)).one("#content")
    prompt = prompt_of(factors)
    assert len(page.all("[name=code]")) == (prompt is not None)
    assert [text for text in PROMPTS.values() if text and text in page.texts("p")] == (
        [prompt] if prompt else []
    )
    assert len(page.all(KEY)) == ("key" in factors)
    # The main factor comes first, and the other one follows a heading.
    has_both = "key" in factors and prompt is not None
    assert page.texts("h2") == (["Other ways"] if has_both else [])
    if has_both:
        first = page.html.index("mfa_webauthn_authenticate") < page.html.index('name="code"')
        assert first == ("app" not in factors)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_second_step_explains_a_key_without_javascript(language, rin):
    """The button is hidden until its script runs; a browser without passkeys gets the same words."""
    give(rin, "key")
    visitor = Visitor()
    headers = {"accept-language": language}
    sign_in(visitor, rin.email)
    page = parse(visitor.page(STEP, headers=headers)).one("#content")
    [button] = page.all(f".passkey {KEY}")
    assert "hidden" in page.one(".passkey")
    assert NEEDS_JAVASCRIPT[language] in page.one("noscript").text
    assert NEEDS_JAVASCRIPT[language] in page.one(".passkey-unavailable").text
    assert "hidden" in page.one(".passkey-unavailable")
    assert button["type"] == "button"


def test_second_step_without_key_needs_no_javascript(rin):
    give(rin, "app", "codes")
    visitor = Visitor()
    sign_in(visitor, rin.email)
    page = parse(visitor.page(STEP)).one("#content")
    assert page.all("noscript, .passkey-unavailable, script") == []


def test_second_step_accepts_a_recovery_code_of_a_key_account(rin):
    give(rin, "key", "codes")
    [*_, recovery_code] = RecoveryCodes(
        Authenticator.objects.get(user=rin, type=Authenticator.Type.RECOVERY_CODES)
    ).get_unused_codes()
    visitor = Visitor()
    sign_in(visitor, rin.email)
    assert visitor.post(STEP, {"code": "wrong"}).status_code == 200
    assert visitor.post(STEP, {"code": recovery_code}).headers["Location"] == "/admin/"


def test_second_step_accepts_the_code_of_an_app(rin):
    give(rin, "app", "key")
    visitor = Visitor()
    sign_in(visitor, rin.email)
    assert visitor.post(STEP, {"code": code()}).headers["Location"] == "/admin/"


# --- Confirming a session ---

CONFIRM = "/admin/account/confirm/"


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("factors", ACCOUNTS, ids="+".join)
def test_confirmation_offers_what_the_account_has(factors, required, rin, settings):
    """With REQUIRE_SECOND_FACTOR the password confirms nothing; the main factor is asked for first."""
    settings.REQUIRE_SECOND_FACTOR = required
    visitor = Visitor()
    sign_in(visitor, rin.email)  # before it had a second factor
    give(rin, *factors)
    with time_machine.travel(time.time() + 6 * 60, tick=False):
        response = visitor.get("/admin/account/keys/add/", follow=True)
        page, ways = parse(response.text), {response.request["PATH_INFO"]}
        first = response.request["PATH_INFO"].removeprefix(CONFIRM)
        ways |= {link["href"].partition("?")[0] for link in page.all("a[href*='/confirm/']")}
    expected = {f"{CONFIRM}key/"} if "key" in factors else set()
    expected |= {f"{CONFIRM}code/"} if prompt_of(factors) else set()
    expected |= set() if required else {CONFIRM}
    assert ways == expected
    main = "code/" if "app" in factors else "key/"
    assert first == (main if required else "")


def test_confirmation_with_a_recovery_code_is_called_so(rin):
    """Not "authenticator app" for an account without one."""
    visitor = Visitor()
    sign_in(visitor, rin.email)
    give(rin, "key", "codes")
    page = parse(visitor.page(f"{CONFIRM}key/"))
    assert "Use a recovery code" in page.texts("a.button")
    page = parse(visitor.page(f"{CONFIRM}code/"))
    assert PROMPTS[("codes",)] in page.texts("p")


def test_confirmation_with_a_key_explains_itself_without_javascript(rin):
    visitor = Visitor()
    sign_in(visitor, rin.email)
    give(rin, "key")
    page = parse(visitor.page(f"{CONFIRM}key/")).one("#content")
    assert "need JavaScript" in page.one("noscript").text
    assert page.all(f".passkey[hidden] {KEY}")


# --- Removing a factor ---


@pytest.mark.parametrize("factor", ["key", "app"])
def test_removal_of_a_factor_says_what_else_goes(factor, rin):
    """The recovery codes end with the last second factor; a page says so and asks."""
    visitor = Visitor()
    sign_in(visitor, rin.email)
    give(rin, factor, "codes")
    key = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).first()
    path = f"/admin/account/keys/{key.pk}/remove/" if key else "/admin/account/app/deactivate/"
    page = parse(visitor.page(path)).one("#content")
    assert "your recovery codes are deleted too" in page.one(".callout").text
    assert Authenticator.objects.count() == 2
    form = page.one("form:has(.danger)")
    assert visitor.post(form["action"]).status_code == 302
    assert not Authenticator.objects.exists()
