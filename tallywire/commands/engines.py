"""Commands about the local engines: start them, and show all of Tallywire on them."""

import signal
import time
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tallywire.engines import RunningEngines


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(up)
    app.command()(demo)


def up(
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Remove the engines' data first.")] = False,
) -> None:
    """Run Kafka and Elasticsearch on this machine until Ctrl-C; other commands find them by themselves."""
    from contracts.settings import load
    from tallywire import engines
    from tallywire.progress_display import EngineProgress
    from tallywire.terminal import console

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    out = console()
    try:
        with EngineProgress(out) as progress:
            running = engines.start(load(engines.EngineSettings), progress.report, fresh=fresh)
        with running:
            out.print(f"Kafka          {running.bootstrap_servers}", highlight=False)
            out.print(f"Elasticsearch  {running.elasticsearch_url}", highlight=False)
            if not running.owned:
                out.print("They were running already, and are left running.")
                return
            out.print("Ctrl-C stops them; their data stays.")
            _wait(running)
    except KeyboardInterrupt:
        out.print("Stopped.")


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="End when everything is indexed and checked.")] = False,
) -> None:
    """Take sample feeds to searchable incidents on real engines, and check every one."""
    from tallywire.demo.run import demo as run_demo
    from tallywire.terminal import console

    try:
        code = run_demo(console(), once=once)
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    raise typer.Exit(code)


def _wait(running: "RunningEngines") -> None:
    """Wait for ever, or until an engine ends by itself."""
    while True:
        running.check()
        time.sleep(1)
