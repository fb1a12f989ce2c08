"""The network's edge: one conditional GET a poll, and every way it can fail as a value.  Parses nothing."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp

from producers.outcomes import Failed, Fetched, FetchResult, Gone, NotModified, Validators
from producers.settings import ProducerSettings

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9,"
    " application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
CHUNK_BYTES = 65_536


class Fetcher:
    """Fetches feeds over HTTP while its context is open; many `fetch` may run at once.

    Connections are pooled and cookies aren't kept.
    """

    def __init__(self, settings: ProducerSettings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        settings = self._settings
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=settings.poll_concurrency),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": settings.fetch_user_agent, "Accept": ACCEPT},
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

    async def fetch(self, url: str, validators: Validators) -> FetchResult:
        """Return what the server answers; whatever goes wrong out there is `Failed`, never an exception."""
        if self._session is None:
            raise RuntimeError("Fetcher.fetch needs its context: `async with Fetcher(settings) as fetcher`.")
        headers = _conditions(validators)
        try:
            async with self._session.get(
                url, headers=headers, max_redirects=self._settings.fetch_max_redirects
            ) as answer:
                return await self._result(answer, asked=bool(headers))
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError, ValueError) as error:
            return Failed(reason=_reason(error, self._settings))

    async def _result(self, answer: aiohttp.ClientResponse, *, asked: bool) -> FetchResult:
        if answer.status == HTTPStatus.OK:
            return await self._fetched(answer)
        if answer.status == HTTPStatus.NOT_MODIFIED and asked:
            return NotModified()
        reason = f"The server answers {answer.status} {answer.reason or ''}".rstrip() + "."
        if answer.status == HTTPStatus.GONE:
            return Gone(reason=reason)
        return Failed(reason=reason, retry_after=retry_after(answer.headers.get("Retry-After"), datetime.now(UTC)))

    async def _fetched(self, answer: aiohttp.ClientResponse) -> FetchResult:
        limit = self._settings.fetch_max_bytes
        body = bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
            body += chunk
            if len(body) > limit:
                return Failed(reason=f"The answer is larger than {limit:,} bytes.")
        return Fetched(
            body=bytes(body),
            url=str(answer.url),
            content_type=answer.headers.get("Content-Type"),
            validators=Validators(etag=answer.headers.get("ETag"), last_modified=answer.headers.get("Last-Modified")),
        )


def _reason(error: Exception, settings: ProducerSettings) -> str:
    """Return what went wrong in one sentence; the first kind that fits, the special ones before the general."""
    host = f"{getattr(error, 'host', '')}"
    sentences: tuple[tuple[type[Exception], str], ...] = (
        (aiohttp.ConnectionTimeoutError, f"No connection within {settings.fetch_connect_seconds:g} s."),
        (aiohttp.SocketTimeoutError, f"The server fell silent for {settings.fetch_read_seconds:g} s."),
        (TimeoutError, f"The answer took longer than {settings.fetch_total_seconds:g} s."),
        (aiohttp.TooManyRedirects, f"More than {settings.fetch_max_redirects} redirects."),
        (aiohttp.ClientConnectorDNSError, f"The host name {host} can't be resolved."),
        (aiohttp.ClientConnectorCertificateError, f"The certificate of {host} isn't valid."),
        (aiohttp.ClientConnectorError, f"No connection to {host}: {getattr(error, 'strerror', None) or 'refused'}."),
        (aiohttp.ServerDisconnectedError, "The server closed the connection without an answer."),
        (aiohttp.ClientPayloadError, "The answer broke off, or is compressed wrongly."),
    )
    unknown = f"The address can't be read: {type(error).__name__}: {error}".rstrip(".") + "."
    return next((sentence for kind, sentence in sentences if isinstance(error, kind)), unknown)


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Return how long a `Retry-After` header asks to stay away (RFC 9110, 10.2.3), or None if it says nothing."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return timedelta(seconds=min(int(header), 10**9))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(until.replace(tzinfo=until.tzinfo or UTC) - now, timedelta(0))


def _conditions(validators: Validators) -> dict[str, str]:
    """Return the headers that ask for an answer only if something has changed."""
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in conditions.items() if value}
