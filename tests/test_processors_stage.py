"""The order in which a stage sends, waits and releases, without Kafka."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, cast

import pytest
from faust.types import TP, ConsumerMessage

from contracts import codec
from contracts.deadletters import OriginalRecord, original_value
from contracts.records import Article, ArticleReports, DeadLetter, Decision, Incident, Place, Report
from contracts.topics import MAX_MESSAGE_BYTES, Topic, topics
from contracts.vocabulary import DecisionKind, EventType
from processors.decision_log import Entry
from processors.errors import OutputTooLargeError, RecordsMissingError
from processors.extract_app import ExtractStage, build
from processors.faust_app import HeldEvent, StageApp
from processors.offsets import Offsets
from processors.outbox import Outbox, Output, check_size, original_record
from processors.resolve.archive import AwayError
from processors.resolve.encoded import Written
from processors.resolve_app import ResolveStage
from processors.settings import ProcessorSettings
from processors.stage import handle_batch
from processors.state import Held, Stored

TOPICS = topics("test", 4, 1)


class BrokerDownError(Exception):
    """What a client raises when it can't deliver."""


@dataclass
class Journal(Outbox):
    """An outbox that writes down what it is asked, and can fail to deliver."""

    app: StageApp = field(default=None)  # type: ignore[arg-type]
    stage: str = "test"
    dead_letters: Topic = TOPICS.dead_letters
    lines: list[tuple[str, ...]] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    fails: bool = False
    memory: "Memory | None" = None
    """Where the records of incidents can be read back."""

    async def send(self, topic: Topic, output: Output, partition: int | None = None) -> None:
        """Note a record."""
        self.lines.append(("send", topic.name, output.key.decode()))
        if topic is TOPICS.dead_letters:
            self.letters.append(codec.decode(output.value, DeadLetter))
        del partition

    async def send_together(self, topic: Topic, partition: int, outputs: tuple[Output, ...]) -> None:  # type: ignore[override]
        """Note records."""
        self.lines.append(("together", topic.name, str(partition), *(output.key.decode() for output in outputs)))
        if self.memory is not None:
            kept = {output.key: Stored(output.value, output.headers) for output in outputs}
            self.memory.written.setdefault(partition, {}).update(kept)

    async def send_for_offsets(self, topic: Topic, partition: int, outputs: Iterable[Output]) -> list[int]:
        """Note records, which stand at offsets from 70 on."""
        keys = [output.key.decode() for output in outputs]
        self.lines.append(("put away", topic.name, str(partition), *keys))
        return list(range(70, 70 + len(keys)))

    async def acknowledged(self) -> None:
        """Note that the stage waits, or fail."""
        if self.fails:
            raise BrokerDownError
        self.lines.append(("acknowledged",))


class Memory:
    """A stage's state in memory."""

    def __init__(self) -> None:
        self.held: dict[int, Held] = {}
        self.written: dict[int, Held] = {}
        """What a partition holds when it is read anew."""

    async def of_partition(self, partition: int, generation: int) -> Held:
        """Return what is remembered; each second generation begins with the partition read anew."""
        if generation % 2 == 0:
            self.held[partition] = dict(self.written.get(partition, {}))
        return self.held.setdefault(partition, {})

    def remember(self, partition: int, key: bytes, value: bytes) -> None:
        """Remember."""
        self.held[partition][key] = Stored(value)


class Event(HeldEvent):
    """An event that knows whether it was released."""

    released = False

    def release(self) -> None:
        """Note it."""
        self.released = True


class Account(Offsets):
    """Offsets with nobody to commit them to: the first record of a partition is the next one."""

    def __init__(self) -> None:
        super().__init__(app=None)  # type: ignore[arg-type]
        self.committed: dict[TP, int] = {}

    def done(self, events: Sequence[HeldEvent]) -> None:
        """Note what would be committed, and release it."""
        for each in events:
            self.committed[each.message.tp] = each.message.offset + 1
            each.release()

    async def _committed(self, where: TP) -> int:
        return self.committed.get(where, 0)


def event(
    value: bytes | None, *, offset: int = 0, partition: int = 2, generation: int = 1, topic: str = "test.articles"
) -> Event:
    """Return a record as Faust hands it over."""
    message = ConsumerMessage(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=1000.0 + offset,
        timestamp_type=0,
        headers=[("trace", b"7"), ("empty", None)],
        key=b"key",
        value=value,
        checksum=None,
        tp=TP(topic, partition),
        generation_id=generation,
    )
    return Event(None, b"key", value, None, message)  # type: ignore[arg-type]


