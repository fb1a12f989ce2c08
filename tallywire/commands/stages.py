"""Commands that run the stages: one each, as the containers do, or all of them on this machine."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from contracts.settings import StageSettings, load
from tallywire.engines_found import use_local_engines


class Processor(StrEnum):
    """Which of the two stream processors."""

    EXTRACT = "extract"
    RESOLVE = "resolve"


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(setup)
    app.command()(run)
    app.command()(produce)
    app.command()(process)
    app.command()(sink)
    app.command()(replay)


def setup(
    *,
    kibana: Annotated[bool, typer.Option("--kibana", help="Load Kibana's saved objects too, once it is up.")] = False,
) -> None:
    """Create the topics, index templates and indices, where they aren't there yet."""
    from tallywire.installation import set_up

    use_local_engines()
    set_up(say=typer.echo, kibana=kibana)


def run(
    feeds: Annotated[
        Path | None, typer.Option(help="Feed list, TOML or OPML; TALLYWIRE_FEED_LIST otherwise.", show_default=False)
    ] = None,
) -> None:
    """Run all the stages on this machine: set up, supervised, restarted when they die, stopped in order."""
    from contracts import logs
    from producers.feedlist import read_feed_list
    from producers.settings import ProducerSettings
    from tallywire.installation import set_up
    from tallywire.supervisor import STAGES, Supervisor, run_until_signal

    if feeds is not None:
        os.environ["TALLYWIRE_FEED_LIST"] = str(feeds)
    use_local_engines()
    settings = load(ProducerSettings)
    if settings.feed_list is not None:
        read_feed_list(settings.feed_list)  # a bad one is said before anything starts
    set_up(say=typer.echo)
    logs.configure(settings, "run")
    raise typer.Exit(run_until_signal(Supervisor(STAGES, os.environ)))


def produce(
    *,
    once: Annotated[bool, typer.Option("--once", help="Poll every feed once and end.")] = False,
) -> None:
    """Run the producer stage: feeds to articles."""
    from producers.app import main
    from producers.settings import ProducerSettings

    settings = load(ProducerSettings)
    _prepare(settings, "produce")
    main(settings, once=once)


def process(processor: Annotated[Processor, typer.Argument(help="Which processor to run.")]) -> None:
    """Run a processor stage: `extract` turns articles into reports, `resolve` reports into incidents."""
    from processors.settings import ProcessorSettings

    settings = load(ProcessorSettings)
    _prepare(settings, processor.value)
    if processor is Processor.EXTRACT:
        from processors.extract_app import main

        main(settings)
    else:
        from processors.resolve_app import main

        main(settings)


def sink() -> None:
    """Run the sink stage: articles, incidents, feeds and dead letters to Elasticsearch."""
    from sinks.app import main
    from sinks.settings import SinkSettings

    settings = load(SinkSettings)
    _prepare(settings, "sink")
    main(settings)


def replay(
    prefix: Annotated[str, typer.Argument(help="First part of the names of the new installation's topics.")],
    *,
    feeds: Annotated[
        bool, typer.Option("--feeds", help="Bring the feeds over too: the last time, once the old producers stopped.")
    ] = False,
) -> None:
    """Bring articles and decisions over to a new installation, whose stages build the incidents anew.

    The old one stays as it is.  Run it again to bring what came since.
    """
    from tallywire import replay as replaying

    use_local_engines()
    for copied in replaying.replay(load(StageSettings), prefix, feeds=feeds):
        typer.echo(f"{copied.topic}: {copied.records} records brought over.")
    typer.echo(f"Its stages read them now: tallywire --prefix {prefix} run")


def _prepare(settings: StageSettings, stage: str) -> None:
    """Set up logging and wait until Kafka and the topics are there."""
    from contracts import logs
    from tallywire.installation import wait_for_topics

    logs.configure(settings, stage)
    wait_for_topics(settings, logs.get(__name__).info)
