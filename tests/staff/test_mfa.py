"""REQUIRE_SECOND_FACTOR: a session opens the admin only after it has verified a second factor."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import NoReverseMatch, reverse

from careers.staff.models import User
from tests.conftest import PASSWORD, Visitor, sign_in
from tests.html import parse
from tests.staff.test_permissions import ACCOUNT, ARGUMENTS, admin_names

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SECRET = "JBSWY3DPEHPK3PXP"
ENROLLMENT = "/admin/account/second-factor/"
VERIFICATION = "/admin/account/confirm/code/"
ALLOWED = {"logout"}


@pytest.fixture(autouse=True)
def mfa_required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture(autouse=True)
def frozen_clock():
    """A code is valid for 30 seconds, which must not end between two requests."""
    with time_machine.travel(time.time(), tick=False):
        yield


@pytest.fixture
def rin():
    return User.objects.create_user("rin@example.com", PASSWORD, is_superuser=True)


@pytest.fixture
def visitor(rin):
    """Signed in with the password alone."""
    visitor = Visitor()
    sign_in(visitor, rin.email)
    return visitor


def code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def url_path(name):
    """A path with that URL name."""
    candidates = ([], ["1"], ["roles"], [1, 1], ["00000000-0000-0000-0000-000000000001"])
    for arguments in candidates:
        try:
            return reverse(f"admin:{name}", args=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def test_mfa_is_required_on_every_admin_page(visitor, rin):
    """All URL names in one session, because sign-in is slow and not what is tested."""
    names = sorted(set(admin_names()) - ALLOWED)
    assert len(names) > 100  # the table is not empty

    def redirects():
        return {
            (name, method): getattr(visitor, method)(url_path(name)).headers.get("Location")
            for name in names
            for method in ("get", "post")
        }

    assert {
        each: location for each, location in redirects().items() if location != ENROLLMENT
    } == {}
    TOTP.activate(rin, SECRET)  # in another session, say
    step = f"{VERIFICATION}?next="
    assert {
        each: location
        for each, location in redirects().items()
        if not (location or "").startswith(step)
    } == {}


@pytest.mark.django_db(transaction=True)  # allauth sends its signal on commit
def test_mfa_enrollment_opens_the_admin(visitor):
    """A user without a second factor is redirected to enrollment, which also verifies the session."""
    page = visitor.get("/admin/account/app/activate/")
    secret = parse(page.text).one("#authenticator_secret")["value"]
    response = visitor.post("/admin/account/app/activate/", {"code": code(secret)})
    assert response.headers["Location"] == "/admin/account/codes/"
    assert visitor.get("/admin/account/codes/").status_code == 200
    assert visitor.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth sends its signal on commit
def test_mfa_enrollment_uses_up_its_code(visitor, rin):
    """A code that was read over the shoulder at the enrollment does not sign in."""
    page = visitor.get("/admin/account/app/activate/")
    secret = parse(page.text).one("#authenticator_secret")["value"]
    visitor.post("/admin/account/app/activate/", {"code": code(secret)})
    other = Visitor()
    sign_in(other, rin.email)
    step = "/admin/account/login/second-step/"
    assert other.post(step, {"code": code(secret)}).status_code == 200
    with time_machine.travel(time.time() + 31, tick=False):
        assert other.post(step, {"code": code(secret)}).headers["Location"] == "/admin/"


def test_mfa_at_sign_in_opens_the_admin(rin):
    """A user with a second factor is asked for it at sign-in."""
    TOTP.activate(rin, SECRET)
    visitor = Visitor()
    assert sign_in(visitor, rin.email).headers["Location"] == "/admin/account/login/second-step/"
    assert visitor.get("/admin/").status_code == 302
    response = visitor.post("/admin/account/login/second-step/", {"code": code()})
    assert response.headers["Location"] == "/admin/"
    assert visitor.get("/admin/").status_code == 200


def test_mfa_verification_of_an_older_session(visitor, rin):
    """A session that is older than the factor must verify it, then continues to the requested page."""
    TOTP.activate(rin, SECRET)
    step = visitor.get("/admin/roles/role/?q=a").headers["Location"]
    assert visitor.get(step).status_code == 200
    assert visitor.post(step, {"code": "000000"}).status_code == 200
    assert visitor.get("/admin/").status_code == 302
    assert visitor.post(step, {"code": code()}).headers["Location"] == "/admin/roles/role/?q=a"
    assert visitor.get("/admin/").status_code == 200


def test_mfa_cannot_be_changed_with_the_password_alone(visitor, rin):
    """No account page changes anything before the session has verified the factor."""
    TOTP.activate(rin, SECRET)
    for name in ACCOUNT.keys() - {"account_logout", "mfa_reauthenticate"}:
        response = visitor.post(reverse(name, kwargs=ARGUMENTS.get(name)), {"password": PASSWORD})
        assert response.headers["Location"].startswith(VERIFICATION), name
    assert Authenticator.objects.filter(user=rin, type="totp").exists()


def test_sign_out_needs_no_mfa(visitor):
    """A session can always sign out."""
    assert visitor.post("/admin/logout/").headers["Location"] == "/admin/account/login/"


def test_mfa_is_optional_without_the_setting(visitor, settings):
    """Without REQUIRE_SECOND_FACTOR a password is enough."""
    settings.REQUIRE_SECOND_FACTOR = False
    assert visitor.get("/admin/").status_code == 200


def test_public_pages_need_no_mfa(visitor):
    """Public pages do not check the session."""
    assert visitor.get("/en/hiring/").status_code == 200
