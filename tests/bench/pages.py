"""Public pages: cached pages compared with the minimum of the same servers, and uncached ones."""

import http.client
import pickle
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.components import nginx
from tests.components.site import ROOT, free_port, manage, wait
from tests.faults.killable_site import SITE_URL, Program, running

from .load import rate
from .measure import alternate, table

HOST = SITE_URL.removeprefix("https://")
HEADERS = {"Host": HOST, "X_Forwarded_Proto": "https", "Accept_Encoding": "br"}
ROUNDS = 9  # threads take turns and workers share connections by luck: some rounds are odd ones
BARE_GOAL, FILE_GOAL, EDITED_GOAL = 0.90, 0.70, 0.80  # at least
READY_GOAL, MEMORY_GOAL = 2.0, 110.0  # at most: seconds, MB
PAGES, REQUESTS = 1_000, 10_000  # over which memory is measured
# In a process of its own, as an admin's is; once a second, until its input ends.
EDIT = """
import sys, threading
from careers.company.models import Company
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
while not ended.wait(1):
    Company.get().save()
"""
MANY_ROLES = """
from careers.roles.models import Role
from django.utils import timezone
first = Role.objects.public("en").first()
for number in range(500):
    role = Role.objects.get(pk=first.pk)
    role.pk, role.reference_id, role._state.adding = None, f"MANY-{number}", True
    role.published_at_en = role.published_at_ja = timezone.now()
    role.save()
"""


