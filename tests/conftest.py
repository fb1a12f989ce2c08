"""What every test shares."""

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

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def compose_program() -> Path:
    """Return Docker Compose, built from its Go module the first time and kept in the cache."""
    program = EngineSettings().cache_dir / f"compose-{COMPOSE.rpartition('@')[2]}" / "compose"
    if not program.exists():
        go = shutil.which("go")
        if go is None:
            pytest.fail("Go isn't installed, which the compose file is checked with: install Go 1.22 or newer.")
        program.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=program.parent) as folder:
            subprocess.run([go, "install", COMPOSE], env={**os.environ, "GOBIN": folder}, check=True)
            (Path(folder) / "cmd").rename(program)
    return program


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
