"""Line breaks in Japanese headings: between phrases only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careers import japanese

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("heading", "phrases"),
    [
        ("バックエンドエンジニア", ["バックエンド", "エンジニア"]),
        ("シニアソフトウェアエンジニアリング", ["シニアソフトウェア", "エンジニアリング"]),
        ("受動喫煙防止措置", ["受動喫煙防止措置"]),
        ("私たちと一緒に働く", ["私たちと", "一緒に", "働く"]),
        ("Backend engineer", ["Backend engineer"]),
    ],
)
def test_phrase_breaks(heading, phrases):
    """Headings can break between phrases only; long katakana titles before their last word."""
    assert japanese.phrase(heading).split("\u200b") == phrases


def test_phrase_escapes_html():
    """The result is safe HTML."""
    assert japanese.phrase("<b>私たち</b>").replace("\u200b", "") == "&lt;b&gt;私たち&lt;/b&gt;"


@given(st.text())
def test_phrase_only_inserts_zero_width_spaces(text):
    """Without the inserted breaks, the heading is the escaped text."""
    heading = japanese.phrase(text)
    assert "<" not in heading
    assert heading.replace("\u200b", "") == str(japanese.conditional_escape(text)).replace(
        "\u200b", ""
    )