async def handle_batch_of(stage: ExtractStage | ResolveStage, events: list[Event]) -> None:
    """Handle a worker's first batch, whose records are the next of their partitions."""
    account = Account()
    for each in reversed(events):
        account.committed[each.message.tp] = each.message.offset
    await handle_batch(stage, account, events)


def article_event(name: str, text: str, offset: int) -> Event:
    """Return an article's record."""
    return event(codec.encode(Article(id=name, revision=f"r{offset}", text=text)), offset=offset)


def extract(article: Article) -> tuple[Report, ...]:
    """Return a report for each country in the text."""
    if article.text == "fail":
        raise ZeroDivisionError
    return tuple(
        Report(
            id=f"{article.id}-{country}",
            article_id=article.id,
            article_revision=article.revision,
            event_type=EventType.OTHER,
            place=Place(country=country),
            extractor="words",
        )
        for country in article.text.split()
    )


def extract_stage(journal: Journal) -> ExtractStage:
    """Return an extract stage in memory."""
    return ExtractStage(TOPICS, journal, Memory(), extract, "words")  # type: ignore[arg-type]


def test_outputs_are_acknowledged_before_the_marks_and_these_before_the_release() -> None:
    """One wait for all outputs of a batch, one for all marks."""
    journal = Journal()
    events = [article_event("a", "SY TR", 0), article_event("b", "SY", 1)]
    asyncio.run(handle_batch_of(extract_stage(journal), events))
    assert journal.lines == [
        ("send", "test.reports", "SY"),
        ("send", "test.reports", "TR"),
        ("send", "test.reports", "SY"),
        ("acknowledged",),
        ("send", "test.article-countries", "a"),
        ("send", "test.article-countries", "b"),
        ("acknowledged",),
    ]
    assert all(each.released for each in events)


def test_a_newer_revision_waits_for_the_older_ones_mark() -> None:
    """Else a crash between them would repeat the older one after the newer one."""
    journal = Journal()
    events = [article_event("a", "SY", 0), article_event("a", "TR", 1)]
    asyncio.run(handle_batch_of(extract_stage(journal), events))
    assert [line[-1] for line in journal.lines] == [
        *("SY", "acknowledged", "a", "acknowledged"),
        *("SY", "TR", "acknowledged", "a", "acknowledged"),
    ]


def test_nothing_is_released_when_an_output_isnt_acknowledged() -> None:
    """Neither is the mark set: the batch comes again whole."""
    journal = Journal(fails=True)
    stage = extract_stage(journal)
    events = [article_event("a", "SY", 0)]
    with pytest.raises(BrokerDownError):
        asyncio.run(handle_batch_of(stage, events))
    assert not any(each.released for each in events)
    assert cast(Memory, stage.state).held == {2: {}}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(b"{", "DecodeError", id="undecodable"),
        pytest.param(None, "DecodeError", id="missing"),
        pytest.param(codec.encode(Article(id="a", revision="r", text="fail")), "ZeroDivisionError", id="logic"),
    ],
)
def test_a_bad_record_is_a_dead_letter_and_then_released(value: bytes | None, reason: str) -> None:
    """The letter is waited for like any output."""
    journal = Journal()
    bad = event(value, offset=9)
    asyncio.run(handle_batch_of(extract_stage(journal), [bad]))
    (letter,) = journal.letters
    assert letter.reason.startswith(reason)
    assert (letter.offset, original_value(letter)) == (9, value)
    assert letter.headers == (("trace", "Nw=="), ("empty", ""))
    assert ("acknowledged",) in journal.lines
    assert bad.released


