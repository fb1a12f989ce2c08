"""The incidents' whole records in memory, packed: only a few of them are looked at at any time."""

import zlib
from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from functools import cache

from contracts import codec
from contracts.records import Claim, Incident, Report, Span, Toll
from contracts.vocabulary import EventType, Measure
from processors.resolve.record import Content, build

UNPACKED = 256
"""Records that are kept as they are, those looked at last."""

LEVEL = 2
"""Compression level of zlib; higher ones gain a tenth and take twice as long."""


class PackedRecords(MutableMapping[str, Incident]):
    """Incidents by id: those looked at last as they are, the others as compressed JSON."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._unpacked: OrderedDict[str, Incident] = OrderedDict()

    def __getitem__(self, incident_id: str) -> Incident:
        incident = self._unpacked.get(incident_id)
        if incident is None:
            incident = codec.decode(_unpack(self._packed[incident_id]), Incident)
            self[incident_id] = incident
        self._unpacked.move_to_end(incident_id)
        return incident

    def __setitem__(self, incident_id: str, incident: Incident) -> None:
        self._packed.pop(incident_id, None)
        self._unpacked[incident_id] = incident
        if len(self._unpacked) > UNPACKED:
            oldest, left = self._unpacked.popitem(last=False)
            self._packed[oldest] = _pack(codec.encode(left))

    def __delitem__(self, incident_id: str) -> None:
        if self._unpacked.pop(incident_id, None) is None:
            del self._packed[incident_id]

    def __contains__(self, incident_id: object) -> bool:
        return incident_id in self._unpacked or incident_id in self._packed

    def __iter__(self) -> Iterator[str]:
        yield from [*self._packed, *self._unpacked]

    def __len__(self) -> int:
        return len(self._packed) + len(self._unpacked)


@cache
def _familiar() -> bytes:
    """Return JSON that every record resembles: field names, and what most fields hold.

    zlib refers back to it, so that a record of one report takes less than half of the space.
    """
    claim = Claim(measure=Measure.KILLED, low=1, high=None, words="", sentence="", span=Span(start=0, end=0))
    report = Report(
        id="",
        article_id="",
        article_revision="",
        event_type=EventType.SHOOTING,
        claims=(claim,),
        tolls={Measure.KILLED: Toll(low=1, high=1, best=1), Measure.INJURED: Toll(low=1, high=1, best=1)},
        extractor="",
    )
    return codec.encode(build(Content(id="", reports=(report,))))


def _pack(record: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zdict=_familiar())
    return packer.compress(record) + packer.flush()


def _unpack(packed: bytes) -> bytes:
    return zlib.decompressobj(zdict=_familiar()).decompress(packed)
