"""Encryption of SMTP connections: nothing is sent to a server that cannot prove its identity."""

import logging
from urllib.parse import quote

import pytest

from careers.outbox.config import parse_smtp_url
from careers.outbox.models import Email
from tests import make
from tests.components import smtp
from tests.outbox.conftest import deliver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]

SECRET = f"{smtp.USER}:{quote(smtp.PASSWORD, safe='')}"


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate for 127.0.0.1, trusted like those of the system."""
    path = smtp.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def outcome():
    email = Email.objects.get()
    return email.state, email.failure


def test_starttls_with_password(certificate, settings):
    with smtp.running(certificate, authentication=True) as server:
        settings.SMTP = parse_smtp_url(f"smtp://{SECRET}@127.0.0.1:{server.port}")
        make.email()
        deliver()
        assert server.encrypted == [True]
    assert outcome() == ("sent", "")


def test_implicit_tls(certificate, settings):
    with smtp.running(certificate, implicit_tls=True) as server:
        settings.SMTP = parse_smtp_url(f"smtps://127.0.0.1:{server.port}")
        make.email()
        deliver()
        assert len(server.messages) == 1
    assert outcome() == ("sent", "")


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_server_without_encryption(settings, scheme):
    with smtp.running() as server:
        settings.SMTP = parse_smtp_url(f"{scheme}://{SECRET}@127.0.0.1:{server.port}")
        make.email()
        deliver()
        assert not server.envelopes
    assert outcome() == ("waiting", "encryption")


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("fault", ["wrong host", "unknown issuer"])
def test_invalid_certificate(tmp_path, monkeypatch, settings, scheme, fault):
    host = "mail.example.org" if fault == "wrong host" else "127.0.0.1"
    path = smtp.certificate(tmp_path, host)
    if fault == "wrong host":
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with smtp.running(path, implicit_tls=scheme == "smtps") as server:
        settings.SMTP = parse_smtp_url(f"{scheme}://{SECRET}@127.0.0.1:{server.port}")
        make.email()
        deliver()
        assert not server.envelopes
    assert outcome() == ("waiting", "encryption")


def test_wrong_password_is_retried_and_not_logged(certificate, settings, caplog, capsys):
    """The operator can correct SMTP_URL, so the email stays in the queue."""
    caplog.set_level(logging.DEBUG, "careers")
    with smtp.running(certificate, authentication=True) as server:
        settings.SMTP = parse_smtp_url(f"smtp://careers:0TH3R@127.0.0.1:{server.port}")
        make.email()
        deliver()
        assert not server.envelopes
    assert outcome() == ("waiting", "sign_in")
    messages = [record.getMessage() for record in caplog.records if record.name[:7] == "careers"]
    assert len(messages) == 1
    assert "0TH3R" not in "".join(messages) + "".join(capsys.readouterr())


def test_password_for_server_without_authentication(certificate, settings):
    with smtp.running(certificate) as server:
        settings.SMTP = parse_smtp_url(f"smtp://{SECRET}@127.0.0.1:{server.port}")
        make.email()
        deliver()
    assert outcome() == ("waiting", "sign_in")


def test_password_is_not_in_repr():
    server = parse_smtp_url(f"smtp://{SECRET}@smtp.example.com")
    assert (server.user, server.password, server.port) == (smtp.USER, smtp.PASSWORD, 587)
    assert smtp.PASSWORD not in repr(server) + str(server)
    assert parse_smtp_url("smtps://smtp.example.com").port == 465
    assert parse_smtp_url("smtp+plain://localhost").port == 25