class Resolver:
    """Writes two incidents for each batch, once, and one for each decision."""

    made: ClassVar[list[list[str]]] = []

    def __init__(self, incidents: Iterable[Written]) -> None:
        known = list(incidents)
        self.known = {codec.decode(written.record, Incident).id for written in known}
        assert [written.index for written in known] == [f"index of {name}".encode() for name in sorted(self.known)]
        self.decisions: list[Decision] = []
        self.unsettled: list[Decision] = []
        self.away: set[str] = set()
        self.at_hand: list[str] = []
        self.closing: list[Incident] = []
        type(self).made.append(sorted(self.known))

    def plan(self, batch: ArticleReports) -> tuple[Incident, ...]:
        """Return what isn't known."""
        if batch.article_id == "fail":
            raise ZeroDivisionError
        if batch.article_id in self.away - set(self.at_hand):
            raise AwayError(batch.article_id, 7)
        return self._unknown(f"{batch.article_id}-1", f"{batch.article_id}-2")

    def apply(self, incidents: Iterable[Incident], _encoded: Iterable[bytes] = ()) -> None:
        """Know them."""
        for incident in incidents:
            self.known.add(incident.id)
            self.unsettled += [each for each in self.decisions if incident.id == f"{each.id}-1"]
            self.closing = [each for each in self.closing if each.id != incident.id]

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Know of decisions."""
        news = list(decisions)
        self.decisions += news
        self.unsettled += news

    def due(self) -> Iterator[Decision]:
        """Yield new decisions, and again those that are called after an article whose incidents changed."""
        while self.unsettled:
            yield self.unsettled.pop(0)

    def decide(self, decision: Decision) -> tuple[Incident, ...]:
        """Return an incident that is called after the decision."""
        if decision.id == "fail":
            raise ZeroDivisionError
        return self._unknown(f"by {decision.id}")

    def index_of(self, incident: Incident) -> bytes:
        """Return something that tells whose it is."""
        return f"index of {incident.id}".encode()

    def quiet(self, limit: int) -> tuple[Incident, ...]:
        """Return what closes."""
        return tuple(self.closing[:limit])

    def left_of(self, incident: Incident, offset: int) -> Incident:
        """Return where it stands."""
        return replace(incident, title=f"at {offset}")

    def lend(self, incident: Incident) -> None:
        """Note it."""
        self.at_hand.append(incident.id)

    def give_back(self) -> None:
        """Forget what was lent."""
        self.at_hand.clear()

    def _unknown(self, *names: str) -> tuple[Incident, ...]:
        return tuple(
            Incident(id=name, revision=1, event_type=EventType.OTHER) for name in names if name not in self.known
        )


@dataclass
class Log:
    """A decisions topic in memory."""

    entries: list[Entry] = field(default_factory=list)

    async def read(self) -> None:
        """Have it read already."""


class Closed:
    """A closed incidents' topic in memory: any incident stands anywhere."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, bytes, int]] = []

    async def read(self, partition: int, key: bytes, offset: int) -> bytes:
        """Return the record of a key."""
        self.asked.append((partition, key, offset))
        return codec.encode(Incident(id=key.decode(), revision=1, event_type=EventType.OTHER))


def reports_event(name: str, partition: int, offset: int = 0, generation: int = 1) -> Event:
    """Return a record of the reports topic."""
    value = codec.encode(ArticleReports(article_id=name, article_revision="r", country="SY"))
    return event(value, partition=partition, offset=offset, generation=generation, topic="test.reports")


def resolve_stage(journal: Journal, *decisions: str, make: Callable[..., Resolver] = Resolver) -> ResolveStage:
    """Return a resolve stage in memory, with what was decided."""
    journal.memory = Memory()
    return ResolveStage(
        topics=TOPICS,
        outbox=journal,
        ruling_outbox=journal,
        make_resolver=make,  # type: ignore[arg-type]
        state=journal.memory,  # type: ignore[arg-type]
        decisions=Log([entry(name) for name in decisions]),  # type: ignore[arg-type]
        closed=Closed(),  # type: ignore[arg-type]
    )


def entry(name: str) -> Entry:
    """Return a decision as the topic holds it; none where there is no name."""
    original = OriginalRecord(topic="test.decisions", partition=0, offset=len(name), key=b"key", value=b"value")
    if not name:
        return Entry(original, error=codec.DecodeError("not JSON"))
    return Entry(original, decision=Decision(id=name, kind=DecisionKind.MERGE, at=datetime(2026, 1, 1, tzinfo=UTC)))


def test_the_worker_lives_on_while_a_resolver_is_made() -> None:
    """Its heartbeats go on, however many incidents are read: else Kafka takes it for dead."""
    journal, lives = Journal(), threading.Event()

    def make(incidents: Iterable[Written]) -> Resolver:
        assert lives.wait(30)
        return Resolver(incidents)

    async def run() -> None:
        asyncio.get_running_loop().call_later(0.01, lives.set)
        await handle_batch_of(resolve_stage(journal, make=make), [reports_event("a", 1)])

    asyncio.run(run())
    assert ("together", "test.incidents", "1", "a-1", "a-2") in journal.lines


