"""From a Kafka record to what it asks of Elasticsearch, with no client and no clock."""

from collections.abc import Callable, Iterator

from contracts.codec import decode
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

NOTHING = Plan()


def planners(topics: Topics) -> dict[str, Planner]:
    """Return what plans the writes of each topic that the sink reads, by the topic's name."""
    return {
        topics.incidents.name: _incident,
        topics.articles.name: _article,
        topics.feeds.name: _feed,
        topics.dead_letters.name: _dead_letter,
    }


def plan(planner: Planner, value: bytes | None, written: int) -> Plan:
    """Return the writes that one record asks for.

    A tombstone asks for nothing: on the incidents topic it says that the resolver is done with an incident, not
    that the incident is to go.

    Raises:
        DecodeError: The bytes aren't the record that the topic is for.
    """
    return NOTHING if value is None else planner(value, written)


def incident_plan(incident: Incident) -> Plan:
    """Return the writes of one incident's revision.

    An incident that merged into another keeps its document, as a redirect, and its history; its claims go, since
    the other incident has them.
    """
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


def _feed(value: bytes, written: int) -> Plan:
    feed = decode(value, Feed)
    document_id = content_id("feed", feed.url)
    put = Put(index=Index.FEEDS, id=document_id, version=written, document=feed_document(feed))
    return Plan(writes=(put,))


def _dead_letter(value: bytes, written: int) -> Plan:  # noqa: ARG001  every planner takes both
    letter = decode(value, DeadLetter)
    create = Create(index=Index.DEAD_LETTERS, id=letter.id, document=dead_letter_document(letter))
    return Plan(writes=(create,))
