"""Shipped texts promise nothing that the software does not do: answers in any case, deletion after a period."""

import re

import pytest
from babel.messages.pofile import read_po

from tools.catalogues import ROOT

# What no part of the software does: {promise: pattern in English or Japanese}.
PROMISES = {
    "an answer in any case": re.compile(
        r"whatever the outcome|whatever the result|in any case we(?:’ll| will) (?:answer|reply)"
        r"|we (?:will )?answer every|結果にかかわらず|合否にかかわらず|合否を問わず",
        re.IGNORECASE,
    ),
    "an answer within a period": re.compile(
        r"(?:answer|reply|hear from us|get back)[^.]* within|(?:営業日|日|週間)以内[^。]*(?:ご?連絡|ご?回答)",
        re.IGNORECASE,
    ),
    "deletion after the hiring process": re.compile(
        r"(?:eras|delet)[^.]*(?:after the (?:hiring|selection)|\b180 days)|選考(?:の)?終了[^。]*(?:削除|消去)"
        r"|180日",
        re.IGNORECASE,
    ),
    "emails about other roles": re.compile(
        r"tell (?:you|me) of other|(?:求人|ポジション)の?(?:をご)?(?:ご)?案内(?:のため|する)",
        re.IGNORECASE,
    ),
    "deletion by hand without a deadline": re.compile(
        r"(?:eras|delet|do so|do it)[^.]*without delay|遅滞なく(?:削除|消去)|管理者が受付番号で",
        re.IGNORECASE,
    ),
}
# Each promise as it once was in a shipped text.
FORMER_TEXTS = {
    "an answer in any case": [
        "We read every application and answer by e-mail, whatever the outcome.",
        "結果にかかわらず、メールでご連絡します。",
    ],
    "an answer within a period": [
        "You will hear from us within two weeks.",
        "書類選考の結果は、7営業日以内を目安に、メールでご連絡します。",
    ],
    "deletion after the hiring process": [
        "We erase it 180 days after the hiring process ends.",
        "情報は、選考の終了から180日後に削除します。",
    ],
    "emails about other roles": [
        "We may keep your details, to tell you of other openings.",
        "ほかの求人をご案内するため、個人情報を保管します。",
    ],
    "deletion by hand without a deadline": [
        "We will do so without delay. Then this page is gone, too.",
        "遅滞なく消去いたします。",
    ],
}


def catalogue_texts():
    """Pairs of a name and a text: the messages of the interface in both languages."""
    for path in sorted((ROOT / "locale/ja/LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                for text in (message.id, message.string):
                    for form in text if isinstance(text, tuple | list) else (text,):
                        yield f"{path.name}: {form}", form


def file_texts():
    """The same for the emails and the demo, whose lines are joined as readers see them."""
    for path in (
        *(ROOT / "templates/mail").glob("*.*"),
        *(ROOT / "careers/pages/demo").glob("*.*"),
    ):
        if path.suffix in (".txt", ".html", ".toml", ".vtt"):
            text = path.read_text("utf-8")
            joiner = "" if path.name.endswith(".ja.txt") else " "
            for paragraph in re.split(r"\n\s*\n|</p>|</li>", text):
                yield path.name, joiner.join(paragraph.split("\n"))


TEXTS = [*catalogue_texts(), *file_texts()]


def test_promise_sources_were_found():
    names = {name.partition(":")[0] for name, _text in TEXTS}
    assert {"django.po", "djangojs.po", "application_received.ja.txt", "policies.toml"} <= names
    assert len(TEXTS) > 2_000


@pytest.mark.parametrize("promise", PROMISES)
def test_promise_is_in_no_shipped_text(promise):
    pattern = PROMISES[promise]
    assert [name for name, text in TEXTS if pattern.search(text)] == []


@pytest.mark.parametrize("promise", PROMISES)
def test_promise_pattern_finds_former_texts(promise):
    assert FORMER_TEXTS.keys() == PROMISES.keys()
    for text in FORMER_TEXTS[promise]:
        assert PROMISES[promise].search(text), text
