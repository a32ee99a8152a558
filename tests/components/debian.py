"""Debian packages, downloaded and unpacked into a folder, without installing them and without root."""

import fcntl
import os
import shutil
import subprocess
import sys

from tests.components import Unavailable
from tests.components.environment import ROOT


def program(name):
    """Path and environment of a program: the installed one, or the one of the package of its name."""
    if installed := shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin"):
        return installed, dict(os.environ)
    root = unpack([name], ROOT / ".cache" / name)
    libraries = sorted({str(path.parent) for path in root.rglob("*.so*")})
    environment = {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(libraries)}
    [path] = (path for path in root.glob(f"usr/*bin/{name}") if path.is_file())
    if subprocess.run([path, "-v"], env=environment, capture_output=True).returncode not in (0, 1):
        raise Unavailable(f"{name}, unpacked in {root}, does not start here")
    return str(path), environment


def unpack(packages, cache):
    """The folder with these packages, which are downloaded once; Unavailable if that fails."""
    root = cache / "+".join(packages)
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in parallel
        if not root.exists():
            partial = root.with_name("part")
            shutil.rmtree(partial, ignore_errors=True)
            _fetch_and_unpack(packages, partial)
            partial.rename(root)
    return root


def _fetch_and_unpack(packages, root):
    names = " and ".join(packages)
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Unavailable(f"{names}: not on this machine, and only Debian's can be fetched")
    print(f"Fetching {names} (once)...", file=sys.stderr, flush=True)
    apt = root / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (apt / folder).mkdir(parents=True)
    (apt / "apt.conf").write_text(_apt_conf(apt))
    get = ["apt-get", "-c", str(apt / "apt.conf"), "-qq"]
    _run(*get, "update")
    _run(*get, "install", "--yes", "--download-only", "--no-install-recommends", *packages)
    for package in sorted((apt / "cache/archives").glob("*.deb")):
        _run("dpkg-deb", "--extract", str(package), str(root))
    shutil.rmtree(apt)


def _run(*command):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode:
        message = (result.stderr or result.stdout).strip().splitlines() or ["no output"]
        raise Unavailable(f"Debian's packages could not be fetched ({command[0]}: {message[-1]})")


def _apt_conf(folder):
    """apt with separate lists and archives, run by any user; the machine's own are not changed."""
    return f"""\
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}/cache";
Dir::Log "{folder}";
Debug::NoLocking "1";
APT::Sandbox::User "";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
"""
