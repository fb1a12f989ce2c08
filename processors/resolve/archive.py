"""Incidents whose records were put away: what is left of them in memory, and where their records stand.

A closed incident's whole record stands in a topic of its own.  Memory keeps where, and how it is found again.
Whoever looks such a record up is told that it is away, reads it, and begins again: what decides changes nothing.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.records import Incident
from processors.resolve.store import PackedRecords


class AwayError(Exception):
    """A record is needed that was put away: `incident_id` and `offset` say which, and where it stands."""

    def __init__(self, incident_id: str, offset: int) -> None:
        super().__init__(f"the record of incident {incident_id} stands at offset {offset} of the closed ones")
        self.incident_id = incident_id
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Left:
    """What is left in memory of an incident whose record was put away."""

    offset: int
    keys: Sequence[int]
    """By which it is found; empty for one that was merged into another."""


class Records(PackedRecords):
    """Incidents by id, some of them away."""

    def __init__(self) -> None:
        super().__init__()
        self._left: dict[str, Left] = {}
        self._lent: set[str] = set()

    def __getitem__(self, incident_id: str) -> Incident:
        if self.is_away(incident_id):
            raise AwayError(incident_id, self._left[incident_id].offset)
        return super().__getitem__(incident_id)

    def __contains__(self, incident_id: object) -> bool:
        return incident_id in self._left or super().__contains__(incident_id)

    def is_away(self, incident_id: str) -> bool:
        """Say whether a record was put away and isn't lent now."""
        return incident_id in self._left and incident_id not in self._lent

    def left_of(self, incident_id: str) -> Left | None:
        """Return what is left of an incident that was put away and not changed since."""
        return self._left.get(incident_id)

    def put_away(self, incident_id: str, left: Left) -> None:
        """Keep no more of a record than where it stands."""
        if super().__contains__(incident_id):
            super().__delitem__(incident_id)
        self._lent.discard(incident_id)
        self._left[incident_id] = left

    def lend(self, incident: Incident) -> None:
        """Have a record that was put away at hand, unchanged."""
        if self.is_away(incident.id):
            self._lent.add(incident.id)
            self[incident.id] = incident

    def give_back(self) -> None:
        """Let go of the records that were lent and not changed."""
        for incident_id in self._lent:
            super().__delitem__(incident_id)
        self._lent.clear()

    def __delitem__(self, incident_id: str) -> None:
        self._left.pop(incident_id, None)
        self._lent.discard(incident_id)
        super().__delitem__(incident_id)


def packed_keys(keys: Iterable[int]) -> Sequence[int]:
    """Return blocking keys as they are kept of a closed incident: ascending, 8 bytes each."""
    return array("Q", sorted(keys))
