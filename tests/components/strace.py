"""strace, which records system calls in their order: installed, or unpacked from Debian's package."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.components import Unavailable
from tests.components.debian import unpack

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "strace"


def find():
    """Its path, and the environment that it needs."""
    path, environment = shutil.which("strace"), dict(os.environ)
    if not path:
        root = unpack(["strace"], CACHE)
        path = str(root / "usr/bin/strace")
        libraries = ":".join(map(str, root.glob("usr/lib/*-linux-*")))
        environment["LD_LIBRARY_PATH"] = libraries
    result = subprocess.run(
        [path, "-o", os.devnull, "true"], env=environment, capture_output=True, text=True
    )
    if result.returncode:
        message = (result.stderr.strip() or "no output").splitlines()[-1]
        raise Unavailable(f"strace must not trace programs here ({message})")
    return path, environment


def command(output, *calls):
    """The command prefix that records these system calls of a program and its threads."""
    path, environment = find()
    libraries = environment.get("LD_LIBRARY_PATH")
    prefix = ["env", f"LD_LIBRARY_PATH={libraries}"] if libraries else []
    return [*prefix, path, "-f", "-y", "-s", "200", "-o", output, "-e", f"trace={','.join(calls)}"]


def calls(output):
    """[(thread, call)] in the order of completion; interrupted calls are joined."""
    unfinished, finished = {}, []
    for line in Path(output).read_text(errors="replace").splitlines():
        thread, _space, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            unfinished[thread] = call.removesuffix("<unfinished ...>")
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>", call):
            call = unfinished.pop(thread, "") + call[resumed.end() :]
        finished.append((thread, call))
    return finished
