"""Runs the demo.

The way of it::

    engines (found or started) ─► topics and indices, empty ─► sample feeds on loopback ─► all the stages
        ─► show incidents while they arrive ─► check them ─► stay until Ctrl-C, or end
"""

import io
import os
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rich.console import Console

from contracts import logs
from contracts.settings import load
from sinks import search
from sinks import setup as indices
from sinks.article_documents import ArticleDocument
from sinks.client import connect
from sinks.indices import Index
from sinks.settings import SinkSettings
from tallywire import engines, kafka
from tallywire.demo.check import problems
from tallywire.demo.screen import Screen
from tallywire.engines import EngineSettings, RunningEngines
from tallywire.errors import UserError
from tallywire.installation import set_up
from tallywire.progress_display import EngineProgress
from tallywire.samples import Expectations, SampleServer, expectations
from tallywire.settings import OperatorSettings
from tallywire.supervisor import STAGES, Supervisor

PREFIX = "tallywire-demo"
LOOK_EVERY_SECONDS = 0.5
MOST_INCIDENTS = 100
LOG_NAME = "demo.log"
LAST_LOG_LINES = 15

EXIT_INCOMPLETE = 1


@dataclass(slots=True)
class Outcome:
    """How far the demo has come."""

    started: float
    first_incident: float | None = None
    """Seconds until the first incident could be searched."""
    missing: tuple[str, ...] = ("nothing was checked",)


def demo(console: Console, *, once: bool) -> int:
    """Run the demo and return its exit code: 0 when every expected incident was found and checked.

    Raises:
        EngineError: An engine can't be had or started.
        UserError: A stage can't run.
    """
    settings = load(EngineSettings)
    with _signals_as_interrupts():
        console.print("[bold]Tallywire demo[/]: six sample feeds to searchable incidents, on real engines.\n")
        with _engines(settings, console) as running, tempfile.TemporaryDirectory(prefix="tallywire-demo-") as folder:
            environment = _environment(running, Path(folder))
            os.environ.update(environment)
            _empty_installation(console)
            with SampleServer(load(OperatorSettings).demo_feed_port, advance_by_itself=True) as server:
                server.write_feed_list(Path(environment["TALLYWIRE_FEED_LIST"]))
                return _run_stages(console, running, settings.data_dir / LOG_NAME, once=once)


@contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    """Have SIGTERM end the demo as Ctrl-C does, so that nothing is left behind."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _engines(settings: EngineSettings, console: Console) -> Iterator[RunningEngines]:
    with EngineProgress(console) as progress:
        running = engines.start(settings, progress.report)
    with running:
        how = "started" if running.owned else "found running"
        console.print(f"Engines {how}: Kafka {running.bootstrap_servers}, Elasticsearch {running.elasticsearch_url}")
        yield running


def _environment(running: RunningEngines, folder: Path) -> Mapping[str, str]:
    return {
        "TALLYWIRE_KAFKA_SERVERS": running.bootstrap_servers,
        "TALLYWIRE_ELASTICSEARCH_URL": running.elasticsearch_url,
        "TALLYWIRE_TOPIC_PREFIX": PREFIX,
        "TALLYWIRE_INDEX_PREFIX": PREFIX,
        "TALLYWIRE_FEED_LIST": str(folder / "feeds.toml"),
        "TALLYWIRE_FETCH_ALLOW_PRIVATE": "true",
        "TALLYWIRE_FETCH_HOST_DELAY_SECONDS": "0",
    }


def _empty_installation(console: Console) -> None:
    """Begin with no records and no documents, whatever an earlier demo left."""
    settings = load(SinkSettings)
    kafka.delete_topics(settings)
    indices.tear_down(settings)
    set_up(console.print)


def _run_stages(console: Console, running: RunningEngines, log: Path, *, once: bool) -> int:
    expected = expectations()
    outcome = Outcome(time.monotonic())
    with log.open("wb") as output, io.TextIOWrapper(output, "utf-8", write_through=True) as lines:
        logs.configure(load(SinkSettings), "demo", lines)
        supervisor = Supervisor(STAGES, os.environ, output)
        try:
            supervisor.start()
            _watch_incidents(console, supervisor, expected, outcome)
            if outcome.missing:
                _tell_what_is_missing(console, outcome, log)
                return EXIT_INCOMPLETE
            _tell_result(console, outcome)
            if not once:
                _tell_where_to_look(console, running, log)
                supervisor.watch()
        except KeyboardInterrupt:
            console.print("\nStopping ...")
            return 0 if not outcome.missing else 128 + signal.SIGINT
        finally:
            supervisor.stop()
    return 0


def _watch_incidents(console: Console, supervisor: Supervisor, expected: Expectations, outcome: Outcome) -> None:
    """Show the incidents until they are as they must be, or the time is up."""
    settings = load(SinkSettings)
    deadline = outcome.started + load(OperatorSettings).demo_seconds
    next_look = 0.0
    with connect(settings) as client, Screen(console) as screen:

        def done() -> bool:
            nonlocal next_look
            if time.monotonic() < next_look:
                return False
            search.refresh(client, settings)
            incidents = search.search_incidents(client, settings, "", search.Filters(), MOST_INCIDENTS)
            articles = tuple(search.read_all(client, settings, Index.ARTICLES, ArticleDocument))
            if incidents and outcome.first_incident is None:
                outcome.first_incident = time.monotonic() - outcome.started
            screen.show(incidents, len(articles), time.monotonic() - outcome.started)
            outcome.missing = problems(expected, incidents, articles)
            next_look = time.monotonic() + LOOK_EVERY_SECONDS
            return not outcome.missing or time.monotonic() > deadline

        if supervisor.watch(until=done):
            raise UserError("A stage of the demo can't run; its log says why.")


def _tell_what_is_missing(console: Console, outcome: Outcome, log: Path) -> None:
    console.print("\n[bold red]Not as it should be:[/]")
    for line in outcome.missing:
        console.print(f"  {line}", markup=False)
    console.print(f"\nThe end of the stages' log, {log}:", markup=False)
    for line in log.read_text("utf-8", "replace").splitlines()[-LAST_LOG_LINES:]:
        console.print(f"  {line}", markup=False, style="dim")


def _tell_result(console: Console, outcome: Outcome) -> None:
    console.print("\n[green]All checked:[/] every incident is as it must be, and nothing else was taken for one.")
    if outcome.first_incident is not None:
        console.print(f"The first incident could be searched {outcome.first_incident:.0f} s after the stages' start.")


def _tell_where_to_look(console: Console, running: RunningEngines, log: Path) -> None:
    console.print("\nLook at it from another terminal, while this one stays up:")
    command = f"tallywire --prefix {PREFIX}"
    for arguments, what in (
        ("search armanaz", "incidents by words"),
        ("show INCIDENT", "one incident: who says how many, how it changed, what doesn't count and why"),
        ("status", "how far each stage is"),
    ):
        console.print(f"  [bold].venv/bin/{command} {arguments:<16}[/] {what}")
    console.print(f"  {running.elasticsearch_url}/{PREFIX}-incidents/_search?pretty", markup=False)
    console.print(f"  {log}  (the stages' log)", markup=False)
    console.print("\nCtrl-C ends the demo and everything that it started.")
