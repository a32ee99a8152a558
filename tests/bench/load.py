"""Many requests at once from a real load generator (wrk), which talks to the loopback only."""

import re
import subprocess

from tests.components import debian

SECONDS = 2
CONNECTIONS = 8


def rate(port, path, *, https=False, **headers):
    """How many answers a second come from this port; every one of them as asked for, or RuntimeError."""
    program, environment = debian.program("wrk")
    scheme = "https" if https else "http"
    options = [f"-c{CONNECTIONS}", "-t1", f"-d{SECONDS}s"]
    said = [f"-H{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    command = [program, *options, *said, f"{scheme}://127.0.0.1:{port}{path}"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    found = re.search(r"Requests/sec: +([\d.]+)", ran.stdout)
    if not found or "Non-2xx" in ran.stdout or "Socket errors" in ran.stdout:
        raise RuntimeError(f"Not every answer was one: {ran.stdout or ran.stderr}")
    return float(found[1])
