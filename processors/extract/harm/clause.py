"""A sentence as the rules look at it: its people and its words for harm by their position."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from contracts.vocabulary import RejectionReason
from processors.extract.people.groups import Group
from processors.extract.text.document import Sentence, Token
from processors.extract.text.language import Language, Trigger, load

_GAP = 9
"""Most tokens between the two ends of a word for harm."""


@dataclass(frozen=True, slots=True)
class _Gapped:
    """A word for harm that goes over others: where it ends, and what it says."""

    last: int
    triggers: tuple[Trigger, ...]


class Clause:
    """A sentence with its groups of people and its words for harm, looked up by where they stand."""

    def __init__(self, sentence: Sentence, groups: list[Group], language: Language, *, cased: bool) -> None:
        self.sentence, self.language, self.cased = sentence, language, cased
        self.words = language.links
        self.tokens: tuple[Token, ...] = sentence.tokens
        self.groups = [group for group in groups if group.reason is None]
        self.refused = {group.first: group for group in groups if group.reason is RejectionReason.NOT_PEOPLE}
        """Figures without a noun for people, by where they begin."""
        self.starts = {start: group for group in self.groups for start in range(group.first, group.core + 1)}
        self.ends = {group.last: group for group in self.groups}
        self.triggers = list(self._find_triggers())
        self.verbs = {position for position, _, _ in self.triggers}

    def _find_triggers(self) -> Iterator[tuple[int, int, tuple[Trigger, ...]]]:
        position, begins = 0, _begins(self.language.code)
        inside = {p for group in self.groups for p in range(group.first, group.last) if group.state != p}
        while position < len(self.tokens):
            if self.tokens[position].low not in begins:
                position += 1
                continue
            length = self.language.trigger_phrases.match(self.tokens, position)
            gapped = self._gapped(position)
            if gapped is not None and position not in inside:
                yield position, gapped.last, gapped.triggers
                position = gapped.last
            elif length and position not in inside:
                words = tuple(token.low for token in self.tokens[position : position + length])
                yield position, position + length, self.language.triggers[words]
                position += length
            else:
                position += 1

    def _gapped(self, position: int) -> "_Gapped | None":
        """Return a word for harm whose end stands some words on: "taken to Saint Luke's and Mercy hospitals"."""
        for rule in self.language.gapped:
            if self.tokens[position].low not in rule.begins.by_first:
                continue
            length = rule.begins.match(self.tokens, position)
            if not length or not self._may_lie(position):
                continue
            for here in range(position + length, min(position + length + _GAP, len(self.tokens))):
                word = self.tokens[here].low
                if word in rule.ends and (self._dies_there(here + 1) or self._is_examiner(here)):
                    return None
                if word in rule.ends:
                    return _Gapped(here + 1, (Trigger(rule.measure, rule.form, (self.tokens[position].low, word)),))
                verb = self.tokens[position].low == "in" and (word,) in self.language.triggers  # "in his 60s died in"
                if verb or word in self.words["marks"] or word in self.language.grammar.openers:
                    break
        return None

    def _may_lie(self, position: int) -> bool:
        """Whether those "in" a hospital lie there: not "standing in front of the hospital"."""
        if self.tokens[position].low != "in" or not position:
            return True
        after = [token.low for token in self.tokens[position + 1 : position + 3]]
        return after[:1] not in (["front"], ["charge"]) and after != ["the", "morgue"]

    def _is_examiner(self, position: int) -> bool:
        """Whether "medical" isn't the beginning of a hospital's name: "the medical examiner"."""
        after = self.tokens[position + 1].low if position + 1 < len(self.tokens) else "."
        return self.tokens[position].low == "medical" and after not in self.words["medical"]

    def _dies_there(self, position: int) -> bool:
        """Whether those taken to a hospital died: "taken to Mercy Hospital, where she was pronounced dead"."""
        words = [token.low for token in self.tokens[position : position + _GAP]]
        return "where" in words[:4] and bool({"died", "dead", "succumbed", "deceased", "dies"} & set(words))


@lru_cache(maxsize=8)
def _begins(code: str) -> frozenset[str]:
    """Return every word that a word for harm, gapped or not, can begin with."""
    language = load(code)
    return frozenset(language.trigger_phrases.by_first).union(*(rule.begins.by_first for rule in language.gapped))
