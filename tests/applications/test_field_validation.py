"""Field validation: every common way to type a value is accepted; errors say how to correct it."""

import time
import unicodedata

import pytest

from careers.applications.models import Application
from tests import make

from .conftest import apply

pytestmark = pytest.mark.one_database

LONG_ADDRESS = f"{'t' * 64}@{'e' * 61}.{'f' * 61}.{'g' * 62}.jp"  # 254 characters with valid parts

ACCEPTED = {
    "a full-width address": ("email", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com"),
    "an address with spaces around": ("email", "　taro@example.com ", "taro@example.com"),
    "an address with full-width spaces around the @": (
        "email",
        "　ｔａｒｏ　＠　ｅｘａｍｐｌｅ．ｃｏｍ　",
        "taro@example.com",
    ),
    "an address with ß": ("email", "j@straße.example.de", "j@straße.example.de"),
    "an address with ideographic full stops": ("email", "a。taro@例え。jp。", "a.taro@例え.jp"),
    "a Persian address with a half space": (
        "email",
        "sara@نامه\u200cای.example",
        "sara@نامه\u200cای.example",
    ),
    "a copied joiner in a domain": ("email", "taro@exa\u200dmple.com", "taro@example.com"),
    "an old docomo address": ("email", "a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
    "an old au address": ("email", "a.@ezweb.ne.jp", "a.@ezweb.ne.jp"),
    "an old Vodafone address": ("email", ".a@t.vodafone.ne.jp", ".a@t.vodafone.ne.jp"),
    "a quoted docomo address": ("email", '"a..b"@docomo.ne.jp', '"a..b"@docomo.ne.jp'),
    "an address like an encoded word": (
        "email",
        "=?utf-8?q?x?=@example.com",
        "=?utf-8?q?x?=@example.com",
    ),
    "an address with an invisible character": (
        "email",
        "taro\u200b@example.com",
        "taro@example.com",
    ),
    "a number with long vowel marks": ("phone", "０９０ー１２３４ー５６７８", "090-1234-5678"),
    "a number from abroad": ("phone", "+65 6123 4567", "+65 6123 4567"),
    "a reading in hiragana": ("family_kana", "やまだ", "ヤマダ"),
    "a reading in half-width kana": ("family_kana", "ﾔﾏﾀﾞ", "ヤマダ"),
    "a reading in decomposed kana": (
        "family_kana",
        unicodedata.normalize("NFD", "ヤマダ"),
        "ヤマダ",
    ),
    "a name with full-width space": ("family_name", "　山　田　", "山 田"),
    "kanji beyond the basic plane": ("family_name", "𠮷田", "𠮷田"),
    "kanji that NFC would replace": ("family_name", "\ufa1b田", "\ufa1b田"),
    "kanji with a variation selector": ("family_name", "辻\U000e0100", "辻\U000e0100"),
    "a name with a bell character": ("family_name", "山\x07田\x00", "山田"),
    "a name with a line separator": ("family_name", "山\x0b田\u2028", "山 田"),
    "an address with a control character": (
        "email",
        "taro\x00@example.com\x07",
        "taro@example.com",
    ),
    "a name with a Hangul filler": ("family_name", "김\u3164", "김\u3164"),
    "a name in private characters": ("family_name", "\ue000", "\ue000"),
    "a message without a glyph": ("message", "\u3164\n\u2800", ""),
    "the longest address": ("email", LONG_ADDRESS, LONG_ADDRESS),
    "a name in half-width kana": ("given_name", "ﾀﾛｳ", "タロウ"),
    "a name with an apostrophe": ("family_name", "O'Brien <3", "O'Brien <3"),
    "characters that NFKC would change": ("message", "㈱と①とⅢ～…", "㈱と①とⅢ～…"),
    "a link without https": ("links", "github.com/taro", "https://github.com/taro"),
    "two full-width links": (
        "links",
        "ｈｔｔｐｓ：／／ａ．ｅｘａｍｐｌｅ\nhttps://例え.jp/雲",
        "https://a.example\nhttps://例え.jp/雲",
    ),
    "an empty line between links": ("links", "a.example\n\n", "https://a.example"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_value_accepted(client, case):
    name, typed, stored = ACCEPTED[case]
    response = apply(client, make.role(), "ja", **{name: typed})
    assert response.status_code == 302, response.text
    assert getattr(Application.objects.get(), name) == stored


REJECTED = {
    "no address": ("email", "taro", "メールアドレスの形式を確認してください"),
    "an address without a mail domain": (
        "email",
        "taro@例え",
        "メールアドレスの形式を確認してください",
    ),
    "an address with a space": (
        "email",
        "taro yamada@example.com",
        "スペースを入れずに、メールアドレスだけを入力してください。",
    ),
    "an address with a space before the @": (
        "email",
        "taro @example.com",
        "taro@example.com」ではありませんか",
    ),
    "a quoted address with a space": (
        "email",
        '"a b"@example.com',
        "スペースを入れずに、メールアドレスだけを入力してください。",
    ),
    "an address with a full-width space inside": (
        "email",
        "ｔａｒｏ＠ｅｘａｍｐｌｅ　．ｃｏｍ",
        "taro@example.com」ではありませんか",
    ),
    "an address with a name": (
        "email",
        "山田 太郎 <taro@example.com>",
        "taro@example.com」ではありませんか",
    ),
    "two addresses": (
        "email",
        "taro@example.com hana@example.com",
        "メールアドレスの形式を確認してください",
    ),
    "two dots in a row": ("email", "a..b@example.com", "「@」の前の「.」をご確認ください"),
    "a dot before the @": ("email", "a.@notdocomo.ne.jp", "「@」の前の「.」をご確認ください"),
    "a Japanese name before the @": ("email", "山田@example.com", "「@」の前に"),
    "an accent before the @": ("email", "josé@example.com", "「@」の前に"),
    "an emoji domain": ("email", "taro@☃.example.com", "メールアドレスの形式を確認してください"),
    "a missing address": ("email", "", "メールアドレスを入力してください。"),
    "an address too long": (
        "email",
        f"{LONG_ADDRESS}n",
        "254文字以内で入力してください（現在255文字）。",
    ),
    "a name of control characters only": ("family_name", "\x07\x00", "姓を入力してください。"),
    "a name of Hangul fillers": ("family_name", "\u3164 \uffa0\u115f", "姓を入力してください。"),
    "a name of empty Braille cells": ("family_name", "\u2800\u2800", "姓を入力してください。"),
    "a name of tags": ("family_name", "\U000e0041\U000e007f", "姓を入力してください。"),
    "a name of selectors and joiners": (
        "family_name",
        "\ufe0f\u2063\u034f",
        "姓を入力してください。",
    ),
    "a missing name": ("family_name", "　", "姓を入力してください。"),
    "a missing reading": ("family_kana", "", "お名前のフリガナを入力してください。"),
    "a reading in Latin characters": (
        "family_kana",
        "Yamada",
        "フリガナは全角カタカナで入力してください。",
    ),
    "no number": ("phone", "なし", "電話番号を確認してください"),
    "no link": ("links", "私のサイト", "URLを確認してください：私のサイト"),
    "a dangerous link": ("links", "javascript://a.example/%0aalert(1)", "URLを確認してください"),
    "a text too long": (
        "message",
        "雲" * 5001,
        "5,000文字以内で入力してください（現在5,001文字）。",
    ),
    "no choice": ("eligibility", "perhaps", "選択肢から選んでください。"),
}


@pytest.mark.parametrize("case", REJECTED)
def test_value_rejected_with_advice(client, case):
    name, typed, error = REJECTED[case]
    response = apply(client, make.role(), "ja", **{name: typed})
    assert response.status_code == 422
    page = response.text.replace("\u200b", "")
    summary = page.partition('id="error-summary"')[2].partition("</ul>")[0]
    field_error = page.partition(f'id="{name}_error"')[2].partition("</p>")[0]
    assert error in summary and error in field_error
    assert f'href="#{name}"' in summary
    assert "1件の項目をご確認ください" in summary
    assert Application.objects.count() == 0


@pytest.mark.parametrize("pattern", ["\u3000", "\u0301\u0323", "=゠", "@", "ﾞ", "ー-"])
@pytest.mark.parametrize("name", ["email", "family_name", "family_kana", "phone", "links"])
def test_very_long_value_rejected_before_cleaning(client, name, pattern):
    """Cleaning 2 MB would take minutes, because the time of Unicode normalization grows by the square."""
    start = time.process_time()
    response = apply(client, make.role(), "ja", **{name: f"a{pattern * 400_000}b"})
    assert response.status_code == 422
    assert "文字以内で入力してください" in response.text.replace("\u200b", "")
    assert time.process_time() - start < 5
    assert Application.objects.count() == 0


FIGURES = [
    ("number", "１２", "12"),
    ("number", "1,200", "1200"),
    ("number", "１，２００，０００．５", "1200000.5"),
    ("number", "−5", "-5"),
    ("number", "ー５", "-5"),
    ("number", "－1,200", "-1200"),
    ("date", "2026-11-21", "2026-11-21"),
    ("date", "２０２６ー１１ー２１", "2026-11-21"),
    ("date", "２０２６－１１－２１", "2026-11-21"),
    ("date", "2026−11−21", "2026-11-21"),
    ("date", "２０２６／１１／２１", "2026-11-21"),
    ("date", "２０２６年１１月２１日", "2026-11-21"),
]


@pytest.mark.parametrize(("kind", "typed", "stored"), FIGURES)
def test_number_and_date_formats(client, kind, typed, stored):
    role = make.role()
    question = make.question(make.form(role), kind)
    response = apply(client, role, "ja", **{f"question_{question.pk}": typed})
    assert response.status_code == 302, response.text
    assert Application.objects.get().answers.get().text == stored


@pytest.mark.parametrize("typed", ["3,5", "1,20", "12,3456", "1.200,5", "1,,200", ",200", "十二"])
def test_number_ambiguous_is_rejected(client, typed):
    role = make.role()
    question = make.question(make.form(role), "number")
    response = apply(client, role, "ja", **{f"question_{question.pk}": typed})
    assert response.status_code == 422 and f'value="{typed}"' in response.text
    assert "数字で入力してください（例：12、3.5）。" in response.text.replace("\u200b", "")


def test_name_without_kanji_needs_no_reading(client):
    typed = {"family_name": "スミス", "given_name": "John", "family_kana": "", "given_kana": ""}
    assert apply(client, make.role(), "ja", **typed).status_code == 302


def test_name_single(client):
    apply(client, make.role(), family_name="Suharto", given_name="")
    assert Application.objects.get().name == "Suharto"


def test_name_order_follows_script():
    assert (
        make.application(family_name="山田", given_name="太郎", language="en").name == "山田 太郎"
    )
    assert make.application(family_name="Smith", given_name="John").name == "John Smith"


def test_values_returned_unchanged_after_error(client):
    typed = {"message": "<b>&amp;</b> 「雲」", "family_name": "O'Brien", "source": "event"}
    page = apply(client, make.role(), email="x", **typed).text
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt; 「雲」" in page
    assert 'value="O&#x27;Brien"' in page
    assert '<option value="event" selected>' in page
