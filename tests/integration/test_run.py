"""All the stages together, as `tallywire run` runs them: killed, started again, run once more."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from contracts.settings import load
from sinks import search
from sinks.errors import SinkError
from sinks.indices import Index
from sinks.operation_documents import FeedDocument
from sinks.settings import SinkSettings
from tallywire import kafka
from tallywire.errors import UserError
from tallywire.samples import SampleServer, expectations

SECONDS = 120
CALM_LOOKS = 6
"""So often in a row all must be done: a stage may be between reading and writing at any one look."""
KILL_AFTER_SECONDS = (2.0, 5.0, 7.0, 9.0)
"""From before the topics are there to the middle of the flow."""
RUN_TIMES = {
    Index.FEEDS: ("last_poll", "last_success", "last_new", "next_poll"),
    Index.ARTICLES: ("fetched", "written"),
}
"""Fields that say when something was done, and so differ between runs."""

Documents = dict[tuple[Index, str], tuple[int, dict[str, Any]]]
"""Version and content of every document, by its index and id."""


@dataclass(frozen=True)
class Installation:
    """One installation on the test's engines."""

    environment: Mapping[str, str]
    settings: SinkSettings
    client: Elasticsearch

    def is_settled(self) -> bool:
        """Return whether every revision of the samples is published, and handled by every stage."""
        try:
            feeds = tuple(search.read_all(self.client, self.settings, Index.FEEDS, FeedDocument))
            behind = sum(lag.behind for lag in kafka.lags(self.settings))
        except (SinkError, UserError):  # the run hasn't made the topics and indices yet
            return False
        return behind == 0 and sum(feed.entries_published for feed in feeds) >= expectations().revisions

    def documents(self) -> Documents:
        """Return everything that is indexed."""
        search.refresh(self.client, self.settings)
        return {
            (index, hit["_id"]): (hit["_version"], hit["_source"])
            for index in Index
            for hit in scan(self.client, index=index.alias(self.settings.index_prefix), version=True)
        }


@pytest.fixture
def new_installation(
    bootstrap_servers: str, elasticsearch_url: str, topic_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, SampleServer], Installation]:
    """Return a maker of installations, each with a name of its own, on one set of engines."""

    def make(name: str, server: SampleServer) -> Installation:
        feed_list = tmp_path / f"{name}.toml"
        server.write_feed_list(feed_list)
        ours = {
            "TALLYWIRE_KAFKA_SERVERS": bootstrap_servers,
            "TALLYWIRE_ELASTICSEARCH_URL": elasticsearch_url,
            "TALLYWIRE_TOPIC_PREFIX": f"{topic_prefix}-{name}",
            "TALLYWIRE_INDEX_PREFIX": f"{topic_prefix}-{name}",
            "TALLYWIRE_FEED_LIST": str(feed_list),
            "TALLYWIRE_FETCH_ALLOW_PRIVATE": "true",
            "TALLYWIRE_FETCH_HOST_DELAY_SECONDS": "0",
        }
        with monkeypatch.context() as patch:
            for variable, value in ours.items():
                patch.setenv(variable, value)
            settings = load(SinkSettings)
        return Installation({**os.environ, **ours}, settings, Elasticsearch(elasticsearch_url))

    return make


def start(installation: Installation) -> subprocess.Popen[bytes]:
    """Start `tallywire run`."""
    return subprocess.Popen([sys.executable, "-m", "tallywire", "run"], env=dict(installation.environment))


@contextmanager
def running(installation: Installation) -> Iterator[subprocess.Popen[bytes]]:
    """Run all the stages, and stop them as an operator does."""
    run = start(installation)
    try:
        yield run
    finally:
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == 0


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Return when the condition holds; fail when it doesn't in time."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


def wait_until_settled(installation: Installation) -> None:
    """Return when every article revision went all the way and no stage has anything left to do."""
    deadline = time.monotonic() + SECONDS
    calm_looks = 0
    while calm_looks < CALM_LOOKS:
        assert time.monotonic() < deadline, "a stage is behind, or not every revision was published"
        time.sleep(0.5)
        calm_looks = calm_looks + 1 if installation.is_settled() else 0


def kill_whole_run(run: subprocess.Popen[bytes]) -> None:
    """End the supervisor with SIGKILL and wait until its stages have ended by themselves."""
    stages = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.wait()
    _, alive = psutil.wait_procs(stages, timeout=30)
    assert not alive, "a stage outlived its supervisor"


def comparable(documents: Documents, installation: Installation) -> Documents:
    """Return documents without what names the installation or its runs."""
    prefix = installation.settings.index_prefix
    return {
        (index, key): (
            0 if index in RUN_TIMES else version,
            {
                name: str(value).replace(prefix, "")
                for name, value in content.items()
                if name not in RUN_TIMES.get(index, ())
            },
        )
        for (index, key), (version, content) in documents.items()
    }


def test_a_run_killed_again_and_again_ends_like_an_undisturbed_one(
    new_installation: Callable[[str, SampleServer], Installation],
) -> None:
    """The same documents and versions, however often it is killed, and running it once more changes nothing."""
    with SampleServer(advance_by_itself=True) as server:
        calm = new_installation("calm", server)
        with running(calm):
            wait_until_settled(calm)
        expected = calm.documents()
        port = urlsplit(server.address).port
    assert {index for index, _ in expected} == set(Index) - {Index.DEAD_LETTERS}

    with SampleServer(port or 0, advance_by_itself=True) as server:
        killed = new_installation("kill", server)
        for seconds in KILL_AFTER_SECONDS:
            run = start(killed)
            time.sleep(seconds)
            kill_whole_run(run)
        with running(killed):
            wait_until_settled(killed)
        ended = killed.documents()
        assert differences(comparable(ended, killed), comparable(expected, calm)) == []

        with running(killed):
            wait_until(lambda: polled_again(killed, ended), "no feed was polled again")
            wait_until_settled(killed)
        assert differences(comparable(killed.documents(), killed), comparable(ended, killed)) == []


def differences(one: Documents, other: Documents) -> list[str]:
    """Return what differs between two sets of documents, a line each."""
    lines = [f"{key} is in one only" for key in sorted(set(one) ^ set(other))]
    for key in sorted(set(one) & set(other)):
        (version, content), (other_version, other_content) = one[key], other[key]
        if version != other_version:
            lines.append(f"{key}: version {version} and {other_version}")
        lines += [
            f"{key}: {name} {content.get(name)} and {other_content.get(name)}"
            for name in sorted(set(content) | set(other_content))
            if content.get(name) != other_content.get(name)
        ]
    return lines


def polled_again(installation: Installation, before: Documents) -> bool:
    """Return whether every feed's state is newer than it was."""
    return all(
        document[0] > before[key][0] for key, document in installation.documents().items() if key[0] is Index.FEEDS
    )
