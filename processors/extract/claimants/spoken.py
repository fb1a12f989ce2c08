"""A source as a sentence names it, and those behind statements: who issues, owns or reads them, and who is quoted."""

from dataclasses import dataclass, replace
from itertools import pairwise

from processors.extract.claimants.descriptions import Bounds
from processors.extract.claimants.speech import ARTICLES, Speech, Tokens

_READ = 9
"""Tokens after "read" within which its reader stands, and after "quoted" within which "saying" does."""
_AWAY = 5
"""Most tokens between "according to" and "read"."""
_TOLL = 5
"""Tokens before a verb within which the owner of its figures stands."""
_STOPS = frozenset({".", ",", '"', ";"})
QUOTED = frozenset({"was", "were"})
GIVEN = frozenset({"given", "released", "provided", "announced", "issued", "confirmed", "disclosed"})
_READ_OUT = frozenset({"out", "on", "over", "at", "in", "to"})


@dataclass(frozen=True, slots=True)
class Source:
    """A source as a sentence names it; the figures from token `first` to before `last` are its own."""

    name: str
    kind: str
    """`pronoun`, `instrument` ("the statement"), `common` (named by what it is) or `name`."""
    verb: int
    begin: int
    """First token of the name."""
    first: int = 0
    last: int = 0


def reader_of(tokens: Tokens, read: int, words: Speech) -> int | None:
    """Return where the name begins of who reads out a statement, 0 without one; None: nothing is read out."""
    if not any(token.low in words.instruments for token in tokens[max(0, read - 3) : read]):
        return None
    for here in range(read + 1, min(read + _READ, len(tokens))):
        if tokens[here].low == "by":
            return here + 1
        if tokens[here].low in _STOPS or tokens[here].low in words.speaking:
            break
    follows = tokens[read + 1].low if read + 1 < len(tokens) else "."
    return 0 if follows in _READ_OUT else None


def figures_owner(tokens: Tokens, verb: int, words: Speech) -> int | None:
    """Return where the name ends of who owns the figures before a verb: "the agency's toll stood at 274"."""
    for here in range(verb - 1, max(0, verb - _TOLL), -1):
        if tokens[here].low.endswith("'s"):
            return here + 1 if tokens[verb - 1].low in words.instruments else None
    return None


def giver_of(tokens: Tokens, position: int) -> int | None:
    """Return where the name begins of who gave a sentence's subject: "The figures were given today by Omid Roe"."""
    if tokens[position].low not in GIVEN:
        return None
    return next(
        (n + 1 for n in range(position + 1, min(position + _READ, len(tokens))) if tokens[n].low == "by"), None
    )


def with_readers(sources: list[Source], tokens: Tokens) -> list[Source]:
    """Return the sources, whoever reads a statement out instead of the statement and of whom it is from."""
    kept: list[Source] = []
    for source in sources:
        if kept and _is_reader(source, tokens) and 0 < source.verb - kept[-1].verb <= _AWAY:
            kept[-1] = replace(source, verb=kept[-1].verb)
        elif kept and _is_reader(kept[-1], tokens) and source.begin < kept[-1].begin:
            kept[-1] = replace(kept[-1], begin=source.begin, verb=source.verb)
        else:
            kept.append(source)
    return kept


def _is_reader(source: Source, tokens: Tokens) -> bool:
    return tokens[source.verb].low == "read" and source.begin > source.verb


def is_quoted_by(tokens: Tokens, position: int) -> bool:
    """Whether a verb tells whom others quote: "was quoted by the state agency as saying"."""
    if tokens[position].low not in QUOTED:
        return False
    words = [token.low for token in tokens[position : position + 2 + _READ]]
    return words[1:3] in (["quoted", "by"], ["cited", "by"]) and ("as", "saying") in pairwise(words)


def owner_of(tokens: Tokens, first: int, last: int, words: Speech) -> Bounds:
    """Return the owner of what a source speaks through: "the ministry's figures", "a statement from the ministry"."""
    for here in range(first, last - 1):
        if tokens[here].low in words.instruments and tokens[here + 1].low in {"from", "by", "of"}:
            start = here + 2 + (here + 2 < last and tokens[here + 2].low in ARTICLES)
            return (start, last) if start < last else (first, last)
    read = next((n for n in range(first + 1, last) if tokens[n].low == "read"), last)
    if read < last and tokens[read - 1].low in words.instruments:
        last = read  # "a ministry statement read on television"
    if last - first > 1 and tokens[last - 1].low in words.instruments and tokens[last - 2].low in words.classes:
        return first, last - 1
    owners = (here + 1 for here in range(first, last - 1) if tokens[here].low.endswith("'s"))
    return (first, next(owners, last) if tokens[last - 1].low in words.instruments else last)


def apposed(tokens: Tokens, first: int, last: int) -> Bounds:
    """Return whose name follows "One of them," and "Another,"."""
    if tokens[first].low not in {"one", "another"}:
        return first, last
    comma = next((n for n in range(first, min(last + 1, len(tokens))) if tokens[n].low == ","), last)
    if comma + 1 >= len(tokens) or not tokens[comma + 1].capital:
        return first, last
    end = next((n for n in range(comma + 1, len(tokens)) if tokens[n].low in _STOPS), len(tokens))
    return comma + 1, max(last, end)
