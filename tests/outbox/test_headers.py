"""Headers of sent emails: subjects and display names arrive exactly as they were written."""

import email
import re
from email import policy
from email.header import decode_header, make_header
from email.utils import unquote

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from careers.outbox.config import Mailbox, parse_mailbox
from careers.outbox.headers import encode_mailbox, encode_text
from tests import make
from tests.outbox.conftest import deliver

pytestmark = pytest.mark.one_database

bounded = hypothesis(max_examples=150, deadline=None)
PARTS = """
systèmes– équipe développeur·euse Ingénieur Zürich naïve für Backend engineer (m/f/x) C++ & the a,b
=?utf-8?q?x?= =? ?= エンジニア バックエンド（東京・リモート可） 採用 𠮷野家 👩🏽‍💻 🇯🇵 é – — “quoted” <b> "q" \\
x@example.org Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft
"""
WORDS = st.sampled_from(PARTS.split())
TITLES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
INJECTION = "a\r\nBcc: x@example.com"
ANY_LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120)
SUBJECTS = TITLES | ANY_LINE | st.lists(ANY_LINE, max_size=4).map("  ".join)


def parsed(field):
    """The value of a header for Python's parser of today, and of its first one."""
    raw = f"{field}\r\n\r\n".encode()
    name = field.partition(":")[0]
    old = email.message_from_bytes(raw)[name].replace("\r\n", "")
    return email.message_from_bytes(raw, policy=policy.default)[name], make_header(
        decode_header(old)
    )


def check_lines(field):
    """Every line is ASCII and short; every encoded word is short and decodes on its own."""
    assert field.isascii() and "\n" not in field.replace("\r\n", "")
    for line in field.split("\r\n"):
        assert line.strip() and len(line) <= 78
    for word in re.findall(r"=\?utf-8\?b\?[A-Za-z0-9+/=]+\?=", field):
        assert len(word) <= 75
        [(text, charset)] = decode_header(word)
        assert text.decode(charset)


@bounded
@given(SUBJECTS)
@example("Candidature : ingénieur ou ingénieure systèmes– équipe plateforme, Zürich (Suisse)")
@example("a" * 60 + " é")
@example("Your application for " + "Senior " * 30 + "engineer")
@example("x" * 900)
def test_header_subject_is_unchanged(text):
    """decode(header) == subject, always."""
    subject = text.strip()
    field = encode_text("Subject", subject)
    check_lines(field)
    new, old = parsed(field)
    assert (str(new), str(old)) == (subject, subject)


@bounded
@given(SUBJECTS)
@example("Kumo, Inc. (Careers)")
@example("山田 太郎")
@example('Hana "Sora" O\\Neill')
@example("=?utf-8?q?x?=")
@example("x" * 300)
def test_header_display_name_is_unchanged(text):
    """The names in From and Reply-To; the address is never part of them."""
    name = " ".join(text.split()) or "花"
    for address in ("jobs@kumo.example.com", '"a..b"@docomo.ne.jp'):
        field = encode_mailbox("Reply-To", Mailbox(name, address))
        check_lines(field)
        new, old = parsed(field)
        [read] = new.addresses
        assert read.domain == address.rpartition("@")[2]
        phrase = str(old).removesuffix(f" <{address}>")
        assert name in (phrase, unquote(phrase))
        # The newer parser reads two encoded words of a name with a space between them (Python 3.11).
        if len(name.encode()) <= 40:
            assert read.display_name == name


def test_header_with_line_break_adds_no_field():
    for field in (
        encode_text("Subject", INJECTION),
        encode_mailbox("From", Mailbox(INJECTION, "a@example.com")),
    ):
        message = email.message_from_string(f"{field}\r\n\r\n")
        assert len(message.keys()) == 1 and "Bcc:" not in field


@bounded
@given(SUBJECTS)
def test_mailbox_is_stored_as_text(text):
    """The outbox stores mailboxes as text and parses them again."""
    mailbox = Mailbox(" ".join(text.split()), '"a<\\"b"@docomo.ne.jp')
    assert parse_mailbox(str(mailbox)) == mailbox


@pytest.mark.parametrize(
    ("subject", "field"),
    [
        ("Your application for 'Backend engineer'", "Your application for 'Backend engineer'"),
        (
            "Your application for Senior Backend Engineer, Payments Platform, Tokyo or remote",
            "Your application for Senior Backend Engineer, Payments Platform,\r\n Tokyo or remote",
        ),
        ("ご応募", "=?utf-8?b?44GU5b+c5Yuf?="),
        ("", ""),
    ],
)
def test_header_encodes_only_what_needs_it(subject, field):
    assert encode_text("Subject", subject) == f"Subject: {field}"


def test_header_of_readable_file():
    """Files of a development site have unencoded headers."""
    assert encode_text("Subject", "ご応募 – système", utf8=True) == "Subject: ご応募 – système"
    mailbox = Mailbox("クモ、採用", "jobs@example.com")
    assert encode_mailbox("From", mailbox, utf8=True) == "From: クモ、採用 <jobs@example.com>"
    assert (
        encode_text("Subject", "=?utf-8?q?x?=", utf8=True)
        == "Subject: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?="
    )


@pytest.mark.django_db(transaction=True)
@hypothesis(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TITLES)
def test_header_subject_arrives(mail_server, outbox, title):
    """The same over SMTP."""
    mail_server.messages.clear()
    make.email(subject=title)
    deliver()
    [message] = mail_server.messages
    assert str(message["Subject"]) == title.strip()
