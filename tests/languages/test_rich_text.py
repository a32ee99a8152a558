"""Rich text: which tags pass the sanitizer, and its conversion to plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careers import rich_text

pytestmark = pytest.mark.one_database


@given(st.text())
def test_rich_text_cleaning_is_safe_and_idempotent(text):
    """No script remains, and clean HTML does not change."""
    once = rich_text.clean(f"<p>{text}</p><script>alert(1)</script>")
    assert "<script" not in once
    assert rich_text.clean(once) == once


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        ("One\n\nTwo\nlines", "<p>One</p>\n\n<p>Two<br>lines</p>"),
        ("<p onclick='x()' style='color:red'>Hi</p>", "<p>Hi</p>"),
        ("<h1>Big</h1><h3>Small</h3>", "Big<h3>Small</h3>"),
        ('<a href="javascript:x()">go</a>', "<a>go</a>"),
        (
            '<a href="https://example.org" target=_blank>go</a>',
            '<a href="https://example.org">go</a>',
        ),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>"),
        ("<p>\u200b </p>", "<p> </p>"),
        ("", ""),
    ],
)
def test_rich_text_has_only_allowed_tags(pasted, cleaned):
    """Other tags and attributes are removed, their text stays; plain text becomes paragraphs."""
    assert rich_text.clean(pasted) == cleaned


def test_rich_text_to_plain_text():
    """All text on one line, without tags."""
    assert rich_text.to_plain_text("<h3>One</h3><p>two &amp; three</p><ul><li>four</li></ul>") == (
        "One two & three four"
    )
