"""Runs one engine, and ends it when the program that started it ends, however that ends.

A small program of its own, run as `python guard.py GRACE UID GID COMMAND...`, that imports nothing of the project::

    Tallywire ──pipe (standard input)──► guard ──► engine ──► what the engine starts

The pipe's other end closes with Tallywire, even when that is killed; then, or at SIGTERM, the guard asks the
engine's whole process group to stop, and kills what is left of it after GRACE seconds. UID -1 keeps the user.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
CANNOT_RUN = 127  # the shell's exit code for a command that it can't run

# <linux/prctl.h>
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def set_process_option(option: int, value: int) -> None:
    """Set a Linux process attribute; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def wake_on_signals() -> int:
    """Return the file descriptor that a byte (the signal's number) arrives on with each signal."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable)
    for number in (*STOP_SIGNALS, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return readable


def run(command: list[str], uid: int, gid: int) -> "subprocess.Popen[bytes]":
    """Start the engine as leader of its own process group, as an unprivileged user if one is given."""
    set_process_option(PR_SET_CHILD_SUBREAPER, 1)  # the engine's orphans become ours, so that we see them end
    other_user = uid >= 0
    return subprocess.Popen(  # noqa: S603 - the command is our parent's
        command,
        stdin=subprocess.DEVNULL,
        process_group=0,
        user=uid if other_user else None,
        group=gid if other_user else None,
        extra_groups=[] if other_user else None,
        # The engine dies with a killed guard; this process has one thread, so that running Python there is safe.
        preexec_fn=lambda: set_process_option(PR_SET_PDEATHSIG, signal.SIGKILL),  # noqa: PLW1509
    )


def wait(engine: "subprocess.Popen[bytes]", signals: int) -> None:
    """Return when the engine has ended, our parent has ended, or we are told to stop."""
    while engine.poll() is None:
        ready, _, _ = select.select([sys.stdin.fileno(), signals], [], [])
        if sys.stdin.fileno() in ready:
            return
        if any(number in STOP_SIGNALS for number in os.read(signals, 64)):
            return


def group_is_empty(leader: int) -> bool:
    """Reap what has ended of a process group; return whether nothing of it is left."""
    try:
        while os.waitpid(-leader, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass
    else:
        return False
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return True  # on macOS: only zombies are left
    return False


def stop(engine: "subprocess.Popen[bytes]", grace: float) -> None:
    """Ask the engine's process group to stop, and kill it when it hasn't after `grace` seconds."""
    deadline = time.monotonic() + grace
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(engine.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            engine.wait(max(0.0, deadline - time.monotonic()) if number == signal.SIGTERM else None)
        while not (empty := group_is_empty(engine.pid)) and time.monotonic() < deadline:
            time.sleep(0.02)
        if empty:
            return


def main(arguments: list[str]) -> int:
    """Run a command until it ends or must; return its exit code as a shell would."""
    grace, uid, gid, command = float(arguments[0]), int(arguments[1]), int(arguments[2]), arguments[3:]
    signals = wake_on_signals()
    try:
        engine = run(command, uid, gid)
    except OSError as error:
        sys.stderr.write(f"ERROR can't run {command[0]}: {error}\n")
        return CANNOT_RUN
    try:
        wait(engine, signals)
    finally:
        stop(engine, grace)
    return engine.returncode if engine.returncode >= 0 else 128 - engine.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
