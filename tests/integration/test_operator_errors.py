"""What a user can get wrong ends in one clear sentence and an exit code, never in a traceback."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tallywire.errors import EXIT_ENGINE, EXIT_USER


@dataclass(frozen=True)
class Mistake:
    """A command line, its environment, and what is said."""

    arguments: tuple[str, ...]
    says: str
    environment: Mapping[str, str]
    code: int = EXIT_USER


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


DOWN = {
    "TALLYWIRE_KAFKA_SERVERS": f"127.0.0.1:{free_port()}",
    "TALLYWIRE_ELASTICSEARCH_URL": f"http://127.0.0.1:{free_port()}",
    "TALLYWIRE_STARTUP_WAIT_SECONDS": "1",
}
MISTAKES = {
    "no feed list": Mistake(("run", "--feeds", "nowhere.toml"), "Feed list nowhere.toml can't be read", DOWN),
    "bad feed list": Mistake(("run", "--feeds", "bad.toml"), "bad.toml is not valid TOML", DOWN),
    "a setting": Mistake(("status",), "TALLYWIRE_TOPIC_PARTITIONS", {**DOWN, "TALLYWIRE_TOPIC_PARTITIONS": "some"}),
    "Kafka down, run": Mistake(("run", "--feeds", "good.toml"), "start one with `tallywire up`", DOWN, EXIT_ENGINE),
    "Kafka down, setup": Mistake(("setup",), "start one with `tallywire up`", DOWN, EXIT_ENGINE),
    "Kafka down, status": Mistake(("status",), "start one with `tallywire up`", DOWN, EXIT_ENGINE),
    "Kafka down, produce": Mistake(("produce",), "start one with `tallywire up`", DOWN, EXIT_ENGINE),
    "Kafka down, extract": Mistake(("process", "extract"), "start one with `tallywire up`", DOWN, EXIT_ENGINE),
    "Kafka down, sink": Mistake(("sink",), "start", DOWN, EXIT_ENGINE),
    "Elasticsearch down, search": Mistake(("search", "armanaz"), "Elasticsearch", DOWN, EXIT_ENGINE),
    "Elasticsearch down, show": Mistake(("show", "x"), "Elasticsearch", DOWN, EXIT_ENGINE),
    "Kafka down, feeds": Mistake(("feeds",), "Kafka", DOWN, EXIT_ENGINE),
}


def run(arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of `tallywire` in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "tallywire", *arguments],
        env={**os.environ, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gets_one_sentence(mistake: Mistake, tmp_path: Path) -> None:
    """The sentence says what is wrong or what to do."""
    (tmp_path / "bad.toml").write_text("[[feeds]\n")
    (tmp_path / "good.toml").write_text('[[feeds]]\nurl = "https://outlet.example/feed"\n')
    ended = run(mistake.arguments, mistake.environment, tmp_path)
    assert ended.returncode == mistake.code, ended.stderr
    assert "Traceback" not in ended.stderr
    (last,) = [line for line in ended.stderr.splitlines() if line.startswith("tallywire: ")]
    assert mistake.says in last
    assert last.endswith(".")


def test_a_port_in_use_gets_one_sentence(tmp_path: Path, run_directory: Path) -> None:
    """It names the port and the setting to change."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {"TALLYWIRE_KAFKA_PORT": port, "TALLYWIRE_DATA_DIR": str(run_directory / "taken")}
        ended = run(("up",), environment, tmp_path)
    assert ended.returncode == EXIT_USER
    (line,) = ended.stderr.splitlines()
    assert port in line
    assert "TALLYWIRE_KAFKA_PORT" in line


@pytest.fixture
def environment(bootstrap_servers: str, elasticsearch_url: str, index_prefix: str) -> Mapping[str, str]:
    """Return what names a fresh installation on the test's engines."""
    return {
        "TALLYWIRE_KAFKA_SERVERS": bootstrap_servers,
        "TALLYWIRE_ELASTICSEARCH_URL": elasticsearch_url,
        "TALLYWIRE_TOPIC_PREFIX": index_prefix,
        "TALLYWIRE_INDEX_PREFIX": index_prefix,
    }


def test_an_unknown_incident_gets_one_sentence(environment: Mapping[str, str], tmp_path: Path) -> None:
    """It names the incident and the command that lists them."""
    before = run(("show", "nobody-knows"), environment, tmp_path)
    assert before.returncode == EXIT_USER
    assert "tallywire setup" in before.stderr
    assert run(("setup",), environment, tmp_path).returncode == 0
    ended = run(("show", "nobody-knows"), environment, tmp_path)
    assert ended.returncode == EXIT_USER
    (line,) = ended.stderr.splitlines()
    assert "nobody-knows" in line
    assert "tallywire search" in line


def test_setting_up_twice_changes_nothing(environment: Mapping[str, str], tmp_path: Path) -> None:
    """The second set-up finds everything there."""
    first, second = (run(("setup",), environment, tmp_path) for _ in range(2))
    assert first.returncode == second.returncode == 0
    assert "6 created, 0 were there" in first.stdout
    assert second.stdout.count("0 created") == 2
    changed = run(("setup",), {**environment, "TALLYWIRE_TOPIC_PARTITIONS": "9"}, tmp_path)
    assert changed.returncode == EXIT_USER
    assert "TALLYWIRE_TOPIC_PARTITIONS" in changed.stderr
