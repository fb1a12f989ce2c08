"""Place names made comparable: case, accents, punctuation and common abbreviations don't matter."""

# Typographic quotes and dashes are meant.
# ruff: noqa: RUF001

import re
import unicodedata

_DROPPED = re.compile(r"['’‘`ʿʾʼ´.]")
_SEPARATORS = re.compile(r"[\s\-‐‑–—/,_]+")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_SUN_LETTERS = re.compile(r"\ba(sh|th|dh|[dnrstz]) (?=\1)")
"""The Arabic article as it sounds before such a letter: "ash Shughur" is "al Shughur"."""
_ENDINGS = ((re.compile(r"(?<=\w)(?:iy+ah?|iy?eh|iye)$"), "iya"), (re.compile(r"(?<=\w\w\w)ah$"), "a"))
"""The Arabic and Hebrew feminine ending as variously written: "Nabatieh" is "Nabatiyah", "Basrah" is "Basra"."""
_LAST_LETTERS = ("a", "e", "h")
"""Letters that those endings end with."""
_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def fold(name: str) -> str:
    """Return a place name without case, accents, apostrophes, stops and hyphens, the Arabic article as "al"."""
    if name.isascii():
        plain = name.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", name.lower().translate(_STROKES))
        plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_STROKES)
    words = plain
    if not (plain.isascii() and plain.isalpha()):
        words = _SUN_LETTERS.sub("al ", _SEPARATORS.sub(" ", _DROPPED.sub("", plain)).strip())
    if words.endswith(_LAST_LETTERS):
        for ending, feminine in _ENDINGS:
            words = ending.sub(feminine, words)
    first, space, rest = words.partition(" ")
    return _ABBREVIATIONS[first] + space + rest if space and first in _ABBREVIATIONS else words
