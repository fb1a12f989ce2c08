"""The full text of articles from their pages, on a real server on loopback."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from aiohttp import web

from contracts.records import Article, Feed
from producers.content import content_revision
from producers.fetch import Fetcher
from producers.outcomes import Failed, Fetched, Gone
from producers.pages import FullText
from producers.pages.robots import ALLOW_ALL, ALLOW_NONE, Rules, read_rules, robots_url
from producers.settings import ProducerSettings

AGENT = "Tallywire/0.1 (feed reader)"
SETTINGS = ProducerSettings(
    full_text=True, fetch_allow_private=True, fetch_host_delay_seconds=0, fetch_total_seconds=2
)
FEED = Feed(url="http://feed.example/")
WORDS = (
    "Rescuers dug through the night for miners after the shaft near the village gave way, the union said, number {}."
)
PARAGRAPHS = "".join(f"<p>{WORDS.format(number)}</p>" for number in range(12))
HEAD = "<html lang='en-GB'><head><title>Mine collapses</title></head>"
HEADLINE = "<h1>Mine collapses near village</h1>"
PAGE = f"{HEAD}<body><nav>Home</nav><article>{HEADLINE}{PARAGRAPHS}</article></body></html>"
CONSENT = "<p>We and our partners use cookies for many a purpose.</p>" * 40
WALL = f"<html><body><article><h1>Your privacy</h1>{CONSENT}</article></body></html>"
TEASER = Article(id="a", revision="r", title="Mine collapses near village", text="Rescuers are digging.")


class Site:
    """A site that counts what is asked of it."""

    def __init__(self, pages: dict[str, str], robots: str | int = 404) -> None:
        self.asked: Counter[str] = Counter()
        self._pages = pages
        self._robots = robots

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as the case wants."""
        self.asked[request.path] += 1
        if request.path == "/robots.txt":
            if isinstance(self._robots, int):
                return web.Response(status=self._robots)
            return web.Response(text=self._robots)
        if request.path not in self._pages:
            return web.Response(status=404)
        return web.Response(text=self._pages[request.path], content_type="text/html")


def completed(
    site: Site, *articles: Article, feed: Feed = FEED, settings: ProducerSettings = SETTINGS
) -> list[Article]:
    """Return articles at the site's addresses as they are once completed."""

    async def run() -> list[Article]:
        app = web.Application()
        app.router.add_get("/{path:.*}", site.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        placed = [replace(one, url=base + (one.url or "")) for one in articles]
        try:
            async with Fetcher(settings) as fetcher:
                pages = FullText(settings, fetcher)
                return list(await pages.complete(feed, placed))
        finally:
            await runner.cleanup()

    return asyncio.run(run())


def test_page_takes_the_place_of_a_teaser() -> None:
    """The page's text, with its language and its own revision; the headline stays the feed's."""
    (article,) = completed(Site({"/7": PAGE}), replace(TEASER, url="/7"))
    assert article.text.count("Rescuers dug") == 12
    assert "Home" not in article.text
    assert (article.title, article.language) == (TEASER.title, "en")
    assert article.revision == content_revision(article.title, article.text)


@pytest.mark.parametrize(
    ("site", "article"),
    [
        pytest.param(Site({}), TEASER, id="no page"),
        pytest.param(Site({"/7": PAGE}, robots="User-agent: *\nDisallow: /"), TEASER, id="robots.txt refuses"),
        pytest.param(Site({"/7": PAGE}, robots=503), TEASER, id="robots.txt can't be had"),
        pytest.param(Site({"/7": WALL}), TEASER, id="a page about something else"),
        pytest.param(Site({"/7": "<html><body></body></html>"}), TEASER, id="an empty page"),
        pytest.param(Site({"/7": PAGE}), replace(TEASER, text="Long enough. " * 200), id="the feed has it all"),
        pytest.param(Site({"/7": f"<!--{'x' * 3_100_000}-->{PAGE}"}), TEASER, id="a page too large"),
    ],
)
def test_feeds_own_text_stays(site: Site, article: Article) -> None:
    """Where the page can't be had, or gives less, the article is as the feed gives it."""
    (found,) = completed(site, replace(article, url="/7"))
    assert (found.text, found.revision) == (article.text, article.revision)


def test_robots_are_asked_once_and_refused_pages_never() -> None:
    """One robots.txt for all of a host's pages, and no page that it refuses."""
    site = Site({"/7": PAGE, "/8": PAGE, "/no/9": PAGE}, robots="User-agent: *\nDisallow: /no/")
    completed(site, *(replace(TEASER, id=path, url=path) for path in ("/7", "/8", "/no/9")))
    assert site.asked == {"/robots.txt": 1, "/7": 1, "/8": 1}


def test_only_the_newest_are_looked_up() -> None:
    """Articles come oldest first, and the last ones are worth the most."""
    site = Site({"/7": PAGE, "/8": PAGE})
    limited = SETTINGS.model_copy(update={"full_text_pages": 1})
    old, new = completed(site, *(replace(TEASER, id=path, url=path) for path in ("/7", "/8")), settings=limited)
    assert (old.text, len(new.text) > len(old.text)) == (TEASER.text, True)


@pytest.mark.parametrize(
    ("default", "of_feed", "asked"),
    [(True, None, True), (True, False, False), (False, None, False), (False, True, True)],
)
def test_feed_decides_before_the_setting(default: bool, of_feed: bool | None, asked: bool) -> None:  # noqa: FBT001 - a case
    """A feed's own wish counts, else the setting."""
    site = Site({"/7": PAGE})
    settings = SETTINGS.model_copy(update={"full_text": default})
    completed(site, replace(TEASER, url="/7"), feed=replace(FEED, full_text=of_feed), settings=settings)
    assert bool(site.asked) is asked


@pytest.mark.parametrize(
    ("answer", "rules"),
    [
        pytest.param(Failed(reason="The server answers 404.", status=404), ALLOW_ALL, id="there is none"),
        pytest.param(Gone(reason="The server answers 410."), ALLOW_ALL, id="it is gone"),
        pytest.param(Failed(reason="The server answers 500.", status=500), ALLOW_NONE, id="the server is down"),
        pytest.param(Failed(reason="No connection."), ALLOW_NONE, id="nobody answers"),
    ],
)
def test_missing_rules(answer: Failed | Gone, rules: Rules) -> None:
    """No rules allow everything; rules that can't be asked for allow nothing."""
    assert read_rules(answer) == rules


def test_rules_are_for_us() -> None:
    """The rules for our name count, with the delay that they ask for, a minute at most."""
    body = b"User-agent: *\nDisallow: /\n\nUser-agent: tallywire\nDisallow: /no/\nCrawl-delay: 900\n"
    rules = read_rules(Fetched(body=body, url="http://a.example/robots.txt"))
    assert rules.allow("http://a.example/yes", AGENT)
    assert not rules.allow("http://a.example/no/7", AGENT)
    assert not rules.allow("http://a.example/yes", "Somebody")
    assert rules.delay(AGENT) == 60
    assert robots_url("http://a.example:81/x?y#z") == "http://a.example:81/robots.txt"
