"""The sample feeds, their server, and what they are to end in."""

from datetime import UTC, datetime, timedelta
from email.message import Message
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contracts.records import Article, Feed, Subscription
from contracts.vocabulary import Agreement
from producers.decide import Policy, plan
from producers.feedlist import parse_feed_list, read_feed_list
from producers.outcomes import Received
from producers.parse import parse_feed
from producers.subscriptions import subscribed
from tallywire.samples import SampleServer, expectations

NOW = datetime(2017, 10, 3, 12, tzinfo=UTC)
POLICY = Policy(interval=timedelta(seconds=2), backoff_max=timedelta(minutes=1))


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    """Return status, headers and body of a request."""
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=5)
    try:
        connection.request("GET", address.path, headers={name.replace("_", "-"): headers[name] for name in headers})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def poll_all(server: SampleServer, states: dict[str, Feed]) -> list[Article]:
    """Poll every listed feed once, unconditionally, and return the articles that are new."""
    published = []
    for listed in parse_feed_list(server.feed_list().encode(), "feeds.toml"):
        feed = subscribed(listed, states.get(listed.url))
        _, headers, body = get(listed.url)
        decided = plan(feed, Received(feed=parse_feed(body, listed.url, headers["Content-Type"])), NOW, POLICY)
        states[listed.url] = decided.feed
        published += decided.articles
    return published


@pytest.fixture(scope="module")
def stages() -> tuple[list[Article], list[Article]]:
    """Return the articles of the first stage, and those that the later stage adds."""
    with SampleServer() as server:
        states: dict[str, Feed] = {}
        first = poll_all(server, states)
        server.advance()
        return first, poll_all(server, states)


def test_every_expected_article_is_there(stages: tuple[list[Article], list[Article]]) -> None:
    """The feeds hold exactly the articles, outlets and edits that the expectations name."""
    first, later = stages
    expected = expectations()
    assert sorted({article.url for article in first + later}) == list(expected.articles)
    assert len(first) + len(later) == expected.revisions
    outlets = {article.url: article.outlet for article in first}
    outlets |= {article.url: article.outlet for article in later}
    for incident in expected.incidents:
        assert sorted({outlets[url] for url in incident.articles}) == list(incident.outlets)


def test_samples_are_as_rich_as_they_should_be(stages: tuple[list[Article], list[Article]]) -> None:
    """Sixteen articles or more of six outlets, in every format, with four that tell of no incident."""
    first, later = stages
    articles = first + later
    assert len({article.id for article in articles}) >= 16
    assert len({article.outlet for article in articles}) == 6
    assert len(expectations().not_incidents) >= 4
    assert len({article.feed.rpartition(".")[2] for article in articles if article.feed}) == 4
    assert len(expectations().incidents[0].outlets) == 4
    assert all(article.published and article.language == "en" for article in articles)
    assert all(500 <= len(article.text) <= 2500 for article in articles)


def test_edit_raises_the_toll(stages: tuple[list[Article], list[Article]]) -> None:
    """One article of the first stage comes again as a new revision: 28 dead, then 40."""
    first, later = stages
    (edited_url,) = expectations().incidents[0].edited
    before = next(article for article in first if article.url == edited_url)
    after = next(article for article in later if article.url == edited_url)
    assert (before.id, before.revision == after.revision) == (after.id, False)
    assert "28" in before.title
    assert "40" not in before.text
    assert "40" in after.title
    assert (before.updated, after.updated) == (None, datetime(2017, 9, 30, 17, 25, tzinfo=UTC))


def test_copy_is_nearly_verbatim(stages: tuple[list[Article], list[Article]]) -> None:
    """The syndicated copy shares its paragraphs with another outlet's article at another address."""
    first, _ = stages
    (copied_url,) = expectations().incidents[0].copies
    paragraphs = {article.url: set(article.text.split("\n\n")) for article in first}
    shared = {url: len(paragraphs[url] & paragraphs[copied_url]) for url in paragraphs if url != copied_url}
    assert max(shared.values()) >= 5
    assert sum(count > 0 for count in shared.values()) == 1


def test_texts_are_clean(stages: tuple[list[Article], list[Article]]) -> None:
    """Neither markup nor scripts are left, and page furniture is, as in real feeds."""
    first, later = stages
    texts = [article.text for article in first + later]
    assert not any("<" in text or "stats.hit" in text for text in texts)
    assert any("READ MORE" in text for text in texts)


def test_expectations_are_consistent() -> None:
    """Each article belongs to one incident or none, and agreement fits the tolls and outlets."""
    expected = expectations()
    members = [set(incident.articles) for incident in expected.incidents] + [set(expected.not_incidents)]
    assert all(not one & other for one, other in combinations(members, 2))
    for incident in expected.incidents:
        assert incident.start <= incident.end
        differs = incident.killed is not None and incident.killed.low < incident.killed.high
        assert differs == (incident.agreement is Agreement.DISPUTED)
        assert (len(incident.outlets) == 1) == (incident.agreement is Agreement.SINGLE_SOURCE)


def test_server_answers_conditionally() -> None:
    """A client that holds the present state gets 304, by either validator."""
    with SampleServer() as server:
        url = server.feed_urls[0]
        status, headers, body = get(url)
        assert (status, bool(body)) == (HTTPStatus.OK, True)
        assert get(url, If_None_Match=headers["ETag"])[0] == HTTPStatus.NOT_MODIFIED
        assert get(url, If_Modified_Since=headers["Last-Modified"])[0] == HTTPStatus.NOT_MODIFIED
        assert get(url, If_None_Match='"other"')[0] == HTTPStatus.OK
        assert get(f"{server.address}/elsewhere")[0] == HTTPStatus.NOT_FOUND


def test_later_stage_changes_two_feeds() -> None:
    """Advancing gives the edited feed and the one with the late article new validators, the others none."""
    with SampleServer() as server:
        before = {url: get(url)[1]["ETag"] for url in server.feed_urls}
        server.advance()
        changed = [url for url in server.feed_urls if get(url, If_None_Match=before[url])[0] == HTTPStatus.OK]
    assert sorted(url.rpartition("/")[2] for url in changed) == ["harbour.atom", "meridian.rss"]


def test_server_advances_by_itself_once_all_is_read() -> None:
    """The later stage comes when every feed was read once, and all is read when its changes were."""
    with SampleServer(advance_by_itself=True) as server:
        for url in server.feed_urls:
            assert not server.is_later
            get(url)
        assert (server.is_later, server.all_read) == (True, False)
        for url in server.feed_urls:
            get(url)
        assert server.all_read


def test_client_with_the_later_stage_is_not_sent_back() -> None:
    """A client that holds the edited feed gets 304 from a server that begins anew."""
    with SampleServer() as server:
        server.advance()
        etag = get(f"{server.address}/feeds/harbour.atom")[1]["ETag"]
    with SampleServer() as server:
        assert get(f"{server.address}/feeds/harbour.atom", If_None_Match=etag)[0] == HTTPStatus.NOT_MODIFIED


def test_feed_list_has_the_servers_address(tmp_path: Path) -> None:
    """The feed list that is written can be read and names every feed of the server."""
    with SampleServer() as server:
        path = tmp_path / "feeds.toml"
        server.write_feed_list(path)
        listed = read_feed_list(path)
        assert {subscription.url for subscription in listed} == set(server.feed_urls)
    assert all(isinstance(one, Subscription) and one.interval_seconds == 2 for one in listed)


def test_port_in_use_is_an_error() -> None:
    """A second server at the same port can't start."""
    with SampleServer() as server:
        port = int(server.address.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"), SampleServer(port):
            pass
