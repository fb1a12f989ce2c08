"""From a Kafka record to what it asks of Elasticsearch, with no client and no clock."""

from collections.abc import Callable, Iterator

from contracts.codec import decode
from contracts.feedkeys import FeedKeyKind, feed_key
from contracts.ids import content_id
from contracts.records import Article, DeadLetter, Feed, Incident
from contracts.topics import Topics
from sinks.article_documents import content, links
from sinks.claim_documents import claim_documents
from sinks.incident_documents import incident_document, revision_documents
from sinks.indices import Index
from sinks.operation_documents import dead_letter_document, feed_document
from sinks.writes import Create, Plan, Put, Remove, Write

Planner = Callable[[bytes, int], Plan]
"""Takes a record's bytes and when it was written to Kafka, in milliseconds since 1970 UTC."""

KeyedPlanner = Callable[[bytes | None, bytes | None, int], Plan]
"""The same for a topic whose records differ in kind by their keys: takes the key too, and tombstones."""

NOTHING = Plan()


def planners(topics: Topics) -> dict[str, KeyedPlanner]:
    """Return what plans the writes of each topic that the sink reads, by the topic's name."""
    return {
        topics.incidents.name: _without_tombstones(_incident),
        topics.closed_incidents.name: _without_tombstones(_incident),
        topics.articles.name: _without_tombstones(_article),
        topics.feeds.name: _feed,
        topics.dead_letters.name: _without_tombstones(_dead_letter),
    }


def plan(planner: KeyedPlanner, key: bytes | None, value: bytes | None, written: int) -> Plan:
    """Return the writes that one record asks for.

    Raises:
        DecodeError: The bytes aren't the record that the topic is for.
    """
    return planner(key, value, written)


def _without_tombstones(planner: Planner) -> KeyedPlanner:
    """Return a planner for which a tombstone asks for nothing.

    On the incidents topic it says that the resolver is done with an incident, not that the incident is to go.
    """

    def planned(_key: bytes | None, value: bytes | None, written: int) -> Plan:
        return NOTHING if value is None else planner(value, written)

    return planned


def incident_plan(incident: Incident) -> Plan:
    """Return the writes of one incident's revision.

    An incident that merged into another keeps its document, as a redirect, and its history; its claims go, since
    the other incident has them.  What the resolver's state keeps of a closed incident asks for nothing: the whole
    record stands in the closed incidents' topic, under the same revision.
    """
    if incident.closed is not None:
        return NOTHING
    return Plan(writes=tuple(_incident_writes(incident)), articles=tuple(links(incident)))


def _incident_writes(incident: Incident) -> Iterator[Write]:
    version = incident.revision
    for claim_id, claim in claim_documents(incident).items():
        if incident.merged_into is None:
            yield Put(index=Index.CLAIMS, id=claim_id, version=version, document=claim)
        else:
            yield Remove(index=Index.CLAIMS, id=claim_id, version=version)
    for revision_id, revision in revision_documents(incident):
        yield Put(index=Index.REVISIONS, id=revision_id, version=version, document=revision)
    document = incident_document(incident)
    yield Put(index=Index.INCIDENTS, id=incident.id, version=version, document=document)


def _incident(value: bytes, written: int) -> Plan:  # noqa: ARG001  every planner takes both
    return incident_plan(decode(value, Incident))


def _article(value: bytes, written: int) -> Plan:
    return Plan(articles=(content(decode(value, Article), written),))


def _feed(key: bytes | None, value: bytes | None, written: int) -> Plan:
    """Plan a feed's state; what producers remember and what people want of it isn't indexed.

    A state's tombstone says that nobody wants the feed any more.
    """
    named = feed_key(key)
    if named.kind is not FeedKeyKind.STATE:
        return NOTHING
    document_id = content_id("feed", named.url)
    if value is None:
        return Plan(writes=(Remove(index=Index.FEEDS, id=document_id, version=written),))
    document = feed_document(decode(value, Feed))
    return Plan(writes=(Put(index=Index.FEEDS, id=document_id, version=written, document=document),))


def _dead_letter(value: bytes, written: int) -> Plan:  # noqa: ARG001  every planner takes both
    letter = decode(value, DeadLetter)
    create = Create(index=Index.DEAD_LETTERS, id=letter.id, document=dead_letter_document(letter))
    return Plan(writes=(create,))
