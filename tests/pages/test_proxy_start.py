"""Starting the proxy: which certificate it uses, that it never writes to the operator's, and when it warns."""

import datetime
import json
import os
import re
import ssl
import subprocess
import sys
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.components import nginx
from tests.components.environment import ROOT

pytestmark = pytest.mark.one_database

HOST = "careers.example.com"
NO_SITE = 9  # a port where nothing listens
DAY = datetime.timedelta(days=1)
NAMES = ("fullchain.pem", "privkey.pem")
# What certbot does: writes a challenge into the webroot, which the authority reads over HTTP, stores the certificate and
# runs the deploy hook. ISSUED has a certificate and its key; READ prints the challenge.
CERTBOT = """#!/bin/sh -eu
[ "$1 $2 $3" = "certonly --webroot -w" ] && [ "$5" = "-d" ] && [ "$7" = "--deploy-hook" ]
mkdir -p "$4/.well-known/acme-challenge"
echo token.thumbprint >"$4/.well-known/acme-challenge/token"
[ "$($READ)" = token.thumbprint ]
mkdir -p "$LIVE/../../archive"
cp "$ISSUED"/* "$LIVE/../../archive"
for name in fullchain.pem privkey.pem; do ln -sf "../../archive/$name" "$LIVE/$name"; done
RENEWED_LINEAGE=$LIVE sh -euc "$8"
"""
READ = "import urllib.request; print(urllib.request.urlopen('{}').read().decode())"


class Authority:
    """A certificate authority of the test."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test authority")])


def issue(folder, days, authority=None, host=HOST):
    """Write a certificate that expires in `days`, and its key, as an operator does.

    Without an authority, it is self-signed.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    end = datetime.datetime.now(datetime.UTC) + days * DAY
    issuer, issuer_key = (authority.name, authority.key) if authority else (name, key)
    certificate = (
        x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(end - 90 * DAY)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    pem, unencrypted = serialization.Encoding.PEM, serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, pkcs8, unencrypted))


class Machine:
    """A folder for the proxy's files, with `tls` in it; starts the proxy as often as a test asks."""

    def __init__(self, folder):
        self.folder, self.tls = folder, folder / "tls"
        self.tls.mkdir()

    def start(self, host=HOST, changes=None):
        """A context with the started proxy."""
        return nginx.started(self.folder, host, NO_SITE, changes=changes)

    def served(self, **options):
        """Start the proxy, and return the certificate that it serves."""
        with self.start(**options) as proxy:
            proxy.wait()
            return proxy.certificate()

    def fails(self, **options):
        """Start the proxy, which ends with an error; return its output."""
        with self.start(**options) as proxy:
            assert proxy.process.wait(10) == 1
        return self.log()

    def log(self):
        return (self.folder / "log").read_text("utf-8")

    def messages(self):
        """Pairs of level and message in the log, which has only lines of JSON."""
        lines = [json.loads(line) for line in self.log().splitlines()]
        assert all(line["by"] == "proxy" for line in lines)
        return [(line["level"], line["message"]) for line in lines if "level" in line]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def file_state(folder):
    """Content, inode and time of change: differs after any write."""
    stats = {name: (folder / name).stat() for name in NAMES}
    return contents(folder), {
        name: (stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns) for name, stat in stats.items()
    }


def certificate_file(folder):
    """The certificate in the folder, in the form in which it is presented (DER)."""
    return ssl.PEM_cert_to_DER_cert((folder / "fullchain.pem").read_text("ascii"))


@pytest.mark.parametrize("by_authority", [True, False])
@pytest.mark.parametrize("days", [-1, 5, 20, 29, 60])
def test_proxy_never_writes_certificate_of_operator(machine, days, by_authority):
    """Also in a folder where it made a self-signed one before; also if the operator's is self-signed."""
    machine.served()
    issue(machine.tls, days, Authority() if by_authority else None)
    before = file_state(machine.tls)
    for host in (HOST, HOST, "jobs.example.com"):
        assert machine.served(host=host) == certificate_file(machine.tls)
        assert file_state(machine.tls) == before


@pytest.mark.parametrize("existing", NAMES)
def test_proxy_does_not_complete_certificate_of_operator(machine, existing):
    """While the operator copies the files one by one, none is written."""
    issue(machine.tls, 60)
    [missing] = set(NAMES) - {existing}
    (machine.tls / missing).unlink()
    before = contents(machine.tls)
    assert f"{missing} in TLS_DIR must be a file" in machine.fails()
    assert contents(machine.tls) == before


def test_proxy_does_not_write_through_dangling_link(machine):
    (machine.tls / "fullchain.pem").symlink_to("../live/fullchain.pem")
    assert "fullchain.pem in TLS_DIR must be a file" in machine.fails()
    assert not (machine.folder / "live").exists()


def test_proxy_names_key_of_other_certificate(machine):
    issue(machine.tls, 60)
    certificate = (machine.tls / "fullchain.pem").read_bytes()
    issue(machine.tls, 60)
    (machine.tls / "fullchain.pem").write_bytes(certificate)
    before = contents(machine.tls)
    assert "must be a certificate and its key" in machine.fails()
    assert contents(machine.tls) == before


