"""Who gets to read letters on the way: nobody who does not prove to be the mail server."""

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
    """The certificate of 127.0.0.1, trusted like one of the system's."""
    path = smtp.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def outcome():
    letter = Email.objects.get()
    return letter.state, letter.failure


def test_starttls_and_a_password(certificate, settings):
    with smtp.running(certificate, sign_in=True) as server:
        settings.SMTP = parse_smtp_url(f"smtp://{SECRET}@127.0.0.1:{server.port}")
        make.letter()
        deliver()
        assert server.encrypted == [True]
    assert outcome() == ("sent", "")


def test_tls_from_the_first_byte(certificate, settings):
    with smtp.running(certificate, tls_from_the_start=True) as server:
        settings.SMTP = parse_smtp_url(f"smtps://127.0.0.1:{server.port}")
        make.letter()
        deliver()
        assert len(server.letters) == 1
    assert outcome() == ("sent", "")


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_without_encryption_gets_nothing(settings, scheme):
    with smtp.running() as server:
        settings.SMTP = parse_smtp_url(f"{scheme}://{SECRET}@127.0.0.1:{server.port}")
        make.letter()
        deliver()
        assert not server.envelopes
    assert outcome() == ("waiting", "encryption")


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("fault", ["of another host", "of nobody we know"])
def test_a_wrong_certificate_is_refused(tmp_path, monkeypatch, settings, scheme, fault):
    host = "mail.example.org" if fault == "of another host" else "127.0.0.1"
    path = smtp.certificate(tmp_path, host)
    if fault == "of another host":
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with smtp.running(path, tls_from_the_start=scheme == "smtps") as server:
        settings.SMTP = parse_smtp_url(f"{scheme}://{SECRET}@127.0.0.1:{server.port}")
        make.letter()
        deliver()
        assert not server.envelopes
    assert outcome() == ("waiting", "encryption")


def test_a_wrong_password_is_for_the_operator_to_mend(certificate, settings, caplog, capsys):
    caplog.set_level(logging.DEBUG, "careers")
    with smtp.running(certificate, sign_in=True) as server:
        settings.SMTP = parse_smtp_url(f"smtp://careers:0TH3R@127.0.0.1:{server.port}")
        make.letter()
        deliver()
        assert not server.envelopes
    assert outcome() == ("waiting", "sign_in")
    said = [record.getMessage() for record in caplog.records if record.name[:7] == "careers"]
    assert len(said) == 1
    assert "0TH3R" not in "".join(said) + "".join(capsys.readouterr())


def test_a_password_where_the_server_asks_for_none(certificate, settings):
    with smtp.running(certificate) as server:
        settings.SMTP = parse_smtp_url(f"smtp://{SECRET}@127.0.0.1:{server.port}")
        make.letter()
        deliver()
    assert outcome() == ("waiting", "sign_in")


def test_the_password_is_not_shown_where_the_settings_are():
    server = parse_smtp_url(f"smtp://{SECRET}@smtp.example.com")
    assert (server.user, server.password, server.port) == (smtp.USER, smtp.PASSWORD, 587)
    assert smtp.PASSWORD not in repr(server) + str(server)
    assert parse_smtp_url("smtps://smtp.example.com").port == 465
    assert parse_smtp_url("smtp+plain://localhost").port == 25
