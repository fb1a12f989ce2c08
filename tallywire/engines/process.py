"""Engines as child processes: started under a guard, watched, stopped."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from tallywire.engines import guard
from tallywire.engines.account import Account
from tallywire.engines.errors import EngineError

TELLING = re.compile(r"\b(?:ERROR|FATAL)\b|Exception\b|Error:|Caused by|cannot|could not|is not", re.IGNORECASE)
NOISE = re.compile(r"\s+at |\s*\.\.\. \d+ more|WARNING: ")  # stack frames, and Java's own warnings
MAX_LOG_BYTES = 200_000


@dataclass(frozen=True)
class Launch:
    """How to start one engine; `logs` are the files that tell why it died, the first takes its output."""

    name: str
    version: str
    port: int
    command: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path
    logs: tuple[Path, ...]


@dataclass(frozen=True)
class GuardedProcess:
    """A running engine; `lifeline` is the pipe whose closing ends it."""

    launch: Launch
    process: "subprocess.Popen[bytes]"
    lifeline: BinaryIO

    @property
    def pid(self) -> int:
        """Return the id of the guard, which lives as long as its engine."""
        return self.process.pid


@contextmanager
def interrupts_deferred() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM inside the block, and let them through at its end.

    Between a process's start and our noting it, an exception would lose it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is ever interrupted
        return
    held: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        held.append(number)

    current = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before = {number: handler for number, handler in current.items() if callable(handler)}  # Python's own
    for number in before:
        signal.signal(number, hold)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if held:
            signal.raise_signal(held[0])


def spawn(launch: Launch, account: Account | None, grace: float) -> GuardedProcess:
    """Start an engine under a guard that ends it when we end; call it with interrupts deferred.

    Raises:
        EngineError: The log file can't be written.
    """
    user = (-1, -1) if account is None else (account.uid, account.gid)
    # The guard needs no site packages, and -I keeps this folder's module names out of its way.
    command = [sys.executable, "-I", "-S", guard.__file__, str(grace), *map(str, user), *launch.command]
    try:
        output = launch.logs[0].open("wb")
    except OSError as error:
        raise EngineError(f"Can't write {launch.logs[0]}: {error.strerror}.") from None
    readable, writable = os.pipe()
    lifeline = os.fdopen(writable, "wb", buffering=0)
    try:
        with output:
            process = subprocess.Popen(  # noqa: S603 - the command is built above
                command,
                stdin=readable,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(launch.environment),
                cwd=launch.directory,
                start_new_session=True,  # a terminal's Ctrl-C is ours to handle
            )
    except BaseException:
        lifeline.close()
        raise
    finally:
        os.close(readable)
    return GuardedProcess(launch, process, lifeline)


def stop_all(processes: list[GuardedProcess], limit: float) -> None:
    """Ask all to stop at once, then wait until the last has; the guards kill what takes longer than `limit` s."""
    with interrupts_deferred():
        for guarded in processes:
            if guarded.process.poll() is None:
                guarded.process.terminate()
    for guarded in processes:
        try:
            guarded.process.wait(limit + 5)
        except subprocess.TimeoutExpired:
            guarded.process.kill()  # the engine dies with its guard
            guarded.process.wait()
    while processes:
        processes.pop().lifeline.close()


def telling_lines(log: str, limit: int = 6) -> list[str]:
    """Return the lines of a log that say why a program died; its last ones when none does."""
    lines = [line.rstrip() for line in log.splitlines() if line.strip() and not NOISE.match(line)]
    telling = [line for line in lines if TELLING.search(line)]
    return list(dict.fromkeys(telling))[:limit] or lines[-limit:]


def death_notice(launch: Launch, exit_code: int | None) -> str:
    """Return what to tell of an engine that ended or never answered, with the telling lines of its logs."""
    fate = "didn't answer in time" if exit_code is None else f"ended with exit code {exit_code}"
    lines = [line for log in launch.logs for line in telling_lines(read_tail(log))]
    quoted = "".join(f"\n  {line[:300]}" for line in dict.fromkeys(lines))
    return f"{launch.name} {fate}; its log is {launch.logs[-1]}:{quoted}"


def read_tail(path: Path) -> str:
    """Return the end of a text file; nothing when it isn't there."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - MAX_LOG_BYTES))
        return file.read().decode("utf-8", "replace")
