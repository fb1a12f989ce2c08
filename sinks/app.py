"""The sink: reads four topics and writes six indices, until it is told to stop.

The flow, again and again::

    poll a batch of articles, incidents, feeds and dead letters
    plan each record's writes          not decodable? a dead letter
    write them all to Elasticsearch    refused? a dead letter; Elasticsearch away? wait, and write the same again
    send the dead letters              and wait until Kafka has them
    commit the batch                   only now

Killed at any point, the sink begins again at the last commit, and writing a batch twice changes nothing.
"""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from types import FrameType

from elasticsearch import Elasticsearch

from contracts import logs
from sinks.apply import apply
from sinks.batch import Incoming, Letter, Refused, letter_of, plan_batch
from sinks.client import connect, wait_until_ready
from sinks.consume import Source, wait_for_topics
from sinks.dead_letters import DeadLetters
from sinks.errors import UnavailableError
from sinks.plan import planners
from sinks.settings import SinkSettings

log = logs.get(__name__)


def main(settings: SinkSettings) -> None:
    """Run the sink until SIGTERM or SIGINT.

    Raises:
        SinkError: An engine isn't there within `startup_wait_seconds`, or refuses us.
    """
    stop = threading.Event()

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        log.info("stopping", signal=signal.Signals(number).name)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    run(settings, stop)


def run(settings: SinkSettings, stop: threading.Event) -> None:
    """Run the sink until `stop` is set.

    Raises:
        SinkError: An engine isn't there within `startup_wait_seconds`, or refuses us.
    """
    by_topic = planners(settings.topics)
    with connect(settings) as client:
        wait_until_ready(client, settings, stop)
        wait_for_topics(settings, by_topic, stop)
        if stop.is_set():
            return
        with closing(Source(settings, by_topic, stop)) as source, closing(DeadLetters(settings)) as letters:
            log.info("sink runs", topics=sorted(by_topic), elasticsearch=settings.elasticsearch_url)
            while not stop.is_set():
                batch = source.poll()
                if batch and _handle(client, batch, letters, settings, stop):
                    source.commit(batch)
    log.info("sink stopped")


def _handle(
    client: Elasticsearch,
    batch: Sequence[Incoming],
    outbox: DeadLetters,
    settings: SinkSettings,
    stop: threading.Event,
) -> bool:
    """Write a batch and send its dead letters, however long the engines are away; False if stopped before."""
    pause = settings.sink_retry_seconds
    while not stop.is_set():
        try:
            _write(client, batch, outbox, settings)
        except UnavailableError as error:
            log.warning("waiting, nothing is lost", error=str(error), pause_seconds=pause, records=len(batch))
            stop.wait(pause)
            pause = min(pause * 2, settings.sink_retry_max_seconds)
        else:
            return True
    return False


def _write(client: Elasticsearch, batch: Sequence[Incoming], outbox: DeadLetters, settings: SinkSettings) -> None:
    now = datetime.now(UTC)
    planned = plan_batch(batch, planners(settings.topics), now)
    refused = apply(client, planned.planned, settings)
    outbox.send([*planned.letters, *_letters(refused, settings, now)])
    log.info("written", records=len(batch), undecodable=len(planned.letters), refused=len(refused))


def _letters(refused: Sequence[Refused], settings: SinkSettings, now: datetime) -> Iterator[Letter]:
    """Yield the letters about refused records.

    A refused dead letter isn't sent on as another one, which would be refused in turn: its topic keeps it.
    """
    for item in refused:
        letter = letter_of(item, now)
        if letter.letter.topic == settings.topics.dead_letters.name:
            log.error("dead letter refused", offset=letter.letter.offset, reason=letter.letter.reason)
        else:
            yield letter
