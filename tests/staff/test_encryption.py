"""Secrets of second factors are encrypted in the database, and survive a change of SECRET_KEY."""

import json
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.core.management import call_command

from careers.staff.models import User
from tests.conftest import PASSWORD, Visitor, sign_in
from tests.staff.test_mfa import SECRET, code

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STEP = "/admin/account/login/second-step/"
NEW_KEY, NEWEST_KEY = "a-new-secret-key-" * 4, "the-newest-secret-key-" * 3


@pytest.fixture
def rin():
    user = User.objects.create_user("rin@example.com", PASSWORD, is_superuser=True)
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def accepts(user, second_step):
    """Whether the second step of a sign-in accepts a code."""
    visitor = Visitor()
    assert sign_in(visitor, user.email).headers["Location"] == STEP
    return visitor.post(STEP, {"code": second_step}).status_code == 302


def stored():
    return json.dumps(list(Authenticator.objects.order_by("pk").values("type", "data")))


def recovery_codes(user):
    return RecoveryCodes(
        Authenticator.objects.get(user=user, type="recovery_codes")
    ).generate_codes()


def test_encryption_of_second_factors_in_the_database(rin):
    codes = recovery_codes(rin)
    seed = decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])
    assert len(codes) == 10 and len(seed) == 80
    assert not [secret for secret in (SECRET, seed, *codes) if secret in stored()]
    assert accepts(rin, code())
    assert accepts(rin, codes[0])


def test_encryption_survives_a_change_of_the_key(rin, settings):
    """Codes work with the old key as a fallback, and after `rotate_secrets` without it."""
    codes, old_key = recovery_codes(rin), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [old_key]
    assert accepts(rin, codes[0])
    call_command("rotate_secrets", verbosity=0)
    before = stored()
    call_command("rotate_secrets", verbosity=0)
    assert stored() == before  # nothing is left to do
    settings.SECRET_KEY_FALLBACKS = []
    assert accepts(rin, codes[1])
    with time_machine.travel(time.time(), tick=False):
        assert accepts(rin, code())


def test_encryption_with_a_lost_key_accepts_no_code(rin, settings, caplog):
    """The log says what to do, `rotate_secrets` changes nothing, and the old key still helps."""
    codes, old_key, before = recovery_codes(rin), settings.SECRET_KEY, stored()
    settings.SECRET_KEY = NEWEST_KEY
    assert not accepts(rin, codes[0])
    assert not accepts(rin, code())
    assert "invite EMAIL --reset" in caplog.text
    call_command("rotate_secrets", verbosity=0)
    assert stored() == before
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert accepts(rin, codes[0])
