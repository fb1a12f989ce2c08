"""How the installation's state looks in a terminal."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sinks.operation_documents import DeadLetterDocument
from tallywire.kafka import Lag
from tallywire.status import Status
from tallywire.views import moment, plain_table

INDENT = (0, 0, 0, 2)


def status_view(status: Status) -> RenderableType:
    """Return the state of an installation: stages, what is kept, feeds in trouble, dead letters."""
    return Group(
        Text("Stages", style="bold"),
        Padding(_stages(status.lags), INDENT),
        Text("\nKept", style="bold"),
        Padding(_counts(status), INDENT),
        *_feeds(status),
        *_dead_letters(status.dead_letters),
    )


def _stages(lags: Sequence[Lag]) -> Table:
    table = plain_table("bold", "", "dim")
    for lag in lags:
        progress = Text("up to date", "green") if not lag.behind else Text(f"{lag.behind:,} behind", "yellow")
        table.add_row(lag.stage, progress, f"{lag.topic}, {lag.records:,} records")
    return table


def _counts(status: Status) -> Table:
    table = plain_table("", "bold")
    for index, number in status.counts.items():
        table.add_row(index.value, f"{number:,}")
    return table


def _feeds(status: Status) -> Iterator[RenderableType]:
    troubled = status.troubled_feeds
    yield Text(f"\nFeeds: {len(status.feeds)}, {len(troubled)} in trouble", style="bold")
    table = plain_table("red", "", "")
    for feed in troubled:
        table.add_row(feed.state.value, escape(feed.url), escape(feed.error or ""))
    if troubled:
        yield Padding(table, INDENT)


def _dead_letters(letters: Sequence[DeadLetterDocument]) -> Iterator[RenderableType]:
    if not letters:
        return
    yield Text("\nLatest dead letters", style="bold red")
    table = plain_table("dim", "bold", "")
    for letter in letters:
        where = f"{letter.topic}, partition {letter.partition}, offset {letter.offset}"
        table.add_row(moment(letter.at), letter.stage, escape(f"{where}: {letter.reason}"))
    yield Padding(table, INDENT)
