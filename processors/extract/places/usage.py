"""How a name is used: what the words around it make of it, a place where something happens or something else."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from processors.extract.places.placewords import PlaceWords, place_words
from processors.extract.text.document import Document, Token
from processors.extract.text.language import Language

Tokens = tuple[Token, ...]

INSIDE, NEAR, HIT, FROM, AGENCY, ELSEWHERE, NONE = "inside", "near", "hit", "from", "agency", "elsewhere", "none"

_CENTRE = 5
"""Tokens before "in" within which "medical" begins the name of a hospital: "Medical Center at Riverside in Dori"."""
_JOINTS = frozenset({"and", "or", "but", "for", "with", "by", "to", "from", "on", "as", "than", "after", "before"})
"""Small words that describe no noun after them."""


class Naming:
    """Reads the words around a name, tokens `first` to before `last`."""

    def __init__(self, language: Language, *, cased: bool) -> None:
        self._language, self._cased = language, cased
        words = self._words = place_words(language.code)
        self._nouns = words.settlement_nouns | words.unit_nouns
        self._skipped = words.directions | self._nouns | {"the", "of", "a", "an", "city's", "capital's"}
        self._built = words.street_nouns | words.building_nouns
        self._no_part = language.grammar.weekdays | language.grammar.months | words.directions

    def is_agency(self, tokens: Tokens, last: int) -> bool:
        """Read "Dallas police", "Cook County sheriff's deputies"."""
        while last < len(tokens) and tokens[last].low in {"county", "metro", "metropolitan", "city", "'s"}:
            last += 1
        return last < len(tokens) and tokens[last].low in self._words.agencies

    def unit_noun(self, tokens: Tokens, first: int, last: int) -> str | None:
        """Read "Khammam District" and "district of Khammam"."""
        if last < len(tokens) and tokens[last].low in self._words.unit_nouns:
            return tokens[last].low
        if first > 1 and tokens[first - 1].low == "of" and tokens[first - 2].low in self._words.unit_nouns:
            return tokens[first - 2].low
        return None

    def has_settlement_noun(self, tokens: Tokens, first: int, last: int) -> bool:
        """Read "Qana village", "the town of Qana"."""
        nouns = self._words.settlement_nouns
        after = last < len(tokens) and tokens[last].low in nouns
        of = first > 1 and tokens[first - 1].low == "of" and tokens[first - 2].low in nouns
        return after or of or (first > 0 and tokens[first - 1].low in nouns)

    def is_part(self, tokens: Tokens, last: int) -> bool:
        """Read "the Germantown neighborhood", "Germantown, a suburb of"."""
        if last + 1 < len(tokens) and tokens[last].low == ",":
            last += 2 if tokens[last + 1].low in {"a", "the"} else 1
        return last < len(tokens) and tokens[last].low in self._words.part_nouns

    def is_embedded(self, tokens: Tokens, first: int, last: int, after: str) -> bool:
        """Whether a name is a part of a longer one: "Idlib hospital", "Smith Dallas"."""
        if not self._cased:
            return after in self._built
        if after in self._built:
            return True
        follows = (
            last < len(tokens)
            and tokens[last].capital
            and tokens[last].low[0].isalpha()
            and after not in self._words.settlement_nouns
        )
        before = first > 0 and tokens[first - 1].capital and tokens[first - 1].low[0].isalpha() and first > 1
        return (follows and after not in self._no_part and not tokens[last - 1].low.endswith("'s")) or (
            before
            and tokens[first - 1].low not in self._no_part
            and tokens[first - 1].low not in {"in", "at", "near", "the", "from"}
        )

    def relation(self, tokens: Tokens, first: int) -> str:
        """Read the preposition before a name, over directions, nouns and articles."""
        here = first - 1
        skipped = 0
        while here >= 0 and skipped < 6:
            for length in (2, 1):
                start = here - length + 1
                if start >= 0 and self._words.near.match(tokens, start) == length:
                    return NEAR
            if self._words.inside.match(tokens, here) == 1:
                return ELSEWHERE if here and self._is_speakers(tokens, here - 1) else INSIDE
            if tokens[here].low in self._words.struck or (
                tokens[here].low == "on" and here > 0 and tokens[here - 1].low in self._words.strikes
            ):
                return HIT
            if tokens[here].low in self._words.parts and tokens[here + 1].low == "of":
                return INSIDE
            if (
                tokens[here].low not in self._skipped
                and not tokens[here].low.endswith("'s")
                and not self._is_modifier(tokens, here)
            ):
                break
            here, skipped = here - 1, skipped + 1
        apposed = first > 1 and tokens[first - 1].low == "of" and tokens[first - 2].low in self._nouns
        return FROM if first > 0 and tokens[first - 1].low in self._words.origin and not apposed else NONE

    def _is_speakers(self, tokens: tuple[Token, ...], here: int) -> bool:
        """Whether a word before "in" makes a place one of speakers or patients: "Mercy Medical Center in Dori"."""
        centre = "medical" in {token.low for token in tokens[max(0, here - _CENTRE) : here]}
        return (centre and tokens[here + 1].low == "in") or tokens[here].low in self._words.speakers

    def _is_modifier(self, tokens: Tokens, here: int) -> bool:
        """Whether a word only describes the noun after it: "in the rural district of", "in the besieged town of"."""
        word = tokens[here].raw
        plain = word.islower() and word.isalpha() and word not in self._words.neighbours
        return plain and word not in _JOINTS and tokens[here + 1].low in self._nouns


def persons(document: Document, vocabulary: PlaceWords) -> frozenset[str]:
    """Return the words of names that a title, an age or a verb of saying shows to be people's."""
    words: set[str] = set()
    for sentence in document.sentences:
        tokens = sentence.tokens
        for here, token in enumerate(tokens):
            if not token.capital or not token.low[0].isalpha():
                continue
            before = tokens[here - 1].low if here else ""
            before = tokens[here - 2].low if before == "." and here > 1 else before
            before2 = tokens[here - 2].low if here > 1 else ""
            if before in vocabulary.titles or (before == "as" and before2 in {"identified", "named", "known"}):
                words |= _capitals_from(tokens, here)
            after = tokens[here + 1].low if here + 1 < len(tokens) else ""
            aged = (
                after == ","
                and here + 2 < len(tokens)
                and tokens[here + 2].low.isdigit()
                and len(tokens[here + 2].low) < 3
            )
            if after in vocabulary.after_person or aged:
                words |= _capitals_to(tokens, here)
    return frozenset(words)


def _capitals_from(tokens: Tokens, start: int) -> set[str]:
    end = start
    while end < len(tokens) and end - start < 4 and tokens[end].capital:
        end += 1
    return {token.low for token in tokens[start:end]}


def _capitals_to(tokens: Tokens, last: int) -> set[str]:
    """Return the words of a name of two or more that ends at a position."""
    start = last
    while start > 0 and last - start < 3 and tokens[start - 1].capital and tokens[start - 1].low[0].isalpha():
        start -= 1
    return {token.low for token in tokens[start : last + 1]} if start < last else set()
