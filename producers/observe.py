"""What can be seen of the polls: a report of each, for the log and for the metrics."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts import logs
from contracts.records import Feed
from contracts.vocabulary import FeedState
from producers.outcomes import Failed, Gone, NotModified, Outcome, Received, Same

log = logs.get(__name__)

KINDS: dict[type[Outcome], str] = {
    Received: "received",
    Same: "same",
    NotModified: "not_modified",
    Failed: "failed",
    Gone: "gone",
}
"""How outcomes are named in metrics and logs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """One poll, as an operator sees it."""

    before: Feed
    after: Feed
    outcome: Outcome
    published: int
    """Article revisions."""
    body_bytes: int
    """Of the document, decompressed; 0 where none was sent."""
    seconds: float
    """From the request's start until everything was acknowledged."""
    late: float | None
    """Seconds from when the feed was due to the request's start; None: it was due at once."""

    @property
    def kind(self) -> str:
        """Return how the outcome is named."""
        return KINDS[type(self.outcome)]


Observer = Callable[[PollReport], None]


def log_poll(report: PollReport) -> None:
    """Log a poll: a feed's trouble as a warning, articles as information, the rest for who looks closely."""
    before, after = report.before, report.after
    facts = {"feed": after.url, "outcome": report.kind, "seconds": round(report.seconds, 3)}
    if after.location != before.location:
        log.warning("feed moved", feed=after.url, location=after.location or after.url)
    if after.flags != before.flags:
        log.warning("feed is odd", feed=after.url, flags=[flag.value for flag in after.flags])
    if after.state in {FeedState.FAILING, FeedState.GONE}:
        log.warning(
            "feed failing", **facts, state=after.state.value, reason=after.error, next_poll=str(after.next_poll)
        )
    elif after.state is FeedState.SILENT and before.state is not FeedState.SILENT:
        log.warning("feed silent", **facts, last_new=str(after.last_new))
    elif report.published:
        log.info("feed polled", **facts, published=report.published, problem=after.error)
    else:
        log.debug("feed polled", **facts, published=0, problem=after.error)