def run():
    """Print all tables; return whether every goal is reached."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="careers-bench-")))
        site = stack.enter_context(running(folder, on_postgresql=False))
        path = _role_path(site)
        reached = [
            _beside_bare(site, path, folder),
            _beside_a_file(site, path),
            _while_edited(site, path),
            _workers(site, path),
            _size(site),
        ]
    return all(reached)


# --- Rates -------------------------------------------------------------------------------------


def _beside_bare(site, path, folder):
    print("\nA cached page of a role, one worker")
    headers, body = _fetch(site.port, path)
    by_gunicorn = ("Server", "Date", "Connection")
    header_pairs = [pair for pair in headers.items() if pair[0] not in by_gunicorn]
    file = folder / "bare"
    file.write_bytes(pickle.dumps((header_pairs, body)))
    environment = {**site.environment, "WEB_CONCURRENCY": "1", "BARE_RESPONSE": str(file)}
    with (
        _served("tests.bench.bare", environment) as bare,
        _served("careers.wsgi", environment) as server,
    ):
        conditional = {**HEADERS, "If_None_Match": headers["ETag"]}
        rates = alternate(
            {
                "the same from a bare application": lambda: rate(bare.port, path, **HEADERS),
                "cached": lambda: rate(server.port, path, **HEADERS),
                "cached, not modified (304)": lambda: rate(server.port, path, **conditional),
            },
            rounds=ROUNDS,
        )
    bare, cached, _conditional = rates.values()
    _print(rates, bare)
    return _reached(cached / bare, BARE_GOAL)


def _beside_a_file(site, path):
    print("\nThe same page through nginx with the proxy's configuration, https")
    _headers, body = _fetch(site.port, path)
    # All requests come from one address.
    with nginx.running(HOST, site.port, {"rate=50r/s": "rate=1000000r/s"}) as proxy:
        (proxy.folder / "away" / "away.css").write_bytes(body)  # a file that nginx serves itself
        rates = alternate(
            {
                name: lambda path=path: rate(proxy.port, path, https=True, **HEADERS)
                for name, path in (("the same as a file", "/away.css"), ("the site", path))
            },
            rounds=ROUNDS,
        )
    file_rates, site_rates = rates.values()
    _print(rates, file_rates)
    return _reached(site_rates / file_rates, FILE_GOAL)


def _while_edited(site, path):
    print("\nWith an edit every second")
    rates = alternate(
        {
            "without": lambda: rate(site.port, path, **HEADERS),
            "with": lambda: _edited(site, path),
        },
        rounds=ROUNDS,
    )
    without, edited = rates.values()
    _print(rates, without)
    return _reached(edited / without, EDITED_GOAL)


def _edited(site, path):
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", EDIT]
    editor = subprocess.Popen(command, cwd=ROOT, env=site.environment, stdin=subprocess.PIPE)
    try:
        time.sleep(2)  # until it runs
        return rate(site.port, path, **HEADERS)
    finally:
        editor.stdin.close()
        editor.wait(20)


def _workers(site, path):
    print("\nBy the number of workers")
    with ExitStack() as stack:
        servers = {
            count: stack.enter_context(
                _served("careers.wsgi", site.environment, WEB_CONCURRENCY=str(count))
            )
            for count in (1, 2, 4)
        }
        rates = alternate(
            {
                f"{count}": lambda port=server.port: rate(port, path, **HEADERS)
                for count, server in servers.items()
            },
            rounds=ROUNDS,
        )
    _print(rates, rates["1"])
    return True


# --- Start and size ----------------------------------------------------------------------------


def _size(site):
    print("\nStart and size of a worker")
    manage(site.environment, "shell", "--no-imports", "-c", MANY_ROLES)
    start = time.perf_counter()
    with _served("careers.wsgi", site.environment, WEB_CONCURRENCY="1") as server:
        ready = time.perf_counter() - start
        paths = _role_paths(server.port)
        for number in range(REQUESTS):
            _fetch(server.port, paths[number % PAGES])
        [worker] = server.program.children()
        memory = _resident(worker)
    label = f"MB after {REQUESTS:,} requests for {PAGES:,} pages"
    table(
        [
            ("", "measured", "goal"),
            ("seconds until the first response", f"{ready:.1f}", f"at most {READY_GOAL}"),
            (label, f"{memory:.0f}", f"at most {MEMORY_GOAL}"),
        ]
    )
    return ready <= READY_GOAL and memory <= MEMORY_GOAL


def _role_paths(port):
    """Paths of PAGES roles in the sitemap."""
    _headers, listing = _fetch(port, "/sitemap-roles.xml", Accept_Encoding="identity")
    paths = re.findall(rf"<loc>{SITE_URL}(.*?)</loc>", listing.decode())[:PAGES]
    if len(paths) < PAGES:
        raise RuntimeError(f"The sitemap lists only {len(paths)} pages.")
    return paths


def _resident(worker):
    """Resident memory of a process, in megabytes."""
    status = Path(f"/proc/{worker}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


# --- What is measured --------------------------------------------------------------------------


class Served(NamedTuple):
    """A running program and its port."""

    port: int
    program: Program


@contextmanager
def _served(application, environment, **variables):
    """Serve a WSGI application of this repository with gunicorn, as the site is served."""
    port = free_port()
    command = ("-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}")
    program = Program({**environment, **variables}, *command)
    program.start()
    try:
        wait(f"http://127.0.0.1:{port}", program.process, Host=HOST)
        yield Served(port, program)
    finally:
        program.kill()


def _role_path(site):
    """The path of a role."""
    code = "from careers.roles.models import Role\n"
    code += "print(Role.objects.public('en').first().get_absolute_url('en'))"
    return manage(site.environment, "shell", "--no-imports", "-c", code).strip()


def _fetch(port, path, **extra_headers):
    """Headers and body of one response."""
    all_headers = {**HEADERS, **extra_headers}
    headers = {name.replace("_", "-"): value for name, value in all_headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} has status {response.status}.")
        return response.headers, body


def _print(rates, baseline):
    rows = [(name, str(values), f"{values / baseline:.2f}") for name, values in rates.items()]
    table([("", "responses per second", "ratio"), *rows])


def _reached(ratio, goal):
    print(f"ratio {ratio:.2f} (goal: at least {goal:.2f})")
    return ratio >= goal
