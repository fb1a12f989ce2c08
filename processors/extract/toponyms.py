"""The place names of a text: where they stand, what they could mean, and what the text says of them."""

# Typographic quotes and dashes are meant.
# ruff: noqa: RUF001

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from processors.extract.folding import fold
from processors.extract.gazetteer import ADMIN1, ADMIN2, COUNTRY, SETTLEMENT, Gazetteer
from processors.extract.language import Language, Phrases, load, phrases
from processors.extract.offsets import Offset, read_offset
from processors.extract.text import Document, Sentence, Token

Tokens = tuple[Token, ...]

INSIDE, NEAR, HIT, FROM, AGENCY, ELSEWHERE, NONE = "inside", "near", "hit", "from", "agency", "elsewhere", "none"
_LONGEST = 5
_LINKS = 6
_CONTRACTED = re.compile(r"['’](?:ll|ve|re|d|m|t)$")
_CAPITALS_POPULATION = 15_000
"""In text all in capitals a name counts only if its place is at least so large, or a unit."""


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Vocabulary of places."""

    inside: Phrases
    near: Phrases
    origin: frozenset[str]
    struck: frozenset[str]
    """Verbs whose object is where it happened: "a quake shook Kerman"."""
    strikes: frozenset[str]
    """Nouns that "on" joins to where it happened: "raids on Armanaz"."""
    clause_ends: frozenset[str]
    parts: frozenset[str]
    """Nouns before "of" that stand for a part of a place: "the outskirts of"."""
    renaming: frozenset[str]
    """Capitalised nouns that make a small place's name that of something else."""
    speakers: frozenset[str]
    """Words before "in" that make a place the one where somebody speaks or is cared for."""
    links: frozenset[str]
    """What stands between a place and the larger one that it lies in: "village under X police station of"."""
    settlement_nouns: frozenset[str]
    unit_nouns: frozenset[str]
    street_nouns: frozenset[str]
    building_nouns: frozenset[str]
    directions: frozenset[str]
    never: frozenset[str]
    aliases: dict[str, str]
    states: dict[str, str]
    demonyms: dict[str, str]
    titles: frozenset[str]
    after_person: frozenset[str]
    agencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Toponym:
    """A name in a sentence, tokens `first` to before `last`, and the gazetteer entries that it could mean."""

    sentence: int
    part: str
    first: int
    last: int
    written: str
    candidates: tuple[int, ...]
    relation: str = NONE
    settlement_noun: bool = False
    unit_noun: str | None = None
    embedded: bool = False
    """Part of a longer name: "Dallas Police Department", "Idlib hospital"."""
    demonym: str | None = None
    """Country code where the name is a people's ("Syrian"), not the country's."""
    qualifier: "Toponym | None" = None
    """The larger place named right after it: "Dallas, Texas"."""
    offset: Offset | None = None
    """How far from it something happened, where the text says so."""
    later_clause: bool = False
    """In a title, after the words that end its first clause: "X; Y", "X as Y"."""
    unknown: bool = False
    """Written as a settlement's name but not in the gazetteer: maybe misspelt."""


@lru_cache(maxsize=8)
def place_words(code: str) -> PlaceWords:
    """Return a language's vocabulary of places."""
    raw = load(code).raw["places"]
    return PlaceWords(
        inside=phrases(raw["inside"]),
        near=phrases(raw["near"]),
        origin=frozenset(raw["from"]),
        struck=frozenset(raw["struck"]),
        strikes=frozenset(raw["strikes"]),
        clause_ends=frozenset(raw["clause_ends"]),
        parts=frozenset(raw["parts"]),
        renaming=frozenset(raw["renaming"]),
        speakers=frozenset(raw["speakers"]),
        links=frozenset(raw["links"]) | frozenset(raw["directions"]),
        settlement_nouns=frozenset(raw["settlement_nouns"]),
        unit_nouns=frozenset(raw["unit_nouns"]),
        street_nouns=frozenset(raw["street_nouns"]),
        building_nouns=frozenset(raw["building_nouns"]),
        directions=frozenset(raw["directions"]),
        never=frozenset(raw["never"]),
        aliases=raw["aliases"],
        states=raw["states"],
        demonyms=raw["demonyms"],
        titles=frozenset(raw["persons"]["titles"]),
        after_person=frozenset(raw["persons"]["after"]),
        agencies=frozenset(raw["agency_nouns"]),
    )


def find_toponyms(document: Document, language: Language, gazetteer: Gazetteer) -> list[Toponym]:
    """Return the place names of a text in order."""
    finder = _Finder(language, gazetteer, cased=not document.capitals)
    found = [toponym for sentence in document.sentences for toponym in finder.sentence(sentence)]
    persons = finder.persons(document) if not document.capitals else frozenset()
    return [t for t in found if not _is_person(t, persons)]


