"""The extract stage: articles in, what they claim out.

The flow, an article::

    articles ─► decode ─► handled before? ─► extract ─► one `ArticleReports` a country ─► reports
                   │            └► pass over    │
                   └────────────────────────────┴► dead-letters

and once those are acknowledged, the article's mark to `article-countries`, where this stage keeps its state.  Only
then is the article's offset committed.  `processors.stage` has the rest, `processors.article_marks`
the decisions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from contracts import codec
from contracts.records import Article, Report
from contracts.topics import Topics
from processors.article_marks import ArticleMark, Position, countries_told, covers, messages
from processors.faust_app import HeldEvent, StageApp, make_app
from processors.outbox import Outbox, Output, check_size
from processors.settings import ProcessorSettings
from processors.stage import add_agent
from processors.state import State
from processors.worker import run

STAGE = "extract"

Extract = Callable[[Article], tuple[Report, ...]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one article: records for the reports topic, keyed by country, and its new mark."""

    outputs: tuple[Output, ...]
    mark: ArticleMark


@dataclass(slots=True)
class ExtractStage:
    """Handles articles.

    Args:
        topics: The installation's topics.
        outbox: Takes the outputs.
        state: Marks by article id.
        extract: The extractor.
        version: Its name and version.
    """

    topics: Topics
    outbox: Outbox
    state: State
    extract: Extract
    version: str
    _marks: dict[bytes, ArticleMark] = field(default_factory=dict)
    """Of articles handled since the last `finish`."""

    async def handle(self, event: HeldEvent) -> None:
        """Send what follows from an article, or a dead letter."""
        try:
            article = codec.decode(event.message.value or b"", Article)
        except codec.DecodeError as error:
            await self.outbox.send_dead_letter(event, error)
            return
        key = article.id.encode()
        if key in self._marks:
            await self.finish()  # a newer revision's outputs must not overtake those of the older one
        before = await self._mark(event, key)
        position = position_of(event)
        if before is not None and covers(before, position, self.version):
            return
        try:
            decision = self._decide(article, position, before)
        except Exception as error:  # noqa: BLE001 - whatever the pure logic can't handle is about this record
            await self.outbox.send_dead_letter(event, error)
            return
        for output in decision.outputs:
            await self.outbox.send(self.topics.reports, output)
        if decision.mark.countries or before is not None:
            self._marks[key] = decision.mark

    async def finish(self) -> None:
        """Wait for the outputs, then write the marks and wait for those."""
        await self.outbox.acknowledged()
        for key, mark in self._marks.items():
            output = Output(key, codec.encode(mark))
            await self.outbox.send(self.topics.article_countries, output, mark.position.partition)
        await self.outbox.acknowledged()
        for key, mark in self._marks.items():
            self.state.remember(mark.position.partition, key, codec.encode(mark))
        self._marks.clear()

    async def _mark(self, event: HeldEvent, key: bytes) -> ArticleMark | None:
        held = await self.state.of_partition(event.message.partition, event.generation)
        stored = held.get(key)
        return None if stored is None else codec.decode(stored.value, ArticleMark)

    def _decide(self, article: Article, position: Position, before: ArticleMark | None) -> Decision:
        told = messages(article, self.extract(article), before.countries if before else (), self.version)
        outputs = tuple(Output(message.country.encode(), codec.encode(message)) for message in told)
        for output in outputs:
            check_size((output,))
        return Decision(
            outputs,
            ArticleMark(
                position=position,
                revision=article.revision,
                extractor=self.version,
                countries=countries_told(told),
            ),
        )


def position_of(event: HeldEvent) -> Position:
    """Return where a record stands."""
    message = event.message
    return Position(
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=round(message.timestamp * 1000),  # Faust has made seconds of it
    )


def build(settings: ProcessorSettings, extract: Extract, version: str, data_dir: Path) -> StageApp:
    """Return the extract stage's application, not started."""
    topics = settings.topics
    app = make_app(settings, STAGE, data_dir)
    state = State(settings.kafka_server_list, topics.article_countries)
    stage = ExtractStage(topics, Outbox(app, STAGE, topics.dead_letters), state, extract, version)
    add_agent(app, STAGE, topics.articles, stage, settings)
    return app


def main(settings: ProcessorSettings) -> None:
    """Run the extract stage until SIGTERM or SIGINT.

    Raises:
        Exception: What made it crash; what wasn't finished comes again after a restart.
    """
    from processors.extract import EXTRACTOR, extract, load  # noqa: PLC0415 - long to import

    load()  # here, since a worker that reads the gazetteer in its loop is silent for seconds
    run(settings, partial(build, settings, extract, EXTRACTOR))