def test_proxy_reuses_self_signed_certificate_until_host_changes(machine):
    first = machine.served()
    assert machine.served() == first
    other = machine.served(host="jobs.example.com")
    assert other != first
    name = x509.load_der_x509_certificate(other).subject.rfc4514_string()
    assert name == "CN=jobs.example.com"
    assert list(contents(machine.tls)) == [nginx.SELF_SIGNED]
    assert (machine.tls / nginx.SELF_SIGNED).stat().st_mode & 0o077 == 0


def test_proxy_replaces_self_signed_certificate_30_days_before_it_expires(machine):
    first = machine.served(changes={"-days 397": "-days 31"})
    assert machine.served() == first
    second = machine.served(changes={"checkend 2592000": f"checkend {32 * 86400}"})
    assert second != first
    assert machine.served() == second


def test_proxy_starts_with_folder_that_it_cannot_write(machine):
    """TLS_DIR of the operator, empty and owned by root: the self-signed certificate is in memory."""
    changes = {"[ ! -w /srv/tls ]": "true", "mkdir /srv/tls/acme": "false"}
    assert machine.served(changes=changes)
    assert not list(machine.tls.iterdir())
    assert machine.messages() == [
        (
            "WARNING",
            "TLS_DIR has no folder acme, and the user with the ID 10002 cannot create one there.",
        )
    ]


@pytest.mark.parametrize(
    ("days", "level", "words"),
    [
        (-1, "ERROR", "expired on"),
        (6.9, "ERROR", "expires in less than 7 days, on"),
        (7.1, "WARNING", "expires in less than 21 days, on"),
        (20.9, "WARNING", "expires in less than 21 days, on"),
        (21.1, None, None),
    ],
)
def test_proxy_warns_before_certificate_expires(machine, days, level, words):
    """At the start, and then every day: here a day has two intervals of half a second."""
    issue(machine.tls, days, Authority())
    with machine.start(changes={"seq 96": "seq 2", "sleep 900": "sleep 0.5"}) as proxy:
        proxy.wait()
        limit = time.monotonic() + (20 if level else 3)
        while len(machine.messages()) < 2 and time.monotonic() < limit:
            time.sleep(0.2)
    messages = machine.messages()
    if level is None:
        assert messages == []
        return
    assert len(messages) >= 2
    assert set(messages) == {messages[0]}
    assert messages[0][0] == level
    end = (datetime.datetime.now(datetime.UTC) + days * DAY).strftime("%Y GMT")
    assert re.search(rf"{words} .* {end}\. Renew it\.", messages[0][1])


def test_proxy_does_not_warn_about_self_signed_certificate(machine):
    machine.served(changes={"-days 397": "-days 5"})
    assert machine.messages() == []


def test_proxy_takes_over_renewed_certificate(machine):
    """The next reload uses it, and keeps the earlier one while the files do not match."""
    with machine.start(changes={"sleep 900": "sleep 0.5"}) as proxy:
        proxy.wait()
        issue(machine.tls, 60)
        wait_for(proxy, certificate_file(machine.tls))
        key = (machine.tls / "privkey.pem").read_bytes()
        current = certificate_file(machine.tls)
        issue(machine.tls, 90)
        new_key = (machine.tls / "privkey.pem").read_bytes()
        (machine.tls / "privkey.pem").write_bytes(key)
        time.sleep(2)
        assert proxy.certificate() == current
        (machine.tls / "privkey.pem").write_bytes(new_key)
        wait_for(proxy, certificate_file(machine.tls))


def wait_for(proxy, certificate):
    limit = time.monotonic() + 20
    while proxy.certificate() != certificate:
        assert time.monotonic() < limit
        time.sleep(0.2)


def test_commands_for_lets_encrypt_in_operating_guide(machine):
    """The commands of docs/operating.md in their order, with a certbot of the test; the folder does not exist before."""
    page = (ROOT / "docs/operating.md").read_text("utf-8")
    section = page.partition("### Certificates from Let's Encrypt\n")[2].partition("\n## ")[0]
    [prepare, request] = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    programs, live, issued = (machine.folder / name for name in ("commands", "live/site", "issued"))
    for folder in (programs, live, issued):
        folder.mkdir(parents=True)
    issue(issued, 90, Authority())
    for name, script in {
        "certbot": CERTBOT,
        "docker": "#!/bin/sh\n",
        "sudo": '#!/bin/sh\nexec "$@"\n',
    }.items():
        (programs / name).write_text(script, "utf-8")
        (programs / name).chmod(0o755)

    def run(commands, **variables):
        if os.geteuid():  # only root can change the owner
            commands = commands.replace("-o 10002 ", "")
        commands = commands.replace("/etc/careers-tls", str(machine.tls))
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "ISSUED": str(issued), "LIVE": str(live)}
        subprocess.run(["sh", "-euc", commands], env={**environment, **variables}, check=True)

    machine.tls.rmdir()
    run(prepare)
    with machine.start() as proxy:
        proxy.wait()
        first = proxy.certificate()
        url = f"http://127.0.0.1:{proxy.http_port}/.well-known/acme-challenge/token"
        (programs / "read.py").write_text(READ.format(url), "utf-8")
        run(request, READ=f"{sys.executable} {programs / 'read.py'}")
        assert {*NAMES, nginx.SELF_SIGNED, "acme"} == {path.name for path in machine.tls.iterdir()}
    assert machine.served() == certificate_file(machine.tls) != first
    assert machine.messages() == []
