"""What the working state keeps of a report: all that is compared, packed, and no more."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log, sqrt
from zlib import crc32

from contracts.records import Report
from contracts.topics import UNKNOWN_COUNTRY
from contracts.vocabulary import EventType, Measure, PlacePrecision
from processors.resolve.claimants import source_of
from processors.sketch import AGE_PREFIX, RARE_BITS, RARE_PAIR_BITS, information, words

SECONDS_PER_DAY = 86_400
MAX_SPELLINGS = 6
MAX_TITLE_WORDS = 20
COMMON_PLACE_BITS = 8
"""A place whose name stands in one text of 256, or in more, is common."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms as a vector of unit length: ascending hashes, and beside each its weight."""

    hashes: Sequence[int]
    weights: Sequence[float]

    def as_dict(self) -> dict[int, float]:
        """Return the weights by hash."""
        return dict(zip(self.hashes, self.weights, strict=True))


@dataclass(frozen=True, slots=True)
class Profile:
    """A report as the comparisons see it.  Days are ordinals of the proleptic Gregorian calendar."""

    report_id: str
    article_id: str
    event_type: EventType
    country: str | None
    gazetteer_id: str | None
    admin1: str | None
    admin2: str | None
    point: tuple[float, float] | None
    """Latitude and longitude, WGS-84 degrees."""
    is_area: bool
    """The place is a district, a province or a country, so that its point is no more than that unit's."""
    is_common_name: bool
    """The place is one that much news comes from, so that sharing it tells less."""
    spellings: tuple[str, ...]
    place_terms: tuple[int, ...]
    """Hashes of the place's name and spellings, as key terms would hold them."""
    first_day: int | None
    last_day: int | None
    reported_day: float | None
    killed: int | None
    """Best figure; None where the report gives none."""
    injured: int | None
    ages: int
    """Ages of people in the text, a bit each."""
    names: Sequence[int]
    """Hashes of rare names of two words, such as people's and streets'."""
    source: int
    """Hash of who published it; 0 where unknown."""
    terms: Terms
    title: Terms
    sketch: Sequence[int]


class Profiles:
    """Makes profiles, and remembers those made last: a report is looked at when planned and again when applied."""

    def __init__(self, size: int = 1024) -> None:
        self._size = size
        self._made: dict[tuple[str, str, datetime | None], Profile] = {}

    def of(self, report: Report) -> Profile:
        """Return what is compared of a report."""
        key = (report.id, report.article_revision, report.reported)
        made = self._made.get(key)
        if made is None:
            made = profile(report)
            if len(self._made) >= self._size:
                del self._made[next(iter(self._made))]
            self._made[key] = made
        return made


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A profile unpacked for being compared with many others."""

    profile: Profile
    terms: dict[int, float]
    title: dict[int, float]
    names: frozenset[int]
    sketch: frozenset[int]


AREAS = frozenset({PlacePrecision.ADMIN2, PlacePrecision.ADMIN1, PlacePrecision.COUNTRY, PlacePrecision.UNKNOWN})


def profile(report: Report) -> Profile:
    """Return what is compared of a report."""
    place, when = report.place, report.when
    point = None if place.lat is None or place.lon is None else (place.lat, place.lon)
    first = when.start
    spellings = _spellings(report)
    last = when.end or first
    key = _key_terms(report.key_terms)
    return Profile(
        report_id=report.id,
        article_id=report.article_id,
        event_type=report.event_type,
        country=place.country,
        gazetteer_id=place.gazetteer_id,
        admin1=place.admin1,
        admin2=place.admin2,
        point=point,
        is_area=place.precision in AREAS,
        is_common_name=_is_common(place.name),
        spellings=spellings,
        place_terms=tuple(crc32(spelling.encode()) for spelling in spellings),
        first_day=first.toordinal() if first else None,
        last_day=last.toordinal() if first and last else None,
        reported_day=day_of(report.reported),
        killed=_best(report, Measure.KILLED),
        injured=_best(report, Measure.INJURED),
        ages=key.ages,
        names=key.names,
        source=crc32(source_of(report).encode()),
        terms=key.terms,
        title=vector(dict.fromkeys(words(report.title)[:MAX_TITLE_WORDS], 1)),
        sketch=array("I", report.text_sketch),
    )


def unpack(packed: Profile) -> Newcomer:
    """Return a profile in the form that comparisons look things up in."""
    return Newcomer(
        profile=packed,
        terms=packed.terms.as_dict(),
        title=packed.title.as_dict(),
        names=frozenset(packed.names),
        sketch=frozenset(packed.sketch),
    )


def vector(counts: Mapping[str, int]) -> Terms:
    """Return terms with their counts as a vector: each weighs its information squared, times its count's logarithm.

    The square, found best on the gold, lets one name in common count for more than many common words.
    """
    return _unit([(crc32(term.encode()), _weight(information(term), count)) for term, count in counts.items()])


def _weight(bits: int, count: int) -> float:
    return bits * bits * (1 + log(count)) if count > 1 else float(bits * bits)


def _unit(weighed: list[tuple[int, float]]) -> Terms:
    """Return weighed hashes as a vector of unit length."""
    weighed.sort()
    length = sqrt(sum([weight * weight for _, weight in weighed])) or 1.0
    return Terms(
        hashes=array("I", [term for term, _ in weighed]),
        weights=array("f", [weight / length for _, weight in weighed]),
    )


@dataclass(frozen=True, slots=True)
class _KeyTerms:
    terms: Terms
    names: Sequence[int]
    ages: int


def _key_terms(counts: Mapping[str, int]) -> _KeyTerms:
    """Return a report's key terms by kind, in one go: this is made for every report."""
    weighed: list[tuple[int, float]] = []
    names, ages = array("I"), 0
    for term, count in counts.items():
        if term.startswith(AGE_PREFIX):
            ages |= 1 << int(term.removeprefix(AGE_PREFIX))
            continue
        bits, hashed = information(term), crc32(term.encode())
        weighed.append((hashed, _weight(bits, count)))
        if bits >= RARE_PAIR_BITS:
            names.append(hashed)
    return _KeyTerms(_unit(weighed), names, ages)


def day_of(at: datetime | None) -> float | None:
    """Return a time as days, in the same count as the ordinals of dates (UTC)."""
    if at is None:
        return None
    return at.toordinal() + (at.hour * 3600 + at.minute * 60 + at.second) / SECONDS_PER_DAY


def country_of(report: Report) -> str:
    """Return the country of the batch that a report comes in."""
    return report.place.country or UNKNOWN_COUNTRY


def _spellings(report: Report) -> tuple[str, ...]:
    named = (report.place.name, *report.place.as_written)
    folded = (" ".join(words(name)) for name in named if name)
    return tuple(dict.fromkeys(spelling for spelling in folded if spelling))[:MAX_SPELLINGS]


def _is_common(name: str | None) -> bool:
    """Say whether a place's name is a common term of news, such as a big city's."""
    return bool(name) and min(map(information, words(name or "")), default=RARE_BITS) < COMMON_PLACE_BITS


def _best(report: Report, measure: Measure) -> int | None:
    toll = report.tolls.get(measure)
    return None if toll is None or toll.best == 0 else toll.best
