"""Where it happened: each name resolved in the light of the others, then the incident's own place among them.

Resolution prefers what the text itself says ("Dallas, Texas"), then units and countries named elsewhere in it, then
the more populous place.  The incident's place is the one named nearest to where the incident is told, the smallest
unit first.  Nothing resolved leaves the place unknown.
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from contracts.geo import kilometres
from contracts.records import Place
from contracts.vocabulary import PlacePrecision
from processors.extract.gazetteer import ADMIN1, ADMIN2, COUNTRY, SETTLEMENT, Entry, Gazetteer
from processors.extract.language import Language, load
from processors.extract.offsets import shifted
from processors.extract.text import Document
from processors.extract.toponyms import (
    AGENCY,
    ELSEWHERE,
    FROM,
    HIT,
    INSIDE,
    LEVEL_OF_UNIT,
    NEAR,
    Toponym,
    find_toponyms,
)

_DATELINE = -1
_LEVEL_SCORES = {SETTLEMENT: 1.0, ADMIN2: 0.7, ADMIN1: 0.2, COUNTRY: -1.0}
_RELATION_SCORES = {INSIDE: 2.0, HIT: 1.0, NEAR: 1.3, AGENCY: 1.5, FROM: -1.0, ELSEWHERE: -2.0}
_PRECISIONS = {
    SETTLEMENT: PlacePrecision.SETTLEMENT,
    ADMIN2: PlacePrecision.ADMIN2,
    ADMIN1: PlacePrecision.ADMIN1,
    COUNTRY: PlacePrecision.COUNTRY,
}
_FINER_MARGIN = 2.5
"""How much worse a place inside the best one may score and still be preferred."""


_EMBEDDED, _EMBEDDED_PLACED = 3.0, 1.0
"""What speaks against a part of a longer name, and against one that a preposition makes a place."""
_HINTED_CHARACTERS = 6_000
_REGION_VOTE = 2.6
_LOCAL_KM = 100.0
_DISTRICT_KM = 60.0
_ELSEWHERE = 1.2
"""What speaks against a place in another country than those of title and first sentence."""
_SURE_VOTES = 1.1
"""Votes for a country from which on small places of other countries aren't considered."""
_COUNTRY_SHARE = 0.35
_SAME_NAME, _ANOTHER_NAME = 0.9, 0.75
"""Likeness to a place's main name from which it is that, and below which it is another one."""
_WELL_KNOWN = 100_000
"""Population from which a place is known by its other names too."""
_LATER_CLAUSE = 2.0
"""What speaks against a place of a title's second clause, which mostly tells of something else."""
_CONTAINER = 1.0
"""What speaks against a place that only says where another lies: "in X, north of Y"."""
_OTHER_NAME = 3.0
"""What speaks against a place known by another name, by how unlike that is."""
_COMPANY, _COMPANY_MOST = 1.5, 2.0
"""What each other name of the text that lies near speaks for a place, and how many of them count."""


