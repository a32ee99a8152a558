"""Public pages as visitors get them: kept ones beside the least that the same servers can do, and when
nothing is kept."""

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
from tests.faults.stage import ADDRESS, Program, running

from .load import rate
from .measure import in_turns, table

HOST = ADDRESS.removeprefix("https://")
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
    """Print all tables; whether every goal is reached."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="careers-bench-")))
        stage = stack.enter_context(running(folder, on_postgresql=False))
        path = _a_page(stage)
        reached = [
            _beside_bare(stage, path, folder),
            _beside_a_file(stage, path),
            _while_edited(stage, path),
            _workers(stage, path),
            _size(stage),
        ]
    return all(reached)


# --- Rates ---------------------------------------------------------------------------------------


def _beside_bare(stage, path, folder):
    print("\nA kept page of an opening, one worker")
    headers, body = _asked(stage.port, path)
    by_gunicorn = ("Server", "Date", "Connection")
    said = [pair for pair in headers.items() if pair[0] not in by_gunicorn]
    file = folder / "bare"
    file.write_bytes(pickle.dumps((said, body)))
    one = {**stage.environment, "WEB_CONCURRENCY": "1", "BARE_ANSWER": str(file)}
    with _served("tests.bench.bare", one) as bare, _served("careers.wsgi", one) as site:
        there = {**HEADERS, "If_None_Match": headers["ETag"]}
        found = in_turns(
            {
                "the same from a bare application": lambda: rate(bare.port, path, **HEADERS),
                "kept": lambda: rate(site.port, path, **HEADERS),
                "kept, and there already (304)": lambda: rate(site.port, path, **there),
            },
            rounds=ROUNDS,
        )
    bare, kept, _there = found.values()
    _print(found, bare)
    return _said(kept / bare, BARE_GOAL)


def _beside_a_file(stage, path):
    print("\nThe same page through the proxy's own nginx, by https")
    _headers, body = _asked(stage.port, path)
    with nginx.running(HOST, stage.port) as proxy:
        (proxy.folder / "away.css").write_bytes(body)  # a file that this nginx serves by itself
        found = in_turns(
            {
                name: lambda path=path: rate(proxy.port, path, https=True, **HEADERS)
                for name, path in (("the same as a file", "/away.css"), ("the site", path))
            },
            rounds=ROUNDS,
        )
    file, site = found.values()
    _print(found, file)
    return _said(site / file, FILE_GOAL)


def _while_edited(stage, path):
    print("\nWith an edit every second")
    found = in_turns(
        {
            "without": lambda: rate(stage.port, path, **HEADERS),
            "with": lambda: _edited(stage, path),
        },
        rounds=ROUNDS,
    )
    without, edited = found.values()
    _print(found, without)
    return _said(edited / without, EDITED_GOAL)


def _edited(stage, path):
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", EDIT]
    editor = subprocess.Popen(command, cwd=ROOT, env=stage.environment, stdin=subprocess.PIPE)
    try:
        time.sleep(2)  # until it is there
        return rate(stage.port, path, **HEADERS)
    finally:
        editor.stdin.close()
        editor.wait(20)


def _workers(stage, path):
    print("\nBy the number of workers")
    with ExitStack() as stack:
        sites = {
            count: stack.enter_context(
                _served("careers.wsgi", stage.environment, WEB_CONCURRENCY=str(count))
            )
            for count in (1, 2, 4)
        }
        found = in_turns(
            {
                f"{count}": lambda port=site.port: rate(port, path, **HEADERS)
                for count, site in sites.items()
            },
            rounds=ROUNDS,
        )
    _print(found, found["1"])
    return True


# --- Start and size ------------------------------------------------------------------------------


def _size(stage):
    print("\nStart and size of a worker")
    manage(stage.environment, "shell", "--no-imports", "-c", MANY_ROLES)
    start = time.perf_counter()
    with _served("careers.wsgi", stage.environment, WEB_CONCURRENCY="1") as site:
        ready = time.perf_counter() - start
        paths = _listed(site.port)
        for number in range(REQUESTS):
            _asked(site.port, paths[number % PAGES])
        [worker] = site.program.children()
        memory = _resident(worker)
    said = f"MB after {REQUESTS:,} requests for {PAGES:,} pages"
    table(
        [
            ("", "measured", "goal"),
            ("seconds until it answers", f"{ready:.1f}", f"at most {READY_GOAL}"),
            (said, f"{memory:.0f}", f"at most {MEMORY_GOAL}"),
        ]
    )
    return ready <= READY_GOAL and memory <= MEMORY_GOAL


def _listed(port):
    """So many addresses that the sitemap lists."""
    _headers, listing = _asked(port, "/sitemap-roles.xml", Accept_Encoding="identity")
    found = re.findall(rf"<loc>{ADDRESS}(.*?)</loc>", listing.decode())[:PAGES]
    if len(found) < PAGES:
        raise RuntimeError(f"The sitemap lists only {len(found)} pages.")
    return found


def _resident(worker):
    """Megabytes of memory that a process has now."""
    status = Path(f"/proc/{worker}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


# --- What is measured ----------------------------------------------------------------------------


class Served(NamedTuple):
    """A program that answers on a port."""

    port: int
    program: Program


@contextmanager
def _served(application, environment, **variables):
    """An application of this repository, served by gunicorn as the site is."""
    port = free_port()
    command = ("-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}")
    program = Program({**environment, **variables}, *command)
    program.start()
    try:
        wait(f"http://127.0.0.1:{port}", program.process, Host=HOST)
        yield Served(port, program)
    finally:
        program.kill()


def _a_page(stage):
    """The path of an opening."""
    say = "from careers.roles.models import Role\n"
    say += "print(Role.objects.public('en').first().get_absolute_url('en'))"
    return manage(stage.environment, "shell", "--no-imports", "-c", say).strip()


def _asked(port, path, **more):
    """Headers and body of one answer."""
    said = {**HEADERS, **more}
    headers = {name.replace("_", "-"): value for name, value in said.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}.")
        return answer.headers, body


def _print(found, beside):
    rows = [(name, str(rates), f"{rates / beside:.2f}") for name, rates in found.items()]
    table([("", "answers a second", "ratio"), *rows])


def _said(ratio, goal):
    print(f"ratio {ratio:.2f} (goal: at least {goal:.2f})")
    return ratio >= goal
