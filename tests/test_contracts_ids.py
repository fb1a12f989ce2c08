"""Ids are stable hashes of content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ids import article_id, article_revision, content_id, report_id
from contracts.topics import FEEDS_SEGMENT_BYTES, MAX_MESSAGE_BYTES, topics

parts = st.lists(st.none() | st.text() | st.integers(), max_size=4)


@given(parts, parts)
def test_other_content_gives_another_id(one: list[str | int | None], other: list[str | int | None]) -> None:
    """Two lists of parts share an id only if they are written alike, part by part."""

    def written(items: list[str | int | None]) -> list[str | None]:
        return [None if item is None else str(item) for item in items]

    assert (content_id(*one) == content_id(*other)) == (written(one) == written(other))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(article_id("https://a.example/1"), "fe7fedaf82a2bb864c71405e", id="article"),
        pytest.param(article_revision("title", "text"), "b64a6528ccec2be369d6e826", id="revision"),
        pytest.param(report_id("article", 0), "fb8d77c943e98d187f06b1ce", id="report"),
    ],
)
def test_ids_never_change(made: str, expected: str) -> None:
    """An id made today is the one that the topics and indices hold since the first release."""
    assert made == expected


def test_reports_and_incidents_are_split_alike() -> None:
    """The resolver's table lives on the incidents topic, so its partitions are those of its source."""
    made = topics("t", 4, 1, resolve_partitions=7)
    assert made.reports.partitions == made.incidents.partitions == made.closed_incidents.partitions == 7
    assert made.incidents.compacted
    assert made.closed_incidents.compacted


def test_one_resolver_meets_all_reports() -> None:
    """Unless asked otherwise, the stream has one resolver, as the offline command has."""
    assert topics("t", 4, 1).reports.partitions == 1


def test_no_decision_is_ever_thrown_away() -> None:
    """Decisions are compacted, and stand in one order."""
    assert topics("t", 4, 1).decisions.compacted
    assert topics("t", 4, 1).decisions.partitions == 1


def test_topic_configuration_is_kafkas() -> None:
    """Retention is in milliseconds, and for ever is -1."""
    made = topics("t", 1, 1)
    assert made.dead_letters.config["retention.ms"] == str(30 * 24 * 3600 * 1000)
    assert made.feeds.config == {
        "cleanup.policy": "compact",
        "retention.ms": "-1",
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
        "message.timestamp.type": "CreateTime",
        "segment.bytes": str(FEEDS_SEGMENT_BYTES),
    }
    assert "segment.bytes" not in made.incidents.config
