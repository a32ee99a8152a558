"""The extension of a file name, and the name under which an upload is stored.

Android and messengers send files without an extension, or with something after it: `resume.pdf (1)`.
"""

import re
from unicodedata import normalize

from careers.japanese import display_filename

from .types import NAMES

# Extensions of other types of file. Words and numbers after a dot (`v1.0`, `山田.太郎`) are not extensions.
OTHER_EXTENSIONS = frozenset(
    re.findall(
        r"\w+",
        """
        docm dot dotx dotm xlsm xlsb xlt xltx xltm ppt pptx pptm pps ppsx pot potx ods odp odg odf ott
        pages numbers key wps wpd wri jtd jtt hwp hwpx abw tex latex ps eps xps oxps djvu epub mobi azw3
        html htm xhtml mht mhtml xml svg eml msg json csv tsv md log ini cfg
        jpg jpeg jpe png gif bmp tif tiff webp heic heif avif ico psd ai indd sketch fig dwg
        mp3 m4a wav aac ogg flac mp4 m4v mov avi mkv webm wmv 3gp
        zip zipx rar 7z gz tgz bz2 xz tar lzh cab jar iso dmg apk ipa
        exe bat cmd scr pif msi msp dll sys lnk url webloc hta vbs vbe jse wsf ps1 reg app bin
        js mjs ts css php phtml asp aspx jsp cgi py pyc pl rb sh java class go rs cpp swf sql db sqlite
        """,
    )
)
# A type inside a name, and what follows it: ` (1)`, `.1`, ` - Copy`, `のコピー`.
_INSIDE = re.compile(r"(.+)\.([A-Za-zＡ-Ｚａ-ｚ]{3,4})([^A-Za-z0-9].*)", re.DOTALL)
# An extension, and what programs add to the name of a copy. `asp.net developer` and `v1.doc final` have none.
_COPY = re.compile(
    r".+\.(\w+?)(?: ?\(\d{1,3}\)|[._~-]\d{1,3}|_\w+=[^.]*| ?- ?(?:copy|コピー)[^.]*|のコピー[^.]*| copy(?: \d+)?)",
    re.IGNORECASE,
)


def extension(name: str) -> str:
    """The known extension as people see it, `.ＰＤＦ` included; "" if the name has none."""
    _stem, dot, suffix = normalize("NFKC", display_filename(name)).rpartition(".")
    return _known(suffix) if dot else ""


def extension_of_copy(name: str) -> str:
    """The known extension inside the name of a copy: `docx` of `resume.docx (1)`; "" for other names."""
    copy = _COPY.fullmatch(normalize("NFKC", display_filename(name)))
    return _known(copy[1]) if copy else ""


def _known(suffix: str) -> str:
    suffix = suffix.lower()
    return suffix if suffix in NAMES or suffix in OTHER_EXTENSIONS else ""


def with_extension(name: str, type: str) -> str:
    """The name to show, with the extension of its type: `resume.pdf (1)` → `resume (1).pdf`."""
    shown: str = display_filename(name)
    if extension(shown):
        return shown
    inside = _INSIDE.fullmatch(shown)
    if inside and normalize("NFKC", inside[2]).lower() == type:
        shown = inside[1] + inside[3]
    shown = display_filename(f"{shown}.{type}")
    return shown
