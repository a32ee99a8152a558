"""Addresses of the outbox: which ones are accepted, their ASCII form, and the envelope over SMTP."""

import smtplib

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from careers.email_address import (
    CARRIER_DOMAINS,
    InvalidAddress,
    ascii_form,
    clean_typed,
    comparison_key,
)
from careers.outbox.config import parse_mailbox
from tests import make
from tests.outbox.conftest import deliver

pytestmark = pytest.mark.one_database

bounded = hypothesis(max_examples=200, deadline=None)
ATOMS = st.text(st.sampled_from("abzAZ019!#$%&'*+/=?^_`{|}~-"), min_size=1, max_size=8)
DOTTED = st.lists(ATOMS, min_size=1, max_size=3).map(".".join)
QUOTED = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"\\'),
    min_size=1,
    max_size=12,
).map('"{}"'.format)
ESCAPED = st.text(st.sampled_from('"\\<>,;:@().a'), min_size=1, max_size=8).map(
    lambda text: '"' + "".join(f"\\{character}" for character in text) + '"'
)
CARRIER_LOCAL = st.text(st.sampled_from("ab."), min_size=1, max_size=8).filter(
    lambda text: text.strip(".")
)
DOMAINS = st.sampled_from(
    ["example.com", "EXAMPLE.co.jp", "straße.example", "例え.jp", "xn--r8jz45g.jp"]
)
CARRIERS = st.sampled_from([*CARRIER_DOMAINS, "t.vodafone.ne.jp", "DOCOMO.ne.jp"])
ADDRESSES = st.builds("{}@{}".format, DOTTED | QUOTED | ESCAPED, DOMAINS) | st.builds(
    "{}@{}".format, CARRIER_LOCAL, CARRIERS
)


def unquoted(address):
    """The mailbox behind all quoted forms of a local part, and the domain."""
    local, _at, domain = address.rpartition("@")
    if local.startswith('"'):
        characters = iter(local[1:-1])
        local = "".join(
            next(characters) if character == "\\" else character for character in characters
        )
    return local, domain.lower()


@bounded
@given(ADDRESSES)
def test_ascii_form_is_the_same_mailbox(address):
    """Its domain is in ASCII, its local part what was typed; smtplib sends it unchanged."""
    result = ascii_form(address)
    assert result.isascii() and ascii_form(result) == result
    assert unquoted(result)[0] == unquoted(address)[0]
    if address.isascii():
        assert unquoted(result) == unquoted(address)
    assert smtplib.quoteaddr(result) == f"<{result}>"
    assert clean_typed(address) == address or not address.isascii()
    assert comparison_key(address) == comparison_key(result) == comparison_key(result.upper())
    assert parse_mailbox(f"Hana <{address}>").address == result


@bounded
@given(st.text(max_size=30) | st.builds("{}@{}".format, st.text(max_size=10), DOMAINS))
def test_ascii_form_or_error(text):
    """Any text is an address or an InvalidAddress; what is accepted has one line and no spaces."""
    comparison_key(text)
    try:
        result = ascii_form(clean_typed(text))
    except InvalidAddress:
        return
    assert result.isascii() and result.isprintable() and " " not in result


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a@faß.de", "a@xn--fa-hia.de"),
        ("a@βόλος.com", "a@xn--nxasmm1c.com"),  # ς, not σ
        ("a@ශ්‍රී.com", "a@xn--10cl1a0b660p.com"),  # zero-width joiner
        ("a@نامه‌ای.com", "a@xn--mgba3gch31f060k.com"),  # zero-width non-joiner
        ("a@ＥＸＡＭＰＬＥ．com", "a@example.com"),
        ("a@ab--cd.example", "a@ab--cd.example"),
        ("a@[192.0.2.1]", "a@[192.0.2.1]"),
        ("a@localhost", "a@localhost"),
        ('"a.b"@example.com', "a.b@example.com"),
        ('"a\\"b"@example.com', '"a\\"b"@example.com'),
        ("a..b@biz.ezweb.ne.jp", '"a..b"@biz.ezweb.ne.jp'),
    ],
)
def test_ascii_form(typed, sent):
    assert ascii_form(typed) == sent


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("a..b@example.com", "dots"),
        (".a@example.com", "dots"),
        ("a.@xdocomo.ne.jp", "dots"),
        ("鈴木@example.jp", "script"),
        ("é@example.com", "script"),
        ("a b@example.com", "form"),
        ('"a b"@example.com', "form"),
        ('""@example.com', "form"),
        ('"a"b"@example.com', "form"),
        ("@example.com", "form"),
        ("a@", "form"),
        ("a@b", "form"),
        ("a@☃.example", "form"),
        ("a@exa_mple.com", "form"),
        ("a@例え", "form"),
        ("a@" + "ü" * 60 + ".example", "form"),
        ("a" * 250 + "@b.example", "form"),
        ("a,b@example.com", "form"),
        ("", "form"),
    ],
)
def test_invalid_address(address, problem):
    with pytest.raises(InvalidAddress) as error:
        ascii_form(address)
    assert error.value.problem == problem


@pytest.mark.django_db(transaction=True)
@hypothesis(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ADDRESSES, ADDRESSES)
def test_envelope_equals_what_was_typed(mail_server, outbox, recipient, sender):
    """RCPT TO and MAIL FROM over SMTP, and the headers."""
    mail_server.envelopes.clear()
    mail_server.paths.clear()
    make.email(recipient=recipient, sender=f"Hana <{sender}>", reply_to=sender)
    deliver()
    mail_from, rcpt_to = mail_server.paths
    assert mail_from.split(" size=")[0] == f"FROM:<{ascii_form(sender)}>"
    assert rcpt_to == f"TO:<{ascii_form(recipient)}>"
    head = mail_server.envelopes[0][2].decode()
    assert f"\r\nTo: {ascii_form(recipient)}\r\n" in head
    assert f"\r\nReply-To: {ascii_form(sender)}\r\n" in head
    assert f"From: Hana <{ascii_form(sender)}>\r\n" in head
