"""What is to be written, as values: planned first, applied later by `bulk` and `join`."""

from collections.abc import Iterable
from dataclasses import dataclass

from sinks.article_documents import ArticleDocument
from sinks.claim_documents import ClaimDocument
from sinks.incident_documents import IncidentDocument, RevisionDocument
from sinks.indices import Index
from sinks.operation_documents import DeadLetterDocument, FeedDocument

Document = ClaimDocument | DeadLetterDocument | FeedDocument | IncidentDocument | RevisionDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Write a document unless a newer version of it is there."""

    index: Index
    id: str
    version: int
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Write a document unless any is there under its id."""

    index: Index
    id: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Delete a document unless a newer version of it is there."""

    index: Index
    id: str
    version: int


Write = Put | Create | Remove


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that one record asks for."""

    writes: tuple[Write, ...] = ()
    articles: tuple[ArticleDocument, ...] = ()
    """What to join into the article documents, see `article_documents.join`."""


def latest(writes: Iterable[Write]) -> list[Write]:
    """Return the one write that counts of each document: the newest, or the first where any will do."""
    kept: dict[tuple[str, str], Write] = {}
    for candidate in writes:
        key = (candidate.index, candidate.id)
        if key not in kept or _version(candidate) >= _version(kept[key]):
            kept[key] = candidate
    return list(kept.values())


def _version(write: Write) -> int:
    match write:
        case Create():
            return -1
        case Put() | Remove():
            return write.version
