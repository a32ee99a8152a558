"""strace: what a program asks of the kernel, in which order. This machine's, else Debian's, unpacked."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.components import Unavailable
from tests.components.debian import unpacked

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "strace"


def find():
    """Where it is, with the environment that it needs."""
    path, environment = shutil.which("strace"), dict(os.environ)
    if not path:
        root = unpacked(["strace"], CACHE)
        path = str(root / "usr/bin/strace")
        libraries = ":".join(map(str, root.glob("usr/lib/*-linux-*")))
        environment["LD_LIBRARY_PATH"] = libraries
    tried = subprocess.run(
        [path, "-o", os.devnull, "true"], env=environment, capture_output=True, text=True
    )
    if tried.returncode:
        said = (tried.stderr.strip() or "no word said").splitlines()[-1]
        raise Unavailable(f"strace may not look into programs here ({said})")
    return path, environment


def command(output, *calls):
    """What to write before a program so that these calls of it are written down, threads included."""
    path, environment = find()
    libraries = environment.get("LD_LIBRARY_PATH")
    prefix = ["env", f"LD_LIBRARY_PATH={libraries}"] if libraries else []
    return [*prefix, path, "-f", "-y", "-s", "200", "-o", output, "-e", f"trace={','.join(calls)}"]


def calls(output):
    """[(thread, call)] in the order in which they were done; what another one broke in two is whole."""
    begun, done = {}, []
    for line in Path(output).read_text(errors="replace").splitlines():
        thread, _space, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>")
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>", call):
            call = begun.pop(thread, "") + call[resumed.end() :]
        done.append((thread, call))
    return done
