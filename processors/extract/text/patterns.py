"""Regular expressions, many at once: each is looked for only in texts that have the strings that it needs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from processors.extract.text.literals import Literal, Strings, beginnings, fold_case, needed

Kind = TypeVar("Kind")

_ANYBODY = r".*\b"
"""What stands for a name where only the words around it matter."""
_KNOWN = 256
"""Texts whose small letters are kept for a while."""


class Rule(Generic[Kind]):
    """An expression and what kind of thing it tells; compiled when a text first calls for it.

    `names` are what stands in it for names, and `fill` what they are filled with.  A name's words can stand nearly
    anywhere, so what stands between the names is looked for first.
    """

    def __init__(self, kind: Kind, source: str, flags: int = 0, fill: Sequence[tuple[str, str]] = ()) -> None:
        self.kind = kind
        self._source, self._flags, self._fill = source, flags, fill
        self.needs = needed(_filled(source, [(name, _ANYBODY) for name, _ in fill]), flags)

    def has_others(self, folded: str) -> bool:
        """Whether a text has what the rule needs beside the literals that are looked for first."""
        return all(any(literal.string in folded for literal in need) for need in self.needs[1:])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, names filled in."""
        return re.compile(_filled(self._source, self._fill), self._flags)

    @cached_property
    def _between(self) -> tuple[re.Pattern[str], ...]:
        return between(self._source, [name for name, _ in self._fill]) if self._fill else ()

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield where the expression matches a text."""
        if all(part.search(text) for part in self._between):
            yield from self.pattern.finditer(text)


class Rules(Generic[Kind]):
    """Rules in order, found by the literals that they need."""

    def __init__(self, rules: Iterable[Rule[Kind]]) -> None:
        self._rules = tuple(rules)
        self._always = frozenset(n for n, rule in enumerate(self._rules) if not rule.needs)
        numbers: dict[Literal, set[int]] = {}
        for number, rule in enumerate(self._rules):
            for literal in rule.needs[0] if rule.needs else ():
                numbers.setdefault(literal, set()).add(number)
        self._index: dict[str, list[tuple[str, set[int]]]] = {}
        """The literals with a word's beginning in them, and the rules that each calls for."""
        for literal, found in numbers.items():
            self._index.setdefault(literal.beginning, []).append((literal.string, found))
        self._anywhere = self._index.pop("", [])

    def likely(self, text: str) -> list[Rule[Kind]]:
        """Return the rules that may match a text, in order."""
        folded, begun = _folded(text)
        found = set(self._always)
        for literals in (self._anywhere, *[self._index[beginning] for beginning in self._index.keys() & begun]):
            for string, numbers in literals:
                if string in folded:
                    found |= numbers
        return [rule for rule in map(self._rules.__getitem__, sorted(found)) if rule.has_others(folded)]

    def any_in(self, text: str) -> bool:
        """Whether one of the rules matches a text."""
        return any(rule.pattern.search(text) for rule in self.likely(text))


@lru_cache(maxsize=_KNOWN)
def _folded(text: str) -> tuple[str, Strings]:
    """Return a text in small letters and how its words begin; kept for a while, as many rules ask for it."""
    folded = fold_case(text)
    return folded, beginnings(folded)


def _filled(source: str, fill: Iterable[tuple[str, str]]) -> str:
    for name, expression in fill:
        source = source.replace(name, expression)
    return source


def between(source: str, names: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Return patterns each of which matches in any text in which a rule does: what stands between its names' places.

    A part that is no expression by itself, since a name stands inside its brackets, is left out.
    """
    found = []
    for part in re.split("|".join(names), source):
        with suppress(re.error):
            pattern = re.compile(part)
            if pattern.search("") is None:
                found.append(pattern)
    return tuple(found)
