"""What both stages do with their input.

The flow::

    records ─► handle each: decide purely, send the outputs or a dead letter
            ─► finish: every output acknowledged, state acknowledged
            ─► commit the offsets, let the records go

An error about the record becomes a dead letter inside `handle`.  Any other error, such as a send that failed, stops
the worker: nothing of the batch is committed, so it comes again after the restart.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, cast

import faust

from contracts import logs
from contracts.topics import Topic
from processors.faust_app import HeldEvent, StageApp, raw_topic
from processors.offsets import Offsets
from processors.settings import ProcessorSettings

log = logs.get(__name__)


class Stage(Protocol):
    """What one stage does with a record, and at the end of a batch of records."""

    async def handle(self, event: HeldEvent) -> None:
        """Decide what follows from a record and send it."""

    async def finish(self) -> None:
        """Return when everything that was sent is acknowledged."""


def add_agent(app: StageApp, name: str, source: Topic, stage: Stage, settings: ProcessorSettings) -> None:
    """Have an application give the records of a topic to a stage, in batches."""
    offsets = Offsets(app)

    async def agent(stream: faust.StreamT[bytes]) -> None:
        stream.enable_acks = False  # else what comes after a failed batch would be marked as done
        committing = asyncio.create_task(offsets.keep_committing())
        try:
            async for events in cast(faust.Stream[bytes], stream).noack_take(
                settings.processor_batch_size, settings.processor_batch_seconds
            ):
                await handle_batch(stage, offsets, cast(list[HeldEvent], events))
        except Exception as error:  # noqa: BLE001 - Faust would start the agent anew; the worker raises it
            app.fail(error)
        finally:
            committing.cancel()

    app.agent(raw_topic(app, source), name=name, concurrency=1)(agent)


def add_task(app: StageApp, work: Callable[[], Awaitable[None]]) -> None:
    """Have an application do something beside its records, for ever; an error in it stops the worker."""

    async def task() -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - Faust would say it and go on; the worker raises it
            app.fail(error)

    app.task(task)


async def handle_batch(stage: Stage, offsets: Offsets, events: Sequence[HeldEvent]) -> None:
    """Handle records in their order; they are done once every output is acknowledged."""
    for event in events:
        if await offsets.is_next(event):
            await stage.handle(event)
        await asyncio.sleep(0)  # let the client send while the next record is thought about
    await stage.finish()
    offsets.done(events)
    log.debug("batch handled", records=len(events))
