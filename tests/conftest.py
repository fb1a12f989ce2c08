"""What every test shares."""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tallywire.engines import EngineSettings

settings.register_profile(
    "tallywire",
    deadline=None,  # a busy machine isn't a defect: speed is measured by `make bench`
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),  # in CI the same commit gives the same answer
)
settings.load_profile("tallywire")

COMPOSE = "github.com/docker/compose/v2/cmd@v2.32.4"
"""The last Compose that `go install` can build; it checks and resolves a compose file without a Docker engine."""

BUILD_LIGHTLY = ("-gcflags=all=-N -l -dwarf=false", "-ldflags=-s -w")
"""Nothing is optimized, nor described for debuggers: the build takes longer than all that the program does here."""

ROOT = Path(__file__).parent.parent

RUN_DIRECTORY = "TALLYWIRE_TEST_RUN_DIRECTORY"
"""Names the directory that the processes of one test run share, for pytest-xdist's workers."""

GROUPS = {
    # Two more pairs of engines at the same time would starve each other.
    "tests/integration/test_demo.py": "engines of their own",
    "tests/integration/test_engines.py": "engines of their own",
    # What all tests of the file share takes long to make.
    "tests/integration/test_sinks.py": "sinks",
    "tests/integration/test_sinks_kibana.py": "kibana",
    "tests/test_wheel.py": "wheel",
}
"""Which files' tests one worker runs."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's directory, in the process that starts the workers; pytest's own is closed to other users."""
    if RUN_DIRECTORY in os.environ:
        return
    directory = Path(tempfile.mkdtemp(prefix="tallywire-test-"))
    directory.chmod(0o755)
    os.environ[RUN_DIRECTORY] = str(directory)
    # After Ctrl-C its engines may still be stopping.
    config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(RUN_DIRECTORY), ignore_errors=True))


class Scheduling(LoadScopeScheduling):
    """Hands each worker the next test, or the next group of tests that one worker has to run."""

    def _split_scope(self, nodeid: str) -> str:
        return GROUPS.get(nodeid.partition("::")[0], nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Have the tests handed out as above."""
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def run_directory() -> Path:
    """Return the run's directory, which the engines' unprivileged user can enter."""
    return Path(os.environ[RUN_DIRECTORY])


@pytest.fixture(scope="session")
def compose_program(run_directory: Path) -> Path:
    """Return Docker Compose, built from its Go module the first time and kept in the cache."""
    program = EngineSettings().cache_dir / f"compose-{COMPOSE.rpartition('@')[2]}" / "compose"
    with (run_directory / "compose.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker builds it
        if not program.exists():
            build_compose(program)
    return program


def build_compose(program: Path) -> None:
    """Build Docker Compose."""
    go = shutil.which("go")
    if go is None:
        pytest.fail("Go isn't installed, which the compose file is checked with: install Go 1.22 or newer.")
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=program.parent) as folder:
        # Nice, because other workers' tests run meanwhile.
        subprocess.run(
            ["nice", go, "install", *BUILD_LIGHTLY, COMPOSE],
            env={**os.environ, "GOBIN": folder, "CGO_ENABLED": "0"},
            check=True,
        )
        (Path(folder) / "cmd").rename(program)


@pytest.fixture(scope="session")
def compose_config(compose_program: Path) -> Callable[..., dict[str, Any]]:
    """Return a function that resolves the compose file with `.env.example`, other values given by name."""

    def resolve(**others: str) -> dict[str, Any]:
        ran = subprocess.run(
            [
                compose_program,
                "--env-file",
                ".env.example",
                "--file",
                "docker-compose.yml",
                "config",
                "--format",
                "json",
            ],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **others},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        config: dict[str, Any] = json.loads(ran.stdout)
        return config

    return resolve
