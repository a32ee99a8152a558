"""The authentication log: sign-ins, failures, refusals and changes of accounts, without personal data."""

import io
import json
import logging
import time

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP

from careers.logs import JSONFormatter
from careers.outbox.models import Email
from careers.staff.models import User
from tests.conftest import PASSWORD, Visitor, sign_in
from tests.html import parse
from tests.staff.test_mfa import SECRET, code
from tests.staff.test_sign_in import RESET, choose_password, link_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STEP = "/admin/account/login/second-step/"
ACTIVATE = "/admin/account/app/activate/"
NEW_PASSWORD = {
    "oldpassword": PASSWORD,
    "password1": "a stapler for the battery",
    "password2": "a stapler for the battery",
}


@pytest.fixture
def rin():
    return User.objects.create_user("rin@example.com", PASSWORD, is_superuser=True)


@pytest.fixture
def kei():
    return User.objects.create_user("kei@example.com", PASSWORD, last_name="佐藤")


@pytest.fixture
def events():
    """events() are the lines that were logged since the last call, without time and ID of the request."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JSONFormatter())
    logging.getLogger("careers.authentication").addHandler(handler)

    def read():
        lines = handler.stream.getvalue().splitlines()
        handler.setStream(io.StringIO())
        for personal in ("@", "(email)", "example.com", PASSWORD, "佐藤", "127.0.0.1"):
            assert not [line for line in lines if personal in line], personal
        rows = [json.loads(line) for line in lines]
        assert all(row.pop("time") and row.pop("request_id") for row in rows)
        return rows

    yield read
    logging.getLogger("careers.authentication").removeHandler(handler)


def test_authentication_log_of_sign_in_and_out(client, rin, events):
    sign_in(client, rin.email, "wrong")
    sign_in(client, "unknown@example.com", "wrong")
    sign_in(client, rin.email.upper())
    client.post("/admin/logout/")
    assert events() == [
        {"event": "sign_in_failed", "account": rin.pk},
        {"event": "sign_in_failed", "account": None},
        {"event": "signed_in", "account": rin.pk, "methods": ["password"]},
        {"event": "signed_out", "account": rin.pk},
    ]


def test_authentication_log_of_blocked_sign_in(client, rin, events):
    for _attempt in range(5):
        sign_in(client, rin.email, "wrong")
    sign_in(client, rin.email)
    failed = {"event": "sign_in_failed", "account": rin.pk}
    assert events() == [*[failed] * 5, {"event": "sign_in_blocked", "account": None}]


def test_authentication_log_of_inactive_account(client, kei, events):
    User.objects.update(is_active=False)
    sign_in(client, kei.email)
    assert events() == [{"event": "sign_in_failed", "account": kei.pk}]


def test_authentication_log_of_second_step(client, rin, events):
    TOTP.activate(rin, SECRET)
    with time_machine.travel(time.time(), tick=False):
        sign_in(client, rin.email)
        client.post(STEP, {"code": "000000" if code() != "000000" else "111111"})
        client.post(STEP, {"code": code()})
    assert events() == [
        {"event": "second_step_failed", "account": rin.pk, "method": "totp"},
        {"event": "signed_in", "account": rin.pk, "methods": ["password", "totp"]},
    ]


@pytest.mark.django_db(transaction=True)  # allauth sends its signal on commit
def test_authentication_log_of_factors(client, rin, events):
    with time_machine.travel(time.time(), tick=False):
        sign_in(client, rin.email)
        secret = parse(client.page(ACTIVATE)).one("#authenticator_secret")["value"]
        client.post(ACTIVATE, {"code": code(secret)})
        client.post("/admin/account/app/deactivate/")
    rows = [(row["event"], row.get("method"), row["account"]) for row in events()]
    assert rows == [
        ("signed_in", None, rin.pk),
        ("factor_added", "totp", rin.pk),
        ("factor_added", "recovery_codes", rin.pk),
        ("factor_removed", "totp", rin.pk),
        ("factor_removed", "recovery_codes", rin.pk),
    ]


def test_authentication_log_of_password_changes(client, rin, events):
    sign_in(client, rin.email)
    client.post("/admin/account/password/", {**NEW_PASSWORD, "oldpassword": "wrong"})
    client.post("/admin/account/password/", NEW_PASSWORD)
    names = [(row["event"], row["account"]) for row in events()]
    assert names[0] == ("signed_in", rin.pk)
    assert names[-1] == ("password_changed", rin.pk)


def test_authentication_log_of_password_reset(client, rin, events):
    client.post(RESET, {"email": rin.email})
    choose_password(client, link_in(Email.objects.get()))
    rows = events()
    assert [row["event"] for row in rows] == ["password_changed", "signed_in"]
    assert {row["account"] for row in rows} == {rin.pk}


def test_authentication_log_of_blocked_password_reset(client, rin, events):
    for _request in range(5):
        client.post(RESET, {"email": rin.email})
    assert events() == []
    assert client.post(RESET, {"email": rin.email}).status_code == 429
    assert events() == [{"event": "too_many_requests", "account": None, "route": RESET}]


def test_authentication_log_of_confirmation(client, rin, events):
    sign_in(client, rin.email)
    events()
    client.post("/admin/account/confirm/", {"password": "wrong"})
    client.post("/admin/account/confirm/", {"password": PASSWORD})
    assert events() == [
        {"event": "confirmation_failed", "account": rin.pk, "method": "password"},
        {"event": "confirmed", "account": rin.pk, "method": "password"},
    ]


def test_authentication_log_of_denied_pages(client, kei, events):
    sign_in(client, kei.email)
    events()
    assert client.get("/admin/roles/role/?title=secret").status_code == 403
    route = "/admin/roles/role/"
    assert events() == [{"event": "access_denied", "account": kei.pk, "route": route}]


def test_authentication_log_of_forged_form(rin, events):
    forger = Visitor(enforce_csrf_checks=True)
    forger.force_login(rin)
    events()
    assert forger.post("/admin/account/language/", {"language": "ja"}).status_code == 403
    route = "/admin/account/language/"
    assert events() == [{"event": "form_rejected", "account": rin.pk, "route": route}]


def test_authentication_log_of_account_changes(client, rin, kei, events):
    sign_in(client, rin.email)
    events()
    form = {"email": "new@example.com", "language": "en", "last_name": "田中"}
    client.post("/admin/staff/user/add/", form)
    new = User.objects.get(email="new@example.com")
    form = {"email": kei.email, "language": "en", "layout": "both", "is_superuser": "on"}
    client.post(f"/admin/staff/user/{kei.pk}/change/", form)
    client.post(f"/admin/staff/user/{kei.pk}/delete/", {"post": "yes"})
    assert events() == [
        {
            "event": "account_created",
            "account": new.pk,
            "by": rin.pk,
            "fields": ["email", "last_name"],
        },
        {
            "event": "account_changed",
            "account": kei.pk,
            "by": rin.pk,
            "fields": ["last_name", "is_active", "is_superuser"],
        },
        {"event": "account_deleted", "account": kei.pk, "by": rin.pk},
    ]
