"""What a text needs for a regular expression to match in it: strings that are far quicker to look for.

The way of Cox, "Regular Expression Matching with a Trigram Index" (2012): from an expression follow sets of strings,
of each of which at least one stands in any text that it matches.  Where words begin and end is known too, so that a
string can be looked for by the first letters of a word in it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from re import _constants as ops  # type: ignore[attr-defined] # no public interface shows an expression's parts
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

EDGE = "\0"
"""A word's beginning or end, in the strings while they are put together."""
BEGINNINGS = (4, 3)
"""Letters of a word's beginning by which strings are looked for, the more telling number first."""

_LEAST = 2
"""Characters of the shortest string worth looking for."""
_MOST = 128
"""Most strings of which one must stand in a text."""
_MOST_JOINED = 16
"""Most strings that are put together of parts in a row."""
_MOST_SIGNS = 4
"""Most characters in brackets that are told one by one."""
_ALIKE = str.maketrans(
    {
        "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}": "i",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{LATIN SMALL LETTER LONG S}": "s",
        "\N{KELVIN SIGN}": "k",
    }
)
"""Letters that match ASCII ones where case doesn't matter."""
_SPACES = str.maketrans({chr(code): " " for code in range(128) if not re.match(r"\w", chr(code))})
_EDGES = re.compile(r"(?<=\w)(?=\W)|(?<=\W)(?=\w)")
_WORD = re.compile(r"\w+")
_BEGUN = re.compile(rf"(?<={EDGE})\w+{EDGE}?")

Strings = frozenset[str]
_Sequence = tuple[Strings | None, list[Strings]]
"""All strings that a part of an expression matches, where they are few; else sets of which it needs one each."""
_NOTHING: Strings = frozenset({""})
_EDGE: Strings = frozenset({EDGE})
_BOUNDARY = (ops.AT, ops.AT_BOUNDARY)


@dataclass(frozen=True, slots=True)
class Literal:
    """A string in small letters, and the beginning of a word in it (a whole word, if shorter); "" if none is sure."""

    string: str
    beginning: str


def fold_case(text: str) -> str:
    """Return a text in small letters, alike wherever an expression that ignores case can't tell two apart."""
    return text.lower() if text.isascii() else text.translate(_ALIKE).lower()


def beginnings(folded: str) -> Strings:
    """Return the first letters of a text's words, by which literals are looked for."""
    words = folded.translate(_SPACES).split() if folded.isascii() else _WORD.findall(folded)
    return frozenset([word[:length] for length in BEGINNINGS for word in words])


def needed(pattern: str, flags: int = 0) -> tuple[tuple[Literal, ...], ...]:
    """Return sets of literals, of each of which one stands in `fold_case` of any text in which a pattern matches.

    The one that is the quickest to look for comes first; there is none where nothing is sure.
    """
    needs = {_shortest(frozenset(map(_marked, need))) for need in _needs(_sequence(parser.parse(pattern, flags)))}
    literals = [tuple(sorted(map(_literal, need), key=lambda literal: literal.string)) for need in needs]
    return tuple(sorted((need for need in literals if 0 < len(need) <= _MOST), key=_cost))


def _cost(literals: tuple[Literal, ...]) -> tuple[int, int, str]:
    """Return an order of sets of literals by how much work they make."""
    least = min(len(literal.beginning) for literal in literals)
    return BEGINNINGS[0] - least, len(literals), literals[0].string


def _literal(marked: str) -> Literal:
    words = [match[0] for match in _BEGUN.finditer(marked)]
    known = [word.strip(EDGE)[:length] for length in BEGINNINGS for word in words if _is_known(word, length)]
    return Literal(marked.replace(EDGE, ""), max(known, key=len, default=""))


def _is_known(word: str, length: int) -> bool:
    """Whether a word's first letters are known: so many, or all that there are."""
    return EDGE in word or len(word) >= length


def _marked(string: str) -> str:
    """Return a string with each edge of a word in it marked once, those at its own ends where they are sure.

    The end of a last word that is long enough to be looked for isn't, so that it stands for longer words.
    """
    plain = string.replace(EDGE, "")
    begins = string.startswith(EDGE) and plain[:1].isalnum()
    ends = string.endswith(EDGE) and plain[-1:].isalnum() and len(_WORD.findall(plain)[-1]) < BEGINNINGS[0]
    return EDGE * begins + _EDGES.sub(EDGE, plain) + EDGE * ends


