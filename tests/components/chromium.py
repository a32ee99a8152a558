"""A real Chromium for the tests, with a Japanese font: installed, or unpacked from Debian's packages.

What is missing is downloaded and unpacked under .cache/ for later runs; nothing is installed, and root
is not needed. `python -m tests.components.chromium` prints the path of the browser.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.components import Unavailable
from tests.components.debian import unpack

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
JAPANESE_FONTS = ("cjk", "ipa", "jp", "japanese", "takao", "vlgothic", "mplus", "gothic", "mincho")

# For the sandbox of a test machine, and without requests to other hosts than the site.
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
    """Path of a browser, and the environment in which playwright can control it.

    The environment is for the process that starts playwright: `os.environ.update(environment)`.
    """
    if os.environ.get("FONTCONFIG_FILE", "").startswith(str(CACHE)):
        return os.environ["CHROMIUM"], dict(os.environ)  # a parent process has found it already
    path = next(filter(_starts, _candidates()), None)
    missing = [
        package
        for package, is_installed in (
            ("chromium", path),
            ("fonts-noto-cjk", _has_japanese_font()),
            ("libatomic1", _playwright_starts()),
        )
        if not is_installed
    ]
    if not missing:
        return path, dict(os.environ)
    root = _unpack(missing)
    environment = _environment_of(root)
    environment["CHROMIUM"] = path = path or str(root / "usr/lib/chromium/chromium")
    if not _starts(path, environment):
        raise Unavailable(f"the Chromium unpacked in {root} does not start here")
    return path, environment


# --- Installed browsers and fonts --------------------------------------------------------------


def _candidates():
    configured = os.environ.get("CHROMIUM")
    if configured:
        if not _starts(configured):
            raise Unavailable(f"CHROMIUM names {configured}, which is not a working browser")
        yield configured
    yield from filter(None, map(shutil.which, NAMES))
    yield from _from_playwright()


def _from_playwright():
    # In a separate process, because the calling test may already run playwright.
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    path = _output(sys.executable, "-c", code)
    return [path] if os.access(path, os.X_OK) else []


def _starts(path, environment=None):
    """Whether this is a browser; some systems have a script of this name that says what to install."""
    return "Chrom" in _output(path, "--version", environment=environment)


def _playwright_starts():
    """Whether its Node.js starts; it needs a library that a minimal Debian lacks."""
    package = importlib.util.find_spec("playwright")
    node = package and Path(package.origin).parent / "driver" / "node"
    return not node or not node.exists() or _output(node, "--version")


def _output(*command, environment=None):
    """The output of a program; "" if it fails."""
    try:
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if result.returncode else result.stdout.strip()


def _has_japanese_font():
    """Whether a font has Japanese glyphs; without one, screenshots show empty boxes."""
    if sys.platform != "linux":
        return True  # other desktops include one
    fc_list = shutil.which("fc-list")
    if fc_list:
        return _output(fc_list, ":lang=ja")
    files = (
        file.name.lower()
        for folder in FONT_FOLDERS
        for file in Path(folder).expanduser().rglob("*.[ot]t[fc]")
    )
    return any(word in name for name in files for word in JAPANESE_FONTS)


# --- Debian's packages, unpacked ---------------------------------------------------------------


def _environment_of(root):
    """The environment for programs and fonts in this folder."""
    libraries = [*root.glob("usr/lib/*-linux-*"), root / "usr/lib/chromium", *root.glob("lib/*-*")]
    libraries += root.glob("usr/lib/*-linux-*/pulseaudio")
    inherited = filter(None, [os.environ.get("LD_LIBRARY_PATH")])
    return {
        **os.environ,
        "LD_LIBRARY_PATH": ":".join([*map(str, libraries), *inherited]),
        "FONTCONFIG_FILE": str(root / "fonts.conf"),
    }


def _unpack(packages):
    """The folder with these packages, with a configuration for its fonts."""
    root = unpack(packages, CACHE)
    (root / "fonts.conf").write_text(_fonts_conf(root))
    return root


def _fonts_conf(root):
    """The installed fonts and those in the folder; Japanese glyphs for characters shared with Chinese."""
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
