"""The gazetteer: 287,000 countries, subdivisions and settlements of GeoNames, by name and by likeness.

`data/gazetteer.zip` holds columns (`processors.extract.train.gazetteer` makes it); an entry is a position in them.
"""

import sys
import zipfile
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from processors.extract.places.folding import fold

SETTLEMENT, ADMIN2, ADMIN1, COUNTRY = range(4)
LIKENESS = 85.0
"""Least likeness (0 to 100, of `rapidfuzz.fuzz.ratio`) of a misspelling to the name it stands for."""

DISTRICT_LIKENESS = 82.0
"""The same for districts, of which a country has far fewer."""
_KNOWN = 16_384
"""Answers of each kind that are kept for a while."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the gazetteer: point in WGS-84 degrees, level, and the codes of what contains it."""

    position: int
    geonames_id: str
    name: str
    level: int
    country: str
    admin: int
    """Position of the unit that directly contains it; a country contains itself."""
    population: int
    lat: float
    lon: float


def _column(kind: str, raw: bytes) -> "array[int]":
    column: array[int] = array(kind)
    column.frombytes(raw)
    if sys.byteorder == "big":
        column.byteswap()
    return column


class Gazetteer:
    """Names to places; made once a process by `load`."""

    def __init__(self, columns: dict[str, bytes]) -> None:
        self._names = columns["names"].decode().split("\n")
        """Folded names in order: a dict of them would take longer to make than all lookups of most runs."""
        self._starts = _column("I", columns["starts"])
        self._postings = _column("I", columns["postings"])
        self._titles = columns["titles"].decode().split("\n")
        self._ids = _column("I", columns["ids"])
        self._levels = columns["levels"]
        self._countries = _column("H", columns["countries"])
        self._admins = _column("I", columns["admins"])
        self._populations = _column("I", columns["populations"])
        self._lats = _column("i", columns["lats"])
        self._lons = _column("i", columns["lons"])
        self._codes = columns["codes"].decode().split("\n")
        self._districts: dict[int, dict[int, str]] = {}
        self._inside: dict[int, dict[int, str]] = {}
        # What a text asks for it asks for again and again.
        self.entry = lru_cache(maxsize=_KNOWN)(self._entry)
        self.containers = lru_cache(maxsize=_KNOWN)(self._containers)
        self.around = lru_cache(maxsize=_KNOWN)(self._around)
        self.named = lru_cache(maxsize=_KNOWN)(self._named)
        self.likeness = lru_cache(maxsize=_KNOWN)(self._likeness)
        self.country = lru_cache(maxsize=_KNOWN)(self._country)

    def __len__(self) -> int:
        return len(self._titles)

    def _named(self, name: str) -> tuple[int, ...]:
        """Return the entries of a name as written: countries first, then by population."""
        folded = fold(name)
        number = bisect_left(self._names, folded)
        if number == len(self._names) or self._names[number] != folded:
            return ()
        return tuple(self._postings[self._starts[number] : self._starts[number + 1]])

    def _entry(self, position: int) -> Entry:
        """Return the entry at a position."""
        return Entry(
            position=position,
            geonames_id=str(self._ids[position]),
            name=self._titles[position],
            level=self._levels[position],
            country=self._codes[self._countries[position]],
            admin=self._admins[position],
            population=self._populations[position],
            lat=self._lats[position] / 1e5,
            lon=self._lons[position] / 1e5,
        )

    def _likeness(self, position: int, written: str) -> float:
        """Return how like a name is to the main name of the entry at a position, from 0 to 1."""
        return fuzz.ratio(fold(self._titles[position]), fold(written)) / 100.0

    def level(self, position: int) -> int:
        """Return the level of the entry at a position."""
        return self._levels[position]

    def find(self, name: str) -> tuple[Entry, ...]:
        """Return the places of a name as written."""
        return tuple(self.entry(position) for position in self.named(name))

    def _country(self, code: str) -> list[int]:
        """Return the entry of a country code, as a list of one or none."""
        return [p for p in range(len(self._codes)) if self._codes[p] == code][:1]

    def _containers(self, position: int) -> tuple[int, ...]:
        """Return the entry itself, then what contains it, up to the country."""
        found = [position]
        while self._levels[found[-1]] != COUNTRY:
            found.append(self._admins[found[-1]])
        return tuple(found)

    def _around(self, position: int) -> frozenset[int]:
        """Return what contains the entry at a position, without itself."""
        return frozenset(self.containers(position)) - {position}

    def unit(self, position: int, level: int) -> int | None:
        """Return the containing unit of a level, or None."""
        return next((p for p in self.containers(position) if self._levels[p] == level), None)

    def alike(self, name: str, container: int) -> int | None:
        """Return the settlement inside a unit whose name is most like a misspelling, or None if none is enough."""
        inside = self._settlements(container)
        best = process.extractOne(fold(name), inside.values(), scorer=fuzz.ratio, score_cutoff=LIKENESS)
        return None if best is None else list(inside)[best[2]]

    def district_alike(self, name: str, country: int) -> int | None:
        """Return the second-level unit of a country whose name is most like a misspelling, or None."""
        known = self._districts.get(country)
        if known is None:
            known = self._districts[country] = {
                p: fold(self._titles[p])
                for p, level in enumerate(self._levels)
                if level == ADMIN2 and self._countries[p] == country
            }
        best = process.extractOne(fold(name), known.values(), scorer=fuzz.ratio, score_cutoff=DISTRICT_LIKENESS)
        return None if best is None else list(known)[best[2]]

    def _children(self, container: int) -> Iterator[int]:
        """Yield what lies directly in a unit."""
        first = bisect_left(self._by_admin, container, key=self._admins.__getitem__)
        while first < len(self._by_admin) and self._admins[self._by_admin[first]] == container:
            yield self._by_admin[first]
            first += 1

    @cached_property
    def _by_admin(self) -> list[int]:
        """Every entry, in order of what directly contains it; made at the first misspelling."""
        return sorted(range(len(self._admins)), key=self._admins.__getitem__)

    def _settlements(self, container: int) -> dict[int, str]:
        """Return the settlements of a unit and of its own units, as position → folded name."""
        known = self._inside.get(container)
        if known is None:
            units = [container, *(p for p in self._children(container) if self._levels[p])]
            known = self._inside[container] = {
                p: fold(self._titles[p]) for unit in units for p in self._children(unit) if not self._levels[p]
            }
        return known


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """Return the gazetteer, read at the first call of the process."""
    source = files("processors.extract").joinpath("data/gazetteer.zip")
    with source.open("rb") as raw, zipfile.ZipFile(raw) as archive:
        return Gazetteer({name: archive.read(name) for name in archive.namelist()})
