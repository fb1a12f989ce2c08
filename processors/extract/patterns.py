"""Regular expressions made of many rules."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with names in it, what kind of thing it tells, and what a text needs for it to match at all."""

    kind: str
    pattern: re.Pattern[str]
    needs: tuple[re.Pattern[str], ...]

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield where the pattern matches a text."""
        if all(need.search(text) for need in self.needs):
            yield from self.pattern.finditer(text)


def any_of(rules: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern that matches where one of several does, whatever the case.

    Those that begin at a word's beginning are looked for there only, which is several times faster.
    """
    apart = [rule for rule in rules if not rule.startswith(r"\b")]
    words = [rule.removeprefix(r"\b") for rule in rules if rule.startswith(r"\b")]
    return re.compile("|".join([*([rf"\b(?:{'|'.join(words)})"] if words else []), *apart]), re.IGNORECASE)


def needs(rule: str, names: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Return patterns each of which matches in any text in which a rule does: what stands between its names' places.

    They are quick to look for, and a name's words can stand nearly anywhere.  A part that is no expression by itself,
    since a name stands inside its brackets, is left out.
    """
    found = []
    for part in re.split("|".join(names), rule):
        with suppress(re.error):
            pattern = re.compile(part)
            if pattern.search("") is None:
                found.append(pattern)
    return tuple(found)