def _is_person(toponym: Toponym, persons: frozenset[str]) -> bool:
    """Whether a name that could be a place's is a person's in this text."""
    if toponym.relation in {INSIDE, NEAR} or toponym.qualifier is not None or toponym.settlement_noun:
        return False
    return not toponym.unit_noun and toponym.written.lower() in persons


class _Finder:
    def __init__(self, language: Language, gazetteer: Gazetteer, *, cased: bool) -> None:
        self._language, self._gazetteer, self._cased = language, gazetteer, cased
        self._words = place_words(language.code)

    def persons(self, document: Document) -> frozenset[str]:
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
                if before in self._words.titles or (before == "as" and before2 in {"identified", "named", "known"}):
                    words |= _capitals_from(tokens, here)
                after = tokens[here + 1].low if here + 1 < len(tokens) else ""
                aged = (
                    after == ","
                    and here + 2 < len(tokens)
                    and tokens[here + 2].low.isdigit()
                    and len(tokens[here + 2].low) < 3
                )
                if after in self._words.after_person or aged:
                    words |= _capitals_to(tokens, here)
        return frozenset(words)

    def sentence(self, sentence: Sentence) -> Iterator[Toponym]:
        """Yield a sentence's place names, each with the larger place that directly follows it."""
        found: list[Toponym] = []
        position = 0
        while position < len(sentence.tokens):
            toponym = self._read(sentence, position)
            if toponym is None:
                position += 1
            else:
                found.append(toponym)
                position = toponym.last
        for number in reversed(range(len(found))):
            found[number] = self._qualified(sentence.tokens, found[number], found[number + 1 : number + 2])
        yield from found

    def _read(self, sentence: Sentence, position: int) -> Toponym | None:
        tokens = sentence.tokens
        token = tokens[position]
        if not token.low[0].isalpha() or (self._cased and not token.capital and token.low[:3] != "al-"):
            return None
        for length in range(min(_LONGEST, len(tokens) - position), 0, -1):
            last = position + length
            words = " ".join(t.low for t in tokens[position:last])
            if not self._may_end(tokens, position, last):
                continue
            if words in self._words.demonyms:
                code = self._words.demonyms[words]
                return self._toponym(sentence, position, last, (), demonym=code)
            if words.removesuffix("s") in self._words.demonyms and len(words) > 4:
                return self._toponym(
                    sentence, position, last, (), demonym=self._words.demonyms[words.removesuffix("s")]
                )
            candidates = self._candidates(tokens, position, last, words)
            if candidates:
                return self._toponym(sentence, position, last, candidates)
        return self._unknown(sentence, position)

    def _may_end(self, tokens: Tokens, first: int, last: int) -> bool:
        end = tokens[last - 1]
        if last - first > 1 and (not end.low[-1].isalpha() and end.low[-1] != "."):
            return False
        return last - first == 1 or not self._cased or end.capital or end.low[:3] == "al-"

    def _candidates(  # noqa: PLR0911 - one way of naming a place after the other
        self, tokens: Tokens, first: int, last: int, words: str
    ) -> tuple[int, ...]:
        if self._is_acronym(tokens, first, last, words):
            return ()
        if words in self._words.aliases:
            return self._gazetteer.positions(fold(self._words.aliases[words]))
        bare = words.removesuffix("'s") if last - first > 1 or words.endswith("'s") else words
        if words in self._words.states and self._is_state(tokens, first, last):
            return self._states(self._words.states[words])
        if last < len(tokens) and tokens[last].low == "." and words + "." in self._words.states:
            return self._states(self._words.states[words + "."]) if tokens[first].capital else ()
        if (
            bare in self._words.never
            or len(bare) < 3
            or _CONTRACTED.search(bare)
            or (last - first == 1 and bare in self._common())
        ):
            return ()
        found = self._gazetteer.positions(fold(bare))
        if found and last - first > 1 and tokens[last - 1].low in self._words.unit_nouns:
            found = self._with_namesakes(found, bare)
        if self._cased:
            longer = last < len(tokens) and tokens[last].capital and tokens[last].low in self._words.renaming
            return (
                tuple(p for p in found if self._is_notable(p))
                if longer and not tokens[first].raw.isupper()
                else found
            )
        return tuple(p for p in found if self._is_notable(p))

    def _with_namesakes(self, found: tuple[int, ...], name: str) -> tuple[int, ...]:
        """Add the units that are known without the word for the unit: every "Aurangabad District"."""
        bare = self._gazetteer.positions(fold(name.rsplit(" ", 1)[0]))
        level = LEVEL_OF_UNIT.get(name.rsplit(" ", 1)[1])
        return (*found, *(p for p in bare if p not in found and self._gazetteer.level(p) == level))

    def _is_acronym(self, tokens: Tokens, first: int, last: int, words: str) -> bool:
        raw = tokens[first].raw
        if not self._cased or last - first > 1 or not raw.removesuffix("s").isupper() or len(raw) > 5 or first == 0:
            return False
        return words not in self._words.aliases and words not in self._words.states

    def _states(self, name: str) -> tuple[int, ...]:
        gazetteer = self._gazetteer
        return tuple(
            p
            for p in gazetteer.positions(fold(name))
            if gazetteer.entry(p).country == "US" and gazetteer.entry(p).level == ADMIN1
        )

    def _is_state(self, tokens: Tokens, first: int, last: int) -> bool:
        if last - first > 1 or tokens[first].low.endswith("."):
            return True
        return (
            tokens[first].raw.isupper() and first > 1 and tokens[first - 1].low == "," and tokens[first - 2].capital
        )

    def _is_notable(self, position: int) -> bool:
        entry = self._gazetteer.entry(position)
        return entry.level in {COUNTRY, ADMIN1} or (
            entry.level == SETTLEMENT and entry.population >= _CAPITALS_POPULATION
        )

    def _common(self) -> frozenset[str]:
        return _common_words(self._language.code)

    def _toponym(
        self, sentence: Sentence, first: int, last: int, candidates: tuple[int, ...], demonym: str | None = None
    ) -> Toponym:
        tokens = sentence.tokens
        after = tokens[last].low if last < len(tokens) else "."
        unit = self._unit_noun(tokens, first, last)
        offset = (
            None if demonym else read_offset(sentence.text, tokens[first].start - sentence.start, self._language.code)
        )
        return Toponym(
            sentence=sentence.number,
            part=sentence.part,
            first=first,
            last=last,
            written=sentence.words(first, last).removesuffix("'s").removesuffix("’s"),
            candidates=candidates,
            relation=NEAR if offset else AGENCY if self._is_agency(tokens, last) else self._relation(tokens, first),
            settlement_noun=self._has_settlement_noun(tokens, first, last),
            unit_noun=unit,
            embedded=unit is None
            and not self._is_agency(tokens, last)
            and self._is_embedded(tokens, first, last, after),
            demonym=demonym,
            offset=offset,
            later_clause=sentence.part == "title" and any(t.low in self._words.clause_ends for t in tokens[1:first]),
        )

    def _is_agency(self, tokens: Tokens, last: int) -> bool:
        """Read "Dallas police", "Cook County sheriff's deputies"."""
        while last < len(tokens) and tokens[last].low in {"county", "metro", "metropolitan", "city", "'s"}:
            last += 1
        return last < len(tokens) and tokens[last].low in self._words.agencies

    def _unit_noun(self, tokens: Tokens, first: int, last: int) -> str | None:
        """Read "Khammam District" and "district of Khammam"."""
        if last < len(tokens) and tokens[last].low in self._words.unit_nouns:
            return tokens[last].low
        if first > 1 and tokens[first - 1].low == "of" and tokens[first - 2].low in self._words.unit_nouns:
            return tokens[first - 2].low
        return None

    def _has_settlement_noun(self, tokens: Tokens, first: int, last: int) -> bool:
        nouns = self._words.settlement_nouns
        after = last < len(tokens) and tokens[last].low in nouns
        of = first > 1 and tokens[first - 1].low == "of" and tokens[first - 2].low in nouns
        return after or of or (first > 0 and tokens[first - 1].low in nouns)

    def _is_embedded(self, tokens: Tokens, first: int, last: int, after: str) -> bool:
        if not self._cased:
            return after in self._words.street_nouns | self._words.building_nouns
        if after in self._words.street_nouns | self._words.building_nouns:
            return True
        follows = (
            last < len(tokens)
            and tokens[last].capital
            and tokens[last].low[0].isalpha()
            and after not in self._words.settlement_nouns
        )
        before = first > 0 and tokens[first - 1].capital and tokens[first - 1].low[0].isalpha() and first > 1
        weekdays = self._language.grammar.weekdays | self._language.grammar.months | self._words.directions
        return (follows and after not in weekdays and not tokens[last - 1].low.endswith("'s")) or (
            before and tokens[first - 1].low not in weekdays | {"in", "at", "near", "the", "from"}
        )

    def _relation(self, tokens: Tokens, first: int) -> str:
        """Read the preposition before a name, over directions, nouns and articles."""
        here = first - 1
        skipped = 0
        skips = (
            self._words.directions | self._words.settlement_nouns | self._words.unit_nouns | {"the", "of", "a", "an"}
        )
        while here >= 0 and skipped < 6:
            for length in (2, 1):
                start = here - length + 1
                if start >= 0 and self._words.near.match(tokens, start) == length:
                    return NEAR
            if self._words.inside.match(tokens, here) == 1:
                return ELSEWHERE if here and tokens[here - 1].low in self._words.speakers else INSIDE
            if tokens[here].low in self._words.struck or (
                tokens[here].low == "on" and here > 0 and tokens[here - 1].low in self._words.strikes
            ):
                return HIT
            if tokens[here].low in self._words.parts and tokens[here + 1].low == "of":
                return INSIDE
            if (
                tokens[here].low not in skips
                and tokens[here].low not in {"city's", "capital's"}
                and not tokens[here].low.endswith("'s")
            ):
                break
            here, skipped = here - 1, skipped + 1
        nouns = self._words.settlement_nouns | self._words.unit_nouns
        apposed = first > 1 and tokens[first - 1].low == "of" and tokens[first - 2].low in nouns
        return FROM if first > 0 and tokens[first - 1].low in self._words.origin and not apposed else NONE

    def _qualified(self, tokens: Tokens, toponym: Toponym, following: list[Toponym]) -> Toponym:
        """Attach what directly follows: ", Texas", "(Syria)", "in Idlib province"."""
        for candidate in following:
            between = [t.low for t in tokens[toponym.last : candidate.first]]
            if not between or len(between) > _LINKS or not all(word in self._words.links for word in between):
                break
            if candidate.candidates:
                return replace(toponym, qualifier=candidate)
        return toponym

    def _unknown(self, sentence: Sentence, position: int) -> Toponym | None:
        """Return a name that must be a settlement's though the gazetteer doesn't know it: "the town of Amanaz"."""
        tokens = sentence.tokens
        before = [t.low for t in tokens[max(0, position - 2) : position]]
        nouns = self._words.settlement_nouns
        named = before[-1:] == ["of"] and before[0] in nouns
        last = position + 1
        while (
            last < len(tokens)
            and last - position < 3
            and tokens[last].capital
            and tokens[last].low not in self._words.unit_nouns
        ):
            last += 1
        unit = self._unit_noun(tokens, position, last)
        word = tokens[position].low
        plain = word not in self._common() and word not in self._words.never
        if unit and plain and self._cased and sentence.part == "text":
            written = sentence.words(position, last)
            return Toponym(
                sentence.number, sentence.part, position, last, written, (),
                relation=self._relation(tokens, position), unit_noun=unit, unknown=True,
            )  # fmt: skip
        follows = position + 1 < len(tokens) and tokens[position + 1].low in {"village", "town"}
        after_in = (
            self._cased and before[-1:] in (["in"], ["at"], ["near"], ["on"], ["of"]) and sentence.part == "text"
        )
        if (
            not (named or follows or after_in)
            or len(tokens[position].low) < 4
            or tokens[position].low in self._words.never
        ):
            return None
        last = position + 1
        if last < len(tokens) and tokens[last].capital and tokens[last].low.isalpha() and self._cased:
            return None
        if tokens[position].low in self._common():
            return None
        return Toponym(
            sentence.number, sentence.part, position, last, tokens[position].raw, (),
            relation=self._relation(tokens, position), settlement_noun=named or follows, unknown=True,
        )  # fmt: skip


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


