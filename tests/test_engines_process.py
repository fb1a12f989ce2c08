"""Child processes under their guard: nothing survives its parent, and deaths are explained."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tallywire.engines import guard
from tallywire.engines.errors import EngineError
from tallywire.engines.launcher import has_answered
from tallywire.engines.process import (
    GuardedProcess,
    Launch,
    death_notice,
    interrupts_deferred,
    spawn,
    stop_all,
    telling_lines,
)

POLITE = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
FAMILY = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "print('up', flush=True); time.sleep(600)"
)
ORPHANING = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"


def launch(program: str, directory: Path) -> Launch:
    """Return how to start a small Python program as if it were an engine."""
    return Launch(
        name="Kafka",
        version="4.1.2",
        port=1,
        command=(sys.executable, "-c", program),
        environment={"PATH": os.defpath, "TALLYWIRE_TEST_MARK": str(directory)},
        directory=directory,
        logs=(directory / "engine.out", directory / "engine.log"),
    )


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for a condition, and fail when it doesn't come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def marked(directory: Path) -> list[psutil.Process]:
    """Return the living processes that were started with this directory's mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TALLYWIRE_TEST_MARK") == str(directory):
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[str, float], GuardedProcess]]:
    """Return a function that starts a program under a guard and waits until it is up."""
    processes: list[GuardedProcess] = []

    def start(program: str, grace: float) -> GuardedProcess:
        processes.append(spawn(launch(program, tmp_path), None, grace))
        wait_until(lambda: (tmp_path / "engine.out").read_text() == "up\n")
        return processes[-1]

    yield start
    stop_all(processes, 5)
    assert marked(tmp_path) == []


Starter = Callable[[str, float], GuardedProcess]


@pytest.mark.parametrize("program", [pytest.param(POLITE, id="alone"), pytest.param(FAMILY, id="with a child")])
def test_stopping_ends_the_whole_family(program: str, started: Starter, tmp_path: Path) -> None:
    """An engine that is asked to stop ends with everything it started."""
    guarded = started(program, 10)
    stop_all([guarded], 10)
    assert guarded.process.returncode == 128 + signal.SIGTERM
    assert marked(tmp_path) == []


def test_what_will_not_stop_is_killed(started: Starter, tmp_path: Path) -> None:
    """An engine that ignores the request is killed after its time."""
    guarded = started(STUBBORN, 0.3)
    stop_all([guarded], 0.3)
    assert guarded.process.returncode == 128 + signal.SIGKILL
    assert marked(tmp_path) == []


def test_a_closed_lifeline_ends_the_engine(started: Starter, tmp_path: Path) -> None:
    """When our end of the pipe closes, as it does however we die, the engine stops."""
    guarded = started(FAMILY, 10)
    guarded.lifeline.close()
    assert guarded.process.wait(10) == 128 + signal.SIGTERM
    assert marked(tmp_path) == []


def test_an_engine_dies_with_a_killed_parent(tmp_path: Path) -> None:
    """When the program that started an engine is killed, the engine stops by itself."""
    parent_program = textwrap.dedent(f"""
        import os, pathlib, sys, time
        from tallywire.engines.process import Launch, spawn
        here = pathlib.Path({str(tmp_path)!r})
        guarded = spawn(Launch("Kafka", "1", 1, (sys.executable, "-c", {FAMILY!r}),
              {{"PATH": os.defpath, "TALLYWIRE_TEST_MARK": str(here)}}, here, (here / "engine.out",)), None, 10)
        time.sleep(600)
    """)
    with subprocess.Popen([sys.executable, "-c", parent_program]) as parent:
        try:
            wait_until(lambda: (tmp_path / "engine.out").exists() and (tmp_path / "engine.out").read_text() == "up\n")
            assert len(marked(tmp_path)) == 3  # guard, engine, its child
        finally:
            parent.kill()
    wait_until(lambda: marked(tmp_path) == [])


def test_what_an_engine_leaves_behind_is_ended(tmp_path: Path) -> None:
    """When an engine ends and a child of it goes on, the guard ends the child too."""
    guarded = spawn(launch(ORPHANING, tmp_path), None, 1)
    assert guarded.process.wait(20) == 0
    assert marked(tmp_path) == []
    guarded.lifeline.close()


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A command that can't be run gives the shell's exit code and a line that says which."""
    missing = launch("", tmp_path)
    missing = Launch(
        missing.name, missing.version, 1, ("/no/such/program",), missing.environment, tmp_path, missing.logs
    )
    guarded = spawn(missing, None, 1)
    assert guarded.process.wait(20) == guard.CANNOT_RUN
    assert "/no/such/program" in death_notice(missing, guard.CANNOT_RUN)
    guarded.lifeline.close()


def test_an_early_death_is_told_with_its_log(tmp_path: Path) -> None:
    """Waiting for an engine that dies fails at once, with the exit code, the reason and where the log is."""
    program = "import sys; print('INFO fine'); print('ERROR the disk is on fire', flush=True); sys.exit(3)"
    guarded = spawn(launch(program, tmp_path), None, 1)
    guarded.process.wait(20)
    with pytest.raises(EngineError) as caught:
        has_answered(guarded, overdue=False)
    assert "exit code 3" in str(caught.value)
    assert "the disk is on fire" in str(caught.value)
    assert str(tmp_path / "engine.log") in str(caught.value)
    assert "INFO fine" not in str(caught.value)
    guarded.lifeline.close()


def test_an_engine_that_is_overdue_fails_the_start(started: Starter) -> None:
    """An engine that lives but doesn't answer is waited for only until its time is over."""
    guarded = started(POLITE, 5)
    assert not has_answered(guarded, overdue=False)
    with pytest.raises(EngineError, match="Kafka didn't answer in time"):
        has_answered(guarded, overdue=True)


@pytest.mark.parametrize(
    ("log", "told"),
    [
        pytest.param(
            "INFO starting\nERROR Exiting Kafka\njava.io.IOException: no space\n\tat a.B.c(B.java:1)\nINFO bye\n",
            ["ERROR Exiting Kafka", "java.io.IOException: no space"],
            id="errors without their stack",
        ),
        pytest.param("one\ntwo\n\nthree\n", ["two", "three"], id="nothing telling: the last lines"),
        pytest.param("ERROR a\nERROR a\nERROR b\nERROR c\n", ["ERROR a", "ERROR b"], id="each once, the first ones"),
        pytest.param("WARNING: an Exception of no weight\nlast\n", ["last"], id="Java's own warnings"),
        pytest.param("", [], id="empty"),
    ],
)
def test_telling_lines(log: str, told: list[str]) -> None:
    """Of a log, the lines that say why come out."""
    assert telling_lines(log, limit=2) == told


def test_an_interrupt_waits_for_the_end_of_the_block() -> None:
    """Ctrl-C inside the block is held back, and comes through right after it."""
    steps = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012, SIM117 - the order inside is what is tested
        with interrupts_deferred():
            signal.raise_signal(signal.SIGINT)
            steps.append("after the signal")
    assert steps == ["after the signal"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
