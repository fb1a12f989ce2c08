"""Fetching from a real server on loopback that behaves, misbehaves and falls silent."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from producers.fetch import Fetcher, Hosts, freshness, retry_after
from producers.outcomes import Failed, Fetched, FetchResult, Gone, NotModified, Validators
from producers.settings import ProducerSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

SETTINGS = ProducerSettings(
    fetch_connect_seconds=1,
    fetch_read_seconds=0.2,
    fetch_total_seconds=0.6,
    fetch_max_bytes=10_000,
    fetch_allow_private=True,
)
BODY = b"<rss/>"
NO_VALIDATORS = Validators()
LATE = 5.0


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """Serve a handler on loopback and yield the server's address."""
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/feed"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving_raw(answer: RawHandler) -> AsyncIterator[str]:
    """Serve bytes as they are, for answers that no well-behaved server gives."""

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):  # the client may leave first
            try:
                await answer(reader, writer)
            finally:
                writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/feed"
    finally:
        server.close()


async def fetch(url: str, validators: Validators = NO_VALIDATORS) -> FetchResult:
    """Fetch once with the tests' short limits."""
    async with Fetcher(SETTINGS) as fetcher:
        return await fetcher.fetch(url, validators)


def fetch_from(handler: Handler, validators: Validators = NO_VALIDATORS) -> FetchResult:
    """Return what fetching from a handler gives."""

    async def once() -> FetchResult:
        async with serving(handler) as url:
            return await fetch(url, validators)

    return asyncio.run(once())


def fetch_raw(answer: RawHandler) -> FetchResult:
    """Return what fetching from a raw answer gives."""

    async def once() -> FetchResult:
        async with serving_raw(answer) as url:
            return await fetch(url)

    return asyncio.run(once())


def raw(data: bytes, *, then_wait: float = 0) -> RawHandler:
    """Return a raw answer: these bytes, perhaps silence, then the end."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(then_wait)

    return answer


async def conditional(request: web.Request) -> web.Response:
    """Answer like a good server with an ETag."""
    if request.headers.get("If-None-Match") == '"1"':
        return web.Response(status=304)
    headers = {"ETag": '"1"', "Last-Modified": "Sat, 30 Sep 2017 16:00:00 GMT"}
    return web.Response(body=BODY, content_type="application/rss+xml", headers=headers)


def test_feed_is_fetched_with_its_validators() -> None:
    """A good answer brings the body, its type and what to ask with next time."""
    result = fetch_from(conditional)
    assert isinstance(result, Fetched)
    assert (result.body, result.content_type) == (BODY, "application/rss+xml")
    assert result.validators == Validators(etag='"1"', last_modified="Sat, 30 Sep 2017 16:00:00 GMT")


def test_unchanged_feed_is_not_modified() -> None:
    """Asked with its validator, a server that answers 304 has nothing new."""
    assert fetch_from(conditional, Validators(etag='"1"')) == NotModified()


def test_request_names_us_and_asks_conditionally() -> None:
    """Both validators, our name and what we read go out with the request."""
    asked: dict[str, str] = {}

    async def note(request: web.Request) -> web.Response:
        asked.update(request.headers)
        return web.Response(status=304)

    fetch_from(note, Validators(etag='W/"2"', last_modified="Sat, 30 Sep 2017 16:00:00 GMT"))
    assert asked["If-None-Match"] == 'W/"2"'
    assert asked["If-Modified-Since"] == "Sat, 30 Sep 2017 16:00:00 GMT"
    assert asked["User-Agent"].startswith("Tallywire/")
    assert "gzip" in asked["Accept-Encoding"]
    assert "application/rss+xml" in asked["Accept"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503, 204, 304])
def test_answer_without_a_feed_is_a_failure(status: int) -> None:
    """Any status but 200, and 304 unasked, is said as it came."""

    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    result = fetch_from(refuse)
    assert isinstance(result, Failed)
    assert result.reason.startswith(f"The server answers {status}")


def test_ended_feed_is_gone() -> None:
    """410 says that the feed has ended."""

    async def gone(_request: web.Request) -> web.Response:
        return web.Response(status=410)

    assert fetch_from(gone) == Gone(reason="The server answers 410 Gone.")


def test_retry_after_is_read() -> None:
    """A busy server's wish is handed on."""

    async def busy(_request: web.Request) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "120"})

    result = fetch_from(busy)
    assert isinstance(result, Failed)
    assert result.retry_after == timedelta(seconds=120)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("90", timedelta(seconds=90), id="seconds"),
        pytest.param("Tue, 05 Mar 2024 12:10:00 GMT", timedelta(minutes=10), id="date"),
        pytest.param("Tue, 05 Mar 2024 11:00:00 GMT", timedelta(0), id="date that is past"),
        pytest.param("soon", None, id="nonsense"),
        pytest.param("-5", None, id="negative"),
        pytest.param("9" * 400, timedelta(seconds=10**9), id="for ever"),
    ],
)
def test_retry_after_header(header: str | None, wait: timedelta | None) -> None:
    """Seconds and dates are understood, nonsense is nothing."""
    assert retry_after(header, datetime(2024, 3, 5, 12, tzinfo=UTC)) == wait


