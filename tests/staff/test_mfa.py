"""REQUIRE_SECOND_FACTOR: what counts is how this session signed in, not what the account could do."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import NoReverseMatch, reverse

from careers.staff.models import User
from tests.conftest import PASSWORD, Visitor, sign_in
from tests.staff.test_rights import ACCOUNT, ARGUMENTS, admin_names

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SECRET = "JBSWY3DPEHPK3PXP"
START = "/admin/account/second-factor/"
STEP = "/admin/account/confirm/code/"
OPEN = {"logout"}


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture(autouse=True)
def a_moment():
    """A code counts for thirty seconds: the clock stands still, lest they end between two requests."""
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


def address(name):
    """Some address of that name."""
    for arguments in ({}, {"args": ["1"]}, {"args": ["roles"]}, {"args": [1, 1]}):
        try:
            return reverse(f"admin:{name}", **arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def test_a_password_alone_opens_no_page_of_the_admin(visitor, rin):
    """Every name in one session: what is tried is the session, not the sign-in."""
    names = sorted(set(admin_names()) - OPEN)
    assert len(names) > 100

    def led_to():
        return {
            (name, method): getattr(visitor, method)(address(name)).headers.get("Location")
            for name in names
            for method in ("get", "post")
        }

    assert {each: location for each, location in led_to().items() if location != START} == {}
    TOTP.activate(rin, SECRET)  # in another session, say
    step = f"{STEP}?next="
    assert {
        each: location
        for each, location in led_to().items()
        if not (location or "").startswith(step)
    } == {}


@pytest.mark.django_db(transaction=True)  # it is told when the factor is really stored
def test_without_a_factor_one_is_led_to_enrolment_and_then_in(visitor):
    page = visitor.get("/admin/account/app/activate/")
    secret = page.context["form"].secret
    response = visitor.post("/admin/account/app/activate/", {"code": code(secret)})
    assert response.headers["Location"] == "/admin/account/codes/"
    assert visitor.get("/admin/account/codes/").status_code == 200
    assert visitor.get("/admin/").status_code == 200


def test_at_sign_in_the_second_step_opens_the_admin(rin):
    TOTP.activate(rin, SECRET)
    visitor = Visitor()
    assert sign_in(visitor, rin.email).headers["Location"] == "/admin/account/login/second-step/"
    assert visitor.get("/admin/").status_code == 302
    response = visitor.post("/admin/account/login/second-step/", {"code": code()})
    assert response.headers["Location"] == "/admin/"
    assert visitor.get("/admin/").status_code == 200


def test_a_session_older_than_the_factor_makes_the_step_and_goes_on(visitor, rin):
    TOTP.activate(rin, SECRET)
    step = visitor.get("/admin/roles/role/?q=a").headers["Location"]
    assert visitor.get(step).status_code == 200
    assert visitor.post(step, {"code": "000000"}).status_code == 200
    assert visitor.get("/admin/").status_code == 302
    assert visitor.post(step, {"code": code()}).headers["Location"] == "/admin/roles/role/?q=a"
    assert visitor.get("/admin/").status_code == 200


def test_a_password_alone_changes_nothing_of_an_account_with_a_factor(visitor, rin):
    TOTP.activate(rin, SECRET)
    for name in ACCOUNT.keys() - {"account_logout", "mfa_reauthenticate"}:
        response = visitor.post(reverse(name, kwargs=ARGUMENTS.get(name)), {"password": PASSWORD})
        assert response.headers["Location"].startswith(STEP), name
    assert Authenticator.objects.filter(user=rin, type="totp").exists()


def test_one_can_always_leave(visitor):
    assert visitor.post("/admin/logout/").headers["Location"] == "/admin/account/login/"


def test_where_it_is_not_required_a_password_is_enough(visitor, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    assert visitor.get("/admin/").status_code == 200


def test_public_pages_ask_for_nothing(visitor):
    assert visitor.get("/en/hiring/").status_code == 200
