"""A batch of records on its way: as it came, as planned, and what of it was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.codec import DecodeError
from contracts.deadletters import OriginalRecord, dead_letter
from contracts.records import DeadLetter
from sinks.plan import KeyedPlanner, plan
from sinks.writes import Plan

STAGE = "sink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A record as it arrived, and when it was written to Kafka, in milliseconds since 1970 UTC."""

    original: OriginalRecord
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A record and what it asks for."""

    incoming: Incoming
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A dead letter, and the key of the record that it's about."""

    key: bytes | None
    letter: DeadLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBatch:
    """A batch after planning: what can be written, and letters about what can't be decoded."""

    planned: tuple[Planned, ...]
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A document that Elasticsearch won't take, however often it's tried."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A record of which Elasticsearch won't take something, and what it says to that."""

    incoming: Incoming
    refusals: tuple[Refusal, ...]


class RefusedDocumentError(ValueError):
    """Elasticsearch won't take a document: the reason of a dead letter."""


def plan_batch(batch: Sequence[Incoming], planners: Mapping[str, KeyedPlanner], now: datetime) -> PlannedBatch:
    """Plan each record of a batch; what can't be decoded becomes a dead letter."""
    planned: list[Planned] = []
    letters: list[Letter] = []
    for incoming in batch:
        original = incoming.original
        try:
            asked = plan(planners[original.topic], original.key, original.value, incoming.written)
        except DecodeError as error:
            letters.append(Letter(key=original.key, letter=dead_letter(STAGE, original, error, now)))
        else:
            planned.append(Planned(incoming=incoming, plan=asked))
    return PlannedBatch(planned=tuple(planned), letters=tuple(letters))


def letter_of(refused: Refused, now: datetime) -> Letter:
    """Return the dead letter for a record of which something was refused."""
    original = refused.incoming.original
    reasons = "; ".join(f"{refusal.id}: {refusal.reason}" for refusal in refused.refusals)
    return Letter(key=original.key, letter=dead_letter(STAGE, original, RefusedDocumentError(reasons), now))