def test_redirect_is_followed() -> None:
    """A feed that has moved is read where it is."""

    async def moved(request: web.Request) -> web.Response:
        if request.path == "/feed":
            raise web.HTTPMovedPermanently("/new/feed")
        return web.Response(body=BODY)

    result = fetch_from(moved)
    assert isinstance(result, Fetched)
    assert result.url.endswith("/new/feed")


def test_redirect_loop_ends() -> None:
    """Redirects are followed so far and no further."""

    async def loop(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/feed")

    assert fetch_from(loop) == Failed(reason="More than 5 redirects.")


def test_redirect_to_another_scheme_is_refused() -> None:
    """A redirect can't make us read a file."""

    async def to_file(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "file:///etc/passwd"})

    result = fetch_from(to_file)
    assert isinstance(result, Failed)
    assert "can't be read" in result.reason


def test_too_large_answer_is_cut_off() -> None:
    """A body beyond the limit isn't read to its end."""

    async def large(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 20_000)

    assert fetch_from(large) == Failed(reason="The answer is larger than 10,000 bytes.")


def test_compressed_bomb_is_cut_off() -> None:
    """What counts is the size after decompression."""

    async def bomb(_request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"x" * 5_000_000), headers={"Content-Encoding": "gzip"})

    assert fetch_from(bomb) == Failed(reason="The answer is larger than 10,000 bytes.")


def test_compressed_answer_is_read() -> None:
    """A compressed feed comes out as it was."""

    async def packed(_request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(BODY), headers={"Content-Encoding": "gzip"})

    result = fetch_from(packed)
    assert isinstance(result, Fetched)
    assert result.body == BODY


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(raw(b"", then_wait=LATE), "The server fell silent for 0.2 s.", id="no answer"),
        pytest.param(
            raw(HEAD + b"Content-Length: 9\r\n\r\n<rss", then_wait=LATE),
            "The server fell silent for 0.2 s.",
            id="silence in the middle",
        ),
        pytest.param(
            raw(HEAD + b"Content-Length: 900\r\n\r\n<rss/>"),
            "The answer broke off, or is compressed wrongly.",
            id="shorter than said",
        ),
        pytest.param(
            raw(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\n<rss/>"),
            "The answer broke off, or is compressed wrongly.",
            id="not compressed as said",
        ),
        pytest.param(raw(b""), "The server closed the connection without an answer.", id="closed at once"),
    ],
)
def test_broken_answer_is_a_failure(answer: RawHandler, reason: str) -> None:
    """An answer that stops, lies about itself or never comes is said in one sentence."""
    assert fetch_raw(answer) == Failed(reason=reason)


def test_answer_that_is_no_http_is_a_failure() -> None:
    """Another protocol behind the port is said too."""
    result = fetch_raw(raw(b"220 mail.example ESMTP\r\n"))
    assert isinstance(result, Failed)
    assert result.reason.startswith("The address can't be read: ")


def test_slow_drip_ends_at_the_total_limit() -> None:
    """A server that sends a byte at a time can't hold a poll for ever."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"Content-Length: 9000\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    assert fetch_raw(drip) == Failed(reason="The answer took longer than 0.6 s.")


def test_refused_connection_is_said() -> None:
    """A port where nobody listens is a failure like any other."""

    async def once() -> FetchResult:
        server = await asyncio.start_server(raw(b""), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        return await fetch(f"http://127.0.0.1:{port}/")

    result = asyncio.run(once())
    assert isinstance(result, Failed)
    assert result.reason.startswith("No connection to 127.0.0.1")


def test_unknown_host_is_said() -> None:
    """A name that can't be resolved is a failure like any other; `.invalid` never resolves (RFC 6761)."""
    result = asyncio.run(fetch("http://nowhere.invalid/feed"))
    assert isinstance(result, Failed)
    assert result.reason.endswith(".")


