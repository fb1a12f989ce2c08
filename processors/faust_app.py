"""A Faust application with the settings under which nothing is lost, and its topics as raw bytes.

Faust gives at-least-once only with care.  What is settled here, after faust-streaming 0.15.3's source:

- Faust marks a record as done when the agent's iteration goes on or *fails*, when it skips a record during a
  rebalance, and for whatever follows a failed batch.  So records are `HeldEvent`s, which Faust can't mark: the
  stage commits, and then lets them go with `release`.
- Values are bytes to Faust: it drops what it can't decode, and we make a dead letter of it.
- No tables: see `processors.state`.  Offsets are counted and committed by `processors.offsets`.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any, NoReturn

import faust
from faust.types import TopicT
from mode.utils.futures import notify

from contracts.topics import DEAD_LETTER_BYTES, MAX_MESSAGE_BYTES, Topic
from processors.lease import Lease
from processors.settings import ProcessorSettings

FAUST_LOGGER = logging.getLogger("faust.tallywire")
"""For what Faust's base class says in ours: else it would come under our module's name."""

LINGER_SECONDS = 0.02
HEARTBEATS_A_SESSION = 4
BUFFERED_RECORDS = 1024
"""Records that wait in memory, fetched and not yet handled."""


class HeldEvent(faust.Event):
    """A record that Faust can't mark as done."""

    def ack(self) -> bool:
        """Do nothing: Faust calls this for records that weren't handled, too."""
        return False

    @property
    def generation(self) -> int:
        """Return the number of the group's assignment of partitions under which it came; one more a rebalance."""
        return self.message.generation_id or 0

    def release(self) -> None:
        """Let Faust forget the record: a rebalance no longer waits for it."""
        self.message.acked = True
        self.app.consumer.unacked.discard(self.message)
        notify(getattr(self.app.consumer, "_waiting_for_ack", None))


class StageApp(faust.App):
    """An application that can be told of a failure, so that its worker stops with it."""

    logger = FAUST_LOGGER
    lease: Lease
    failure: asyncio.Future[NoReturn]

    def fail(self, error: Exception) -> None:
        """Have the worker stop with an error; what wasn't released comes again after the restart."""
        if not self.failure.done():
            self.conf.stream_wait_empty = False  # some records will never be released: don't wait for them
            self.failure.set_exception(error)


def make_app(settings: ProcessorSettings, stage: str, data_dir: Path) -> StageApp:
    """Return a stage's application, not started and not connected; needs the running event loop.

    The consumer group is the topic prefix, a dot and the stage.
    """
    session = settings.processor_session_seconds
    options: dict[str, Any] = {
        "broker": [f"kafka://{server}" for server in settings.kafka_server_list],
        "broker_session_timeout": session,
        "broker_heartbeat_interval": session / HEARTBEATS_A_SESSION,
        "broker_request_timeout": max(session * 2, settings.processor_send_seconds),
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": MAX_MESSAGE_BYTES,
        "producer_acks": -1,
        "producer_linger": LINGER_SECONDS,
        "producer_max_batch_size": MAX_MESSAGE_BYTES,
        "producer_max_request_size": DEAD_LETTER_BYTES,
        "producer_request_timeout": settings.processor_send_seconds,
        "stream_buffer_maxsize": BUFFERED_RECORDS,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,
    }
    app = StageApp(
        f"{settings.topic_prefix}.{stage}",
        autodiscover=False,
        datadir=data_dir,
        store="memory://",
        Event=HeldEvent,
        **options,
    )
    app.lease = Lease(session)
    app.failure = asyncio.get_running_loop().create_future()
    return app


def raw_topic(app: faust.App, topic: Topic) -> TopicT:
    """Return a topic whose keys and values are bytes as they stand in Kafka, missing ones included."""
    return app.topic(
        topic.name,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        partitions=topic.partitions,
        allow_empty=True,
    )
