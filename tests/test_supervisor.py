"""The supervisor restarts what dies, gives up on what no restart helps, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallywire import processes
from tallywire.errors import EXIT_USER
from tallywire.supervisor import LONGEST_DELAY_SECONDS, Stage, Supervisor, restart_delay


@dataclass(frozen=True)
class Script(Stage):
    """A stage that is a few lines of Python."""

    code: str = ""

    @property
    def command(self) -> list[str]:
        """Return the command line that runs the code."""
        return [sys.executable, "-c", self.code]


def script(name: str, code: str) -> Script:
    """Return a stage that runs the code."""
    return Script(name, (), textwrap.dedent(code))


SLEEPER = "import time; time.sleep(600)"


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Return when the condition holds; fail when it doesn't in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_restarts_come_later_and_later_up_to_a_limit(deaths: int, jitter: float) -> None:
    """A delay never shrinks with another death, and is capped."""
    assert 1 <= restart_delay(deaths, jitter) <= LONGEST_DELAY_SECONDS * 1.2
    assert restart_delay(deaths, 0) <= restart_delay(deaths + 1, 0)


def test_a_stage_that_dies_is_started_again(tmp_path: Path) -> None:
    """The first run dies, the second one stays."""
    mark = tmp_path / "died"
    code = f"""
        import pathlib, sys, time
        mark = pathlib.Path({str(mark)!r})
        if not mark.exists():
            mark.touch()
            sys.exit(1)
        time.sleep(600)
    """
    supervisor = Supervisor([script("fragile", code)], os.environ)
    supervisor.start()
    first = supervisor.pids()["fragile"]
    try:
        code_returned = supervisor.watch(until=lambda: supervisor.pids().get("fragile", first) != first)
        assert code_returned == 0
        assert mark.exists()
    finally:
        supervisor.stop()


def test_what_no_restart_helps_ends_the_run() -> None:
    """A stage that ends with the user's exit code isn't started again."""
    hopeless = script("hopeless", f"import sys; sys.exit({EXIT_USER})")
    supervisor = Supervisor([hopeless, script("fine", SLEEPER)], os.environ)
    supervisor.start()
    fine = supervisor.pids()["fine"]
    try:
        assert supervisor.watch() == EXIT_USER
    finally:
        supervisor.stop()
    assert not psutil.pid_exists(fine)


def test_stages_stop_in_the_order_of_the_flow(tmp_path: Path) -> None:
    """The stage that writes has stopped before the stage that reads is asked to."""
    log = tmp_path / "log"
    log.touch()

    def stage(name: str) -> Script:
        return script(
            name,
            f"""
            import pathlib, signal, sys, time
            def stop(*_):
                with pathlib.Path({str(log)!r}).open("a") as out:
                    out.write("{name} ")
                sys.exit(0)
            signal.signal(signal.SIGTERM, stop)
            pathlib.Path({str(tmp_path)!r}, "{name}.up").touch()
            time.sleep(600)
            """,
        )

    names = ("first", "second", "third")
    supervisor = Supervisor([stage(name) for name in names], os.environ)
    supervisor.start()
    try:
        wait_for(lambda: all((tmp_path / f"{name}.up").exists() for name in names))
    finally:
        supervisor.stop()
    assert log.read_text().split() == list(names)


def test_a_child_that_does_not_listen_is_ended(tmp_path: Path) -> None:
    """Stopping takes no longer than the time it was given."""
    up = tmp_path / "up"
    deaf = script(
        "deaf",
        f"""
        import pathlib, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        pathlib.Path({str(up)!r}).touch()
        time.sleep(600)
        """,
    )
    child = processes.start(deaf.command, os.environ)
    wait_for(up.exists)
    assert processes.stop(child, seconds=0.5) == -signal.SIGKILL


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "terminated"])
def test_a_stage_ends_with_its_supervisor(tmp_path: Path, end: signal.Signals) -> None:
    """Also a supervisor that was killed leaves no process behind."""
    pid_file = tmp_path / "pid"
    child = f"""
        import os, pathlib, time
        from tallywire import processes
        processes.end_with_supervisor(os.environ)
        pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))
        time.sleep(600)
    """
    parent = f"""
        import os, sys, time
        from tallywire import processes
        processes.start([sys.executable, "-c", {textwrap.dedent(child)!r}], os.environ)
        time.sleep(600)
    """
    supervisor = subprocess.Popen([sys.executable, "-c", textwrap.dedent(parent)])
    try:
        wait_for(lambda: pid_file.exists() and bool(pid_file.read_text()))
    finally:
        supervisor.send_signal(end)
        supervisor.wait()
    pid = int(pid_file.read_text())
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