def feed_body(size: int) -> bytes:
    """Return a body that says of itself how long it is."""
    return HEAD + b"Content-Length: %d\r\n\r\n<rss/>" % size


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(raw(feed_body(6)), BODY, id="right length"),
        pytest.param(raw(HEAD + b"Connection: close\r\n\r\n<rss/>"), BODY, id="no length, closed at the end"),
        pytest.param(raw(feed_body(6) + b"more than was said"), None, id="longer than said"),
        pytest.param(raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n0\r\n\r\n"), BODY, id="in chunks"),
        pytest.param(
            raw(HEAD + b"X-Policy: " + b"x" * 30_000 + b"\r\nContent-Length: 6\r\n\r\n<rss/>"),
            BODY,
            id="30 KB header",
        ),
        pytest.param(raw(HEAD + b"X-Policy: " + b"x" * 300_000 + b"\r\n\r\n<rss/>"), None, id="300 KB header"),
        pytest.param(raw(HEAD + b"Content-Length: many\r\n\r\n<rss/>"), None, id="length that is no number"),
        pytest.param(
            raw(HEAD + b"Content-Encoding: sdch\r\nContent-Length: 6\r\n\r\n<rss/>"), None, id="unasked encoding"
        ),
        pytest.param(
            raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n"),
            None,
            id="half-closed before the last chunk",
        ),
        pytest.param(raw(feed_body(900), then_wait=LATE), None, id="half-open after a part"),
    ],
)
def test_lengths_and_ends(answer: RawHandler, expected: bytes | None) -> None:
    """A whole body is read; one that isn't whole, or isn't what it says, is a failure."""
    result = fetch_raw(answer)
    assert (result.body if isinstance(result, Fetched) else None) == expected


def test_too_many_requests_lets_the_host_rest() -> None:
    """429 is meant for all that we ask of the host, 503 for the feed."""

    async def busy(request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "120"} if request.query else {})

    bare = fetch_from(busy)
    assert isinstance(bare, Failed)
    assert (bare.retry_after, bare.host_rests) == (None, timedelta(seconds=60))


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        pytest.param((301,), "/1", id="301"),
        pytest.param((308, 301), "/2", id="308 and 301"),
        pytest.param((302,), None, id="302"),
        pytest.param((307, 301), None, id="307 first"),
        pytest.param((301, 302), "/1", id="302 after 301"),
    ],
)
def test_only_permanent_redirects_say_where_a_feed_moved(statuses: tuple[int, ...], moved: str | None) -> None:
    """What follows a temporary redirect is only for now."""

    async def redirect(request: web.Request) -> web.Response:
        step = 0 if request.path == "/feed" else int(request.path.strip("/"))
        if step == len(statuses):
            return web.Response(body=BODY)
        return web.Response(status=statuses[step], headers={"Location": f"/{step + 1}"})

    result = fetch_from(redirect)
    assert isinstance(result, Fetched)
    assert (result.moved_to is None) == (moved is None)
    assert moved is None or (result.moved_to or "").endswith(moved)


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"Cache-Control": "public, max-age=600"}, timedelta(minutes=10), id="max-age"),
        pytest.param({"Cache-Control": "max-age=600", "Age": "500"}, timedelta(seconds=100), id="held for a while"),
        pytest.param({"Cache-Control": "no-cache, max-age=600"}, timedelta(0), id="no-cache"),
        pytest.param({"Cache-Control": "s-maxage=600"}, None, id="for shared caches only"),
        pytest.param({"Expires": "Tue, 05 Mar 2024 12:10:00 GMT"}, timedelta(minutes=10), id="Expires"),
        pytest.param({"Expires": "0"}, timedelta(0), id="Expires that is no date"),
        pytest.param({"Cache-Control": "max-age=" + "9" * 400}, timedelta(seconds=10**9), id="for ever"),
    ],
)
def test_freshness(headers: dict[str, str], fresh: timedelta | None) -> None:
    """How long an answer stays fresh is read as caches do."""
    assert freshness(headers, datetime(2024, 3, 5, 12, tzinfo=UTC)) == fresh


def test_hosts_take_turns() -> None:
    """Requests to one host start apart; another host doesn't wait; a resting one says for how long."""

    async def visit() -> tuple[list[float], float, float]:
        hosts, starts = Hosts(concurrency=2, delay=0.1), []
        loop = asyncio.get_running_loop()
        begun = loop.time()

        async def turn(url: str) -> None:
            async with hosts.turn(url):
                starts.append((url, loop.time() - begun))

        await asyncio.gather(*(turn("http://a.example/x") for _ in range(3)), turn("http://b.example/y"))
        hosts.let_rest("http://a.example/z", 50)
        mine = sorted(when for url, when in starts if "a.example" in url)
        return mine, hosts.rest("http://a.example/other"), hosts.rest("http://b.example/")

    times, rest, other = asyncio.run(visit())
    assert times[1] >= 0.09
    assert times[2] >= 0.19
    assert (49 < rest <= 50, other) == (True, 0)
