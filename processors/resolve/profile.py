"""What the working state keeps of a report: all that is compared, packed, and no more.

The structs are msgspec's and not dataclasses: an open incident takes less memory, and the garbage collector doesn't
walk through a hundred thousand of them.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from math import log, sqrt
from zlib import crc32

import msgspec

from contracts.records import Place, Report
from contracts.topics import UNKNOWN_COUNTRY
from contracts.vocabulary import EventType, Measure, PlacePrecision
from processors.particulars import KINDS
from processors.resolve.claimants import source_of
from processors.resolve.encoded import AnyReport, IndexedPlace
from processors.sketch import AGE_PREFIX, RARE_BITS, RARE_PAIR_BITS, common_terms, information, stems

SECONDS_PER_DAY = 86_400
MAX_SPELLINGS = 6
MAX_TITLE_WORDS = 20
COMMON_PLACE_BITS = 8
"""A place whose name stands in one text of 256, or in more, is common."""

KNOWN_PLACES = 20_000
"""Places whose sites are shared by the profiles that tell of them."""

HASH_BITS = 509
"""Bits over which names are spread; two lists of three are taken to share one by chance once in 57 times."""

FULL_WEIGHT = 65_535
"""A term's weight of 1 as it is kept, in 16 bits."""


class Terms(msgspec.Struct, frozen=True, gc=False):
    """Terms as a vector of unit length: hashes, those that weigh most first, and beside each its weight."""

    hashes: Sequence[int]
    weights: Sequence[int]
    """In parts of `FULL_WEIGHT`."""

    def as_dict(self) -> dict[int, int]:
        """Return the weights by hash."""
        return dict(zip(self.hashes, self.weights, strict=True))


class Site(msgspec.Struct, frozen=True, gc=False):
    """A place as the comparisons see it."""

    gazetteer_id: str | None
    country: str | None
    admin1: str | None
    admin2: str | None
    point: tuple[float, float] | None
    """Latitude and longitude, WGS-84 degrees."""
    is_area: bool
    """A district, a province or a country, so that its point is no more than that unit's."""
    is_common_name: bool
    """Much news comes from it, so that sharing it tells less."""
    spellings: frozenset[str]
    terms: tuple[int, ...]
    """Hashes of its name and spellings, as key terms would hold them."""


class Profile(msgspec.Struct, frozen=True, gc=False):
    """A report as the comparisons see it.  Days are ordinals of the proleptic Gregorian calendar."""

    report_id: str
    article_id: str
    version: int
    """Hash of the article's revision, of when it was reported and of what read it."""
    event_type: EventType
    site: Site
    first_day: int | None
    last_day: int | None
    reported_day: float | None
    killed: int | None
    """Best figure; None where the report gives none."""
    injured: int | None
    ages: int
    """Ages of people in the text, a bit each."""
    streets: int
    """Hashes of streets' names, a bit each of `HASH_BITS`."""
    figures: int
    """Hashes of the numbers told most often, likewise."""
    clock: int
    """Half hours of the day, a bit each."""
    weekdays: int
    """Weekdays that the text's beginning names, a bit each, Monday first."""
    magnitudes: int
    """Tenths of a magnitude, a bit each."""
    names: Sequence[int]
    """Hashes of rare names of two words, such as people's and streets'."""
    source: int
    """Hash of who published it; 0 where unknown."""
    terms: Terms
    title: Terms
    sketch: Sequence[int]


class Newcomer(msgspec.Struct, frozen=True, gc=False):
    """A profile unpacked for being compared with many others."""

    profile: Profile
    terms: dict[int, int]
    title: dict[int, int]
    names: frozenset[int]
    sketch: frozenset[int]


