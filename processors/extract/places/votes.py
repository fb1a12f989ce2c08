"""What a text as a whole says of where it is: how much it speaks for each country, unit and neighbourhood.

Names vote for what contains their bearers; demonyms, typical words and armed groups for their countries and regions.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from processors.extract.places.gazetteer import ADMIN1, ADMIN2, COUNTRY, SETTLEMENT, Entry, Gazetteer
from processors.extract.places.placewords import LEVEL_OF_UNIT
from processors.extract.places.toponyms import Toponym
from processors.extract.text.document import Document
from processors.extract.text.language import Language, load
from processors.extract.text.patterns import Rule, Rules

_HINTED_CHARACTERS = 6_000
REGION_VOTE = 2.6


@lru_cache(maxsize=8)
def _hints(code: str) -> Rules[str]:
    return Rules(Rule(country, pattern) for country, pattern in load(code).raw["places"]["hints"].items())


@lru_cache(maxsize=8)
def _groups(code: str) -> Rules[tuple[str, tuple[str, ...]]]:
    """Return the names of armed groups, with the country and the regions where each is active."""
    regions = load(code).raw["places"]["regions"]
    return Rules(Rule((region["country"], tuple(region["names"])), region["pattern"]) for region in regions)


class Votes:
    """The votes of a text: `units` for countries and units, the `most` at a level, the `regions` of armed groups."""

    def __init__(
        self, document: Document, toponyms: Sequence[Toponym], language: Language, gazetteer: Gazetteer
    ) -> None:
        self._gazetteer, self._toponyms = gazetteer, toponyms
        self.units = self._votes(document, language)
        self._squares = self._named_squares()
        self.most = {
            level: max((v for p, v in self.units.items() if gazetteer.level(p) == level), default=0.0)
            for level in (COUNTRY, ADMIN1)
        }

    def _votes(self, document: Document, language: Language) -> Mapping[int, float]:
        """Return how much the text speaks for each country and first-level unit, by position."""
        votes: dict[int, float] = defaultdict(float)
        text = " ".join(sentence.text for sentence in document.sentences)[:_HINTED_CHARACTERS]
        for hint in _hints(language.code).likely(text):
            hits = len(hint.pattern.findall(text))
            for country in self._countries(hint.kind):
                votes[country] += 1.2 * min(hits, 3)
        self.regions = self._active_regions(text, language)
        for unit in self.regions:
            votes[unit.position] += REGION_VOTE
        for toponym in self._toponyms:
            weight = 0.5 if toponym.embedded else 1.0
            if toponym.demonym is not None:
                for entry in self._countries(toponym.demonym):
                    votes[entry] += 0.7
                continue
            self._vote(toponym, votes, weight)
        return votes

    def _active_regions(self, text: str, language: Language) -> list[Entry]:
        """Return the first-level units where the armed groups that a text names are active."""
        return [
            unit
            for group in _groups(language.code).likely(text)
            if group.pattern.search(text)
            for name in group.kind[1]
            for unit in self._gazetteer.find(name)
            if unit.country == group.kind[0] and unit.level == ADMIN1
        ]

    def _vote(self, toponym: Toponym, votes: dict[int, float], weight: float) -> None:
        """Let a name speak for what contains its bearers, the greater ones more."""
        entries = [self._gazetteer.entry(p) for p in toponym.candidates[:40]]
        sizes = [math.sqrt(entry.population + 100) * self._share(entry, toponym) for entry in entries]
        total = sum(sizes)
        for entry, size in zip(entries, sizes, strict=True):
            own = entry.level == COUNTRY or (entry.level == ADMIN1 and (toponym.unit_noun or size > 0.8 * total))
            for container in self._gazetteer.containers(entry.position):
                if container != entry.position or own:
                    votes[container] += (
                        weight
                        * size
                        / total
                        * (1.4 if LEVEL_OF_UNIT.get(toponym.unit_noun or "") == entry.level else 1.0 if own else 0.4)
                    )

    def _share(self, entry: Entry, toponym: Toponym) -> float:
        share = {COUNTRY: 30.0, ADMIN1: 2.0, ADMIN2: 0.3, SETTLEMENT: 1.0}[entry.level]
        if toponym.unit_noun and LEVEL_OF_UNIT.get(toponym.unit_noun) == entry.level:
            share *= 30.0
        if toponym.qualifier is not None:
            inside = set(self._gazetteer.containers(entry.position)) & set(toponym.qualifier.candidates)
            share *= 50.0 if inside else 1.0
        return share

    def _named_squares(self) -> Mapping[tuple[int, int], dict[str, float]]:
        """Return which names may lie in each square of a degree, and how likely: square → name → share."""
        squares: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
        for toponym in self._toponyms:
            if toponym.demonym is not None or toponym.embedded:
                continue
            name = toponym.written.lower()
            entries = [self._gazetteer.entry(p) for p in toponym.candidates[:40]]
            entries = [e for e in entries if e.level in {SETTLEMENT, ADMIN2} and (e.lat, e.lon) != (0.0, 0.0)]
            sizes = [math.sqrt(entry.population + 100) * self._share(entry, toponym) for entry in entries]
            total = sum(sizes)
            for entry, size in zip(entries, sizes, strict=True):
                square = squares[math.floor(entry.lat), math.floor(entry.lon)]
                square[name] = max(square.get(name, 0.0), size / total)
        return squares

    def company(self, entry: Entry, written: str) -> float:
        """Return how many other names of the text lie within a degree or two of a place, each as likely as it is."""
        if entry.level not in {SETTLEMENT, ADMIN2} or (entry.lat, entry.lon) == (0.0, 0.0):
            return 0.0
        row, column = math.floor(entry.lat), math.floor(entry.lon)
        near: dict[str, float] = {}
        for square in ((row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            for name, share in self._squares.get(square, {}).items():
                near[name] = max(near.get(name, 0.0), share)
        near.pop(written.lower(), None)
        return sum(near.values())

    def _countries(self, code: str) -> list[int]:
        return self._gazetteer.country(code)

    def country_vote(self, position: int) -> float:
        """Return how much the text speaks for the country of a place."""
        country = self._gazetteer.unit(position, COUNTRY)
        return self.units.get(-1 if country is None else country, 0.0)
