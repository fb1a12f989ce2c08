"""Runs the stages on this machine: starts them, restarts those that die, stops them in the order of the flow.

The way of it::

    start    sink ─► resolve ─► extract ─► produce      (who reads is up before who writes)
    watch    a stage that died is started again, later each time that it dies soon after its start
    stop     produce ─► extract ─► resolve ─► sink      (each hands on what it has before the next stops)

A stage that ends with `EXIT_USER` can't be helped by a restart: everything stops and its message stands.
"""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from contracts import logs
from tallywire import processes
from tallywire.errors import EXIT_USER

log = logs.get(__name__)

LOOK_EVERY_SECONDS = 0.2
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
STABLE_SECONDS = 60.0
"""A stage that ran for so long begins with the shortest delay again."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage's name and the arguments of `tallywire` that run it."""

    name: str
    arguments: tuple[str, ...]

    @property
    def command(self) -> list[str]:
        """Return the command line, in the interpreter that runs now."""
        return [sys.executable, "-m", "tallywire", *self.arguments]


STAGES = (
    Stage("produce", ("produce",)),
    Stage("extract", ("process", "extract")),
    Stage("resolve", ("process", "resolve")),
    Stage("sink", ("sink",)),
)
"""Every stage, in the order of the flow."""


def restart_delay(deaths: int, jitter: float) -> float:
    """Return the seconds to wait before a stage starts again: doubled a death, capped, plus up to a fifth.

    Args:
        deaths: Deaths in a row, from 1.
        jitter: Between 0 and 1; so that stages that died together don't come back together.
    """
    delay = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** min(deaths - 1, 16))
    return float(delay * (1 + jitter / 5))


@dataclass(slots=True)
class _Running:
    stage: Stage
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Keeps stages running until it is told to stop.

    Args:
        stages: In the order of the flow.
        environment: Environment of the children.
        output: Where the children write what they have to say; None: where this process does.
    """

    stages: Sequence[Stage]
    environment: Mapping[str, str]
    output: IO[bytes] | None = None
    _running: list[_Running] = field(init=False)
    _stopping: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._running = [_Running(stage) for stage in self.stages]

    def start(self) -> None:
        """Start every stage, the last of the flow first."""
        for running in reversed(self._running):
            self._start(running)

    def request_stop(self) -> None:
        """Have `watch` return; safe in a signal handler."""
        self._stopping = True

    def watch(self, until: Callable[[], bool] = lambda: False) -> int:
        """Restart what dies, until told to stop or `until` is true; return the exit code.

        0 when told to stop, `EXIT_USER` when a stage says that no restart helps.
        """
        while not self._stopping and not until():
            for running in self._running:
                if self._look_after(running):
                    return EXIT_USER
            time.sleep(LOOK_EVERY_SECONDS)
        return 0

    def stop(self) -> None:
        """Stop every stage, the first of the flow first; those that don't stop in time are ended."""
        for running in self._running:
            if running.child is not None:
                code = processes.stop(running.child)
                log.info("stage stopped", name=running.stage.name, code=code)
                running.child = None

    def pids(self) -> dict[str, int]:
        """Return the process id of each stage that runs."""
        return {running.stage.name: running.child.pid for running in self._running if running.child is not None}

    def _start(self, running: _Running) -> None:
        running.child = processes.start(running.stage.command, self.environment, self.output)
        running.started = time.monotonic()
        log.info("stage started", name=running.stage.name, pid=running.child.pid)

    def _look_after(self, running: _Running) -> bool:
        """Restart a stage that died when it is due; return whether no restart helps."""
        if running.child is None:
            if time.monotonic() >= running.due:
                self._start(running)
            return False
        code = running.child.poll()
        if code is None:
            return False
        running.child = None
        if code == EXIT_USER:
            log.error("stage can't run", name=running.stage.name)
            return True
        lived = time.monotonic() - running.started
        running.deaths = 1 if lived >= STABLE_SECONDS else running.deaths + 1
        delay = restart_delay(running.deaths, random.random())  # noqa: S311 - no secret
        running.due = time.monotonic() + delay
        log.warning("stage died", name=running.stage.name, code=code, restart_in_seconds=round(delay, 1))
        return False


def run_until_signal(supervisor: Supervisor) -> int:
    """Run the stages until SIGINT or SIGTERM, stop them in order, and return the exit code."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        supervisor.request_stop()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        supervisor.start()
        return supervisor.watch()
    finally:
        supervisor.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
