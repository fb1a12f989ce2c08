"""What a sentence says of a source after its name: "John Roe, the mayor of Dori"."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.

from processors.extract.language import Language
from processors.extract.speech import ARTICLES, POSSESSIVES, Tokens, is_source, speech
from processors.extract.text import Token

Bounds = tuple[int, int]

APPOSITION = 10
"""Most tokens of a description that is kept with a name."""
BREAKS = frozenset({",", '"', ";", ":", "--"})
"""Marks at which a name ends."""


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
