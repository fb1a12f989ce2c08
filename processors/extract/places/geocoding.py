"""What each place name of a text means: the entry of the gazetteer that the rest of the text makes likeliest.

Resolution prefers what the text itself says ("Dallas, Texas"), then units, countries and neighbours named elsewhere
in it, then the more populous place.
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.geo import kilometres
from processors.extract.places.gazetteer import ADMIN1, ADMIN2, COUNTRY, SETTLEMENT, Entry, Gazetteer
from processors.extract.places.placewords import LEVEL_OF_UNIT
from processors.extract.places.toponyms import Toponym
from processors.extract.places.votes import REGION_VOTE, Votes

_DISTRICT_KM = 60.0
_SURE_VOTES = 1.1
"""Votes for a country from which on small places of other countries aren't considered."""
COUNTRY_SHARE = 0.35
_SAME_NAME, _ANOTHER_NAME = 0.9, 0.75
"""Likeness to a place's main name from which it is that, and below which it is another one."""
_BY_ITS_CITY = 0.3
"""How sure another name has to lie near for a neighbourhood to be taken as its part."""
_WELL_KNOWN = 100_000
"""Population from which a place is known by its other names too."""
_OTHER_NAME = 3.0
"""What speaks against a place known by another name, by how unlike that is."""
_COMPANY, _COMPANY_MOST = 1.5, 2.0
"""What each other name of the text that lies near speaks for a place, and how many of them count."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name and the entry that it means."""

    toponym: Toponym
    entry: Entry


class Geocoder:
    """Resolves the names of one text in the light of each other."""

    def __init__(self, toponyms: Sequence[Toponym], votes: Votes, gazetteer: Gazetteer) -> None:
        self._toponyms, self._votes, self._gazetteer = toponyms, votes, gazetteer
        self._named_units = {
            t.written.lower(): t.unit_noun for t in reversed(toponyms) if t.unit_noun and not t.settlement_noun
        }
        self._qualified = {t.written.lower(): t.qualifier for t in reversed(toponyms) if t.qualifier}

    def resolve(self) -> list[Resolved]:
        """Return the names that mean an entry, in order, each with it."""
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

    def _is_out_of_region(self, toponym: Toponym, position: int) -> bool:
        """Whether a place bears a name only besides its own, and lies where the text's armed group isn't active."""
        if not self._votes.regions or self._gazetteer.likeness(position, toponym.written) >= _ANOTHER_NAME:
            return False
        entry, around = self._gazetteer.entry(position), self._gazetteer.unit(position, ADMIN1)
        own = {unit.position for unit in self._votes.regions if unit.country == entry.country}
        small = entry.level == SETTLEMENT and entry.population < _WELL_KNOWN
        return small and bool(own) and around not in own

    def _by_own_name(self, toponym: Toponym, candidates: tuple[int, ...]) -> tuple[int, ...]:
        """Return the candidates without places that bear by another name what contains them: "Bihar" is the state."""
        gazetteer, written = self._gazetteer, toponym.written
        own = {
            p for p in candidates if gazetteer.level(p) != SETTLEMENT and gazetteer.likeness(p, written) >= _SAME_NAME
        }
        return tuple(
            p
            for p in candidates
            if not (own and own & gazetteer.around(p) and gazetteer.likeness(p, written) < _ANOTHER_NAME)
        )

    def _plausible(self, toponym: Toponym, candidates: tuple[int, ...]) -> tuple[int, ...]:
        """Return the candidates that the larger place after the name, and the text's country, allow."""
        if toponym.part_of_city and self._names_settlement_beside(toponym):
            candidates = tuple(p for p in candidates if self._has_company(toponym, p))
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
        if self._votes.most[COUNTRY] < _SURE_VOTES:
            return candidates
        candidates = tuple(p for p in candidates if not self._is_out_of_region(toponym, p))
        return tuple(
            p
            for p in candidates
            if self._gazetteer.level(p) == COUNTRY
            or self._votes.country_vote(p) >= COUNTRY_SHARE * self._votes.most[COUNTRY]
        )

    def _names_settlement_beside(self, toponym: Toponym) -> bool:
        others = (t for t in self._toponyms if t.written != toponym.written and not t.embedded and not t.part_of_city)
        return any(self._gazetteer.level(p) == SETTLEMENT for t in others for p in t.candidates)

    def _has_company(self, toponym: Toponym, position: int) -> bool:
        """Whether another name lies near: a neighbourhood is looked for by its city, and nowhere else."""
        return self._votes.company(self._gazetteer.entry(position), toponym.written) >= _BY_ITS_CITY

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
            for p, vote in self._votes.units.items()
            if self._gazetteer.level(p) == ADMIN1 and vote >= 1.0 and vote != REGION_VOTE
        ]
        if not units or len(toponym.written) < 5:
            return ()
        found = self._gazetteer.alike(toponym.written, -max(units)[1])
        return () if found is None else (found,)

    def _misspelt_unit(self, toponym: Toponym) -> tuple[int, ...]:
        """Return the district that a misspelt name is most like in the country that the text speaks of most."""
        countries = [
            (v, -p) for p, v in self._votes.units.items() if self._gazetteer.level(p) == COUNTRY and v >= 1.0
        ]
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
        around = self._gazetteer.around(position)
        if toponym.qualifier is not None:
            score += -2.0 if around.isdisjoint(toponym.qualifier.candidates) else 6.0
        for container in around:
            level = self._gazetteer.level(container)
            vote = self._votes.units.get(container, 0.0)
            score += min(vote, 4.0) * {COUNTRY: 1.0, ADMIN1: 1.0, ADMIN2: 0.4, SETTLEMENT: 0.0}[level]
        return score + _COMPANY * min(self._votes.company(entry, toponym.written), _COMPANY_MOST)
