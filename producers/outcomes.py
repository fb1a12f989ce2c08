"""What a poll can bring: the values between fetching, parsing and deciding."""

from dataclasses import dataclass
from datetime import timedelta

from producers.parse.model import ParsedFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask whether a feed has changed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The server's answer, not yet parsed."""

    body: bytes
    url: str
    """Where the body was found, after redirects."""
    content_type: str | None = None
    validators: Validators = Validators()
    fresh: timedelta | None = None
    """How long the server says that nothing newer is to be had."""
    moved_to: str | None = None
    """Where the server says that the feed has moved for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A feed's document."""

    feed: ParsedFeed
    validators: Validators = Validators()
    fresh: timedelta | None = None
    moved_to: str | None = None
    digest: str | None = None
    """Hash of the bytes that the document was read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing has changed."""

    validators: Validators = Validators()
    fresh: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """The server sent the whole document, and it is what it was."""

    validators: Validators = Validators()
    fresh: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The poll failed and is worth another try."""

    reason: str
    """One sentence for the operator."""
    retry_after: timedelta | None = None
    """How long the server asks us to stay away from this feed."""
    host_rests: timedelta | None = None
    """How long it wants none of our requests at all."""
    status: int | None = None
    """Of the answer, where there was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The server says that the feed has ended."""

    reason: str


FetchResult = Fetched | NotModified | Failed | Gone
Outcome = Received | Same | NotModified | Failed | Gone
