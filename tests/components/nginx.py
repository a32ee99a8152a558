"""A real nginx in front of a site, with proxy/nginx.conf: installed, or unpacked from Debian's package.

It finds the site by its name, as in Docker, through a name server of this module.
"""

import contextlib
import datetime
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.components import debian
from tests.components.site import ROOT, free_port

START_TIMEOUT = 10  # seconds until it listens
FILE_LIMIT = "worker_rlimit_nofile 8192;"  # a test must not raise the limits of its machine


class Proxy:
    """A running proxy: its port, the SSL context of its clients, the folder of its own pages, its name server."""

    def __init__(self, port, ssl_context, folder, name_server):
        self.port, self.ssl_context, self.error_pages = port, ssl_context, folder
        self.name_server = name_server


class NameServer:
    """A name server (RFC 1035) on the loopback: each name is 127.0.0.1, or does not exist if `has_names` is False."""

    NXDOMAIN = 3

    def __init__(self):
        self.has_names = True
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._answer, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_exception):
        self.socket.sendto(b"", ("127.0.0.1", self.port))  # ends the thread
        self.thread.join()
        self.socket.close()

    def _answer(self):
        while True:
            query, client = self.socket.recvfrom(512)
            if not query:
                return
            flags = 0x8180 if self.has_names else 0x8180 | self.NXDOMAIN  # a recursive response
            head = struct.pack("!2s5H", query[:2], flags, 1, int(self.has_names), 0, 0)
            # The name of the question (at byte 12), A, IN, valid for 0 s, four bytes
            record = struct.pack("!3HLH4B", 0xC00C, 1, 1, 0, 4, 127, 0, 0, 1)
            self.socket.sendto(head + query[12:] + record * self.has_names, client)


@contextlib.contextmanager
def running(host, site):
    """Yield a running Proxy for `host`, in front of the port `site`."""
    program, environment = debian.program("nginx")
    temporary_folder = tempfile.TemporaryDirectory(prefix="careers-proxy-")
    with temporary_folder as folder, NameServer() as name_server:
        folder, port = Path(folder), free_port()
        certificate = _certificate(folder / "tls", host)
        (folder / "spool").mkdir()
        shutil.copytree(ROOT / "proxy", folder / "away")
        (folder / "redirect.conf").write_text(f"return 301 https://{host}$request_uri;")
        (folder / "nginx.conf").write_text(_configuration(folder, port, site, name_server))
        command = [program, "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "log"]
        if os.geteuid() == 0:  # otherwise its workers could not read this folder
            command += ["-g", "user root;"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait(port, process, folder / "log")
            ssl_context = ssl.create_default_context(cadata=certificate)
            yield Proxy(port, ssl_context, folder / "away", name_server)
        finally:
            process.terminate()
            process.wait(10)


def _configuration(folder, port, site, name_server):
    """proxy/nginx.conf with other folders and ports."""
    text = (ROOT / "proxy" / "nginx.conf").read_text("utf-8")
    replacements = {
        "/srv/tls": f"{folder}/tls",
        "/srv/spool": f"{folder}/spool",
        "/srv/away": f"{folder}/away",
        "/tmp/": f"{folder}/",
        "listen 8080": f"listen 127.0.0.1:{free_port()}",
        "listen 8443": f"listen 127.0.0.1:{port}",
        "listen 127.0.0.1:8081": f"listen 127.0.0.1:{free_port()}",
        "127.0.0.11 ": f"127.0.0.1:{name_server.port} ",
        "http://web:8000": f"http://web:{site}",
        FILE_LIMIT: "",
    }
    if missing := [text_parts for text_parts in replacements if text_parts not in text]:
        raise ValueError(f"proxy/nginx.conf does not contain {missing}")
    # In one pass, because a replacement may contain another key.
    pattern = re.compile("|".join(map(re.escape, replacements)))
    return pattern.sub(lambda match: replacements[match[0]], text)


def _certificate(folder, host):
    """Write a certificate for `host` and its key; return the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    unencrypted = serialization.NoEncryption()
    private_key = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, unencrypted)
    public = certificate.public_bytes(encoding)
    folder.mkdir()
    (folder / "privkey.pem").write_bytes(private_key)
    (folder / "fullchain.pem").write_bytes(public)
    return public.decode()


def _wait(port, process, log):
    limit = time.monotonic() + START_TIMEOUT
    while time.monotonic() < limit and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nginx does not start: {log.read_text() if log.exists() else ''}")
