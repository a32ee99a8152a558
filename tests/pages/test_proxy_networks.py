"""Visitors behind a load balancer or CDN: whose address the proxy passes on, and which visitors share their limits."""

import contextlib
import http.server
import threading

import pytest

from tests.components import nginx

pytestmark = pytest.mark.one_database

HOST = "careers.example.com"
BALANCER, CDN = "127.0.0.5", "203.0.113.9"
TRUSTED = "127.0.0.5, 203.0.113.0/24,2001:db8:ffff::/48"
# Each network may send two requests.
FEW = {"rate=50r/s": "rate=1r/m", "burst=300": "burst=1"}


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the X-Forwarded-For that the site gets."""

    def do_GET(self):
        body = "|".join(self.headers.get_all("X-Forwarded-For", [])).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def start():
    """start(changes, TRUSTED_NETWORKS=…) is a proxy in front of an Echo."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        yield lambda changes=None, **variables: stack.enter_context(
            nginx.running(HOST, server.server_port, changes, **variables)
        )


@pytest.mark.parametrize(
    ("source", "forwarded", "visitor"),
    [
        # An AWS ALB or nginx: it adds the address that it sees.
        (BALANCER, "198.51.100.7", "198.51.100.7"),
        (BALANCER, "10.9.9.9, 198.51.100.7", "198.51.100.7"),
        # A CDN before the load balancer: both add one.
        (BALANCER, f"10.9.9.9, 198.51.100.7, {CDN}", "198.51.100.7"),
        (BALANCER, f"2001:db8:1::7, {CDN}", "2001:db8:1::7"),
        (BALANCER, "2001:db8:1::7, 2001:db8:ffff::1", "2001:db8:1::7"),
        (BALANCER, None, BALANCER),
        (BALANCER, "unknown", BALANCER),
        # Others cannot claim an address.
        ("127.0.0.6", "198.51.100.7", "127.0.0.6"),
        ("127.0.0.6", f"198.51.100.7, {BALANCER}", "127.0.0.6"),
    ],
)
def test_trusted_networks_name_visitor(start, source, forwarded, visitor):
    proxy = start(TRUSTED_NETWORKS=TRUSTED)
    headers = {"X_Forwarded_For": forwarded} if forwarded else {}
    assert proxy.request("/", source=source, **headers).body.decode() == visitor


def test_without_trusted_networks_no_header_counts(start):
    response = start().request("/", X_Forwarded_For="198.51.100.7", X_Real_IP="198.51.100.7")
    assert response.body == b"127.0.0.1"


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("198.51.100.7", "198.51.100.8", False),
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", False),
        ("2001:db8::1", "2001:db8:0:0:1::", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        # With bytes that are special in patterns: a line feed, and zeros.
        ("2001:a0a:a0a:a0a::a0a", "2001:a0a:a0a:a0a:a0a:a0a:a0a:a0a", True),
        ("2001:a0a:a0a:a0a::a0a", "2001:a0a:a0a:a0b::a0a", False),
        ("::", "::1", True),
    ],
)
def test_limits_count_ipv4_address_and_ipv6_64_as_network(start, first, second, is_same):
    proxy = start(FEW, TRUSTED_NETWORKS="127.0.0.0/8")

    def statuses(visitor, count):
        return [proxy.request("/", X_Forwarded_For=visitor).status for _ in range(count)]

    assert statuses(first, 3) == [200, 200, 429]
    assert statuses(second, 1) == [429 if is_same else 200]


@pytest.mark.parametrize(
    ("networks", "message"),
    [
        ("10.0.0.0/8; deny all", "TRUSTED_NETWORKS must be networks like"),
        ("balancer.example.com", "TRUSTED_NETWORKS must be networks like"),
        ("10.0.0.0/8,10.0.0.0/99", 'set_real_ip_from "10.0.0.0/99"'),
    ],
)
def test_trusted_networks_are_checked_at_start(tmp_path, networks, message):
    with nginx.started(tmp_path, HOST, 9, TRUSTED_NETWORKS=networks) as proxy:
        assert proxy.process.wait(10) == 1
    assert message in (tmp_path / "log").read_text()