def test_incidents_of_one_batch_are_written_together_in_its_partition() -> None:
    """What was written is known: the same reports again write nothing."""
    journal = Journal()
    stage = resolve_stage(journal)
    asyncio.run(
        handle_batch_of(stage, [reports_event("a", 1), reports_event("b", 3), reports_event("a", 1, offset=1)])
    )
    assert journal.lines == [
        ("together", "test.incidents", "1", "a-1", "a-2"),
        ("together", "test.incidents", "3", "b-1", "b-2"),
        ("acknowledged",),
    ]


def test_a_resolver_begins_with_the_incidents_of_its_partition() -> None:
    """Anew after a rebalance, not with those of other partitions, and nothing else holds them then."""
    journal = Journal()
    stage = resolve_stage(journal)
    Resolver.made.clear()
    asyncio.run(handle_batch_of(stage, [reports_event("b", 1), reports_event("a", 1, 1), reports_event("c", 2)]))
    asyncio.run(handle_batch_of(stage, [reports_event("d", 1, 2, generation=2)]))
    assert Resolver.made == [[], [], ["a-1", "a-2", "b-1", "b-2"]]
    assert cast(Memory, stage.state).held[1] == {}


def test_decisions_are_known_before_the_first_report_and_obeyed_once() -> None:
    """Those that are obeyed already write nothing; those about a batch's reports are looked at after it."""
    journal = Journal()
    stage = resolve_stage(journal, "m", "a")
    asyncio.run(handle_batch_of(stage, [reports_event("x", 1), reports_event("a", 1, 1)]))
    assert [line[3:] for line in journal.lines if line[0] == "together"] == [
        ("by m",),
        ("by a",),
        ("x-1", "x-2"),
        ("a-1", "a-2"),
    ]


def test_a_decision_needs_no_report_to_be_obeyed() -> None:
    """It is written in every partition that the worker has, and acknowledged."""
    journal = Journal()
    stage = resolve_stage(journal)
    where = {TP("test.reports", 1), TP("test.reports", 3)}

    async def decided() -> None:
        await stage.partitions_assigned(None, where)
        await stage.obey(1)
        stage.decisions.entries.append(entry("m"))
        await stage.obey(1)
        await stage.partitions_revoked(None, {TP("test.reports", 3)})
        stage.decisions.entries.append(entry("n"))
        await stage.obey(1)

    asyncio.run(decided())
    assert [line for line in journal.lines if line[0] == "together"] == [
        ("together", "test.incidents", "1", "by m"),
        ("together", "test.incidents", "3", "by m"),
        ("together", "test.incidents", "1", "by n"),
    ]
    assert journal.lines[-1] == ("acknowledged",)


@pytest.mark.parametrize(("name", "reason"), [("", "DecodeError"), ("fail", "ZeroDivisionError")])
def test_a_decision_that_cant_be_obeyed_is_a_dead_letter(name: str, reason: str) -> None:
    """With its bytes; the others go on."""
    journal = Journal()
    asyncio.run(handle_batch_of(resolve_stage(journal, name, "m"), [reports_event("a", 1)]))
    (letter,) = journal.letters
    assert letter.topic == "test.decisions"
    assert letter.reason.startswith(reason)
    assert original_value(letter) == b"value"
    assert ("together", "test.incidents", "1", "by m") in journal.lines


def test_a_closed_incidents_record_is_read_when_it_is_needed() -> None:
    """The reports are planned again with it, and it is given back when the batch is done."""
    journal = Journal()

    def make(incidents: Iterable[Written]) -> Resolver:
        made = Resolver(incidents)
        made.away = {"a"}
        return made

    stage = resolve_stage(journal, make=make)
    asyncio.run(stage.partitions_assigned(None, {TP("test.reports", 1)}))
    asyncio.run(handle_batch_of(stage, [reports_event("a", 1)]))
    assert cast(Closed, stage.closed).asked == [(1, b"a", 7)]
    assert ("together", "test.incidents", "1", "a-1", "a-2") in journal.lines
    work = stage._at_work[1][1]
    assert cast(Resolver, work.resolver).at_hand == []


def test_closed_incidents_are_put_away_before_what_is_left_replaces_them() -> None:
    """Else a worker that dies in between would leave no whole record."""
    journal = Journal()
    quiet = Incident(id="old", revision=4, event_type=EventType.OTHER)

    def make(incidents: Iterable[Written]) -> Resolver:
        made = Resolver(incidents)
        made.closing = [quiet]
        return made

    stage = resolve_stage(journal, make=make)
    asyncio.run(stage.partitions_assigned(None, {TP("test.reports", 1)}))
    asyncio.run(handle_batch_of(stage, [reports_event("a", 1)]))
    assert journal.lines[1:] == [
        ("acknowledged",),
        ("put away", "test.closed-incidents", "1", "old"),
        ("send", "test.incidents", "old"),
        ("acknowledged",),
    ]
    assert cast(Resolver, stage._at_work[1][1].resolver).closing == []


