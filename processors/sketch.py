"""What an article's text is remembered by once the text is gone: a sketch of its word sequences and its key terms.

The extractor fills `Report.text_sketch` and `Report.key_terms` with these; the resolver compares them.  Both are
pure functions of the text, the same on every machine, and bounded.
"""

import heapq
import re
import unicodedata
import zlib
from collections import Counter
from functools import cache, lru_cache
from math import log2
from pathlib import Path

from processors.particulars import particulars

SKETCH_SIZE = 48
"""Hashes kept of a text; a resemblance is then known to within about 0.07 (standard error at one half)."""

SHINGLE_WORDS = 4
"""Words in a sequence; long enough that two reporters hardly write the same one by chance."""

KIND_BITS = 6
"""Most information of a word by which a kind of event is told (`kind_words.txt`): it tells little more than that."""

MAX_KEY_TERMS = 64
MAX_TERM_LENGTH = 40
MAX_AGES = 8
AGE_PREFIX = "age "
OLDEST = 120

RARE_BITS = 12
"""Information of a word that isn't in the table of common terms: it stands in less than one text of a thousand."""

RARE_PAIR_BITS = 13
"""Information of a name of two words that isn't in the table."""

PLURAL_LENGTH = 4
"""Letters of a word from which an s at its end is dropped."""

KEEPS_S = "sui"
"""Letters after which it belongs to the word, as in "boss", "virus" and "Paris"."""

TITLE_COUNT = 2
"""A word of the headline counts as often in the text."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")  # noqa: RUF001 - the typographic apostrophe is meant
_SPACED_ENDING = re.compile(r" ['’] (s|t|re|ve|ll|d|m)\b", re.IGNORECASE)  # noqa: RUF001 - likewise
_PAIR = re.compile(r"(?=\b([^\W\d_a-z][\w'’-]+) (?:\w\. )?([^\W\d_a-z][\w'’-]+))")  # noqa: RUF001 - likewise
_AGE = re.compile(
    r"\b(\w+)(?: ?- ?| )(year|month)s?(?: ?- ?| )old\b|, (\d{1,2}),"
    r"|\bage[sd]? (\d{1,2})\b(?:(?: and |, )(\d{1,2})\b)?",
    re.IGNORECASE,
)
_SPELLED = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - reads best so
_TABLE = Path(__file__).with_name("common_terms.txt")
_KIND_WORDS = Path(__file__).with_name("kind_words.txt")
_UINT32 = 0xFFFFFFFF


@lru_cache(maxsize=2)
def words(text: str) -> tuple[str, ...]:
    """Return the text's words in order: case and accents folded, possessive endings and punctuation dropped.

    A text that came in tokens has its endings apart, "didn ' t", whose halves would pass for rare words.  Kept for a
    moment, since a sketch and key terms are made of the same text.
    """
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    if " ' " in text or " ’ " in text:  # noqa: RUF001 - the typographic apostrophe is meant
        text = _SPACED_ENDING.sub(r"'\1", text)
    folded = text.casefold()
    return tuple([word.replace("’", "'").removesuffix("'s") for word in _WORD.findall(folded)])  # noqa: RUF001 - as above


def stems(text: str) -> tuple[str, ...]:
    """Return the text's words in order, a plural's ending dropped: one outlet's pirates are another's pirate."""
    return tuple(
        [
            word[:-1] if len(word) >= PLURAL_LENGTH and word[-1] == "s" and word[-2] not in KEEPS_S else word
            for word in words(text)
        ]
    )


def sketch(title: str, text: str) -> tuple[int, ...]:
    """Return the least hashes of the article's word sequences, ascending, at most `SKETCH_SIZE`.

    Two sketches tell the share of sequences that two texts have in common, without the texts: the bottom-k sketch
    of Broder, "On the resemblance and containment of documents" (1997).  The headline takes no part, since outlets
    that reprint an agency's story write their own; it stands in where there is no text.
    """
    sequence = words(text) or words(title)
    last = max(1, len(sequence) - SHINGLE_WORDS + 1)
    shingles = {" ".join(sequence[start : start + SHINGLE_WORDS]) for start in range(last)} if sequence else set()
    return tuple(heapq.nsmallest(SKETCH_SIZE, {_hash(shingle) for shingle in shingles}))


def terms(title: str, text: str) -> Counter[str]:
    """Return how often each stem and each name of two words stands in an article, its headline's words twice more."""
    counts = Counter(word for word in stems(text) if len(word) > 1)
    for word in set(stems(title)):
        counts[word] += TITLE_COUNT
    counts.update(_names(text))
    return counts


