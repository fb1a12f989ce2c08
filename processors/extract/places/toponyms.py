"""The place names of a text: where they stand, what they could mean, and what the text says of them."""

# Typographic quotes and dashes are meant.
# ruff: noqa: RUF001

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from processors.extract.places.gazetteer import ADMIN1, COUNTRY, SETTLEMENT, Gazetteer
from processors.extract.places.offsets import Offset, read_offset
from processors.extract.places.placewords import LEVEL_OF_UNIT, common_words, place_words
from processors.extract.places.usage import AGENCY, INSIDE, NEAR, NONE, Naming, Tokens, persons
from processors.extract.text.document import Document, Sentence
from processors.extract.text.language import Language

_LONGEST = 5
_LINKS = 6
_CONTRACTED = re.compile(r"['’](?:ll|ve|re|d|m|t)$")
_CAPITALS_POPULATION = 15_000
"""In text all in capitals a name counts only if its place is at least so large, or a unit."""


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
    part_of_city: bool = False
    """Said to be a neighbourhood or the like."""
    later_clause: bool = False
    """In a title, after the words that end its first clause: "X; Y", "X as Y"."""
    unknown: bool = False
    """Written as a settlement's name but not in the gazetteer: maybe misspelt."""


def find_toponyms(document: Document, language: Language, gazetteer: Gazetteer) -> list[Toponym]:
    """Return the place names of a text in order."""
    finder = _Finder(language, gazetteer, cased=not document.capitals)
    found = [toponym for sentence in document.sentences for toponym in finder.sentence(sentence)]
    people = persons(document, place_words(language.code)) if not document.capitals else frozenset()
    plain = _plain_words(document)
    return [t for t in found if not _is_person(t, people) and not _is_plain(t, plain)]


def _plain_words(document: Document) -> frozenset[str]:
    """Return the words that a text has in small letters."""
    if document.capitals:
        return frozenset()
    return frozenset(token.raw for s in document.sentences for token in s.tokens if token.raw.islower())


def _is_plain(toponym: Toponym, plain: AbstractSet[str]) -> bool:
    """Whether a name of one word is a plain word of the text too: "Shell hits ward", and later "a shell"."""
    if toponym.relation != NONE or _is_called_place(toponym):
        return False
    return toponym.demonym is None and toponym.written.lower() in plain


def _is_called_place(toponym: Toponym) -> bool:
    """Whether what stands beside a name says that it is a place's: "the town of X", "X district", "X, Texas"."""
    return toponym.qualifier is not None or toponym.settlement_noun or bool(toponym.unit_noun)


def _is_person(toponym: Toponym, people: frozenset[str]) -> bool:
    """Whether a name that could be a place's is a person's in this text."""
    if toponym.relation in {INSIDE, NEAR} or _is_called_place(toponym):
        return False
    return toponym.written.lower() in people


class _Finder:
    def __init__(self, language: Language, gazetteer: Gazetteer, *, cased: bool) -> None:
        self._language, self._gazetteer, self._cased = language, gazetteer, cased
        self._words = place_words(language.code)
        self._naming = Naming(language, cased=cased)

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
        following: Toponym | None = None
        for number in reversed(range(len(found))):
            following = found[number] = self._qualified(sentence.tokens, found[number], following)
        yield from found

    def _read(self, sentence: Sentence, position: int) -> Toponym | None:
        tokens = sentence.tokens
        token = tokens[position]
        if not token.low[0].isalpha() or (self._cased and not token.capital and token.low[:3] != "al-"):
            return None
        for length in range(min(_LONGEST, len(tokens) - position), 0, -1):
            last = position + length
            if not self._may_end(tokens, position, last):
                continue
            words = " ".join([t.low for t in tokens[position:last]])
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
            return self._gazetteer.named(self._words.aliases[words])
        bare = words.removesuffix("'s") if last - first > 1 or words.endswith("'s") else words
        if words in self._words.states and self._is_state(tokens, first, last):
            return self._states(self._words.states[words])
        if last < len(tokens) and tokens[last].low == "." and words + "." in self._words.states:
            return self._states(self._words.states[words + "."]) if tokens[first].capital else ()
        if (
            bare in self._words.never
            or len(bare) < 3
            or (("'" in bare or "’" in bare) and _CONTRACTED.search(bare))
            or (last - first == 1 and bare in self._common())
        ):
            return ()
        found = self._gazetteer.named(bare)
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
        bare = self._gazetteer.named(name.rsplit(" ", 1)[0])
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
            for p in gazetteer.named(name)
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
        return common_words(self._language.code)

    def _toponym(
        self, sentence: Sentence, first: int, last: int, candidates: tuple[int, ...], demonym: str | None = None
    ) -> Toponym:
        tokens = sentence.tokens
        after = tokens[last].low if last < len(tokens) else "."
        unit = self._naming.unit_noun(tokens, first, last)
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
            relation=NEAR
            if offset
            else AGENCY
            if self._naming.is_agency(tokens, last)
            else self._naming.relation(tokens, first),
            settlement_noun=self._naming.has_settlement_noun(tokens, first, last),
            unit_noun=unit,
            embedded=unit is None
            and not self._naming.is_agency(tokens, last)
            and self._naming.is_embedded(tokens, first, last, after),
            demonym=demonym,
            offset=offset,
            part_of_city=self._naming.is_part(tokens, last),
            later_clause=sentence.part == "title" and any(t.low in self._words.clause_ends for t in tokens[1:first]),
        )

    def _qualified(self, tokens: Tokens, toponym: Toponym, following: Toponym | None) -> Toponym:
        """Attach what directly follows: ", Texas", "(Syria)", "in Idlib province"; not ", France's presidency"."""
        if following is None or not following.candidates or tokens[following.last - 1].low.endswith("'s"):
            return toponym
        between = [t.low for t in tokens[toponym.last : following.first]]
        linked = 0 < len(between) <= _LINKS and all(word in self._words.links for word in between)
        return replace(toponym, qualifier=following) if linked else toponym

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
        unit = self._naming.unit_noun(tokens, position, last)
        word = tokens[position].low
        plain = word not in self._common() and word not in self._words.never
        if unit and plain and self._cased and sentence.part == "text":
            written = sentence.words(position, last)
            return Toponym(
                sentence.number, sentence.part, position, last, written, (),
                relation=self._naming.relation(tokens, position), unit_noun=unit, unknown=True,
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
            relation=self._naming.relation(tokens, position), settlement_noun=named or follows, unknown=True,
        )  # fmt: skip
