"""Child processes that end with their parent."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO

SUPERVISOR_VARIABLE = "TALLYWIRE_SUPERVISOR_PID"
"""Names the process that a stage belongs to; set by `tallywire run` for its children."""

LOOK_EVERY_SECONDS = 0.5
GRACE_SECONDS = 15.0
"""Time that an orphan has to stop by itself."""


def start(
    command: Sequence[str], environment: Mapping[str, str], output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, so that Ctrl-C reaches it through its supervisor only.

    What it prints goes to `output`, or where this process prints.
    """
    return subprocess.Popen(  # noqa: S603 - the command is ours
        list(command),
        env={**environment, SUPERVISOR_VARIABLE: str(os.getpid())},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        process_group=0,
    )


def stop(child: subprocess.Popen[bytes], seconds: float = GRACE_SECONDS) -> int:
    """Ask a child to stop, end it if it doesn't in time, and return its exit code."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


def end_with_supervisor(environment: Mapping[str, str]) -> None:
    """Have this process stop when the supervisor that started it is gone, however that ended."""
    supervisor = environment.get(SUPERVISOR_VARIABLE)
    if supervisor is None:
        return
    watch = threading.Thread(target=_watch, args=(int(supervisor),), name="supervisor-watch", daemon=True)
    watch.start()


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(LOOK_EVERY_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
