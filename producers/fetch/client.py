"""Fetching over HTTP: a conditional GET, its redirects, its limits, and every way it can fail as a value."""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp

from producers.fetch.addresses import NOT_PUBLIC, open_public_socket
from producers.fetch.compression import ACCEPTED, CompressionError, Decompressor, decompressor
from producers.fetch.headers import freshness, retry_after
from producers.fetch.hosts import Hosts
from producers.outcomes import Failed, Fetched, FetchResult, Gone, NotModified, Validators
from producers.settings import ProducerSettings

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
CHUNK_BYTES = 65_536
MAX_HEADER_BYTES = 65_536
"""Of one header: content policies and cookies of news sites exceed the client's own 8 KiB."""
PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
HOST_REST = timedelta(seconds=60)
"""How long a host that says "too many requests" is left alone when it doesn't say for how long."""


class Fetcher:
    """Fetches feeds, and pages, over HTTP while its context is open; many `fetch` may run at once.

    Connections are pooled and cookies aren't kept.  Whose turn it is at a host is for the caller to ask of `hosts`.
    """

    def __init__(self, settings: ProducerSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        self.hosts = Hosts(settings.fetch_host_concurrency, settings.fetch_host_delay_seconds)

    async def __aenter__(self) -> Self:
        settings = self._settings
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # who calls has a limit of its own, and mustn't wait here while the clock runs
                socket_factory=None if settings.fetch_allow_private else open_public_socket,
            ),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": settings.fetch_user_agent, "Accept-Encoding": ACCEPTED},
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
            timeout=aiohttp.ClientTimeout(
                total=settings.fetch_total_seconds,
                sock_connect=settings.fetch_connect_seconds,
                sock_read=settings.fetch_read_seconds,
            ),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, url: str, validators: Validators, accept: str = ACCEPT) -> FetchResult:
        """Return what the server answers; whatever goes wrong out there is `Failed`, never an exception."""
        if self._session is None:
            raise RuntimeError("Fetcher.fetch needs its context: `async with Fetcher(settings) as fetcher`.")
        conditions = _conditions(validators)
        try:
            async with self._session.get(
                url, headers={"Accept": accept, **conditions}, max_redirects=self._settings.fetch_max_redirects
            ) as answer:
                return await self._result(answer, asked=bool(conditions))
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError, ValueError) as error:
            return Failed(reason=_reason(error, self._settings))

    async def _result(self, answer: aiohttp.ClientResponse, *, asked: bool) -> FetchResult:
        now = datetime.now(UTC)
        if answer.status == HTTPStatus.OK:
            return await self._fetched(answer, now)
        if answer.status == HTTPStatus.NOT_MODIFIED and asked:
            return NotModified(
                validators=_validators(answer), fresh=freshness(answer.headers, now), moved_to=moved_to(answer)
            )
        reason = f"The server answers {answer.status} {answer.reason or ''}".rstrip() + "."
        if answer.status == HTTPStatus.GONE:
            return Gone(reason=reason)
        wait = retry_after(answer.headers.get("Retry-After"), now)
        host_rests = (wait or HOST_REST) if answer.status == HTTPStatus.TOO_MANY_REQUESTS else None
        return Failed(reason=reason, retry_after=wait, host_rests=host_rests, status=answer.status)

    async def _fetched(self, answer: aiohttp.ClientResponse, now: datetime) -> FetchResult:
        try:
            body = await self._body(answer)
        except _TooLargeError as error:
            return Failed(reason=str(error))
        return Fetched(
            body=body,
            url=str(answer.url),
            content_type=answer.headers.get("Content-Type"),
            validators=_validators(answer),
            fresh=freshness(answer.headers, now),
            moved_to=moved_to(answer),
        )

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        """Return the whole body, decompressed.

        Raises:
            _TooLargeError: It exceeds a limit, on the wire or decompressed.
            CompressionError: It isn't compressed as it says.
        """
        encoded = decompressor(answer.headers.get("Content-Encoding"))
        on_wire, most_on_wire = 0, self._settings.fetch_max_wire_bytes
        body = bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
            on_wire += len(chunk)
            if on_wire > most_on_wire:
                raise _TooLargeError(f"The answer is larger than {most_on_wire:,} bytes on its way.")
            for piece in _pieces_within(encoded, chunk, len(body), self._settings.fetch_max_bytes):
                body += piece
        if on_wire:
            encoded.finish()
        return bytes(body)


class _TooLargeError(Exception):
    """The answer exceeds a limit; the message is a sentence."""


def _pieces_within(encoded: Decompressor, chunk: bytes, have: int, limit: int) -> Iterator[bytes]:
    for piece in encoded.pieces(chunk):
        have += len(piece)
        if have > limit:
            raise _TooLargeError(f"The answer is larger than {limit:,} bytes.")
        yield piece


def moved_to(answer: aiohttp.ClientResponse) -> str | None:
    """Return where an answer says that what was asked for has moved for good.

    That is where the permanent redirects at the beginning lead; what a temporary one leads to is only for now.
    """
    hops = [*answer.history, answer]
    target = None
    for hop, following in itertools.pairwise(hops):
        if hop.status not in PERMANENT:
            break
        target = str(following.url)
    return target


def _validators(answer: aiohttp.ClientResponse) -> Validators:
    return Validators(etag=answer.headers.get("ETag"), last_modified=answer.headers.get("Last-Modified"))


def _reason(error: Exception, settings: ProducerSettings) -> str:
    """Return what went wrong in one sentence; the first kind that fits, the special ones before the general."""
    host = f"{getattr(error, 'host', '')}"
    trouble = getattr(error, "strerror", None) or "refused"
    if isinstance(error, aiohttp.ClientConnectorError) and NOT_PUBLIC in trouble:
        return f"The host {host} isn't on the public internet ({trouble})."
    sentences: tuple[tuple[type[Exception], str], ...] = (
        (aiohttp.ConnectionTimeoutError, f"No connection within {settings.fetch_connect_seconds:g} s."),
        (aiohttp.SocketTimeoutError, f"The server fell silent for {settings.fetch_read_seconds:g} s."),
        (TimeoutError, f"The answer took longer than {settings.fetch_total_seconds:g} s."),
        (aiohttp.TooManyRedirects, f"More than {settings.fetch_max_redirects} redirects."),
        (aiohttp.ClientConnectorDNSError, f"The host name {host} can't be resolved."),
        (aiohttp.ClientConnectorCertificateError, f"The certificate of {host} isn't valid."),
        (aiohttp.ClientConnectorError, f"No connection to {host}: {trouble}."),
        (aiohttp.ServerDisconnectedError, "The server closed the connection without an answer."),
        (aiohttp.ClientPayloadError, "The answer broke off, or is compressed wrongly."),
        (CompressionError, "The answer broke off, or is compressed wrongly."),
    )
    unknown = f"The address can't be read: {type(error).__name__}: {error}".rstrip(".") + "."
    return next((sentence for kind, sentence in sentences if isinstance(error, kind)), unknown)


def _conditions(validators: Validators) -> dict[str, str]:
    """Return the headers that ask for an answer only if something has changed."""
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in conditions.items() if value}
