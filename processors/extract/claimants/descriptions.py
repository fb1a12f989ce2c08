"""What a sentence says of a source after its name: "John Roe, the mayor of Dori"."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.

import re

from processors.extract.claimants.speech import ARTICLES, POSSESSIVES, Tokens, is_source, speech
from processors.extract.text.document import Token
from processors.extract.text.language import Language

Bounds = tuple[int, int]

APPOSITION = 10
"""Most tokens of a description that is kept with a name."""
BREAKS = frozenset({",", '"', ";", ":", "--"})
"""Marks at which a name ends."""
SPOKEN = re.compile(r"^(?:said|says|added|adds|reported|reports)$")
_HURT = frozenset({"wounded", "injured", "killed", "displaced", "armed", "masked", "unidentified"})
"""Forms that stand before those they tell of."""


def with_description(tokens: Tokens, bounds: Bounds, language: Language) -> Bounds:
    """Return a name after its verb with the office that follows it: "John Roe, the mayor of Dori,"."""
    start, comma = bounds
    if comma + 2 >= len(tokens) or tokens[comma].low != "," or not _may_describe(tokens[comma + 1], language):
        return bounds
    end = comma + 1
    while end < len(tokens) and tokens[end].low not in BREAKS | {"."}:
        if end - comma > APPOSITION or tokens[end].low in language.grammar.be | language.grammar.have:
            return bounds
        end += 1
    words = speech(language.code)
    is_office = any(words.classes.get(token.low) == "governor" for token in tokens[comma + 1 : end])
    told_of = any(token.low in {"source", "official"} for token in tokens[start:comma])
    is_name = all(token.capital or token.low == "." for token in tokens[start:comma]) and comma - start > 1
    described = is_office or (told_of and is_source(tokens[comma + 1 : end], words))
    return (start, end) if described and (is_name or told_of) else bounds


def _may_describe(token: Token, language: Language) -> bool:
    """Whether a description begins with a word: "the mayor", "his brother", "administrator of"."""
    office = speech(language.code).classes.get(token.low) == "governor" and not token.capital
    return office or token.low in ARTICLES | POSSESSIVES


def relative_clause(tokens: Tokens, end: int) -> int | None:
    """Return where "who" stands if a verb follows its clause: "a warder who took part in the count said"."""
    for here in range(end - 1, max(0, end - 14), -1):
        if tokens[here].low in {"who", "whom"} and not is_health_body(tokens, here):
            return here if end - here > 1 and tokens[here - 1].low != '"' else None
        if tokens[here].low in {"that", "which"} and _is_done(tokens[here + 1].low, tokens[here - 1].low):
            return here
        if tokens[here].low in BREAKS | {"and", "but", "that"}:
            return None
    return None


def _is_done(word: str, before: str) -> bool:
    """Whether "that" and a verb tell of a noun: "the hospital that received them", not "said that wounded men"."""
    return word.endswith("ed") and word not in _HURT and before[0].isalpha() and not SPOKEN.match(before)


def is_health_body(tokens: Tokens, position: int) -> bool:
    """Whether "WHO" is the World Health Organization, and not a word of a text in capitals."""
    near = tokens[max(0, position - 1) : position + 2]
    return tokens[position].raw == "WHO" and not all(t.raw.isupper() for t in near if t.low[0].isalpha())
