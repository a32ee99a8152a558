"""A real nginx in front of a site, as the proxy's image starts it: installed, or unpacked from Debian's package.

proxy/start and proxy/nginx.conf run unchanged except for folders and ports. The proxy finds the site by
its name, as in Docker, through a name server of this module.
"""

import contextlib
import functools
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from tests.components import debian
from tests.components.site import ROOT, free_port

START_TIMEOUT = 10  # seconds until it listens
TIMEOUT = 20  # seconds until it answers
SELF_SIGNED = "self-signed-by-proxy.pem"
FILE_LIMIT = "worker_rlimit_nofile 8192;"  # a test must not raise the limits of its machine


class ProxyResponse(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def cache_status(self):
        """What the proxy did, from its Cache-Status header."""
        return self.headers.get_all("Cache-Status")[-1]


class Proxy:
    """A started proxy: its process, ports, and its folder with `spool`, `tls`, `away` and `log`."""

    name_server = None

    def __init__(self, host, port, http_port, folder, process):
        self.host, self.port, self.http_port = host, port, http_port
        self.folder, self.process = folder, process

    def wait(self):
        """Wait until it listens; RuntimeError if it ends before."""
        limit = time.monotonic() + START_TIMEOUT
        while time.monotonic() < limit and self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(self._address, 1):
                return
            time.sleep(0.05)
        raise RuntimeError(f"nginx does not start: {(self.folder / 'log').read_text()}")

    @property
    def _address(self):
        return "127.0.0.1", self.port

    @functools.cached_property
    def ssl_context(self):
        """The context of a client that trusts the certificate which the proxy has made."""
        certificate = (self.folder / "tls" / SELF_SIGNED).read_text("ascii")
        return ssl.create_default_context(cadata=certificate)

    def certificate(self):
        """The certificate that it presents (DER), trusted or not."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection(self._address, TIMEOUT)
        with context.wrap_socket(raw, server_hostname=self.host) as connection:
            return connection.getpeercert(binary_form=True)

    def connection(self, source="127.0.0.1"):
        """An https connection of a visitor with this address on the loopback; its socket is connected."""
        connection = http.client.HTTPSConnection(self.host, self.port)
        raw = socket.create_connection(self._address, TIMEOUT, (source, 0))
        connection.sock = self.ssl_context.wrap_socket(raw, server_hostname=self.host)
        return connection

    def request(self, path, method="GET", body=None, source="127.0.0.1", **headers):
        """The response to one request; `Accept_Encoding="br"` adds a header."""
        with contextlib.closing(self.connection(source)) as connection:
            return self.request_on(connection, path, method, body, **headers)

    def request_on(self, connection, path, method="GET", body=None, **headers):
        """The response to a request on this connection."""
        request_headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Host": self.host, **request_headers})
        response = connection.getresponse()
        return ProxyResponse(response.status, response.headers, response.read())


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
def running(host, site, changes=None, **variables):
    """Yield a running Proxy for `host`, in front of the port `site`, with a `name_server`.

    `changes` maps parts of proxy/nginx.conf and proxy/start to what replaces them. `variables` are added to
    the environment.
    """
    with (
        tempfile.TemporaryDirectory(prefix="careers-proxy-") as folder,
        NameServer() as name_server,
    ):
        options = {"resolver": name_server.port, "changes": changes, **variables}
        with started(Path(folder), host, site, **options) as proxy:
            proxy.name_server = name_server
            proxy.wait()
            yield proxy


@contextlib.contextmanager
def started(folder, host, site, resolver=53, changes=None, **variables):
    """Yield a Proxy that has just been started with its files in `folder`, and may end at once."""
    program, environment = debian.program("nginx")
    for name in ("tls", "spool", "programs"):
        (folder / name).mkdir(exist_ok=True)
    shutil.copytree(ROOT / "proxy", folder / "away", dirs_exist_ok=True)
    port, http_port = free_port(), free_port()
    ports = {"8443": port, "8080": http_port, "127.0.0.1:8081": free_port()}
    for name, text in _texts(folder, ports, site, resolver, changes or {}).items():
        (folder / name).write_text(text, "utf-8")
    # proxy/start finds nginx by its name.
    as_root = "-g 'user root;'" if os.geteuid() == 0 else ""  # its workers can read this folder
    command = f"exec {program} -c {folder}/nginx.conf -p {folder} {as_root}"
    (folder / "programs" / "nginx").write_text(f'#!/bin/sh\n{command} "$@"\n', "utf-8")
    (folder / "programs" / "nginx").chmod(0o755)
    path = f"{folder}/programs{os.pathsep}{environment['PATH']}"
    environment |= {"PATH": path, "SITE_URL": f"https://{host}", **variables}
    with (folder / "log").open("ab") as log:
        options = {"env": environment, "stdout": log, "stderr": log}
        process = subprocess.Popen(["sh", folder / "start"], start_new_session=True, **options)
    try:
        yield Proxy(host, port, http_port, folder, process)
    finally:
        process.terminate()
        process.wait(10)
        with contextlib.suppress(ProcessLookupError):  # what reloads it regularly
            os.killpg(process.pid, signal.SIGTERM)


def _texts(folder, ports, site, resolver, changes):
    """proxy/nginx.conf and proxy/start with other folders and ports."""
    replacements = {
        "/srv/tls": f"{folder}/tls",
        "/srv/spool": f"{folder}/spool",
        "/srv/away": f"{folder}/away",
        "/tmp/": f"{folder}/",
        **{f"listen {address}": f"listen 127.0.0.1:{port}" for address, port in ports.items()},
        "127.0.0.11 ": f"127.0.0.1:{resolver} ",
        "http://web:8000": f"http://web:{site}",
        "-e /dev/stderr": f"-e {folder}/log",
        FILE_LIMIT: "",
        **changes,
    }
    texts = {name: (ROOT / "proxy" / name).read_text("utf-8") for name in ("nginx.conf", "start")}
    for replaced in replacements:
        if not any(replaced in text for text in texts.values()):
            raise ValueError(f"neither proxy/nginx.conf nor proxy/start contains {replaced}")
    # In one pass, because a replacement may contain another key.
    pattern = re.compile("|".join(map(re.escape, replacements)))
    return {
        name: pattern.sub(lambda match: replacements[match[0]], text)
        for name, text in texts.items()
    }
