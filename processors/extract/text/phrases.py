"""The phrases of a word list, and which of them stands at a position of a sentence."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sequences of tokens, found by their first token, the longest first."""

    by_first: Mapping[str, Mapping[str, tuple[Phrase, ...]]]
    """Those of each first token by their second one, "" for none."""

    def match(self, tokens: "tuple[Any, ...]", position: int) -> int:
        """Return how many tokens the longest phrase at a position has, 0 where there is none."""
        options = self.by_first.get(tokens[position].low)
        if options is None:
            return 0
        after = tokens[position + 1].low if position + 1 < len(tokens) else ""
        for phrase in options.get(after, ()):
            if [token.low for token in tokens[position + 2 : position + len(phrase)]] == list(phrase[2:]):
                return len(phrase)
        return 1 if "" in options else 0


def phrases(words: Iterable[str]) -> Phrases:
    """Return phrases written with spaces between their tokens."""
    split = sorted({tuple(word.split()) for word in words}, key=lambda p: (-len(p), p))
    by_first: dict[str, dict[str, tuple[Phrase, ...]]] = {}
    for phrase in split:
        options = by_first.setdefault(phrase[0], {})
        second = phrase[1] if len(phrase) > 1 else ""
        options[second] = (*options.get(second, ()), phrase)
    return Phrases(by_first)


def expand(words: str) -> list[Phrase]:
    """Return the phrases that alternatives in braces stand for: "{a|b} c" → a c, b c."""
    parts = [part.split("|") for part in re.split(r"[{}]", words)]
    return [tuple("".join(choice).split()) for choice in itertools.product(*parts)]
