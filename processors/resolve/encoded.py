"""What the working state reads of an encoded record: the fields that it indexes, and nothing else.

Recovery reads a hundred thousand records; most of each is only wanted when somebody reports of the incident again.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TypeAlias, TypeVar

import msgspec

from contracts.codec import DecodeError
from contracts.records import Closing, Incident, Report
from contracts.vocabulary import EventType, Measure, PlacePrecision

Item = TypeVar("Item")


class Written(msgspec.Struct, frozen=True, gc=False):
    """A record as its topic holds it."""

    record: bytes
    index: bytes = b""
    """What `processors.resolve.index` packed of it; empty where nothing stands beside it."""


class IndexedToll(msgspec.Struct, frozen=True, gc=False):
    """A toll's figure that is compared."""

    best: int


class IndexedPlace(msgspec.Struct, frozen=True, gc=False):
    """The fields of `contracts.records.Place`: all are compared."""

    name: str | None = None
    as_written: tuple[str, ...] = ()
    gazetteer_id: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: PlacePrecision = PlacePrecision.UNKNOWN


class IndexedWhen(msgspec.Struct, frozen=True, gc=False):
    """The fields of `contracts.records.When` that are compared."""

    start: date | None = None
    end: date | None = None


class IndexedReport(msgspec.Struct, frozen=True, gc=False):
    """The fields of `contracts.records.Report` that are compared."""

    id: str
    article_id: str
    article_revision: str
    event_type: EventType
    extractor: str
    position: int = 0
    published: datetime | None = None
    reported: datetime | None = None
    outlet: str | None = None
    url: str | None = None
    title: str = ""
    place: IndexedPlace = IndexedPlace()
    when: IndexedWhen = IndexedWhen()
    tolls: dict[Measure, IndexedToll] = {}
    text_sketch: tuple[int, ...] = ()
    key_terms: dict[str, int] = {}


class IndexedMerge(msgspec.Struct, frozen=True, gc=False):
    """Which incident was merged in."""

    incident_id: str


class IndexedIncident(msgspec.Struct, frozen=True, gc=False):
    """The fields of `contracts.records.Incident` that are indexed."""

    id: str
    merged_into: str | None = None
    last_reported: datetime | None = None
    reports: tuple[IndexedReport, ...] = ()
    superseded: tuple[IndexedReport, ...] = ()
    copies: dict[str, str] = {}
    merges: tuple[IndexedMerge, ...] = ()
    closed: Closing | None = None


AnyReport: TypeAlias = Report | IndexedReport
AnyIncident: TypeAlias = Incident | IndexedIncident

_INDEXED = msgspec.json.Decoder(IndexedIncident)
_WHOLE = msgspec.json.Decoder(Incident)


def read(encoded: bytes) -> IndexedIncident:
    """Return what is indexed of an encoded record.

    Raises:
        DecodeError: The bytes aren't JSON, or a field is missing or of another type.
    """
    return _decoded(_INDEXED, encoded)


def read_whole(encoded: bytes) -> Incident:
    """Return an encoded record, without the dicts that `codec.decode` makes of it first.

    Raises:
        DecodeError: The bytes aren't JSON, or a field is missing or of another type.
    """
    return _decoded(_WHOLE, encoded)


def _decoded(decoder: msgspec.json.Decoder[Item], encoded: bytes) -> Item:
    try:
        return decoder.decode(encoded)
    except msgspec.DecodeError as error:
        raise DecodeError(f"not an incident's record: {error}") from error


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep the garbage collector from walking again and again through what is being read; nothing of it is garbage.

    A third of recovery's time went there.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
