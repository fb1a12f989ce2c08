"""Commands about feeds: what is subscribed, how it is doing, and changing it while the producers run."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.settings import load
from tallywire.engines_found import use_local_engines
from tallywire.errors import UserError

if TYPE_CHECKING:
    from contracts.records import Subscription
    from producers.feedstore import StoredFeeds
    from producers.subscriptions import SubscriptionChange

Addresses = Annotated[list[str], typer.Argument(metavar="ADDRESS...", help="Feeds, by their addresses.")]
Changing = Callable[["Subscription", datetime], "SubscriptionChange"]


class ListFormat(StrEnum):
    """What a feed list is written as."""

    OPML = "opml"
    TOML = "toml"


feeds = typer.Typer(
    invoke_without_command=True, help="Look at the feeds and how they are doing, add, remove and check them."
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(feeds, name="feeds")


@feeds.callback()
def feeds_default(context: typer.Context) -> None:
    """List the feeds where nothing else is asked for."""
    if context.invoked_subcommand is None:
        list_feeds()


@feeds.command("list")
def list_feeds() -> None:
    """List the feeds and how each is doing, those in trouble first."""
    from tallywire.feed_views import feed_table
    from tallywire.terminal import console

    found = _stored().feeds
    console().print(
        feed_table(found, datetime.now(UTC)) if found else "No feed is subscribed: `tallywire feeds add`."
    )


@feeds.command("add")
def add_feed(
    address: Annotated[str, typer.Argument(help="A feed's address, or that of a site whose feed is to be found.")],
    *,
    outlet: Annotated[str | None, typer.Option(help="Who publishes it; else what the feed says.")] = None,
    group: Annotated[str | None, typer.Option(help="Group in lists, such as a region.")] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639-1 code; else what the feed says.")] = None,
    interval: Annotated[
        int | None, typer.Option(min=1, help="Seconds between polls; else by the feed's rhythm.", show_default=False)
    ] = None,
    full_text: Annotated[
        bool | None, typer.Option("--full-text/--no-full-text", help="Take the text of its articles' pages.")
    ] = None,
) -> None:
    """Subscribe a feed; running producers poll it within moments."""
    from contracts.records import Subscription
    from producers import subscriptions
    from producers.checking import find_feeds
    from producers.discover import NoFeedError
    from producers.settings import ProducerSettings

    use_local_engines()
    try:
        first, *others = asyncio.run(find_feeds(load(ProducerSettings), _web_address(address)))
    except NoFeedError as error:
        raise UserError(str(error)) from None
    wanted = Subscription(
        url=first.url, outlet=outlet, group=group, language=language, interval_seconds=interval, full_text=full_text
    )
    _write([subscriptions.add(wanted, datetime.now(UTC))])
    typer.echo(f"Added {first.url}: {first.document.title or 'no title'}, {len(first.document.entries)} entries.")
    for other in others:
        typer.echo(f"Also there: {other.url}")


@feeds.command("remove")
def remove_feeds(addresses: Addresses) -> None:
    """End subscriptions; what they brought stays."""
    from producers import subscriptions

    _change(addresses, subscriptions.remove, "Removed")


@feeds.command("pause")
def pause_feeds(addresses: Addresses) -> None:
    """Leave feeds unpolled until they are resumed."""
    from producers import subscriptions

    _change(addresses, subscriptions.pause, "Paused")


@feeds.command("resume")
def resume_feeds(addresses: Addresses) -> None:
    """Poll feeds again that were paused, or that their servers had ended."""
    from producers import subscriptions

    _change(addresses, subscriptions.resume, "Resumed")


@feeds.command("check")
def check_feeds(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ADDRESS|FILE]...", help="Feeds or feed lists; none: the subscribed."),
    ] = None,
) -> None:
    """Fetch each feed once and say what is wrong with it, a line each; nothing is written."""
    wanted = _from_sources(sources) if sources else _wanted(_stored())
    if not wanted:
        raise UserError("No feed is subscribed: name addresses or a feed list to check.")
    bad = asyncio.run(_check(wanted))
    if bad:
        raise typer.Exit(1)


@feeds.command("import")
def import_feeds(
    source: Annotated[Path, typer.Argument(help="Feed list to read, OPML or TOML.")],
) -> None:
    """Subscribe the feeds of a list; those that are subscribed already stay as they are."""
    from producers import subscriptions
    from producers.feedlist import read_feed_list

    listed = read_feed_list(source)
    known = {one.url for one in _wanted(_stored())}
    now = datetime.now(UTC)
    changes = [subscriptions.add(one, now) for one in listed if one.url not in known]
    _write(changes)
    typer.echo(f"{len(changes)} feeds added, {len(listed) - len(changes)} were subscribed already.")


@feeds.command("export")
def export_feeds(
    target: Annotated[Path | None, typer.Argument(help="Where to write it; standard output otherwise.")] = None,
    *,
    as_format: Annotated[
        ListFormat | None, typer.Option("--format", help="Else by the file's name, or TOML.", show_default=False)
    ] = None,
) -> None:
    """Write the subscribed feeds as a feed list, under the addresses to which they have moved."""
    from producers.feedlist import to_opml, to_toml

    listed = _wanted(_stored(), moved=True)
    named = ListFormat.OPML if target and target.suffix.lower() in {".opml", ".xml"} else ListFormat.TOML
    data = to_opml(listed) if (as_format or named) is ListFormat.OPML else to_toml(listed).encode()
    if target is None:
        typer.echo(data, nl=False)
        return
    try:
        target.write_bytes(data)
    except OSError as error:
        raise UserError(f"{target} can't be written: {error.strerror}.") from None
    typer.echo(f"{len(listed)} feeds written to {target}.")


def _web_address(address: str) -> str:
    from producers.parse.fields import absolute_url

    found = absolute_url("", address if "://" in address else f"https://{address}")
    if found is None:
        raise UserError(f"{address} is not an http or https address.")
    return found


def _stored() -> "StoredFeeds":
    from producers.feedstore import read_feeds
    from producers.settings import ProducerSettings

    use_local_engines()
    return read_feeds(load(ProducerSettings), datetime.now(UTC))


def _write(changes: "Iterable[SubscriptionChange]") -> None:
    from producers.feedstore import write_subscriptions
    from producers.settings import ProducerSettings

    write_subscriptions(load(ProducerSettings), tuple(changes))


def _change(addresses: Iterable[str], change: "Changing", done: str) -> None:
    known: Mapping[str, Subscription] = {one.url: one for one in _wanted(_stored())}
    addresses = tuple(dict.fromkeys(addresses))
    unknown = [address for address in addresses if address not in known]
    if unknown:
        raise UserError(f"{unknown[0]} is not subscribed: `tallywire feeds list` shows the addresses that are.")
    now = datetime.now(UTC)
    _write(change(known[address], now) for address in addresses)
    for address in addresses:
        typer.echo(f"{done} {address}.")


def _wanted(stored: "StoredFeeds", *, moved: bool = False) -> "tuple[Subscription, ...]":
    """Return the subscriptions in order of address; with `moved` under the addresses where the feeds are now."""
    from dataclasses import replace

    wanted = [one for _, one in sorted(stored.subscriptions.items()) if not one.removed]
    if not moved:
        return tuple(wanted)
    places = {url: state.location for url, state in stored.states.items() if state.location}
    return tuple(replace(one, url=places.get(one.url, one.url)) for one in wanted)


def _from_sources(sources: Iterable[str]) -> "tuple[Subscription, ...]":
    from contracts.records import Subscription
    from producers.feedlist import read_feed_list

    found: dict[str, Subscription] = {}
    for source in sources:
        is_file = Path(source).exists()
        listed = read_feed_list(Path(source)) if is_file else (Subscription(url=_web_address(source)),)
        found |= {one.url: one for one in listed}
    return tuple(found.values())


async def _check(wanted: "tuple[Subscription, ...]") -> int:
    """Print a line a feed and return how many can't be polled."""
    from producers.checking import check
    from producers.settings import ProducerSettings

    bad = 0
    async for finding in check(load(ProducerSettings), wanted, datetime.now(UTC)):
        bad += not finding.well
        typer.echo(f"{'ok     ' if finding.well else 'failing'}  {finding.url}  {finding.remark}")
    typer.echo(f"{len(wanted) - bad} of {len(wanted)} feeds can be polled.")
    return bad
