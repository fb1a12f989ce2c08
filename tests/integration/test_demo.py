"""The demo, as a new user runs it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tallywire.engines import RunningEngines

SECONDS = 240


@pytest.fixture
def environment(run_directory: Path, engines: RunningEngines) -> dict[str, str]:  # noqa: ARG001 - downloads, once
    """Return an environment in which nothing of this machine's own Tallywire is met."""
    ours = {
        "TALLYWIRE_DATA_DIR": str(run_directory / "demo"),
        "TALLYWIRE_KAFKA_PORT": "0",
        "TALLYWIRE_ELASTICSEARCH_PORT": "0",
    }
    return {**os.environ, **ours}


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start the demo."""
    command = [sys.executable, "-m", "tallywire", "demo", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def lines(demo: subprocess.Popen[str]) -> Iterator[str]:
    """Yield what the demo prints, as it prints it."""
    assert demo.stdout is not None
    for line in demo.stdout:  # noqa: UP028 - `yield from` would close the pipe with the generator
        yield line


def family(demo: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the demo's processes, engines and stages included."""
    parent = psutil.Process(demo.pid)
    return [parent, *parent.children(recursive=True)]


def test_it_finds_and_checks_every_incident_twice_over(environment: dict[str, str]) -> None:
    """The first run starts the engines and checks all; `search` and `show` find it; a second run is as good."""
    for _ in range(2):
        demo = start(environment, "--once")
        printed, _nothing = demo.communicate(timeout=SECONDS)
        assert demo.returncode == 0, printed
        assert "All checked" in printed
        assert "Armanāz, Idlib, SY" in printed
        assert "28 to 40" in printed


def test_it_stays_up_until_ctrl_c_and_leaves_nothing(environment: dict[str, str]) -> None:
    """It says where to look, what it says works, and Ctrl-C ends it with everything that it started."""
    demo = start(environment)
    printed = []
    for line in lines(demo):
        printed.append(line)
        if "Ctrl-C ends the demo" in line:
            break
    assert demo.poll() is None, "".join(printed)
    processes = family(demo)
    assert len(processes) > 6
    for arguments in (("search", "armanaz"), ("status",), ("feeds",)):
        command = [sys.executable, "-m", "tallywire", "--prefix", "tallywire-demo", *arguments]
        subprocess.run(command, env=environment, check=True, capture_output=True)
    demo.send_signal(signal.SIGINT)
    rest, _nothing = demo.communicate(timeout=60)
    assert demo.returncode == 0, rest
    _, alive = psutil.wait_procs(processes, timeout=15)
    assert not alive


@pytest.mark.parametrize("seconds", [0.0, 3.0, 8.0, 13.0])
def test_ctrl_c_during_the_start_leaves_nothing(environment: dict[str, str], seconds: float) -> None:
    """Whenever it comes, no engine and no stage outlives it, and no traceback is shown."""
    demo = start(environment)
    next(lines(demo))  # before it, Python is still loading
    time.sleep(seconds)
    processes = family(demo)
    demo.send_signal(signal.SIGINT)
    printed, _nothing = demo.communicate(timeout=60)
    assert demo.returncode == 128 + signal.SIGINT, printed
    assert "Traceback" not in printed
    _, alive = psutil.wait_procs(processes, timeout=15)
    assert not alive
