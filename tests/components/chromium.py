"""A real Chromium for the tests, able to show Japanese: this machine's, else Debian's, unpacked.

Unpacked means: what is missing is fetched as Debian's packages, laid out under .cache/ and kept
there for the next time; nothing is installed, and nobody needs to be root.
`python -m tests.components.chromium` prints where the browser is.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.components import Unavailable
from tests.components.debian import unpacked

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
JAPANESE_FONTS = ("cjk", "ipa", "jp", "japanese", "takao", "vlgothic", "mplus", "gothic", "mincho")

# In the sandbox of a test machine; and a browser that asks nobody but the site.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find():
    """Where a browser is, and the environment in which playwright can drive it.

    The environment is for the process that starts playwright: `os.environ.update(environment)`.
    """
    if os.environ.get("FONTCONFIG_FILE", "").startswith(str(CACHE)):
        return os.environ["CHROMIUM"], dict(os.environ)  # started by somebody who has asked already
    path = next(filter(_starts, _candidates()), None)
    missing = [
        package
        for package, is_here in (
            ("chromium", path),
            ("fonts-noto-cjk", _japanese_font_is_here()),
            ("libatomic1", _playwright_starts()),
        )
        if not is_here
    ]
    if not missing:
        return path, dict(os.environ)
    root = _unpacked(missing)
    environment = _environment_of(root)
    environment["CHROMIUM"] = path = path or str(root / "usr/lib/chromium/chromium")
    if not _starts(path, environment):
        raise Unavailable(f"the Chromium unpacked in {root} does not start here")
    return path, environment


# --- What the machine has ----------------------------------------------------------------------


def _candidates():
    named = os.environ.get("CHROMIUM")
    if named:
        if not _starts(named):
            raise Unavailable(f"CHROMIUM names {named}, which is no browser that starts")
        yield named
    yield from filter(None, map(shutil.which, NAMES))
    yield from _of_playwright()


def _of_playwright():
    # In a process of its own: a test that asks may have playwright running already.
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    path = _said(sys.executable, "-c", ask)
    return [path] if os.access(path, os.X_OK) else []


def _starts(path, environment=None):
    """Some systems have a stand-in under the name that only says what to install."""
    return "Chrom" in _said(path, "--version", environment=environment)


def _playwright_starts():
    """It brings a Node.js that asks for a library which a bare Debian has not got."""
    package = importlib.util.find_spec("playwright")
    node = package and Path(package.origin).parent / "driver" / "node"
    return not node or not node.exists() or _said(node, "--version")


def _said(*command, environment=None):
    """What a program prints; nothing, if it fails."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else done.stdout.strip()


def _japanese_font_is_here():
    """Without one every kana is an empty box, and a picture of a page proves nothing."""
    if sys.platform != "linux":
        return True  # every other desktop brings one
    fc_list = shutil.which("fc-list")
    if fc_list:
        return _said(fc_list, ":lang=ja")
    files = (
        file.name.lower()
        for folder in FONT_FOLDERS
        for file in Path(folder).expanduser().rglob("*.[ot]t[fc]")
    )
    return any(word in name for name in files for word in JAPANESE_FONTS)


# --- Debian's packages, unpacked ---------------------------------------------------------------


def _environment_of(root):
    """What programs and fonts in a folder need to find each other."""
    libraries = [*root.glob("usr/lib/*-linux-*"), root / "usr/lib/chromium", *root.glob("lib/*-*")]
    libraries += root.glob("usr/lib/*-linux-*/pulseaudio")
    before = filter(None, [os.environ.get("LD_LIBRARY_PATH")])
    return {
        **os.environ,
        "LD_LIBRARY_PATH": ":".join([*map(str, libraries), *before]),
        "FONTCONFIG_FILE": str(root / "fonts.conf"),
    }


def _unpacked(packages):
    """The folder with these packages, and the fonts in it made known."""
    root = unpacked(packages, CACHE)
    (root / "fonts.conf").write_text(_fonts_conf(root))
    return root


def _fonts_conf(root):
    """The machine's fonts and those in the folder; Japanese shapes where Chinese shares a letter."""
    return f"""\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <include ignore_missing="yes">{root}/etc/fonts/conf.d</include>
  <dir>{root}/usr/share/fonts</dir>
  <cachedir>{root}/fontcache</cachedir>
</fontconfig>
"""


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        try:
            print(find()[0])
        except Unavailable as reason:
            sys.exit(f"No Chromium: {reason}")
