"""How feeds look in a terminal of 100 columns."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from contracts.records import Feed
from contracts.vocabulary import FeedState
from tallywire.views import NOTHING

STATE_STYLES = {
    FeedState.OK: "green",
    FeedState.FAILING: "red",
    FeedState.SILENT: "yellow",
    FeedState.GONE: "red",
    FeedState.PAUSED: "dim",
}
IN_TROUBLE = frozenset({FeedState.FAILING, FeedState.SILENT, FeedState.GONE})
UNITS = (
    (timedelta(days=1), "d"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
    (timedelta(seconds=1), "s"),
)
RARE = 10.0
"""Entries a day below which a tenth counts."""


def feed_table(feeds: Iterable[Feed], now: datetime) -> Table:
    """Return feeds as a table: a row each, those in trouble first, and what is wrong below the address."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column, width in (("state", None), ("outlet", 20), ("success", None), ("next", None)):
        table.add_column(column, no_wrap=column != "outlet", max_width=width)
    table.add_column("a day", justify="right", no_wrap=True)
    table.add_column("feed", overflow="fold", ratio=1)
    for feed in sorted(feeds, key=lambda feed: (feed.state not in IN_TROUBLE, feed.group or "", feed.url)):
        table.add_row(
            Text(feed.state.value, STATE_STYLES.get(feed.state, "")),
            escape(feed.outlet or feed.title or NOTHING),
            ago(feed.last_success, now),
            coming(feed, now),
            rate(feed.entries_per_day),
            _address(feed),
        )
    return table


def ago(time: datetime | None, now: datetime) -> str:
    """Return how long ago something was, in one unit: `5 min ago`."""
    return NOTHING if time is None else f"{span(now - time)} ago"


def coming(feed: Feed, now: datetime) -> str:
    """Return when a feed is polled next: `in 3 min`, `now`, or never for one that isn't."""
    if feed.state in {FeedState.PAUSED, FeedState.GONE}:
        return NOTHING
    if feed.next_poll is None or feed.next_poll <= now:
        return "now"
    return f"in {span(feed.next_poll - now)}"


def span(time: timedelta) -> str:
    """Return a time in the largest unit that it fills: `3 h`."""
    unit, name = next(((unit, name) for unit, name in UNITS if time >= unit), UNITS[-1])
    return f"{max(time, timedelta(0)) // unit} {name}"


def rate(entries: float | None) -> str:
    """Return entries a day for people."""
    if entries is None:
        return NOTHING
    return f"{entries:.1f}" if entries < RARE else f"{entries:.0f}"


def _address(feed: Feed) -> Text:
    lines = [feed.url]
    if feed.location:
        lines.append(f"now at {feed.location}")
    if feed.flags:
        lines.append(", ".join(flag.value.replace("_", " ") for flag in feed.flags))
    trouble = f"\n{feed.error}" if feed.error else ""
    return Text.assemble("\n".join(lines), (trouble, "red" if feed.state in IN_TROUBLE else "yellow"))
