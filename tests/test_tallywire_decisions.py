"""What people decide is checked against what they see, each error in one sentence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.records import Incident, Report
from contracts.settings import StageSettings
from contracts.vocabulary import EventType
from sinks.incident_documents import IncidentDocument, incident_document
from tallywire import decisions
from tallywire.errors import UserError

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def incident(name: str, *reports: str, first: datetime = NOON) -> IncidentDocument:
    """Return an incident as it is indexed."""
    told = tuple(
        Report(
            id=report, article_id=f"of {report}", article_revision="a", event_type=EventType.FLOOD, extractor="test"
        )
        for report in reports
    )
    known = Incident(id=name, revision=1, event_type=EventType.FLOOD, first_reported=first, reports=told)
    return incident_document(known)


ONE, OTHER = incident("one", "r1", "r2"), incident("other", "r3", first=NOON - timedelta(hours=1))
MERGE = decisions.merge(ONE, OTHER, "ann", NOON, None)
UNDO = decisions.undo([MERGE], MERGE.id, "bob", NOON + timedelta(hours=1), "a mistake")


def test_the_older_incident_stays() -> None:
    """Whichever is named first."""
    assert [report.report_id for report in MERGE.reports] == ["r3"]
    assert decisions.merge(OTHER, ONE, "ann", NOON, None) == MERGE


def test_a_split_names_who_leaves_and_who_stays() -> None:
    """Reports go with their articles."""
    decision = decisions.split(ONE, ["r2"], "ann", NOON, None)
    assert [(each.article_id, each.report_id) for each in decision.reports] == [("of r2", "r2")]
    assert [each.report_id for each in decision.others] == ["r1"]


def test_what_is_undone_can_count_again() -> None:
    """An undo that is undone undoes nothing."""
    again = decisions.undo([MERGE, UNDO], UNDO.id, "ann", NOON + timedelta(hours=2), None)
    assert decisions.undone([MERGE, UNDO]) == {MERGE.id: UNDO.id}
    assert decisions.undone([MERGE, UNDO, again]) == {UNDO.id: again.id}


def test_a_decision_is_taken_after_all_others() -> None:
    """Also where a clock is behind."""
    assert decisions.next_moment([UNDO], NOON) > UNDO.at


@pytest.mark.parametrize(
    ("decide", "says"),
    [
        pytest.param(lambda: decisions.merge(ONE, ONE, "ann", NOON, None), "one incident", id="with itself"),
        pytest.param(lambda: decisions.merge(ONE, incident("gone"), "ann", NOON, None), "No article", id="empty"),
        pytest.param(lambda: decisions.split(ONE, ["r3"], "ann", NOON, None), "isn't one of", id="another's report"),
        pytest.param(lambda: decisions.split(ONE, ["r1", "r2"], "ann", NOON, None), "would stay", id="all leave"),
        pytest.param(lambda: decisions.undo([MERGE], "x", "ann", NOON, None), "no decision x", id="unknown"),
        pytest.param(
            lambda: decisions.undo([MERGE, UNDO], MERGE.id, "ann", NOON, None), "undone already", id="undone already"
        ),
        pytest.param(
            lambda: decisions.check_resolved_together(
                StageSettings(resolve_partitions=64), replace(ONE, country="SY"), replace(OTHER, country="TR")
            ),
            "resolved apart",
            id="two resolvers",
        ),
    ],
)
def test_what_cant_be_decided_is_said(decide: object, says: str) -> None:
    """The sentence says what to do."""
    with pytest.raises(UserError, match=says):
        decide()  # type: ignore[operator]
