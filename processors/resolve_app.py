"""The resolve stage: reports in, incidents out.

The flow, an article's reports in one country::

    reports ─► decode ─► plan ─► the incidents that change, all or none ─► incidents
                  │        │
                  └────────┴► dead-letters

`incidents` is this stage's output and, at once, where it keeps its state: both are one record, and nothing can
disagree.  An incident is written to the partition that its reports came from.

Within a batch the resolver runs ahead of Kafka's acknowledgements.  That is safe: should one of them fail, the worker
stops, its memory is gone, and the next one begins with what Kafka has.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from contracts import codec
from contracts.records import ArticleReports, Incident
from contracts.topics import Topics
from processors.faust_app import HeldEvent, StageApp, make_app
from processors.outbox import Outbox, Output, check_size
from processors.settings import ProcessorSettings
from processors.stage import add_agent
from processors.state import Held, State
from processors.worker import run

STAGE = "resolve"


class PartitionResolver(Protocol):
    """Decides for the incidents of one partition."""

    def plan(self, batch: ArticleReports) -> tuple[Incident, ...]:
        """Return the incidents to write, whole; changes nothing."""

    def apply(self, incidents: tuple[Incident, ...]) -> None:
        """Take incidents that were written."""


MakeResolver = Callable[[Iterable[Incident]], PartitionResolver]


@dataclass(slots=True)
class ResolveStage:
    """Handles the reports of articles.

    Args:
        topics: The installation's topics.
        outbox: Takes the outputs.
        make_resolver: Makes a partition's resolver of its incidents.
        state: Incidents by id.
    """

    topics: Topics
    outbox: Outbox
    make_resolver: MakeResolver
    state: State
    _resolvers: dict[int, tuple[Held, PartitionResolver]] = field(default_factory=dict)
    """By partition, with the state that each was made of."""

    async def handle(self, event: HeldEvent) -> None:
        """Send what follows from an article's reports, or a dead letter."""
        try:
            batch = codec.decode(event.message.value or b"", ArticleReports)
        except codec.DecodeError as error:
            await self.outbox.send_dead_letter(event, error)
            return
        partition = event.message.partition
        resolver = await self._resolver(event)
        try:
            incidents = resolver.plan(batch)
            outputs = tuple(Output(incident.id.encode(), codec.encode(incident)) for incident in incidents)
            check_size(outputs)
        except Exception as error:  # noqa: BLE001 - whatever the pure logic can't handle is about this record
            await self.outbox.send_dead_letter(event, error)
            return
        if incidents:
            await self._write(partition, outputs)
            resolver.apply(incidents)

    async def finish(self) -> None:
        """Wait for the outputs."""
        await self.outbox.acknowledged()

    async def _write(self, partition: int, outputs: tuple[Output, ...]) -> None:
        await self.outbox.send_together(self.topics.incidents, partition, outputs)
        for output in outputs:
            self.state.remember(partition, output.key, output.value)

    async def _resolver(self, event: HeldEvent) -> PartitionResolver:
        partition = event.message.partition
        held = await self.state.of_partition(partition, event.generation)
        made_of, resolver = self._resolvers.get(partition, (None, None))
        if resolver is None or made_of is not held:
            resolver = self.make_resolver([codec.decode(held[key], Incident) for key in sorted(held)])
            self._resolvers[partition] = (held, resolver)
        return resolver


def build(settings: ProcessorSettings, make_resolver: MakeResolver, data_dir: Path) -> StageApp:
    """Return the resolve stage's application, not started."""
    topics = settings.topics
    app = make_app(settings, STAGE, data_dir)
    state = State(settings.kafka_server_list, topics.incidents)
    stage = ResolveStage(topics, Outbox(app, STAGE, topics.dead_letters), make_resolver, state)
    add_agent(app, STAGE, topics.reports, stage, settings)
    return app


def main(settings: ProcessorSettings) -> None:
    """Run the resolve stage until SIGTERM or SIGINT.

    Raises:
        Exception: What made it crash; what wasn't finished comes again after a restart.
    """
    from processors.resolve import Resolver  # noqa: PLC0415 - only when the stage runs

    run(settings, partial(build, settings, Resolver))
