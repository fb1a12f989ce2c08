"""The real engines, started once a test run on free ports; tests keep apart by fresh prefixes."""

import fcntl
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from tallywire.engines import EngineSettings, RunningEngines, start

ENGINES_VARIABLE = "TALLYWIRE_TEST_DATA_DIR"
"""Names the data directory of engines that run already (`tallywire up`), for a developer's quick rounds."""
FIRST_START_SECONDS = 900
"""How long a worker waits for another one's start, which may download the engines first."""


@pytest.fixture(scope="session")
def engines(run_directory: Path) -> Iterator[RunningEngines]:
    """Return a running Kafka and Elasticsearch, empty at first; without a JDK the tests fail with what to do.

    The first worker that needs them starts them, and stops them when no other uses them any more.
    """
    shared = os.environ.get(ENGINES_VARIABLE)
    settings = EngineSettings(
        data_dir=Path(shared) if shared else run_directory / "engines",
        kafka_port=0,
        elasticsearch_port=0,
        engine_start_timeout=FIRST_START_SECONDS,
    )
    with (run_directory / "engines.use").open("w") as use:
        fcntl.flock(use, fcntl.LOCK_SH)
        with start(settings) as running:
            yield running
            if running.owned:
                fcntl.flock(use, fcntl.LOCK_EX)


@pytest.fixture(scope="session")
def bootstrap_servers(engines: RunningEngines) -> str:
    """Return the address of the real Kafka, `host:port`."""
    return engines.bootstrap_servers


@pytest.fixture(scope="session")
def elasticsearch_url(engines: RunningEngines) -> str:
    """Return the address of the real Elasticsearch."""
    return engines.elasticsearch_url


@pytest.fixture
def topic_prefix() -> str:
    """Return a prefix for topics, and for consumer groups, that no other test has."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def index_prefix() -> str:
    """Return a prefix for indices that no other test has; Elasticsearch takes lower case only."""
    return f"test-{uuid.uuid4().hex[:12]}"


Snapshot = dict[str, dict[str, tuple[int, dict[str, Any]]]]
"""Every document of every index: its version and its source, by index and id."""


@pytest.fixture
def snapshot() -> Callable[[str, str], Snapshot]:
    """Return a function that reads everything in the indices of a prefix: (address, prefix) → documents."""

    def read(elasticsearch_url: str, prefix: str) -> Snapshot:
        with Elasticsearch(elasticsearch_url) as client:
            client.indices.refresh(index=f"{prefix}-*")
            found: Snapshot = {name: {} for name in client.indices.get(index=f"{prefix}-*")}
            for hit in scan(client, index=f"{prefix}-*", query={"version": True}):
                found[hit["_index"]][hit["_id"]] = (hit["_version"], hit["_source"])
        return found

    return read
