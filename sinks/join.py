"""Writing article documents, which two topics and several sinks write at once.

A document is read with the number of its last write, joined with what the records know, and written on the
condition that nobody wrote in between (Elasticsearch's `if_seq_no`); who loses reads and joins again.  Since a join
is idempotent and order doesn't matter to it, a repeated record writes nothing at all.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from contracts.codec import encode, from_builtins
from sinks.article_documents import ArticleDocument, join
from sinks.batch import Refusal
from sinks.bulk import Action, Answer, refusal, send
from sinks.client import describe
from sinks.errors import UnavailableError
from sinks.indices import Index
from sinks.settings import SinkSettings

MAX_ROUNDS = 20
"""Each lost round means that another sink's write got through, so this many in a row are never seen in practice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article's document as it is in the index, with the number of its last write."""

    document: ArticleDocument
    seq_no: int
    primary_term: int


def write_joined(client: Elasticsearch, parts: Iterable[ArticleDocument], settings: SinkSettings) -> list[Refusal]:
    """Join parts into the article documents; return the documents that were refused.

    Raises:
        UnavailableError: Some weren't answered or may succeed later; all of them can be tried again.
    """
    waiting = _joined_by_id(parts)
    refused: list[Refusal] = []
    for _ in range(MAX_ROUNDS):
        if not waiting:
            return refused
        answers = _write_round(client, waiting, settings)
        refused += [refusal(answer) for answer in answers if not answer.fine]
        lost = {answer.id for answer in answers if answer.conflict}
        waiting = {article_id: part for article_id, part in waiting.items() if article_id in lost}
    raise UnavailableError("Other sinks keep writing the same articles; trying again later.")


def _write_round(
    client: Elasticsearch, waiting: Mapping[str, ArticleDocument], settings: SinkSettings
) -> list[Answer]:
    stored = _read(client, list(waiting), settings)
    actions = [
        action
        for article_id, part in waiting.items()
        if (action := _action(stored.get(article_id), part, settings.index_prefix))
    ]
    return list(send(client, actions, settings))


def _joined_by_id(parts: Iterable[ArticleDocument]) -> dict[str, ArticleDocument]:
    by_id: dict[str, list[ArticleDocument]] = {}
    for part in parts:
        by_id.setdefault(part.id, []).append(part)
    return {article_id: reduce(join, group) for article_id, group in by_id.items()}


def _action(stored: Stored | None, part: ArticleDocument, prefix: str) -> Action | None:
    """Return the write that brings a part into its document; None if it's there already."""
    place: dict[str, Any] = {"_index": Index.ARTICLES.alias(prefix), "_id": part.id}
    if stored is None:
        return {"create": place}, encode(part)
    document = join(stored.document, part)
    if document == stored.document:
        return None
    condition = {"if_seq_no": stored.seq_no, "if_primary_term": stored.primary_term}
    return {"index": {**place, **condition}}, encode(document)


def _read(client: Elasticsearch, article_ids: list[str], settings: SinkSettings) -> dict[str, Stored]:
    """Return the documents that are there, as last written (not as last refreshed)."""
    alias = Index.ARTICLES.alias(settings.index_prefix)
    try:
        docs = client.mget(index=alias, ids=article_ids)["docs"]
    except (ApiError, TransportError) as error:
        raise UnavailableError(f"Elasticsearch can't read articles now ({describe(error)}).") from error
    return dict(_stored(docs))


def _stored(docs: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Stored]]:
    for doc in docs:
        if "error" in doc:
            raise UnavailableError(f"Elasticsearch can't read articles now ({doc['error']['reason']}).")
        if doc["found"]:
            document = from_builtins(doc["_source"], ArticleDocument)
            yield (
                doc["_id"],
                Stored(document=document, seq_no=doc["_seq_no"], primary_term=doc["_primary_term"]),
            )
