"""Which words of a sentence each of its sources stands behind."""

from dataclasses import replace

from processors.extract.claimants.speech import ARTICLES, Tokens
from processors.extract.claimants.spoken import Source
from processors.extract.text.language import Language

_CLAUSES = frozenset({"and", "but", "while", "although", "where", ";"})
ENDS = frozenset({".", ",", '"', ";", "in", "on", "at"})


def with_reach(sources: list[Source], tokens: Tokens, language: Language) -> list[Source]:
    """Say which tokens each source stands behind: up to a source before it, from a source after it."""
    reached: list[Source] = []
    for number, source in enumerate(sources):
        first = _opening(tokens, source, language) if number == 0 else reached[-1].last
        last = len(tokens)
        if number + 1 < len(sources):
            last = _boundary(tokens, source.verb, sources[number + 1].verb)
        reached.append(replace(source, first=first, last=last))
    return reached


def _opening(tokens: Tokens, source: Source, language: Language) -> int:
    """Return where the words begin that a sentence's first source stands behind.

    "A man was arrested, and the prosecutor said he would be charged": the arrest is the outlet's own.
    """
    begin = source.begin - (source.begin > 0 and tokens[source.begin - 1].low in ARTICLES)
    after = tokens[source.verb + 1].low if source.verb + 1 < len(tokens) else "."
    goes_on = source.begin < source.verb and after not in ENDS | language.grammar.weekdays
    return begin - 1 if goes_on and begin > 1 and tokens[begin - 1].low in _CLAUSES else 0


def _boundary(tokens: Tokens, verb: int, following: int) -> int:
    """Return where one source's words end and the next one's begin: at the last comma, semicolon or "but"."""
    for here in range(following, verb, -1):
        if tokens[here].low in {";", "but", "while", "although", "a.m.", "p.m."}:
            return here
    for here in range(following, verb, -1):
        if tokens[here].low in {",", "and"}:
            return here
    return following
