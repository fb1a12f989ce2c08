"""The resolve stage: reports in, incidents out, as people decided.

The flow, an article's reports in one country::

    reports ─► decode ─► plan ─► the incidents that change, all or none ─► incidents
                  │        │  └─► decisions about these reports, obeyed ─► incidents
                  └────────┴► dead-letters

    decisions ─► read whole before the first report, and every new one at once: obeyed ─► incidents

    a batch's end ─► closed incidents: their records ─► closed-incidents, what is left of them ─► incidents

`incidents` is this stage's output and, at once, where it keeps its state: both are one record, and nothing can
disagree.  An incident is written to the partition that its reports came from.

Within a batch the resolver runs ahead of Kafka's acknowledgements.  That is safe: should one of them fail, the worker
stops, its memory is gone, and the next one begins with what Kafka has.  A decision needs no commit: whoever starts
looks at all of them, and obeys those that aren't obeyed yet.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from faust.types import TP
from kafka.errors import KafkaError

from contracts import codec, logs
from contracts.records import ArticleReports
from contracts.topics import Topics
from processors.closed_records import ClosedRecords
from processors.decision_log import DecisionLog
from processors.faust_app import HeldEvent, StageApp, make_app
from processors.garbage import collect_rarely
from processors.outbox import Outbox
from processors.resolve import Resolver
from processors.resolve.encoded import Written
from processors.resolve_partition import INDEX_HEADER, PartitionResolver, ResolvePartition
from processors.settings import ProcessorSettings
from processors.stage import add_agent, add_task
from processors.state import Held, State
from processors.worker import run

STAGE = "resolve"
LOOK_SECONDS = 0.5
"""How often the decisions topic is looked at."""

log = logs.get(__name__)

MakeResolver = Callable[[Iterable[Written]], PartitionResolver]
"""Makes a resolver of incidents as their topic holds them."""


@dataclass(slots=True)
class ResolveStage:
    """Handles the reports of articles, and decisions.

    Args:
        topics: The installation's topics.
        outbox: Takes what follows from reports.
        ruling_outbox: Takes what follows from decisions that come between reports: another one, so that neither
            takes the other's failure for an acknowledgement.
        make_resolver: Makes a partition's resolver of its incidents' records.
        state: Incidents by id.
        decisions: The decisions topic.
        closed: The closed incidents' topic.
    """

    topics: Topics
    outbox: Outbox
    ruling_outbox: Outbox
    make_resolver: MakeResolver
    state: State
    decisions: DecisionLog
    closed: ClosedRecords
    _at_work: dict[int, tuple[Held, ResolvePartition]] = field(default_factory=dict)
    """By partition, with the state that each was made of."""
    _assigned: set[int] = field(default_factory=set)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Whoever plans holds it until the resolver has taken in what was planned."""

    async def handle(self, event: HeldEvent) -> None:
        """Send what follows from an article's reports, or a dead letter."""
        try:
            batch = codec.decode(event.message.value or b"", ArticleReports)
        except codec.DecodeError as error:
            await self.outbox.send_dead_letter(event, error)
            return
        async with self._busy:
            work = await self._work(event.message.partition, event.generation, self.outbox)
            error_of_logic = await work.take_in(batch, self.outbox)
        if error_of_logic is not None:
            await self.outbox.send_dead_letter(event, error_of_logic)

    async def finish(self) -> None:
        """Wait for the outputs, then put away the records of incidents that closed."""
        await self.outbox.acknowledged()
        async with self._busy:
            for number in sorted(self._assigned & self._at_work.keys()):
                await self._at_work[number][1].put_away(self.outbox)

    async def obey_for_ever(self, app: StageApp) -> None:
        """Obey new decisions as they come, without waiting for a report."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.decisions.read()
            except KafkaError as error:
                log.warning("decisions can't be read now; trying again", error=repr(error))
                continue
            await self.obey(app.consumer_generation_id)

    async def obey(self, generation: int) -> None:
        """Obey what was decided so far in every partition that the worker has, and wait until Kafka has it.

        Args:
            generation: Number of the consumer group's assignment of partitions.
        """
        async with self._busy:
            for number in sorted(self._assigned):
                await self._work(number, generation, self.ruling_outbox)
            await self.ruling_outbox.acknowledged()

    async def partitions_revoked(self, _app: object, /, *revoked: set[TP], **_: object) -> None:
        """Let go of partitions, once what is being written for them is written: a rebalance waits for it."""
        async with self._busy:
            self._assigned -= {where.partition for gone in revoked for where in gone}

    async def partitions_assigned(self, _app: object, /, *assigned: set[TP], **_: object) -> None:
        """Take the partitions of a rebalance."""
        self._assigned = {where.partition for mine in assigned for where in mine}

    async def _work(self, number: int, generation: int, outbox: Outbox) -> ResolvePartition:
        """Return a partition's work, made of its incidents if need be, with all decisions known and obeyed."""
        held = await self.state.of_partition(number, generation)
        made_of, work = self._at_work.get(number, (None, None))
        if work is None or made_of is not held:
            self._at_work.pop(number, None)
            # Elsewhere, since it takes long, and this worker would be taken for dead.
            resolver = await asyncio.to_thread(self.make_resolver, taken(held))
            work = ResolvePartition(number, self.topics, resolver, self.closed)
            await self.decisions.read()
            self._at_work[number] = (held, work)
        if work.decisions_known < len(self.decisions.entries):
            await work.learn(self.decisions.entries, outbox)
        return work


def taken(held: Held) -> Iterator[Written]:
    """Yield incidents as their topic holds them, out of what was read of it: the resolver has them then."""
    for key in sorted(held):
        stored = held.pop(key)
        yield Written(stored.value, dict(stored.headers).get(INDEX_HEADER, b""))


def build(settings: ProcessorSettings, make_resolver: MakeResolver, data_dir: Path) -> StageApp:
    """Return the resolve stage's application, not started."""
    topics, servers = settings.topics, settings.kafka_server_list
    app = make_app(settings, STAGE, data_dir)
    stage = ResolveStage(
        topics=topics,
        outbox=Outbox(app, STAGE, topics.dead_letters),
        ruling_outbox=Outbox(app, STAGE, topics.dead_letters),
        make_resolver=make_resolver,
        state=State(servers, topics.incidents),
        decisions=DecisionLog(servers, topics.decisions),
        closed=ClosedRecords(servers, topics.closed_incidents),
    )
    app.on_partitions_revoked.connect(stage.partitions_revoked)
    app.on_partitions_assigned.connect(stage.partitions_assigned)
    add_agent(app, STAGE, topics.reports, stage, settings)
    add_task(app, partial(stage.obey_for_ever, app))
    return app


def main(settings: ProcessorSettings) -> None:
    """Run the resolve stage until SIGTERM or SIGINT.

    Raises:
        Exception: What made it crash; what wasn't finished comes again after a restart.
    """
    collect_rarely()
    run(settings, partial(build, settings, partial(Resolver, close_after=settings.close_after)))
