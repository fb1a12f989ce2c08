"""Starts both engines, finds running ones, stops them.

The flow of a start::

    lock the data directory ─► Java? ports free? ─► programs (downloaded, checked)
        ─► start Elasticsearch ─► format and start Kafka (each start goes into the state file) ─► both answer?

Only downloads use threads. Whatever is raised on the way, Ctrl-C included, what was started is stopped; and should
this process be killed, the engines' guards see it and stop them.
"""

import shutil
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tallywire.engines import elasticsearch, kafka, state
from tallywire.engines.account import engine_account, shared_directory
from tallywire.engines.errors import EngineError
from tallywire.engines.launcher import Launcher
from tallywire.engines.ports import LOOPBACK
from tallywire.engines.process import GuardedProcess, death_notice, stop_all
from tallywire.engines.progress import ProgressCallback, ignore
from tallywire.engines.settings import EngineSettings

LOOK_EVERY_SECONDS = 0.2
ENGINE_FOLDERS = ("kafka", "elasticsearch")


@dataclass
class RunningEngines:
    """Both engines, answering; as a context manager it stops them at the end if this process started them."""

    kafka_port: int
    elasticsearch_port: int
    settings: EngineSettings
    _processes: list[GuardedProcess] = field(default_factory=list, repr=False)
    _lock: state.DirectoryLock | None = field(default=None, repr=False)

    @property
    def owned(self) -> bool:
        """Return whether this process started the engines; those that it only found it never stops."""
        return self._lock is not None

    @property
    def bootstrap_servers(self) -> str:
        """Return the address for Kafka clients, `host:port`."""
        return f"{LOOPBACK}:{self.kafka_port}"

    @property
    def elasticsearch_url(self) -> str:
        """Return the address for Elasticsearch clients."""
        return elasticsearch.url(self.elasticsearch_port)

    def check(self) -> None:
        """Check that the engines which we started still run.

        Raises:
            EngineError: One ended; the message has the telling lines of its log.
        """
        for guarded in self._processes:
            if (code := guarded.process.poll()) is not None:
                raise EngineError(death_notice(guarded.launch, code))

    def stop(self) -> None:
        """Stop the engines if we started them; calling it again does nothing."""
        if self._lock is None:
            return
        _close(self._processes, self._lock, self.settings)
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def find(settings: EngineSettings) -> RunningEngines | None:
    """Return the engines that run on this data directory and answer; None: there are none."""
    found = state.read_state(settings.data_dir)
    if found is None or not all(state.is_alive(engine) for engine in found.engines):
        return None
    kafka_port, elasticsearch_port = found.port(kafka.NAME), found.port(elasticsearch.NAME)
    if kafka_port is None or elasticsearch_port is None:
        return None
    if not (kafka.answers(kafka_port) and elasticsearch.answers(elasticsearch_port)):
        return None
    return RunningEngines(kafka_port, elasticsearch_port, settings)


def start(settings: EngineSettings, progress: ProgressCallback = ignore, *, fresh: bool = False) -> RunningEngines:
    """Return both engines, answering: those that run already on this data directory, else newly started ones.

    Args:
        settings: Where they lie and listen.
        progress: Told of downloads, unpacking and starts.
        fresh: Remove all their data first.

    Raises:
        EngineError: They can't be had, can't start, or `fresh` was asked for while they run.
    """
    account = engine_account(settings.engine_user)
    shared_directory(settings.data_dir, account, "TALLYWIRE_DATA_DIR")
    lock = state.DirectoryLock(settings.data_dir)
    running = _running_or_lock(settings, lock)
    if running is not None:
        if fresh:
            raise EngineError("The engines are running; stop them before starting afresh.")
        return running
    processes: list[GuardedProcess] = []
    try:
        clear_remains(settings, fresh=fresh)
        plans = Launcher(settings, account, progress, processes).launch()
        return RunningEngines(plans.kafka.port, plans.elasticsearch.port, settings, processes, lock)
    except BaseException:
        _close(processes, lock, settings)
        raise


def _close(processes: list[GuardedProcess], lock: state.DirectoryLock, settings: EngineSettings) -> None:
    try:
        stop_all(processes, settings.engine_stop_timeout)
        state.remove_state(settings.data_dir)
    finally:
        lock.release()


def _running_or_lock(settings: EngineSettings, lock: state.DirectoryLock) -> RunningEngines | None:
    """Return running engines, or None once we hold the lock; another process's start is waited for.

    Raises:
        EngineError: Another process holds the lock, and its engines never answered.
    """
    deadline = time.monotonic() + settings.engine_start_timeout
    while not lock.acquire():
        if running := find(settings):
            return running
        if time.monotonic() > deadline:
            raise EngineError(
                f"Another Tallywire is starting engines in {settings.data_dir}, but they don't answer; stop it."
            )
        time.sleep(LOOK_EVERY_SECONDS)
    return None


def clear_remains(settings: EngineSettings, *, fresh: bool) -> None:
    """Wait for the engines of a killed process to end, as their guards make them; then remove what is stale.

    Raises:
        EngineError: They go on.
    """
    deadline = time.monotonic() + settings.engine_stop_timeout + LOOK_EVERY_SECONDS
    remains = state.read_state(settings.data_dir)
    while remains and (alive := [engine for engine in remains.engines if state.is_alive(engine)]):
        if time.monotonic() > deadline:
            who = ", ".join(f"{engine.name} (process {engine.pid})" for engine in alive)
            raise EngineError(f"Engines of an earlier Tallywire don't end: {who}; end them.")
        time.sleep(LOOK_EVERY_SECONDS)
    state.remove_state(settings.data_dir)
    if fresh:
        for folder in ENGINE_FOLDERS:
            if (settings.data_dir / folder).exists():
                shutil.rmtree(settings.data_dir / folder)
