"""What engines run: a state file for other commands to find them by, and a lock that one start at a time holds."""

import fcntl
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import psutil

from tallywire.engines.errors import EngineError
from tallywire.engines.process import GuardedProcess

STATE_FILE = "engines.json"
LOCK_FILE = "engines.lock"
CLOCK_CORRECTION_SECONDS = 2.0  # a corrected system clock moves the start times that Linux reports


@dataclass(frozen=True)
class EngineState:
    """One started engine: its guard's process id and start (seconds since 1970), and where it listens."""

    name: str
    version: str
    pid: int
    created: float
    port: int


@dataclass(frozen=True)
class State:
    """The engines that one process started, and when (UTC)."""

    owner: int
    started: datetime
    engines: tuple[EngineState, ...]

    def port(self, name: str) -> int | None:
        """Return the port of the engine of that name."""
        return next((engine.port for engine in self.engines if engine.name == name), None)


def engine_state(guarded: GuardedProcess) -> EngineState:
    """Return what to write down of an engine."""
    launch = guarded.launch
    return EngineState(launch.name, launch.version, guarded.pid, start_time(guarded.pid) or 0.0, launch.port)


def start_time(pid: int) -> float | None:
    """Return when a process started, in seconds since 1970; None: there is none, or a dead one."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None


def is_alive(engine: EngineState) -> bool:
    """Return whether the very process that was written down still runs: ids are used again, start times aren't."""
    started = start_time(engine.pid)
    return started is not None and abs(started - engine.created) < CLOCK_CORRECTION_SECONDS


def write_state(directory: Path, state: State) -> None:
    """Replace the state file whole."""
    aside = directory / f".{STATE_FILE}.{os.getpid()}"
    aside.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
    aside.replace(directory / STATE_FILE)


def read_state(directory: Path) -> State | None:
    """Return what the state file says; None: there is none, or nothing sensible in it."""
    try:
        return msgspec.json.decode((directory / STATE_FILE).read_bytes(), type=State)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None


def remove_state(directory: Path) -> None:
    """Remove the state file if there is one."""
    (directory / STATE_FILE).unlink(missing_ok=True)


class DirectoryLock:
    """The right to start engines in a data directory; the system gives it up with the process that has it."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / LOCK_FILE
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody has it; return whether we have it now.

        Raises:
            EngineError: The directory is another user's.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except PermissionError:
            raise EngineError(
                f"{self._path.parent} belongs to another user; set TALLYWIRE_DATA_DIR to a directory of your own."
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock up if we have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
