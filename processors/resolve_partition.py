"""One partition's resolver at work: what it plans is sent, and then taken into its memory.

Whatever the pure logic can't handle is about one record, and comes back as an error for its dead letter; a client's
error goes up and stops the worker.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from contracts import codec, logs
from contracts.deadletters import OriginalRecord
from contracts.records import ArticleReports, Decision, Incident
from contracts.topics import Topics
from processors.closed_records import ClosedRecords
from processors.decision_log import Entry
from processors.outbox import Outbox, Output, check_size
from processors.resolve.archive import AwayError

INDEX_HEADER = "index"
"""Of an incident's record: what the resolver indexes of it, so that recovery needn't work it out."""

MAX_PUT_AWAY = 100
"""Records of closed incidents that are put away at a time."""

log = logs.get(__name__)


class PartitionResolver(Protocol):
    """Decides for the incidents of one partition; `processors.resolve.Resolver` says what each method means."""

    def plan(self, batch: ArticleReports) -> tuple[Incident, ...]:
        """Return the incidents to write, whole; changes nothing."""

    def apply(self, incidents: Iterable[Incident], encoded: Iterable[bytes] = ()) -> None:
        """Take incidents that were written, and how."""

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Know of decisions."""

    def due(self) -> Iterator[Decision]:
        """Yield the decisions that may have to be obeyed now."""

    def decide(self, decision: Decision) -> tuple[Incident, ...]:
        """Return the incidents to write so that a decision is obeyed."""

    def index_of(self, incident: Incident) -> bytes:
        """Return what is to stand beside the record of an incident that is to be written."""

    def quiet(self, limit: int) -> tuple[Incident, ...]:
        """Return closed incidents whose records can be put away."""

    def left_of(self, incident: Incident, offset: int) -> Incident:
        """Return what is left of a closed incident."""

    def lend(self, incident: Incident) -> None:
        """Have the record of a closed incident at hand."""

    def give_back(self) -> None:
        """Let go of the records that were lent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from a record: incidents and how they are written, or why nothing can follow."""

    incidents: tuple[Incident, ...] = ()
    outputs: tuple[Output, ...] = ()
    error: Exception | None = None


@dataclass(slots=True)
class ResolvePartition:
    """The work of one partition.

    Args:
        number: Of the partition.
        topics: The installation's topics.
        resolver: Its resolver, with the partition's incidents.
        closed: Where closed incidents' records are read.
    """

    number: int
    topics: Topics
    resolver: PartitionResolver
    closed: ClosedRecords
    decisions_known: int = 0
    """Entries of the decision log that the resolver has learned."""
    _originals: dict[str, OriginalRecord] = field(default_factory=dict)
    """By decision, as they came."""

    async def take_in(self, batch: ArticleReports, outbox: Outbox) -> Exception | None:
        """Send what follows from an article's reports and from decisions about them; return why it can't be done."""
        plan = await self._plan(partial(self.resolver.plan, batch))
        if plan.error is not None:
            return plan.error
        await self._write(plan, outbox)
        await self._settle(outbox)
        return None

    async def learn(self, entries: list[Entry], outbox: Outbox) -> None:
        """Obey the decisions that the resolver doesn't know yet; the first time, all that aren't obeyed."""
        news = entries[self.decisions_known :]
        self.decisions_known = len(entries)
        for entry in news:
            if entry.decision is not None:
                self._originals[entry.decision.id] = entry.original
            if entry.error is not None:
                await outbox.send_letter(entry.original, entry.error)
        self.resolver.learn(entry.decision for entry in news if entry.decision is not None)
        await self._settle(outbox)

    async def put_away(self, outbox: Outbox) -> None:
        """Put the records of closed incidents away and wait until Kafka has them; give back what was lent.

        A worker that dies before it wrote what is left of an incident leaves the whole record in the state: the
        next one puts it away again.
        """
        self.resolver.give_back()
        quiet = self.resolver.quiet(MAX_PUT_AWAY)
        if not quiet:
            return
        offsets = await outbox.send_for_offsets(self.topics.closed_incidents, self.number, map(_output, quiet))
        left = [self.resolver.left_of(*each) for each in zip(quiet, offsets, strict=True)]
        for incident in left:
            await outbox.send(self.topics.incidents, _output(incident), self.number)
        await outbox.acknowledged()
        self.resolver.apply(left)

    async def _settle(self, outbox: Outbox) -> None:
        """Obey what the incidents don't follow now; a decision that can't be obeyed is a dead letter."""
        for decision in self.resolver.due():
            plan = await self._plan(partial(self.resolver.decide, decision))
            if plan.error is not None:
                await outbox.send_letter(self._originals[decision.id], plan.error)
            elif plan.incidents:
                await self._write(plan, outbox)
                changed = [incident.id for incident in plan.incidents]
                log.info("decision obeyed", decision=decision.id, kind=decision.kind.value, incidents=changed)

    async def _plan(self, decide: Callable[[], tuple[Incident, ...]]) -> Plan:
        """Return what is decided; closed incidents' records that it needs are read first."""
        while True:
            try:
                incidents = decide()
                outputs = tuple(self._indexed(incident) for incident in incidents)
                check_size(outputs)
            except AwayError as away:
                key = away.incident_id.encode()
                record = await self.closed.read(self.number, key, away.offset)
                self.resolver.lend(codec.decode(record, Incident))
            except Exception as error:  # noqa: BLE001 - whatever the pure logic can't handle is about this record
                return Plan(error=error)
            else:
                return Plan(incidents, outputs)

    def _indexed(self, incident: Incident) -> Output:
        return replace(_output(incident), headers=((INDEX_HEADER, self.resolver.index_of(incident)),))

    async def _write(self, plan: Plan, outbox: Outbox) -> None:
        if plan.incidents:
            await outbox.send_together(self.topics.incidents, self.number, plan.outputs)
            self.resolver.apply(plan.incidents, [output.value for output in plan.outputs])


def _output(incident: Incident) -> Output:
    return Output(incident.id.encode(), codec.encode(incident))
