"""The incidents' whole records in memory, packed: only a few of them are looked at at any time."""

from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from functools import cache

from backports import zstd

from contracts import codec
from contracts.records import Claim, Incident, Report, Span, Toll
from contracts.vocabulary import EventType, Measure
from processors.resolve.encoded import read_whole
from processors.resolve.record import Content, build

UNPACKED = 1_000
"""Records that are kept as they are, those looked at last."""

LEVEL = 1
"""Of Zstandard; higher ones gain less than a hundredth on a record of one report."""

HASH_LOG = 11
"""Size of Zstandard's table, as a power of two: enough for a record of one report, and small enough to stay in the
processor's cache, which packs it in two thirds of the time."""


class PackedRecords(MutableMapping[str, Incident]):
    """Incidents by id: as compressed JSON, and those looked at last as they are too."""

    def __init__(self) -> None:
        parameter = zstd.CompressionParameter
        options: dict[int, int] = {parameter.compression_level: LEVEL, parameter.hash_log: HASH_LOG}
        self._packer = zstd.ZstdCompressor(options=options, zstd_dict=_familiar().as_undigested_dict)
        self._packed: dict[str, bytes] = {}
        self._unpacked: OrderedDict[str, tuple[Incident, bytes | None]] = OrderedDict()
        """As they are; beside each how it was written, where that is known."""

    def __getitem__(self, incident_id: str) -> Incident:
        shown = self._unpacked.get(incident_id)
        if shown is None:
            shown = read_whole(_unpack(self._packed[incident_id])), None
            self._show(incident_id, *shown)
        self._unpacked.move_to_end(incident_id)
        return shown[0]

    def __setitem__(self, incident_id: str, incident: Incident) -> None:
        self.put(incident, None)

    def put(self, incident: Incident, encoded: bytes | None) -> None:
        """Take a record; `encoded`, where it was written already, saves doing it again."""
        self._packed.pop(incident.id, None)
        self._show(incident.id, incident, encoded)
        self._unpacked.move_to_end(incident.id)

    def _show(self, incident_id: str, incident: Incident, encoded: bytes | None) -> None:
        """Keep a record as it is, and let go of the one that was looked at least lately."""
        self._unpacked[incident_id] = incident, encoded
        if len(self._unpacked) > UNPACKED:
            oldest, (left, written) = self._unpacked.popitem(last=False)
            if oldest not in self._packed:
                self.keep(oldest, written or codec.encode(left))

    def keep(self, incident_id: str, encoded: bytes) -> None:
        """Take an encoded record as it is."""
        self._unpacked.pop(incident_id, None)
        self._packer.set_pledged_input_size(len(encoded))
        self._packed[incident_id] = self._packer.compress(encoded, zstd.ZstdCompressor.FLUSH_FRAME)

    def __delitem__(self, incident_id: str) -> None:
        if self._unpacked.pop(incident_id, None) is None:
            del self._packed[incident_id]
        else:
            self._packed.pop(incident_id, None)

    def __contains__(self, incident_id: object) -> bool:
        return incident_id in self._unpacked or incident_id in self._packed

    def __iter__(self) -> Iterator[str]:
        yield from {**self._packed, **self._unpacked}

    def __len__(self) -> int:
        return len(self._packed.keys() | self._unpacked.keys())


@cache
def _familiar() -> zstd.ZstdDict:
    """Return JSON that every record resembles: field names, and what most fields hold.

    Zstandard refers back to it, so that a record of one report takes less than half of the space.
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
    return zstd.ZstdDict(codec.encode(build(Content(id="", reports=(report,)))), is_raw=True)


def _unpack(packed: bytes) -> bytes:
    return zstd.decompress(packed, zstd_dict=_familiar())
