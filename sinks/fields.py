"""Parts that several documents share: points, flattened tolls, names for full-text search."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.records import Incident, Place, Toll
from contracts.vocabulary import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoPoint:
    """A point in WGS-84 degrees, as Elasticsearch's `geo_point` takes it."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatTolls:
    """Tolls as plain numbers that Kibana can filter and add up; `high` is null where the toll is open."""

    killed_low: int | None = None
    killed_high: int | None = None
    killed_best: int | None = None
    injured_low: int | None = None
    injured_high: int | None = None
    injured_best: int | None = None
    missing_low: int | None = None
    missing_high: int | None = None
    missing_best: int | None = None
    abducted_low: int | None = None
    abducted_high: int | None = None
    abducted_best: int | None = None
    displaced_low: int | None = None
    displaced_high: int | None = None
    displaced_best: int | None = None
    arrested_low: int | None = None
    arrested_high: int | None = None
    arrested_best: int | None = None


def flat_tolls(tolls: Mapping[Measure, Toll]) -> dict[str, int | None]:
    """Return the fields of `FlatTolls` that the tolls fill."""
    return {
        f"{measure.value}_{bound}": value
        for measure, toll in tolls.items()
        for bound, value in (("low", toll.low), ("high", toll.high), ("best", toll.best))
    }


def geo_point(place: Place) -> GeoPoint | None:
    """Return a place's point; None unless both coordinates are known."""
    if place.lat is None or place.lon is None:
        return None
    return GeoPoint(lat=place.lat, lon=place.lon)


def occurred(incident: Incident) -> date | None:
    """Return the day that a timeline shows an incident on.

    The first day on which it may have happened; where that isn't known, the day it was first reported (UTC).
    """
    if incident.when.start is not None:
        return incident.when.start
    return None if incident.first_reported is None else incident.first_reported.date()


def in_words(term: StrEnum) -> str:
    """Return a vocabulary's term as one would write it: `air strike`."""
    return term.value.replace("_", " ")


def unique(*names: str | None) -> tuple[str, ...]:
    """Return the names that are given, each once, in their order."""
    return tuple(dict.fromkeys(name for name in names if name))
