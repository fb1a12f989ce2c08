"""What people decide about incidents: checked against what they see, and written to the decisions topic.

What a decision names are the reports that the incident had when it was looked at, as `tallywire show` lists them.
"""

from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta

from kafka import KafkaProducer, TopicPartition
from kafka.partitioner.default import murmur2

from contracts import codec
from contracts.ids import content_id
from contracts.records import DecidedReport, Decision
from contracts.settings import StageSettings
from contracts.topics import MAX_MESSAGE_BYTES, UNKNOWN_COUNTRY
from contracts.vocabulary import DecisionKind
from processors.state import reader, up_to_end
from sinks.incident_documents import IncidentDocument, ReportLine
from tallywire.errors import UserError

ACKNOWLEDGE_SECONDS = 30


def merge(one: IncidentDocument, other: IncidentDocument, by: str, at: datetime, reason: str | None) -> Decision:
    """Return the decision that two incidents are one; the one that was reported first stays.

    Raises:
        UserError: They are one incident already, or one has no reports.
    """
    if one.id == other.id:
        raise UserError(f"That is one incident, {one.id}: name two different ones.")
    for incident in (one, other):
        if not incident.reports:
            raise UserError(f"No article tells of incident {incident.id} any more, so there is nothing to merge.")
    older, younger = sorted(
        (one, other), key=lambda each: (each.first_reported is None, each.first_reported, each.id)
    )
    return Decision(
        id=content_id("decision", "merge", older.id, younger.id, by, at.isoformat()),
        kind=DecisionKind.MERGE,
        at=at,
        by=by,
        reports=_named(older.reports),
        others=_named(younger.reports),
        reason=reason,
    )


def split(
    incident: IncidentDocument, report_ids: Sequence[str], by: str, at: datetime, reason: str | None
) -> Decision:
    """Return the decision that reports of an incident tell of another one, and all of them of the same.

    Raises:
        UserError: A report isn't one of the incident's, or none would stay.
    """
    known = {report.id for report in incident.reports}
    for report_id in report_ids:
        if report_id not in known:
            raise UserError(
                f"Report {report_id} isn't one of incident {incident.id}: `tallywire show {incident.id}` lists them."
            )
    if known <= set(report_ids):
        raise UserError(f"No report would stay with incident {incident.id}: leave out at least one.")
    leaving = [report for report in incident.reports if report.id in set(report_ids)]
    return Decision(
        id=content_id("decision", "split", incident.id, *sorted(report_ids), by, at.isoformat()),
        kind=DecisionKind.SPLIT,
        at=at,
        by=by,
        reports=_named(leaving),
        others=_named([report for report in incident.reports if report not in leaving]),
        reason=reason,
    )


def undo(decisions: Sequence[Decision], decision_id: str, by: str, at: datetime, reason: str | None) -> Decision:
    """Return the decision that an earlier one is void; of an undo, that what it undid counts again.

    Raises:
        UserError: There is no such decision, or it is undone already.
    """
    if all(known.id != decision_id for known in decisions):
        raise UserError(f"There is no decision {decision_id}: `tallywire incidents decisions` lists them.")
    undone_by = undone(decisions).get(decision_id)
    if undone_by is not None:
        raise UserError(
            f"Decision {decision_id} is undone already: `tallywire incidents undo {undone_by}` makes it count again."
        )
    return Decision(
        id=content_id("decision", "undo", decision_id, by, at.isoformat()),
        kind=DecisionKind.UNDO,
        at=at,
        by=by,
        undoes=decision_id,
        reason=reason,
    )


def undone(decisions: Sequence[Decision]) -> dict[str, str]:
    """Return the decisions that are void, each with the one that undid it."""
    void: dict[str, str] = {}
    for decision in reversed(in_order(decisions)):
        if decision.undoes is not None and decision.id not in void:
            void.setdefault(decision.undoes, decision.id)
    return void


def in_order(decisions: Sequence[Decision]) -> list[Decision]:
    """Return decisions in the order in which they count."""
    return sorted(decisions, key=lambda decision: (decision.at, decision.id))


def next_moment(decisions: Sequence[Decision], now: datetime) -> datetime:
    """Return when a new decision is taken: after all others, also where another machine's clock is ahead."""
    return max([now, *(known.at + timedelta(microseconds=1) for known in decisions)])


def check_resolved_together(settings: StageSettings, one: IncidentDocument, other: IncidentDocument) -> None:
    """Check that one resolver has both incidents.

    Raises:
        UserError: Two have them, which can't merge them.
    """
    partitions = {_partition(settings, incident.country) for incident in (one, other)}
    if len(partitions) > 1:
        raise UserError(
            f"Incidents {one.id} and {other.id} are resolved apart, as TALLYWIRE_RESOLVE_PARTITIONS is "
            f"{settings.resolve_partitions}: they can be merged only where it is 1."
        )


def read(settings: StageSettings) -> tuple[Decision, ...]:
    """Return all decisions, in their order.

    Raises:
        KafkaError: The topic can't be read.
    """
    where = TopicPartition(settings.topics.decisions.name, 0)
    found: dict[str, Decision] = {}
    with closing(reader(settings.kafka_server_list, where)) as consumer:
        for record in up_to_end(consumer, where):
            with suppress(codec.DecodeError):  # the resolver makes a dead letter of it
                decision = codec.decode(record.value or b"", Decision)
                found[decision.id] = decision
    return tuple(in_order(list(found.values())))


def write(settings: StageSettings, decision: Decision) -> None:
    """Write a decision and return once Kafka has it.

    Raises:
        KafkaError: Kafka doesn't take it.
    """
    producer = KafkaProducer(
        bootstrap_servers=settings.kafka_server_list, acks="all", max_request_size=MAX_MESSAGE_BYTES
    )
    try:
        sent = producer.send(
            settings.topics.decisions.name, key=decision.id.encode(), value=codec.encode(decision), partition=0
        )
        sent.get(ACKNOWLEDGE_SECONDS)
    finally:
        producer.close()


def _named(reports: Sequence[ReportLine]) -> tuple[DecidedReport, ...]:
    return tuple(DecidedReport(article_id=report.article_id, report_id=report.id) for report in reports)


def _partition(settings: StageSettings, country: str | None) -> int:
    """Return the partition of a country's reports, as Kafka's clients choose it by the key."""
    return int((murmur2((country or UNKNOWN_COUNTRY).encode()) & 0x7FFFFFFF) % settings.resolve_partitions)
