"""Runs a Faust application in this process until it is told to stop.

Faust's own `Worker` takes over logging, standard output and signals; a processor needs none of it.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from contracts import logs
from processors.faust_app import StageApp
from processors.settings import ProcessorSettings

log = logs.get(__name__)

STOP_SECONDS = 20
"""Longest time that an application gets to stop."""


def run(settings: ProcessorSettings, make: Callable[[Path], StageApp]) -> None:
    """Run an application until SIGTERM or SIGINT.

    Args:
        settings: The stage's settings.
        make: Makes the application, given the folder for its files.

    Raises:
        Exception: What made the application crash; what wasn't finished comes again after a restart.
    """
    with ExitStack() as stack:
        folder = settings.processor_data_dir
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tallywire-")))
        folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(_run(make, folder))


async def _run(make: Callable[[Path], StageApp], folder: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = make(folder)
    app.lease.begin()
    starting = asyncio.create_task(app.start())
    ends: set[asyncio.Future[Any]] = {
        asyncio.create_task(stop.wait()),
        asyncio.create_task(app.lease.watch()),
        app.failure,
    }
    await asyncio.wait({starting, *ends}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and starting.exception() is None and not app.crashed:
        log.info("processor started", group=app.conf.id)
        ends.add(asyncio.create_task(app.wait_until_stopped()))
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    await _stop(app, {starting, *ends})
    log.info("processor stopped", group=app.conf.id)


async def _stop(app: StageApp, tasks: set[asyncio.Future[Any]]) -> None:
    """Stop an application and raise what ended it, if that was an error."""
    errors = [task.exception() for task in tasks if task.done()]
    if any(errors):
        app.conf.stream_wait_empty = False  # it can't be said that the records in hand will ever be released
    for task in tasks:
        task.cancel()
    try:
        await asyncio.wait_for(app.stop(), STOP_SECONDS)
    except TimeoutError:
        log.exception("processor didn't stop in time", reason=next(filter(None, errors), None))
        os._exit(1)  # Faust's threads would keep the process alive for ever
    for error in (*errors, app.crash_reason):
        if error is not None:
            raise error