class Profiles:
    """Makes profiles, and remembers those made last: a report is looked at when planned and again when applied."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._made: dict[tuple[str, int], Profile] = {}

    def of(self, report: AnyReport, known: Iterable[Profile] = ()) -> Profile:
        """Return what is compared of a report; one of the known ones where it is among them."""
        version = version_of(report)
        for profile in known:
            if profile.report_id == report.id and profile.version == version:
                return profile
        made = self._made.get((report.id, version))
        if made is None:
            made = profile_of(report, version)
            if len(self._made) >= self._size:
                del self._made[next(iter(self._made))]
            self._made[report.id, version] = made
        return made


NAMED = frozenset({"street", "figure"})
"""Kinds of particulars that are hashed; the others are numbers below 100."""

AREAS = frozenset({PlacePrecision.ADMIN2, PlacePrecision.ADMIN1, PlacePrecision.COUNTRY, PlacePrecision.UNKNOWN})


def profile_of(report: AnyReport, version: int | None = None) -> Profile:
    """Return what is compared of a report; its `version_of`, where it is known."""
    when = report.when
    first = when.start
    last = when.end or first
    key = _key_terms(report.key_terms)
    return Profile(
        report_id=report.id,
        article_id=report.article_id,
        version=version_of(report) if version is None else version,
        event_type=report.event_type,
        site=site_of(report.place),
        first_day=first.toordinal() if first else None,
        last_day=last.toordinal() if first and last else None,
        reported_day=day_of(report.published or report.reported),
        killed=_best(report, Measure.KILLED),
        injured=_best(report, Measure.INJURED),
        ages=key.ages,
        streets=key.bits["street"],
        figures=key.bits["figure"],
        clock=key.bits["clock"],
        weekdays=key.bits["weekday"],
        magnitudes=key.bits["magnitude"],
        names=key.names,
        source=crc32(source_of(report).encode()),
        terms=key.terms,
        title=_title(report.title if report.position == 0 else ""),  # it tells of the article's main incident
        sketch=array("I", report.text_sketch),
    )


def version_of(report: AnyReport) -> int:
    """Return a hash that tells one reading of one revision of an article from the others."""
    return crc32(f"{report.article_revision} {day_of(report.reported)} {report.extractor}".encode())


@lru_cache(maxsize=KNOWN_PLACES)
def site_of(place: Place | IndexedPlace) -> Site:
    """Return what is compared of a place."""
    spellings = _spellings(place)
    return Site(
        gazetteer_id=place.gazetteer_id,
        country=place.country,
        admin1=place.admin1,
        admin2=place.admin2,
        point=None if place.lat is None or place.lon is None else (place.lat, place.lon),
        is_area=place.precision in AREAS,
        is_common_name=_is_common(place.name),
        spellings=frozenset(spellings),
        terms=tuple(crc32(spelling.encode()) for spelling in spellings),
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


def _title(title: str) -> Terms:
    """Return a headline's first words as a vector of unit length."""
    weights = _common_hashes()
    told = dict.fromkeys(stems(title)[:MAX_TITLE_WORDS])
    return _unit([weights.get(word) or (RARE_SQUARE, crc32(word.encode())) for word in told])


def _unit(weighed: list[tuple[float, int]]) -> Terms:
    """Return weights and hashes as a vector of unit length."""
    weighed.sort(reverse=True)
    length = sqrt(sum([weight * weight for weight, _ in weighed])) or 1.0
    share = FULL_WEIGHT / length
    return Terms(
        hashes=array("I", [term for _, term in weighed]),
        weights=array("H", [int(weight * share) for weight, _ in weighed]),
    )


class _KeyTerms(msgspec.Struct, frozen=True, gc=False):
    terms: Terms
    names: Sequence[int]
    ages: int
    bits: dict[str, int]


def _key_terms(counts: Mapping[str, int]) -> _KeyTerms:
    """Return a report's key terms by kind, in one go: this is made for every report.

    Each weighs its information squared, times one plus its count's logarithm.  The square, found best on the gold,
    lets one name in common count for more than many common words.
    """
    common = _common_hashes()
    weighed: list[tuple[float, int]] = []
    names, ages = array("I"), 0
    bits = dict.fromkeys(KINDS, 0)
    for term, count in counts.items():
        known = common.get(term)
        if known is not None:
            square, hashed = known
        elif ":" in term:
            kind, _, value = term.partition(":")
            if kind in bits:
                bits[kind] |= 1 << (crc32(value.encode()) % HASH_BITS if kind in NAMED else int(value))
            continue
        elif " " not in term:
            square, hashed = RARE_SQUARE, crc32(term.encode())
        elif term.startswith(AGE_PREFIX) and term[len(AGE_PREFIX) :].isdecimal():
            ages |= 1 << int(term[len(AGE_PREFIX) :])
            continue
        else:
            square, hashed = RARE_PAIR_SQUARE, crc32(term.encode())
            names.append(hashed)
        weighed.append((square * (1 + log(count)) if count > 1 else square, hashed))
    return _KeyTerms(_unit(weighed), names, ages, bits)


RARE_SQUARE = float(RARE_BITS**2)
RARE_PAIR_SQUARE = float(RARE_PAIR_BITS**2)


@cache
def _common_hashes() -> dict[str, tuple[float, int]]:
    """Return each common term's information squared, and its hash."""
    return {term: (float(bits**2), crc32(term.encode())) for term, bits in common_terms().items()}


def day_of(at: datetime | None) -> float | None:
    """Return a time as days, in the same count as the ordinals of dates (UTC)."""
    if at is None:
        return None
    return at.toordinal() + (at.hour * 3600 + at.minute * 60 + at.second) / SECONDS_PER_DAY


def country_of(report: Report) -> str:
    """Return the country of the batch that a report comes in."""
    return report.place.country or UNKNOWN_COUNTRY


def _spellings(place: Place | IndexedPlace) -> tuple[str, ...]:
    folded = (" ".join(stems(name)) for name in dict.fromkeys((place.name, *place.as_written)) if name)
    return tuple(dict.fromkeys(spelling for spelling in folded if spelling))[:MAX_SPELLINGS]


def _is_common(name: str | None) -> bool:
    """Say whether a place's name is a common term of news, such as a big city's."""
    return bool(name) and min(map(information, stems(name or "")), default=RARE_BITS) < COMMON_PLACE_BITS


def _best(report: AnyReport, measure: Measure) -> int | None:
    toll = report.tolls.get(measure)
    return None if toll is None or toll.best == 0 else toll.best
