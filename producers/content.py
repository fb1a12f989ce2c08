"""What an article says, apart from what changes on a page by itself: its revision, and a sketch to tell likeness by.

Counters, reading times, share links and the like come and go without anybody editing the article.  A revision hashes
what is left without them, so such a change is none.
"""

import re
import unicodedata
from zlib import crc32

from contracts import ids

_NUMBER = r"\d[\d.,\u00a0\u202f']*\s?[km]?"
_TIME = r"(?:a|an|one|\d+)\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?)"
_MONTH = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_DAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|nov(?:ember)?|dec(?:ember)?"
_ZONE = r"[ap]\.?m\b\.?|gmt|utc|[a-z]?e?[sd]t|cet|cest|ist|msk|at|on|of|hours?"
_CLOCK = rf"(?=.*\d)(?>(?:{_MONTH}|{_DAY}|{_ZONE}|\d{{1,4}}+(?:st|nd|rd|th|h|t|z)?|[,.:/+\-()])[\s]*+)++"
"""A day or a time of day; atomic, so that long rows of digits don't take for ever."""

COSMETIC_LINES = re.compile(
    rf"""
      (?:estimated\s+)?(?:reading\s+time|read\s+time|time\s+to\s+read)\W*{_NUMBER}\s*(?:min(?:ute)?s?)?(?:\s+read)?
    | {_NUMBER}\s*-?\s*min(?:ute)?s?\s+(?:read|listen|watch)
    | (?:listen|watch)(?:\s+to\s+(?:this\s+)?(?:article|story))?\W*(?:\(?{_NUMBER}\s*min(?:ute)?s?\)?)?
    | (?:(?:last|first|article|story)\s+)?(?:updated?|modified|published|posted|edited)\W+(?:on\s+|at\s+)?
      (?:{_TIME}\s+ago|just\s+now|{_CLOCK})
    | {_TIME}\s+ago
    | {_NUMBER}\s*(?:comments?|views?|shares?|likes?|reads?|reactions?|retweets?|votes?)
    | (?:comments?|views?|shares?|likes?|reads?)\s*[:(]?\s*{_NUMBER}\)?
    | (?:no\s+comments?|leave\s+a\s+comment|add\s+a\s+comment|comments?|comments\s+off)
    | (?:share|save|print|e?mail|copy\s+link|tweet|pin|whatsapp|telegram|facebook|twitter|x|linkedin|reddit|bluesky)
      (?:\s+(?:this|article|story|on|via|with|to|it|the|link|by|facebook|twitter|whatsapp|email|x|telegram|linkedin))*
    | (?:read|see|show|view|continue\s+reading|learn)\s*(?:more|full\s+(?:story|article))?\s*(?:\.{{3}}|…|→|»|>)*
    | the\s+post\s.{{1,300}}\sappeared\s+first\s+on\s.{{1,100}}
    | (?:follow\s+(?:us|our)|subscribe|sign\s+up|newsletter|advertisement|sponsored|loading)\b\D{{0,60}}
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Lines that say nothing of what happened; a line counts only where the whole of it is such, bars and dots apart."""

LONGEST_COSMETIC = 420
"""Characters of the longest line that is looked at so."""

SKETCH_WORDS = 8
"""Words that a sketch keeps: those with the smallest hashes, a random sample that is the same for the same words."""
SKETCHED = 1_000
"""Characters of an article that are sketched: what it is about is said there."""
ALIKE = 4
"""Words that two sketches of the same article share at least; those of two articles share one or none."""
TELLING = 100
"""Characters above which the same words can't be two articles by chance."""

_PARTS = re.compile(r"\s*[|·•‧∙]\s*|\s/\s")
_QUOTES = str.maketrans("\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014", "'''" + '"' * 5 + "--")
"""Curved and angled quotation marks and dashes, by the plain ones that others write for them."""
_WORDS = re.compile(r"[^\W\d_]{4,}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2}")


def plain_words(text: str) -> str:
    """Return a text's words alone: one form of each sign, single spaces, and no lines that only furnish a page."""
    lines = (_plain_line(line) for line in text.split("\n"))
    return " ".join(line for line in lines if line)


def content_revision(title: str, text: str) -> str:
    """Return the revision of an article with this content; cosmetic changes leave it as it is."""
    return ids.article_revision(_plain_signs(title), plain_words(text))


def sketch(title: str, text: str) -> str:
    """Return a sketch of what an article is about, 40 hexadecimal digits at most.

    It is a bottom-k sketch (Cohen and Kaplan 2007, doi 10.1145/1281100.1281133) of the words in title and beginning.
    """
    words = set(_WORDS.findall(plain_words(f"{title}\n{text[:SKETCHED]}").casefold()))
    hashes = sorted({crc32(word.encode("utf-8", "ignore")) >> 12 for word in words})
    return "".join(f"{number:05x}" for number in hashes[:SKETCH_WORDS])


def alike(first: str, second: str) -> bool:
    """Return whether two sketches are of the same article, edited or not."""
    one, other = _hashes(first), _hashes(second)
    return len(one & other) >= min(ALIKE, len(one), len(other)) > 0


def _hashes(drawn: str) -> frozenset[str]:
    return frozenset(drawn[at : at + 5] for at in range(0, len(drawn), 5))


def _plain_line(line: str) -> str:
    """Return a line's words, or nothing where all of its parts are furniture."""
    words = _plain_signs(line)
    if len(words) <= LONGEST_COSMETIC and all(map(_is_cosmetic, _PARTS.split(words))):
        return ""
    return words


def _plain_signs(line: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", line).translate(_QUOTES).split())


def _is_cosmetic(part: str) -> bool:
    return not part or COSMETIC_LINES.fullmatch(part.strip(" -:.")) is not None