@lru_cache(maxsize=8)
def _common_words(code: str) -> frozenset[str]:
    """Words that mean something else though a place may bear them."""
    language = load(code)
    grammar = language.grammar
    words = (
        grammar.be | grammar.have | grammar.prepositions | grammar.conjunctions | grammar.openers | grammar.adverbs
    )
    words |= grammar.determiners | grammar.months | grammar.weekdays | grammar.stops | grammar.modal
    words |= {noun[0] for noun in language.people.nouns if len(noun) == 1}
    words |= {trigger[0] for trigger in language.triggers if len(trigger) == 1}
    words |= place_words(code).titles
    words |= frozenset(language.numbers.words) | frozenset(language.numbers.scales)
    return frozenset(words)


LEVEL_OF_UNIT = {
    "province": ADMIN1, "governorate": ADMIN1, "state": ADMIN1, "region": ADMIN1, "oblast": ADMIN1, "emirate": ADMIN1,
    "prefecture": ADMIN1, "department": ADMIN1, "district": ADMIN2, "county": ADMIN2, "parish": ADMIN2,
    "division": ADMIN2, "municipality": ADMIN2, "tehsil": ADMIN2, "taluk": ADMIN2, "mandal": ADMIN2, "block": ADMIN2,
    "canton": ADMIN2, "subdistrict": ADMIN2, "sub-district": ADMIN2,
}  # fmt: skip