def test_reports_that_cant_be_resolved_are_a_dead_letter() -> None:
    """The others go on."""
    journal = Journal()
    asyncio.run(handle_batch_of(resolve_stage(journal), [reports_event("fail", 0), reports_event("a", 0, 1)]))
    assert [letter.reason for letter in journal.letters] == ["ZeroDivisionError: "]
    assert ("together", "test.incidents", "0", "a-1", "a-2") in journal.lines


def test_outputs_that_kafka_wont_take_are_known_beforehand() -> None:
    """Together they count as one batch."""
    half = b"x" * (MAX_MESSAGE_BYTES // 2)
    check_size([Output(b"key", half)])
    with pytest.raises(OutputTooLargeError):
        check_size([Output(b"key", half), Output(b"key", half)])
    with pytest.raises(OutputTooLargeError):
        check_size([Output(b"key", half, (("index", half),))])


def test_the_applications_ack_is_not_ours() -> None:
    """Faust's own acknowledgement of a record does nothing."""
    held = event(b"")
    held.message.incref()
    assert HeldEvent.ack(held) is False
    assert not held.message.acked
    assert held.message.refcount == 1


def test_an_application_is_made_without_a_connection(tmp_path: Path) -> None:
    """It belongs to the group of its prefix and stage, and reads from the first record on."""
    settings = ProcessorSettings(kafka_servers="127.0.0.1:1,127.0.0.1:2", topic_prefix="here")

    async def made() -> StageApp:
        return build(settings, extract, "words", tmp_path)

    app = asyncio.run(made())
    assert app.conf.id == "here.extract"
    assert [str(url) for url in app.conf.broker] == ["kafka://127.0.0.1:1", "kafka://127.0.0.1:2"]
    assert app.conf.consumer_auto_offset_reset == "earliest"


def numbered(*offsets: int, generation: int = 1) -> list[Event]:
    """Return records of one partition at these offsets."""
    return [event(b"", offset=offset, generation=generation) for offset in offsets]


async def turns(account: Account, events: list[Event]) -> list[int]:
    """Return the offsets of the records whose turn it was."""
    return [each.message.offset for each in events if await account.is_next(each)]


def test_each_record_is_handled_once_and_in_its_turn() -> None:
    """What comes again is passed over, also after a rebalance; what was committed is where a partition goes on."""
    account = Account()
    account.committed[TP("test.articles", 2)] = 3
    again = [*numbered(1, 2, 3, 4, 3, 4, 5), *numbered(4, 5, 6, generation=2)]
    assert asyncio.run(turns(account, again[:7])) == [3, 4, 5]
    account.committed[TP("test.articles", 2)] = 6
    assert asyncio.run(turns(account, again[7:])) == [6]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(numbered(4), id="after the committed one"),
        pytest.param(numbered(3, 5), id="in between"),
        pytest.param([*numbered(3), *numbered(4, generation=2)], id="after a rebalance"),
    ],
)
def test_records_that_never_came_stop_the_worker(events: list[Event]) -> None:
    """They stand in Kafka: the next worker begins with them."""
    account = Account()
    account.committed[TP("test.articles", 2)] = 3
    with pytest.raises(RecordsMissingError, match="was to be next"):
        asyncio.run(turns(account, events))


def test_a_record_that_comes_again_never_turns_a_partition_back() -> None:
    """Neither within a commit nor in a later one."""
    account = Account()
    where = TP("test.articles", 2)
    assert account.advance(numbered(3, 4, 2)) == {where: 5}
    assert account.advance(numbered(1)) == {where: 5}
    assert account.advance(numbered(5)) == {where: 6}


def test_a_record_that_comes_again_is_released_and_not_handled() -> None:
    """A rebalance would wait for it else."""
    journal = Journal()
    events = [article_event("a", "SY", 0), article_event("a", "SY", 0)]
    asyncio.run(handle_batch_of(extract_stage(journal), events))
    assert [line[-1] for line in journal.lines if line[0] == "send"] == ["SY", "a"]
    assert all(each.released for each in events)


def test_headers_as_faust_gives_them() -> None:
    """A mapping or pairs, or none at all."""
    held = event(b"value")
    held.message.headers = {"a": b"1"}
    assert original_record(held).headers == (("a", b"1"),)
    held.message.headers = None
    assert original_record(held).headers == ()
