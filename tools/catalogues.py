"""Extracts, compiles and checks the Japanese message catalogs with Babel, the same on every machine.

python -m tools.catalogues           adds new messages, removes unused ones, compiles
python -m tools.catalogues --check   changes nothing; reports errors with exit status 1
"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
DOMAINS = ("django", "djangojs")  # messages of Python and templates; messages of JavaScript
# Messages of Django and django-allauth whose translation is overridden.
OVERRIDES = [ROOT / "tools/django_messages.py", ROOT / "tools/allauth_messages.py"]
# Messages of scripts that are not ours: {message: who uses it}
OTHER_SCRIPTS = {
    "Cancel": "django_prose_editor",
    ("%(sel)s of %(cnt)s selected", "%(sel)s of %(cnt)s selected"): "django.contrib.admin",
}

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

# Mistakes in Japanese texts, by the style guide of the project.
SLIPS = {
    "a space between Japanese and Latin": re.compile(
        r"[ぁ-んァ-ヶ一-龥] [A-Za-z0-9]|[A-Za-z0-9] [ぁ-んァ-ヶ一-龥]"
    ),
    "an auxiliary in kanji": re.compile("下さい|頂[くきけ]|致し|出来ま|事が|全て|是非"),
    "half-width kana": re.compile("[ｦ-ﾟ]"),
    "full-width letters or digits": re.compile("[Ａ-Ｚａ-ｚ０-９]"),
    "ASCII punctuation in Japanese": re.compile(r"[ぁ-んァ-ヶ一-龥][()!?,]|[(][ぁ-んァ-ヶ一-龥]"),
    "a missing or extra long vowel": re.compile(
        "エンジニアー|マネジャ|ユーザ[^ー]|サーバ[^ー]|ブラウザー"
    ),
    "a gendered word": re.compile("営業マン|看護婦"),
    "a chain of させていただく": re.compile("させていただ"),
    "a word that is not used here": re.compile("パーミッション|御社|貴社|あなた"),
}


def po(domain):
    return ROOT / f"locale/ja/LC_MESSAGES/{domain}.po"


def source(domain):
    """A catalog of all messages in the source of a domain."""
    catalog = Catalog(locale="ja", domain=domain)
    files = {
        "django": [
            *(ROOT / "careers").rglob("*.py"),
            *(ROOT / "templates").rglob("*.*"),
            *OVERRIDES,
        ],
        "djangojs": (ROOT / "static").rglob("*.js"),
    }
    for path in sorted(files[domain]):
        text = path.read_text("utf-8")
        if path.suffix not in (".py", ".js"):
            # `templatize` returns something like Python; without its indentation, it can be tokenized.
            text = "\n".join(line.strip() for line in templatize(text).splitlines())
        for _line, message, _comments, context in extract(
            "javascript" if path.suffix == ".js" else "python",
            BytesIO(text.encode()),
            keywords=KEYWORDS,
        ):
            where = [(path.relative_to(ROOT).as_posix(), None)]
            catalog.add(message, locations=where, context=context)
    for message, user in OTHER_SCRIPTS.items() if domain == "djangojs" else ():
        catalog.add(message, locations=[(user, None)])
    return catalog


def stored(domain):
    """The catalog in the repository."""
    if not po(domain).exists():
        return Catalog(locale="ja", domain=domain)
    with po(domain).open("rb") as file:
        return read_po(file, locale="ja", domain=domain)


def update(domain):
    """Add new messages, remove unused ones, compile."""
    catalog = stored(domain)
    catalog.update(source(domain), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = (
        "# The Japanese words of the interface; `make messages` keeps them complete."
    )
    with po(domain).open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, include_lineno=False)
    with po(domain).with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    empty = sum(1 for message in catalog if message.id and not translated(message))
    print(f"{len(catalog)} messages, {empty} to translate in {po(domain).relative_to(ROOT)}")


def errors(domain):
    """One sentence for each error in the catalog."""
    extracted, translations = table(source(domain)), table(stored(domain))
    yield from (f"missing: {key}" for key in extracted.keys() - translations.keys())
    yield from (f"unused: {key}" for key in translations.keys() - extracted.keys())
    for key, message in translations.items():
        if message.fuzzy:
            yield f"fuzzy: {key}"
        if not translated(message):
            yield f"not translated: {key}"
            continue
        for text in strings(message):
            placeholders = set(PLACEHOLDER.findall("".join(ids(message))))
            if set(PLACEHOLDER.findall(text)) != placeholders:
                yield f"placeholders differ from {key}: {text}"
            for slip, pattern in SLIPS.items():
                if pattern.search(PLACEHOLDER.sub("", text)):
                    yield f"{slip}: {text}"
    mo = po(domain).with_suffix(".mo")
    with mo.open("rb") as file:
        compiled = table(read_mo(file))
    if {key: strings(m) for key, m in compiled.items()} != {
        key: strings(m) for key, m in translations.items()
    }:
        yield f"{mo.relative_to(ROOT)} is older than the .po file"


def table(catalog):
    """{(context, *message IDs): message}"""
    return {(context(message), *ids(message)): message for message in catalog if message.id}


def context(message):
    # A compiled catalog returns bytes.
    return message.context.decode() if isinstance(message.context, bytes) else message.context


def ids(message):
    return message.id if isinstance(message.id, tuple | list) else (message.id,)


def strings(message):
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def translated(message):
    return all(strings(message))


def main(arguments):
    if arguments != ["--check"]:
        for domain in DOMAINS:
            update(domain)
        return
    messages = [message for domain in DOMAINS for message in errors(domain)]
    for message in messages:
        print(message)
    if messages:
        sys.exit(f"{len(messages)} errors. `make messages` adds new messages.")


if __name__ == "__main__":
    main(sys.argv[1:])
