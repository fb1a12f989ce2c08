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


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A feed's document."""

    feed: ParsedFeed
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The poll failed and is worth another try."""

    reason: str
    """One sentence for the operator."""
    retry_after: timedelta | None = None
    """How long the server asks us to stay away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The server says that the feed has ended."""

    reason: str


FetchResult = Fetched | NotModified | Failed | Gone
Outcome = Received | NotModified | Failed | Gone
