"""What operators type about feeds, with a feeds topic in memory in Kafka's place."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from contracts.records import Feed, Subscription
from contracts.vocabulary import FeedState
from producers import feedstore
from producers.feedlist import parse_feed_list, to_toml
from producers.feedstore import StoredFeeds
from producers.subscriptions import SubscriptionChange
from tallywire.cli import app
from tallywire.errors import UserError
from tallywire.feed_views import feed_table
from tallywire.samples import SampleServer

NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)
ONE, TWO = "https://one.example/feed", "https://two.example/feed"


@dataclass
class Topic:
    """What stands for the feeds topic."""

    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    states: dict[str, Feed] = field(default_factory=dict)

    def read(self, *_: object) -> StoredFeeds:
        """Read it all."""
        return StoredFeeds(subscriptions=dict(self.subscriptions), states=dict(self.states))

    def write(self, _: object, changes: Iterable[SubscriptionChange]) -> None:
        """Take changes."""
        for change in changes:
            if change.subscription is None:
                self.subscriptions.pop(change.url)
            else:
                self.subscriptions[change.url] = change.subscription


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> Topic:
    """Return a topic with two feeds, one of which has moved."""
    made = Topic({url: Subscription(url=url, outlet=url[8:11]) for url in (ONE, TWO)})
    made.states[TWO] = Feed(url=TWO, location="https://two.example/moved")
    monkeypatch.setattr(feedstore, "read_feeds", made.read)
    monkeypatch.setattr(feedstore, "write_subscriptions", made.write)
    monkeypatch.setenv("TALLYWIRE_FETCH_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("TALLYWIRE_FETCH_HOST_DELAY_SECONDS", "0")
    return made


def typed(*words: str) -> Result:
    """Run a command about feeds."""
    return CliRunner().invoke(app, ["feeds", *words])


def test_pause_resume_and_remove(topic: Topic) -> None:
    """Each says what it did, and the record says so too."""
    assert typed("pause", ONE).output == f"Paused {ONE}.\n"
    assert topic.subscriptions[ONE].paused
    assert typed("resume", ONE).exit_code == 0
    assert not topic.subscriptions[ONE].paused
    assert typed("remove", ONE, TWO).output == f"Removed {ONE}.\nRemoved {TWO}.\n"
    assert topic.subscriptions == {}


def test_unknown_feed_changes_nothing(topic: Topic) -> None:
    """One wrong address among several leaves all as they were."""
    before = dict(topic.subscriptions)
    result = typed("remove", ONE, "https://three.example/")
    assert isinstance(result.exception, UserError)
    assert "https://three.example/ is not subscribed" in str(result.exception)
    assert topic.subscriptions == before


def test_add_finds_the_feed(topic: Topic) -> None:
    """An address that is a feed is subscribed with what is said of it."""
    with SampleServer() as server:
        url = server.feed_urls[0]
        result = typed("add", url, "--group", "Coast", "--interval", "60", "--full-text")
    assert result.exit_code == 0, result.output
    added = replace(topic.subscriptions[url], changed=None)
    assert added == Subscription(url=url, group="Coast", interval_seconds=60, full_text=True)


def test_add_refuses_what_has_no_feed(topic: Topic) -> None:
    """A server without a feed, and what is no address, are refused in a sentence."""
    with SampleServer() as server:
        assert isinstance(typed("add", f"{server.address}/none").exception, UserError)
    assert "not an http or https address" in str(typed("add", "ftp://a.example/").exception)
    assert set(topic.subscriptions) == {ONE, TWO}


@pytest.mark.parametrize("name", ["feeds.toml", "feeds.opml"])
def test_export_and_import(topic: Topic, tmp_path: Path, name: str) -> None:
    """What is exported has the feeds' present addresses, and imports into an empty installation."""
    target = tmp_path / name
    assert typed("export", str(target)).output == f"2 feeds written to {target}.\n"
    assert [one.url for one in parse_feed_list(target.read_bytes(), name)] == [ONE, "https://two.example/moved"]
    topic.subscriptions.clear()
    assert typed("import", str(target)).output == "2 feeds added, 0 were subscribed already.\n"
    assert typed("import", str(target)).output == "0 feeds added, 2 were subscribed already.\n"


def test_check_says_a_line_each_and_writes_nothing(topic: Topic, tmp_path: Path) -> None:
    """A list's feeds are fetched once; any that can't be polled makes the exit code 1."""
    before = dict(topic.subscriptions)
    with SampleServer() as server:
        listed = [Subscription(url=url) for url in (server.feed_urls[0], f"{server.address}/none")]
        path = tmp_path / "feeds.toml"
        path.write_text(to_toml(listed), "utf-8")
        result = typed("check", str(path))
        good = typed("check", server.feed_urls[0])
    assert (result.exit_code, good.exit_code) == (1, 0)
    lines = sorted(result.output.splitlines())
    assert len(lines) == 3
    assert lines[0] == "1 of 2 feeds can be polled."
    assert lines[1].startswith(f"failing  {server.address}/none  The server answers 404")
    assert lines[2].startswith(f"ok       {server.feed_urls[0]}  ")
    assert topic.subscriptions == before


def test_list_is_readable_at_a_hundred_columns() -> None:
    """State, last success, next poll, rate, address and error, aligned, those in trouble first."""
    feeds = [
        Feed(
            url=ONE,
            outlet="One",
            state=FeedState.OK,
            last_success=NOW - timedelta(minutes=5),
            next_poll=NOW + timedelta(hours=3),
            entries_per_day=2.25,
        ),
        Feed(
            url=TWO, outlet="A very long name of an outlet", state=FeedState.FAILING, error="The server answers 500."
        ),
        Feed(url="https://three.example/feed", state=FeedState.PAUSED),
    ]
    console = Console(width=100)
    with console.capture() as captured:
        console.print(feed_table(feeds, NOW))
    lines = captured.get().splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[1].startswith("failing")
    assert "The server answers 500." in captured.get()
    (row,) = [line for line in lines if line.startswith("ok")]
    assert row.split() == ["ok", "One", "5", "min", "ago", "in", "3", "h", "2.2", ONE]
    assert len({line.index("https://") for line in lines if "https://" in line}) == 1


def test_list_without_feeds_says_what_to_do(topic: Topic) -> None:
    """An empty installation isn't an empty table."""
    topic.subscriptions.clear()
    assert "tallywire feeds add" in typed("list").output
