"""Many simultaneous requests from a real load generator (wrk), to the loopback only."""

import re
import subprocess

from tests.components import debian

SECONDS = 2
CONNECTIONS = 8


def rate(port, path, *, https=False, **headers):
    """Responses per second from this port; RuntimeError unless all are successful."""
    program, environment = debian.program("wrk")
    scheme = "https" if https else "http"
    options = [f"-c{CONNECTIONS}", "-t1", f"-d{SECONDS}s"]
    header_options = [f"-H{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    command = [program, *options, *header_options, f"{scheme}://127.0.0.1:{port}{path}"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    match = re.search(r"Requests/sec: +([\d.]+)", result.stdout)
    if not match or "Non-2xx" in result.stdout or "Socket errors" in result.stdout:
        raise RuntimeError(f"Not all requests succeeded: {result.stdout or result.stderr}")
    return float(match[1])
