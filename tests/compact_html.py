"""Compacting HTML: removes the whitespace that only formats the templates."""

import re

_PIECES = re.compile(
    r"(<(pre|textarea|script|style)\b.*?</\2>|<!--.*?-->|<[/!a-zA-Z](?:\"[^\"]*\"|[^<>\"])*>)",
    re.DOTALL,
)
_IN_A_TAG = re.compile(r'"[^"]*"|\s+')
_BREAK = re.compile(r"\s*\n\s*")
_BLOCK = re.compile(
    r"</?(?:html|head|body|title|meta|link|script|style|div|p|ul|ol|li|section|article|header|footer|nav"
    r"|main|search|form|fieldset|legend|dl|dt|dd|h[1-6]|table|thead|tbody|tr|td|th|caption|details|summary"
    r"|figure|figcaption|video|source|track|select|option|button|br|hr|iframe|dialog|label|!doctype|!--)\b",
    re.IGNORECASE,
)


def compact(html):
    """The same HTML with one space inside tags and for line breaks in text, and none at block edges."""
    pieces = _PIECES.split(html)
    del pieces[2::3]  # the inner group
    tags = ["", *map(_tag, pieces[1::2]), ""]
    texts = [
        _text(text, before, after)
        for text, before, after in zip(pieces[::2], tags, tags[1:], strict=False)
    ]
    return "".join(tag + text for tag, text in zip(tags, texts, strict=False))


def _tag(tag):
    if tag.startswith(("<pre", "<textarea", "<script", "<style", "<!--")):
        return tag
    tag = _IN_A_TAG.sub(lambda match: match[0] if match[0].startswith('"') else " ", tag)
    tag = re.sub(r'class="[^"]*"', lambda match: " ".join(match[0].split()), tag)
    return tag.replace(" >", ">")


def _text(text, before, after):
    head = "" if not before or _BLOCK.match(before) else " "
    tail = "" if not after or _BLOCK.match(after) else " "
    if not text.strip():
        return (head and tail) if "\n" in text else text
    text = re.sub(r"^\s*\n\s*", head, text)
    text = re.sub(r"\s*\n\s*$", tail, text)
    return re.sub(r"[ \t]*\n {2,}\s*", " ", text)
