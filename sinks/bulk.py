"""Writing planned documents to Elasticsearch, in bulk and idempotently.

What an answer means:

- 2xx: written.  409: a newer version (or, for `Create`, any version) is there: fine.  404 at a delete: fine.
- 429, 5xx, no answer, or an alias that isn't there: nobody's record is at fault, so `UnavailableError`: the same
  writes are tried again and nothing is committed before they succeed.
- Another 4xx: Elasticsearch refuses this document: a `Refusal`, which becomes a dead letter.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import streaming_bulk

from contracts.codec import encode
from sinks.batch import Refusal
from sinks.client import describe
from sinks.errors import UnavailableError
from sinks.settings import SinkSettings
from sinks.writes import Create, Put, Remove, Write

RETRIED = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
"""Statuses after which a document may well succeed a moment later."""

NOT_THE_RECORDS_FAULT = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
)
"""4xx statuses that speak of the user, a blocked index or a missing alias, and not of the document."""

EXTERNAL_VERSION = "external_gte"
"""Write when our version is at least the one that's there: a repeated write is fine, a late one isn't."""

Header = dict[str, dict[str, Any]]
"""The first line of a bulk action, in Elasticsearch's own terms."""

Action = tuple[Header, bytes | None]
"""A bulk action: its header, and the document's bytes unless it deletes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Elasticsearch said of one action."""

    operation: str
    id: str
    status: int
    reason: str

    @property
    def conflict(self) -> bool:
        """Return whether another version of the document was there."""
        return self.status == HTTPStatus.CONFLICT

    @property
    def fine(self) -> bool:
        """Return whether the document is, or was already, as it should be."""
        gone = self.operation == "delete" and self.status == HTTPStatus.NOT_FOUND and not self.reason
        return self.status < HTTPStatus.BAD_REQUEST or self.conflict or gone

    @property
    def unavailable(self) -> bool:
        """Return whether the same action may succeed later."""
        server_failed = self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return not self.fine and (server_failed or self.status in NOT_THE_RECORDS_FAULT)


def write(client: Elasticsearch, writes: Iterable[Write], settings: SinkSettings) -> list[Refusal]:
    """Apply writes in their order; return those that were refused.

    Raises:
        UnavailableError: Some weren't answered or may succeed later; all of them can be tried again.
    """
    actions = [_action(write, settings.index_prefix) for write in writes]
    return [refusal(answer) for answer in send(client, actions, settings) if not answer.fine]


def refusal(answer: Answer) -> Refusal:
    """Return the refusal that an answer amounts to."""
    return Refusal(id=answer.id, reason=f"status {answer.status}: {answer.reason}")


def send(client: Elasticsearch, actions: Iterable[Action], settings: SinkSettings) -> Iterator[Answer]:
    """Send bulk actions and yield what Elasticsearch said of each, in no particular order.

    Raises:
        UnavailableError: An action wasn't answered, or may succeed later.
    """
    as_the_helper_takes_them: Iterable[Any] = actions
    results = streaming_bulk(
        client,
        as_the_helper_takes_them,
        expand_action_callback=_as_is,
        chunk_size=settings.sink_bulk_actions,
        max_chunk_bytes=settings.sink_bulk_bytes,
        raise_on_error=False,
        raise_on_exception=False,
        max_retries=settings.sink_retries,
        initial_backoff=settings.sink_retry_seconds,
        max_backoff=settings.sink_retry_max_seconds,
        retry_on_status=RETRIED,
        require_alias=True,
    )
    try:
        for _, result in results:
            answer = _answer(result)
            if answer.unavailable:
                raise UnavailableError(f"Elasticsearch can't write now (status {answer.status}: {answer.reason}).")
            yield answer
    except (ApiError, TransportError) as error:
        raise UnavailableError(f"Elasticsearch doesn't answer ({describe(error)}).") from error


def _action(write: Write, prefix: str) -> Action:
    place = {"_index": write.index.alias(prefix), "_id": write.id}
    match write:
        case Create():
            return {"create": place}, encode(write.document)
        case Put():
            versioned = {**place, "version": write.version, "version_type": EXTERNAL_VERSION}
            return {"index": versioned}, encode(write.document)
        case Remove():
            versioned = {**place, "version": write.version, "version_type": EXTERNAL_VERSION}
            return {"delete": versioned}, None


def _as_is(action: Any) -> Any:  # noqa: ANN401  the helper's own callback type can't say bytes
    return action


def _answer(result: Mapping[str, Any]) -> Answer:
    ((operation, item),) = result.items()
    return Answer(operation=operation, id=item["_id"], status=int(item["status"]), reason=_reason(item.get("error")))


def _reason(error: object) -> str:
    """Return why an action failed, down to the cause that names the field."""
    if not isinstance(error, Mapping):
        return "" if error is None else str(error)
    cause = error.get("caused_by")
    own = f"{error.get('type')}: {error.get('reason')}"
    return own if cause is None else f"{own} ({_reason(cause)})"
