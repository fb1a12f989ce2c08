"""What the compose file's services run, run on the local engines.

Commands, environment and mounted files are those that Compose resolves; only the engines' addresses are replaced.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sinks import search
from sinks.article_documents import ArticleDocument
from sinks.client import connect
from sinks.indices import Index
from sinks.kibana.build import DEFAULT_PREFIX, ndjson
from sinks.settings import SinkSettings
from tallywire.samples import SampleServer, expectations

TALLYWIRE = Path(sys.executable).with_name("tallywire")
STAGES = ("produce", "extract", "resolve", "sink")
SECONDS = 180
"""Until when all is indexed, on a busy machine too."""


class _Kibana(BaseHTTPRequestHandler):
    """Says that it's ready, and counts what it's sent."""

    def do_GET(self) -> None:
        self._answer(b"{}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        taken = sum(line.startswith(b"{") for line in body.splitlines())
        self._answer(b'{"success": true, "successCount": %d}' % taken)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing on standard error."""


@contextmanager
def kibana() -> Iterator[str]:
    """Serve a Kibana that takes everything; yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Kibana)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def environment(service: Mapping[str, Any], addresses: Mapping[str, str]) -> dict[str, str]:
    """Return a service's environment as its process would see it here."""
    mounted = {volume["target"]: volume["source"] for volume in service.get("volumes", ())}
    found: dict[str, str] = service["environment"]
    seen = {name: addresses.get(value, mounted.get(value, value)) for name, value in found.items()}
    return {"PATH": os.environ["PATH"], **seen}


def start(service: Mapping[str, Any], seen: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a service's command with nothing in its environment but what the compose file says."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [TALLYWIRE, *service["command"]], env=dict(seen), cwd=log.parent, stdout=output, stderr=output
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """See to it that a process is no more."""
    process.kill()
    process.wait(SECONDS)


def test_the_services_take_feeds_to_incidents(
    compose_config: Callable[..., dict[str, Any]],
    bootstrap_servers: str,
    elasticsearch_url: str,
    topic_prefix: str,
    tmp_path: Path,
) -> None:
    """The set-up ends with 0; then articles and incidents arrive, and each stage stops with 0 when it's told to."""
    feed_list = tmp_path / "feeds.toml"
    names = {"TOPIC_PREFIX": topic_prefix, "INDEX_PREFIX": topic_prefix, "FEED_LIST": str(feed_list)}
    services = compose_config(**names, FETCH_ALLOW_PRIVATE="true", METRICS_PORT="0")["services"]
    settings = SinkSettings(
        kafka_servers=bootstrap_servers, elasticsearch_url=elasticsearch_url, index_prefix=topic_prefix
    )
    with ExitStack() as stack:
        addresses = {
            "kafka:9092": bootstrap_servers,
            "http://elasticsearch:9200": elasticsearch_url,
            "http://kibana:5601": stack.enter_context(kibana()),
        }
        stack.enter_context(SampleServer(advance_by_itself=True)).write_feed_list(feed_list)
        setup = start(services["setup"], environment(services["setup"], addresses), tmp_path / "setup.log")
        assert setup.wait(SECONDS) == 0, (tmp_path / "setup.log").read_text("utf-8")
        count = len(ndjson(DEFAULT_PREFIX).splitlines())
        assert f"{count} saved objects loaded" in (tmp_path / "setup.log").read_text("utf-8")

        running = {}
        for name in STAGES:
            seen = environment(services[name], addresses)
            running[name] = start(services[name], seen, tmp_path / f"{name}.log")
            stack.callback(end, running[name])
        wait_for_incidents(settings, running, tmp_path)
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        ended = {name: process.wait(SECONDS) for name, process in running.items()}
        assert ended == dict.fromkeys(STAGES, 0)


def wait_for_incidents(settings: SinkSettings, running: Mapping[str, subprocess.Popen[bytes]], logs: Path) -> None:
    """Return when every sample article is indexed and incidents are; fail when a stage ends before.

    Which incidents they should be is what the demo checks.
    """
    deadline = time.monotonic() + SECONDS
    with connect(settings) as client:
        while True:
            search.refresh(client, settings)
            articles = {article.url for article in search.read_all(client, settings, Index.ARTICLES, ArticleDocument)}
            missing = set(expectations().articles) - articles
            found = search.counts(client, settings)
            if not missing and found[Index.INCIDENTS] and found[Index.CLAIMS]:
                assert found[Index.DEAD_LETTERS] == 0
                return
            for name, process in running.items():
                if process.poll() is not None:
                    pytest.fail(f"{name} ended:\n{(logs / f'{name}.log').read_text('utf-8')}")
            if time.monotonic() > deadline:
                pytest.fail(f"indexed: {found}, missing articles: {missing}")
            time.sleep(1)