def key_terms(title: str, text: str) -> dict[str, int]:
    """Return the terms that tell this article from others, at most `MAX_KEY_TERMS`, and how often each stands there.

    They are the terms of greatest `weight`: names and streets come before what every report of a kind says.  The ages
    of people are among them in any case, as "age 27", and beside those 64 stand the particulars, as "street:elm".
    """
    counts = terms(title, text)
    weights = {term: weight(term, count) for term, count in counts.items()}
    people = Counter(ages(f"{title}\n{text}"))
    best = heapq.nsmallest(MAX_KEY_TERMS - MAX_AGES, weights, key=lambda term: (-weights[term], term))
    kept = {term[:MAX_TERM_LENGTH]: counts[term] for term in best if weights[term] > 0}
    kept |= {f"{AGE_PREFIX}{age}": count for age, count in people.most_common(MAX_AGES)}
    return kept | dict.fromkeys(particulars(f"{title}\n{text}"), 1)


def ages(text: str) -> list[int]:
    """Return the ages of people in years, as in "a 27-year-old", "six-year-old", "ages 4 and 7" or "Ann Lee, 27,"."""
    found = []
    for match in _AGE.finditer(text):
        for written in (match[1], *match.groups()[2:]):
            number = _number(written.casefold()) if written else None
            if number is not None and number <= OLDEST:
                found.append(0 if match[2] and match[2].casefold() == "month" else number)
    return found


def _number(written: str) -> int | None:
    if written.isdecimal():
        return int(written)
    return _SPELLED.index(written) + 1 if written in _SPELLED else None


def weight(term: str, count: int) -> float:
    """Return how telling a term is where it stands so often: its information times one plus the count's logarithm."""
    return information(term) * (1 + log2(count))


def information(term: str) -> int:
    """Return how telling a term is, in bits: the negative logarithm of the share of news texts that hold it.

    `common_terms.txt` holds the terms of at least eight texts of ten thousand; `processors.resolve.fit_terms`
    counts them.
    """
    return common_terms().get(term, RARE_PAIR_BITS if " " in term else RARE_BITS)


@cache
def common_terms() -> dict[str, int]:
    """Return the table of common terms: the information of each, in bits."""
    table = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        bits, listed = line.split(": ", maxsplit=1)
        table.update(dict.fromkeys(listed.split(", "), int(bits)))
    for word in stems(_KIND_WORDS.read_text(encoding="utf-8")):
        table[word] = min(table.get(word, KIND_BITS), KIND_BITS)
    return table


def _names(text: str) -> list[str]:
    """Return every two capitalised words that follow each other; none from a text all in capitals."""
    if text.isupper():
        return []
    pairs = (match.groups() for match in _PAIR.finditer(text))
    return [" ".join(stems(f"{one} {two}")) for one, two in pairs if one[0].isupper() and two[0].isupper()]


def _hash(shingle: str) -> int:
    """Return 32 well-mixed bits: CRC-32, which is linear, through the finaliser of MurmurHash3."""
    mixed = zlib.crc32(shingle.encode())
    mixed = ((mixed ^ (mixed >> 16)) * 0x85EBCA6B) & _UINT32
    mixed = ((mixed ^ (mixed >> 13)) * 0xC2B2AE35) & _UINT32
    return mixed ^ (mixed >> 16)