@lru_cache(maxsize=8)
def _hints(code: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((country, re.compile(pattern)) for country, pattern in load(code).raw["places"]["hints"].items())


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name and the entry that it means."""

    toponym: Toponym
    entry: Entry


class PlaceReader:
    """The places of one document."""

    def __init__(self, document: Document, language: Language, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._toponyms = find_toponyms(document, language, gazetteer)
        self._dateline = self._dateline_toponym(document, language)
        if self._dateline is not None:
            self._toponyms.insert(0, self._dateline)
        self._named_units = {
            t.written.lower(): t.unit_noun for t in reversed(self._toponyms) if t.unit_noun and not t.settlement_noun
        }
        self._qualified = {t.written.lower(): t.qualifier for t in reversed(self._toponyms) if t.qualifier}
        self._containers = {
            (q.sentence, q.first) for t in self._toponyms if (q := t.qualifier) is not None and q.relation == NEAR
        }
        self._units = self._votes(document, language)
        self._squares = self._named_squares()
        self._most = {
            level: max((v for p, v in self._units.items() if gazetteer.level(p) == level), default=0.0)
            for level in (COUNTRY, ADMIN1)
        }
        self.resolved = self._resolve()
        lead = {s.number for s in document.sentences if s.part == "title"} | {s.number for s in document.body[:1]}
        first = {s.number for s in document.body[:1]}
        self._first_countries = {
            i.entry.country for i in self.resolved if i.toponym.sentence in first and not i.toponym.embedded
        }
        self._lead_countries = {i.entry.country for i in self.resolved if i.toponym.sentence in lead}

    def _dateline_toponym(self, document: Document, language: Language) -> Toponym | None:
        if document.dateline is None:
            return None
        name, _, rest = document.dateline.partition(",")
        candidates = self._gazetteer.find(name.title())
        if not candidates:
            return None
        rest = rest.strip().lower()
        states = language.raw["places"]["states"]
        qualifiers = self._gazetteer.find(states.get(rest, rest)) if rest else ()
        qualifier = None
        if qualifiers:
            qualifier = Toponym(_DATELINE, "text", 0, 0, rest, tuple(e.position for e in qualifiers))
        return Toponym(
            _DATELINE, "text", 0, 0, name.title(), tuple(e.position for e in candidates), qualifier=qualifier
        )

    def _votes(self, document: Document, language: Language) -> Mapping[int, float]:
        """Return how much the text speaks for each country and first-level unit, by position."""
        votes: dict[int, float] = defaultdict(float)
        text = " ".join(sentence.text for sentence in document.sentences)
        for code, pattern in _hints(language.code):
            hits = len(pattern.findall(text, 0, _HINTED_CHARACTERS))
            for country in self._countries(code):
                votes[country] += 1.2 * min(hits, 3)
        self._regions = self._active_regions(text, language)
        for unit in self._regions:
            votes[unit.position] += _REGION_VOTE
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
            for region in language.raw["places"]["regions"]
            if re.search(region["pattern"], text[:_HINTED_CHARACTERS])
            for name in region["names"]
            for unit in self._gazetteer.find(name)
            if unit.country == region["country"] and unit.level == ADMIN1
        ]

    def _is_out_of_region(self, toponym: Toponym, position: int) -> bool:
        """Whether a place bears a name only besides its own, and where the armed group that a text names isn't active."""
        if not self._regions or self._gazetteer.likeness(position, toponym.written) >= _ANOTHER_NAME:
            return False
        entry, around = self._gazetteer.entry(position), self._gazetteer.unit(position, ADMIN1)
        own = {unit.position for unit in self._regions if unit.country == entry.country}
        small = entry.level == SETTLEMENT and entry.population < _WELL_KNOWN
        return small and bool(own) and around not in own

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
        """Return which names of the text may lie in each square of a degree, and how likely: square → name → share."""
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

    def _company(self, entry: Entry, written: str) -> float:
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

    def _resolve(self) -> list[Resolved]:
        resolved = []
        for toponym in self._toponyms:
            candidates = toponym.candidates
            if toponym.unknown:
                candidates = self._misspelt(toponym)
            candidates = self._plausible(toponym, self._by_own_name(toponym, candidates))
            best = max(candidates, key=lambda p: (self._score(toponym, p), -p), default=None)
            if best is not None:
                resolved.append(Resolved(toponym, self._gazetteer.entry(best)))
        return resolved

    def _by_own_name(self, toponym: Toponym, candidates: tuple[int, ...]) -> tuple[int, ...]:
        """Return the candidates without places that bear by another name what contains them: "Bihar" is the state."""
        gazetteer, written = self._gazetteer, toponym.written
        own = {
            p for p in candidates if gazetteer.level(p) != SETTLEMENT and gazetteer.likeness(p, written) >= _SAME_NAME
        }
        return tuple(
            p
            for p in candidates
            if not (
                own and own & (set(gazetteer.containers(p)) - {p}) and gazetteer.likeness(p, written) < _ANOTHER_NAME
            )
        )

    def _plausible(self, toponym: Toponym, candidates: tuple[int, ...]) -> tuple[int, ...]:
        """Return the candidates that the larger place after the name, and the text's country, allow."""
        for qualifier in self._qualifiers(toponym):
            units = self._units_of(qualifier)
            inside = tuple(p for p in candidates if units & set(self._gazetteer.containers(p)))
            if inside:
                return inside
            if units and (qualifier.unit_noun or len(units) == len(qualifier.candidates)):
                level = max(ADMIN1, *(self._gazetteer.level(unit) for unit in units))
                if any(self._gazetteer.level(p) >= level for p in candidates):
                    continue
                return tuple(p for p in candidates if any(self._is_close(p, unit) for unit in units))
        if self._most[COUNTRY] < _SURE_VOTES:
            return candidates
        candidates = tuple(p for p in candidates if not self._is_out_of_region(toponym, p))
        return tuple(
            p
            for p in candidates
            if self._gazetteer.level(p) == COUNTRY or self._country_vote(p) >= _COUNTRY_SHARE * self._most[COUNTRY]
        )

    def _qualifiers(self, toponym: Toponym) -> Iterator[Toponym]:
        """Yield the larger place named right after a name, then the one named after that."""
        qualifier = toponym.qualifier or self._qualified.get(toponym.written.lower())
        while qualifier is not None:
            yield qualifier
            qualifier = qualifier.qualifier

    def _units_of(self, qualifier: Toponym) -> set[int]:
        return {p for p in qualifier.candidates if self._gazetteer.level(p) != SETTLEMENT}

    def _is_close(self, position: int, unit: int) -> bool:
        """Whether a place lies near a district's middle: districts are divided and their borders moved."""
        place, around = self._gazetteer.entry(position), self._gazetteer.entry(unit)
        if around.level != ADMIN2 or place.country != around.country:
            return False
        return kilometres(place.lat, place.lon, around.lat, around.lon) <= _DISTRICT_KM

    def _country_vote(self, position: int) -> float:
        country = self._gazetteer.unit(position, COUNTRY)
        return self._units.get(-1 if country is None else country, 0.0)

    def _misspelt(self, toponym: Toponym) -> tuple[int, ...]:
        """Return the settlement that a misspelt name is most like in the unit that the text speaks of most."""
        for qualifier in self._qualifiers(toponym):
            around = self._units_of(qualifier)
            if around:
                found = self._gazetteer.alike(toponym.written, min(around)) if len(toponym.written) > 4 else None
                return () if found is None else (found,)
        if toponym.unit_noun and LEVEL_OF_UNIT.get(toponym.unit_noun) == ADMIN2:
            return self._misspelt_unit(toponym)
        units = [
            (vote, -p)
            for p, vote in self._units.items()
            if self._gazetteer.level(p) == ADMIN1 and vote >= 1.0 and vote != _REGION_VOTE
        ]
        if not units or len(toponym.written) < 5:
            return ()
        found = self._gazetteer.alike(toponym.written, -max(units)[1])
        return () if found is None else (found,)

    def _misspelt_unit(self, toponym: Toponym) -> tuple[int, ...]:
        """Return the district that a misspelt name is most like in the country that the text speaks of most."""
        countries = [(v, -p) for p, v in self._units.items() if self._gazetteer.level(p) == COUNTRY and v >= 1.0]
        if not countries:
            return ()
        found = self._gazetteer.district_alike(toponym.written, -max(countries)[1])
        return () if found is None else (found,)

    def _score(self, toponym: Toponym, position: int) -> float:
        entry = self._gazetteer.entry(position)
        score = 0.8 * math.log10(entry.population + 10) - _OTHER_NAME * (
            1.0 - self._gazetteer.likeness(position, toponym.written)
        )
        score += {COUNTRY: 4.0, ADMIN1: -0.4, ADMIN2: -1.2, SETTLEMENT: 0.0}[entry.level]
        unit_noun = toponym.unit_noun or (
            None if toponym.settlement_noun else self._named_units.get(toponym.written.lower())
        )
        if unit_noun is not None:
            score += 3.0 if LEVEL_OF_UNIT.get(unit_noun) == entry.level else 0.0
            score += 1.5 if entry.level in {ADMIN1, ADMIN2} else -1.0
        elif toponym.settlement_noun:
            score += 2.0 if entry.level == SETTLEMENT else -1.0
        containers = set(self._gazetteer.containers(position)) - {position}
        if toponym.qualifier is not None:
            score += 6.0 if containers & set(toponym.qualifier.candidates) else -2.0
        for container in containers:
            level = self._gazetteer.entry(container).level
            vote = self._units.get(container, 0.0)
            score += min(vote, 4.0) * {COUNTRY: 1.0, ADMIN1: 1.0, ADMIN2: 0.4, SETTLEMENT: 0.0}[level]
        return score + _COMPANY * min(self._company(entry, toponym.written), _COMPANY_MOST)

    def incident_place(self, weights: Mapping[int, float], *, only: bool = False) -> Place:
        """Return where an incident happened; `weights` says how much each sentence (by number) tells of it.

        With `only`, places of other sentences don't count, unless these name none.
        """
        scores: dict[int, float] = {}
        counts: dict[int, int] = defaultdict(int)
        best_items: dict[int, Resolved] = {}
        local = self._police_place()
        inside = [item for item in self.resolved if item.toponym.sentence in weights]
        for item in inside if only and inside else self.resolved:
            score = self._incident_score(item, weights) - self._far(item.entry, local)
            position = item.entry.position
            counts[position] += 1
            if position not in scores or score > scores[position]:
                scores[position] = score
                best_items[position] = item
        for position, count in counts.items():
            scores[position] += 0.35 * min(count - 1, 4)
        if not scores:
            return self._country_place()
        best = self._finest(max(scores, key=lambda p: (scores[p], -p)), scores)
        return self._place(best, best_items[best].toponym)

    def _incident_score(self, item: Resolved, weights: Mapping[int, float]) -> float:
        toponym = item.toponym
        score = _LEVEL_SCORES[item.entry.level] + _RELATION_SCORES.get(toponym.relation, 0.0)
        score += 1.8 if toponym.sentence == _DATELINE else weights.get(toponym.sentence, 0.0)
        if toponym.embedded:
            score -= _EMBEDDED_PLACED if toponym.relation in {INSIDE, NEAR} else _EMBEDDED
        score -= self._foreign(item.entry)
        if self._lead_countries and item.entry.country not in self._lead_countries:
            score -= _ELSEWHERE
        if toponym.settlement_noun or toponym.unit_noun:
            score += 0.4
        if toponym.later_clause:
            score -= _LATER_CLAUSE
        if (toponym.sentence, toponym.first) in self._containers:
            score -= _CONTAINER
        return score

    def _police_place(self) -> Entry | None:
        """Return the settlement whose police a text names most: they report what happened near them."""
        named = [i.entry for i in self.resolved if i.toponym.relation == AGENCY and i.entry.level == SETTLEMENT]
        return max(named, key=lambda entry: (named.count(entry), entry.population, -entry.position), default=None)

    def _far(self, entry: Entry, local: Entry | None) -> float:
        if local is None or entry.level == COUNTRY or (entry.lat, entry.lon) == (0.0, 0.0):
            return 0.0
        return 1.5 if kilometres(entry.lat, entry.lon, local.lat, local.lon) > _LOCAL_KM else 0.0

    def _foreign(self, entry: Entry) -> float:
        """Return how much speaks against a place because the text is about another country or unit.

        The countries of the text's first sentence are all its own.
        """
        penalty = 0.0
        for level, weight in ((COUNTRY, 1.5), (ADMIN1, 0.8)):
            unit = self._gazetteer.unit(entry.position, level)
            if level == COUNTRY and self._is_own(entry):
                continue
            penalty += weight * min(2.0, self._most[level] - self._units.get(-1 if unit is None else unit, 0.0))
        return penalty

    def _is_own(self, entry: Entry) -> bool:
        """Whether a place lies in one of the countries of the first sentence, of which the text says enough."""
        enough = self._country_vote(entry.position) >= _COUNTRY_SHARE * self._most[COUNTRY]
        return enough and entry.country in self._first_countries

    def _finest(self, best: int, scores: Mapping[int, float]) -> int:
        """Return the best place, or a smaller one inside it that the text names nearly as well."""
        inside = [
            position
            for position, score in scores.items()
            if position != best
            and best in set(self._gazetteer.containers(position))
            and score >= scores[best] - _FINER_MARGIN
        ]
        finer = max(inside, key=lambda p: (scores[p], -p), default=None)
        return best if finer is None else self._finest(finer, scores)

    def _country_place(self) -> Place:
        """Return the country that the text speaks of most, where it names no place."""
        countries = [(vote, -p) for p, vote in self._units.items() if self._gazetteer.entry(p).level == COUNTRY]
        vote, negative = max(countries, default=(0.0, 0))
        return self._place(-negative) if vote > 0 else Place()

    def _place(self, position: int, named: Toponym | None = None) -> Place:
        entry = self._gazetteer.entry(position)
        spellings = [item.toponym.written for item in self.resolved if item.entry.position == position]
        written = sorted(set(spellings), key=lambda s: (-spellings.count(s), spellings.index(s)))
        near = named is not None and named.relation == NEAR and entry.level == SETTLEMENT
        precision = PlacePrecision.NEAR if near else _PRECISIONS[entry.level]
        pointed = self._pointed(entry)
        if pointed is not None and pointed is not entry:
            precision = _PRECISIONS[pointed.level]
        lat, lon = (None, None) if pointed is None else self._shifted(pointed, named if near else None)
        return Place(
            name=entry.name,
            as_written=tuple(written),
            gazetteer_id=entry.geonames_id,
            admin1=self._unit_name(position, ADMIN1),
            admin2=self._unit_name(position, ADMIN2),
            country=entry.country,
            lat=lat,
            lon=lon,
            precision=precision,
        )

    def _pointed(self, entry: Entry) -> Entry | None:
        """Return the place itself, or the smallest unit around it whose point is known; a country never."""
        for position in self._gazetteer.containers(entry.position):
            around = self._gazetteer.entry(position)
            if around.level != COUNTRY and (around.lat, around.lon) != (0.0, 0.0):
                return entry if position == entry.position else around
        return None

    def _shifted(self, entry: Entry, named: Toponym | None) -> tuple[float, float]:
        """Return a place's point, or the one so far from it as the text says, to five decimals."""
        point = (entry.lat, entry.lon)
        if named is None or named.offset is None:
            return point
        after = (i for i in self.resolved if i.toponym.sentence == named.sentence and i.toponym.first >= named.last)
        other = next(after, None)
        moved = shifted(point, named.offset, None if other is None else (other.entry.lat, other.entry.lon))
        return point if moved is None else (round(moved[0], 5), round(moved[1], 5))

    def _unit_name(self, position: int, level: int) -> str | None:
        unit = self._gazetteer.unit(position, level)
        return None if unit is None else self._gazetteer.entry(unit).name
