"""Text in the form in which search columns hold it, and what a search looks for in them.

Japanese and Hangul are found anywhere in a text. A word in another script is found by its beginning, and
a word of one or two letters only as a whole: `AI` is not found in `training`, nor `Go` in `Google`. A
synonym is found only as a whole word, in katakana too.

A line of a search column is the words of a text, its words of katakana between bars, and other forms of
its words: `node.js` is also `nodejs`, `müller` also `mueller`.
"""

import re
import unicodedata

from careers import japanese
from careers.letters import fold_letters, spell_out
from careers.word_parts import KATAKANA, hide, katakana_words


def normalize(text):
    """The words of a text with spaces between them, in normalised form.

    Punctuation is removed, except within `.net`, `node.js`, `c++` and `r&d`. Diacritics are removed.
    Japanese and Hangul are separated from other scripts: `生成AI` becomes 生成 and ai.
    """
    return _split(fold_letters(japanese.fold_except_kana(text)))


def spellings(words):
    """The forms in which normalised `words` may occur in a search column: in either kana.

    Long vowel marks are dropped from katakana only: サーバー matches サーバ, but メール does not match 求める.
    """
    katakana = japanese.as_katakana(words)
    forms = (drop_long_marks(words), drop_long_marks(katakana), japanese.to_hiragana(words))
    return list(dict.fromkeys(forms))


def spelling_key(words):
    """The same key for all spellings of `words`."""
    return drop_long_marks(japanese.as_katakana(words))


def drop_long_marks(words):
    """Without long vowel marks after katakana, so that サーバー equals サーバ."""
    return _LONG_MARK.sub("", words)


def index_line(text, other_forms=()):
    """A text as a line of a search column, with `other_forms` in which its words can be found too."""
    if not text:
        return ""
    folded = japanese.fold_except_kana(text)
    words = drop_long_marks(_split(fold_letters(folded)))
    if not words:
        return ""
    unique = set(words.split())
    forms = dict.fromkeys([*_other_forms(folded, unique), *other_forms])
    line = f" {hide(words)} "
    if katakana := katakana_words(words):
        line += f"|{'|'.join(map(hide, katakana))}|"
    # Two spaces, so that no phrase is found across the forms.
    return line + "".join(f"  {hide(form)} " for form in forms if form not in unique)


def like_terms(words):
    """The strings to look for to find `words` as a user typed them: any one of them is enough."""
    terms = [
        f"|{spelling}|" if _is_single_kana(spelling, words) else _like_term(spelling)
        for spelling in spellings(words)
    ]
    if _SIGN_INSIDE.fullmatch(words):  # react.js is also reactjs
        terms.append(_like_term(re.sub("[./]", "", words)))
    return terms


def singular(word):
    """The singular of a word that looks like an English plural, else ""."""
    if not _PLURAL.fullmatch(word):
        return ""
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def synonym_term(words):
    """The string to look for to find a synonym: a whole word, or a phrase.

    Katakana is not found in a longer word of katakana unless that is a compound of known words.
    """
    words = drop_long_marks(words)
    if KATAKANA.fullmatch(words):
        return f"|{hide(words)}|"
    if " " in words or japanese.is_spaceless(words):
        return _like_term(words)
    return f" {hide(words)} "


def without_redundant(terms):
    """The terms, in their order, without those that contain another one and so are found with it."""
    terms = dict.fromkeys(terms)
    return [term for term in terms if not any(other in term for other in terms if other != term)]


def _is_single_kana(spelling, words):
    """Whether `spelling` is one kana of longer `words`, as of カー, which nearly every text contains."""
    return len(spelling) == 1 < len(words)


def _like_term(words):
    """With spaces where a word must begin or end."""
    start = "" if japanese.is_spaceless(words[0]) else " "
    last = words.split(" ")[-1]
    is_short = len(last) <= 2 and last.isalnum() and not japanese.is_spaceless(last)
    return f"{start}{hide(words)} " if is_short else f"{start}{hide(words)}"


def _split(text):
    """Folded text with spaces between its words instead of punctuation."""
    text = _PUNCTUATION.sub(_separator, text.replace("♯", "#"))
    text = _LEADING_SIGN.sub(" ", _LOOSE_DOT.sub(" ", text))
    text = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    if not text.isascii():
        text = _SCRIPT_BORDER.sub(" ", text)
    return " ".join(text.split())


def _separator(match):
    """Return a space for punctuation. Keep `&` and `/` in terms such as r&d, and vowel signs."""
    sign = match[0]
    if len(sign) > 1:
        return sign.replace(" ", "")
    return sign if unicodedata.category(sign)[0] == "M" else " "


def _other_forms(folded, words):
    """Other forms of the words of a text: without inner signs, in the singular, umlauts in two letters."""
    spelling = spell_out(folded)
    if spelling != folded:
        yield from _split(fold_letters(spelling)).split()
    for word in _JOINED.findall(fold_letters(folded)):
        yield re.sub("['-]", "", word)
    for word in _SLASH.findall(fold_letters(folded)):
        yield word.replace("/", "")
    for word in words:
        if "." in word and not word.isdecimal():
            yield from _dotted_forms(word)
        elif one := singular(word):
            yield one


def _dotted_forms(word):
    """net for .net; nodejs, js and .js for node.js. None for 3.5."""
    first, *others = word.split(".")
    if not all(part.isalpha() for part in others):
        return
    if first:
        yield first + "".join(others)
    for part in others:
        yield part
        if first:
            yield f".{part}"


# Within a term: & in r&d and at&t, / in a/b.
# Only pairs with a one-letter side, so c/c++ and ui/ux stay two terms.
_PAIRS = (
    r"(?<![\w&/])(?:[a-z]&[a-z]{1,2}|[a-z]{2}&[a-z]|[a-z]/[a-z])(?![0-9a-z+#&/])"
    r"|(?<![\w&/])(?:r & d|q & a|m & a)(?![\w+#&/])"
)
_PUNCTUATION = re.compile(rf"{_PAIRS}|[^\w+#.%]")
# Every dot but those in node.js, 3.5 and .net.
_LOOSE_DOT = re.compile(r"\.(?![0-9a-z])|(?<=\.)\.|(?<![0-9a-z])\.(?![a-z])")
# The sign of +81 and #python, and the first one in a+b, but not those of c++14 and 100%.
_LEADING_SIGN = re.compile(r"(?<![\w+#%])[+#%]+(?=\w)|(?<=[0-9a-z])\+(?=[0-9a-z])")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_SPACELESS = japanese.SPACELESS
_SCRIPT_BORDER = re.compile(
    f"(?<=[{_SPACELESS}])(?=[^\\W{_SPACELESS}]|\\.)|(?<=[^\\W{_SPACELESS}])(?=[{_SPACELESS}])"
    f"|(?<=[+#%])(?=[{_SPACELESS}])"
)
_LONG_MARK = re.compile("(?<=[ァ-ヺ])ー+")
_JOINED = re.compile(
    r"(?<![\w'-])[a-z]+(?:['-][a-z]+)*['-](?!(?:s|t|d|m|re|ll|ve)(?![a-z]))[a-z]+(?![\w'-])"
)
# A/B and UI/UX, which are also written AB and UIUX.
_SLASH = re.compile(r"(?<![\w/&])(?:[a-z]/[a-z]|[a-z]{2,3}/[a-z]{2,3})(?![0-9a-z/&+#])")
_SIGN_INSIDE = re.compile(r"[a-z]/[a-z]|[a-z]+(?:\.[a-z]+)+")
_PLURAL = re.compile("[a-z]{2,}(?:ies|[^siu]s)")