def _sequence(items: Iterable[tuple[Any, Any]], begin: Strings = _NOTHING, end: Strings = _NOTHING) -> _Sequence:
    """Read parts in a row; `begin` and `end` tell whether they stand at a word's edge."""
    needs: list[Strings] = []
    run, whole = begin, True
    parts = list(items)
    for (kind, value), following in zip_longest(parts, parts[1:]):
        at_edge = all(string.endswith(EDGE) for string in run)
        ends = end if following is None else _EDGE if following == _BOUNDARY else _NOTHING
        strings, inner = _item(kind, value, _EDGE if at_edge else _NOTHING, ends)
        if strings is not None and _are_few(run, strings):
            run = frozenset(before + after for before in run for after in strings)
            continue
        needs += [run, *inner]
        run, whole = _NOTHING if strings is None else strings, False
    run = frozenset(string + edge for string in run for edge in end)
    return (run, []) if whole else (None, [need for need in (*needs, run) if _is_useful(need)])


def _are_few(run: Strings, strings: Strings) -> bool:
    """Whether all the ways to put two parts together are few enough, or no more than one part has already."""
    return len(run) * len(strings) <= (_MOST if len(run) == 1 or len(strings) == 1 else _MOST_JOINED)


def _item(kind: Any, value: Any, begin: Strings, end: Strings) -> _Sequence:  # noqa: ANN401, PLR0911 - an expression's parts have no types of their own
    if kind is ops.LITERAL:
        return (frozenset({chr(value).lower()}) if value < 128 else None), []  # noqa: PLR2004 - ASCII
    if kind is ops.AT:
        return (_EDGE if value is ops.AT_BOUNDARY else _NOTHING), []
    if kind in {ops.ASSERT, ops.ASSERT_NOT}:
        return _NOTHING, []
    if kind is ops.SUBPATTERN:
        return _sequence(value[-1], begin, end)
    if kind is ops.ATOMIC_GROUP:
        return _sequence(value, begin, end)
    if kind is ops.BRANCH:
        return _branches([_sequence(branch, begin, end) for branch in value[1]])
    if kind in {ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT}:
        return _repeated(value[0], value[1], _sequence(value[2], begin, end if value[1] == 1 else _NOTHING))
    if kind is ops.IN and len(value) <= _MOST_SIGNS and all(part is ops.LITERAL for part, _ in value):
        return _branches([_item(part, sign, begin, end) for part, sign in value])
    return None, []


def _repeated(least: int, most: Any, part: _Sequence) -> _Sequence:  # noqa: ANN401 - a number, or without end
    if least:
        return None, _needs(part)
    return (None if part[0] is None or most != 1 else part[0] | _NOTHING), []


def _branches(branches: list[_Sequence]) -> _Sequence:
    exact = [strings for strings, _ in branches if strings is not None]
    together = frozenset[str]().union(*exact)
    if len(exact) == len(branches) and len(together) <= _MOST:
        return together, []
    best = [max(_needs(branch), key=_telling, default=_NOTHING) for branch in branches]
    return None, [frozenset[str]().union(*best)]


def _needs(part: _Sequence) -> list[Strings]:
    strings, needs = part
    return [need for need in (needs if strings is None else [strings]) if _is_useful(need)]


def _is_useful(need: Strings) -> bool:
    return _telling(need) >= _LEAST


def _telling(need: Strings) -> int:
    """Return how telling a set is: the length of its shortest string, a whole word's as if it were a longer one."""
    return min(_LEAST if _is_word(string) else len(string.replace(EDGE, "")) for string in need)


def _is_word(string: str) -> bool:
    plain = string.strip(EDGE)
    return string.startswith(EDGE) and string.endswith(EDGE) and plain.isalnum() and len(plain) < _LEAST


def _shortest(need: Strings) -> Strings:
    """Return a set without strings that hold another one of it."""
    return frozenset(one for one in need if not any(other != one and other in one for other in need))
