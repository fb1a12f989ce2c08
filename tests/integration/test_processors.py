"""The two processor stages as processes on a real Kafka, with small logic in place of the extractor and resolver."""

import base64
import signal
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

from contracts.deadletters import original_value
from contracts.records import Article
from processors.settings import ProcessorSettings
from tests.integration.processor_harness import PARTITIONS, Installation, wait_until


@pytest.fixture
def settings(bootstrap_servers: str, topic_prefix: str) -> ProcessorSettings:
    """Return settings for topics that no other test has."""
    return ProcessorSettings(
        kafka_servers=bootstrap_servers,
        topic_prefix=topic_prefix,
        topic_partitions=PARTITIONS,
        resolve_partitions=PARTITIONS,
        processor_session_seconds=6,
        processor_batch_size=5,  # so that records wait behind a batch that fails
    )


@pytest.fixture
def installation(settings: ProcessorSettings, tmp_path: Path) -> Installation:
    """Return fresh topics."""
    return Installation(settings, tmp_path)


def article(number: int, text: str, revision: str = "r1", title: str = "") -> Article:
    """Return an article with an id and a text of words."""
    return Article(id=f"article-{number}", revision=revision, title=title, text=text)


def test_articles_become_incidents(installation: Installation) -> None:
    """Each article's reports reach their incidents, and both stages end with 0 when told to stop."""
    installation.publish(article(number, f"SY/g{number % 5} ZZ/g0") for number in range(40))
    with installation.worker("extract") as extract, installation.worker("resolve") as resolve:
        installation.wait_committed("extract", 40)
        installation.wait_committed("resolve", 80)
        assert (extract.stop(), resolve.stop()) == (0, 0)
    incidents = installation.incidents()
    assert {key: (each.revision, len(each.reports)) for key, each in incidents.items()} == {
        **{f"SY/g{group}": (8, 8) for group in range(5)},
        "ZZ/g0": (40, 40),
    }
    assert installation.dead_letters() == []


def test_an_incident_is_written_where_its_reports_came_from(installation: Installation) -> None:
    """Reports and incidents of one country share a partition's number."""
    installation.publish(article(number, "SY/a TR/b UA/c SD/d ZZ/e") for number in range(5))
    with installation.worker("extract"), installation.worker("resolve"):
        installation.wait_committed("resolve", 25)
    topics = installation.settings.topics
    came = {key.decode(): partition for partition, key, _ in installation.read(topics.reports)}
    went = {key.decode().split("/")[0]: partition for partition, key, _ in installation.read(topics.incidents)}
    assert came == went
    assert len(came) == 5


@pytest.mark.parametrize("value", [b"\xff\x00 not JSON", b'{"id": 7}', b"", None])
def test_what_cant_be_decoded_becomes_a_dead_letter(installation: Installation, value: bytes | None) -> None:
    """The bytes are kept with stage, reason and place, and the stages go on."""
    topics = installation.settings.topics
    installation.write(topics.articles, [(b"bad", value)])
    installation.write(topics.reports, [(b"SY", value)])
    installation.publish([article(1, "SY/a")])
    with installation.worker("extract"), installation.worker("resolve"):
        wait_until(lambda: "SY/a" in installation.incidents(), "the good article arrives")
        wait_until(lambda: len(installation.dead_letters()) == 2, "two dead letters")
    letters = {letter.stage: letter for letter in installation.dead_letters()}
    assert letters.keys() == {"extract", "resolve"}
    assert [original_value(letter) for letter in letters.values()] == [value, value]
    assert base64.b64decode(letters["extract"].key or "") == b"bad"
    assert letters["extract"].topic == topics.articles.name
    assert letters["resolve"].offset == 0
    assert all("DecodeError" in letter.reason for letter in letters.values())


def test_what_the_logic_cant_handle_becomes_a_dead_letter(installation: Installation) -> None:
    """An exception, or outputs too large for Kafka, concern one record; the others are handled."""
    installation.publish(
        [
            article(1, "SY/a"),
            article(2, "SY/a fail"),
            article(3, "SY/a", title="fail"),
            article(4, "SY/huge"),
            article(5, "SY/a"),
        ]
    )
    with installation.worker("extract"), installation.worker("resolve"):
        wait_until(lambda: len(installation.dead_letters()) == 3, "three dead letters")
        wait_until(lambda: len(installation.incidents()["SY/a"].reports) == 2, "two reports")
    reasons = sorted((letter.stage, letter.reason.split(":")[0]) for letter in installation.dead_letters())
    assert reasons == [("extract", "OutputTooLargeError"), ("extract", "ValueError"), ("resolve", "ValueError")]
    assert all("Traceback" in (letter.traceback or "") for letter in installation.dead_letters())


def test_an_edit_that_moves_the_incident_is_heard_in_both_countries(installation: Installation) -> None:
    """The old country gets an empty batch of the new revision, also when the stages start anew in between."""
    installation.publish([article(1, "SY/a UA/b")])
    with installation.worker("extract"), installation.worker("resolve"):
        installation.wait_committed("resolve", 2)
    installation.publish([article(1, "TR/a UA/b", "r2")])
    with installation.worker("extract"), installation.worker("resolve"):
        installation.wait_committed("resolve", 5)
    told = [(each.country, each.article_revision, len(each.reports)) for each in installation.reports()]
    assert sorted(told) == [("SY", "r1", 1), ("SY", "r2", 0), ("TR", "r2", 1), ("UA", "r1", 1), ("UA", "r2", 1)]
    incidents = installation.incidents()
    assert {key: len(each.reports) for key, each in incidents.items()} == {"SY/a": 0, "TR/a": 1, "UA/b": 1}
    assert {key: each.revision for key, each in incidents.items()} == {"SY/a": 2, "TR/a": 1, "UA/b": 2}


def test_a_replay_from_the_start_changes_nothing(installation: Installation) -> None:
    """Both stages handle all their input again, older revisions first, and write nothing."""
    installation.publish(article(number, f"SY/g{number % 3}") for number in range(30))
    installation.publish(article(number, f"TR/g{number % 3}", "r2") for number in range(0, 30, 2))
    with installation.worker("extract") as extract, installation.worker("resolve") as resolve:
        installation.wait_committed("resolve", 60)
        assert (extract.stop(), resolve.stop()) == (0, 0)
    before = [installation.read(topic) for topic in installation.settings.topics.all]
    installation.forget_progress("extract")
    installation.forget_progress("resolve")
    with installation.worker("extract"), installation.worker("resolve"):
        installation.wait_committed("extract", 45)
        installation.wait_committed("resolve", 60)
    assert [installation.read(topic) for topic in installation.settings.topics.all] == before


def test_the_table_is_recovered_from_a_compacted_topic(installation: Installation) -> None:
    """Kafka has thrown old records away: each incident goes on from its newest one."""
    topics = installation.settings.topics
    installation.compact_soon(topics.incidents)
    for revision in ("r1", "r2", "r3"):
        installation.publish(article(number, f"SY/g{number % 2} TR/g0", revision) for number in range(20))
    with installation.worker("extract"), installation.worker("resolve"):
        installation.wait_committed("resolve", 120)
    written = len(installation.read(topics.incidents))
    time.sleep(1)  # the segments grow old, and the next record of each partition closes them
    for number in (1, 2):
        installation.publish([article(100, "SY/g0 TR/g0", f"r{number}")])
        with installation.worker("extract"), installation.worker("resolve"):
            installation.wait_committed("resolve", 120 + 2 * number)
        if number == 1:
            wait_until(lambda: len(installation.read(topics.incidents)) < written, "Kafka compacts")
    found = {key: (each.revision, len(each.reports)) for key, each in installation.incidents().items()}
    assert found == {"SY/g0": (32, 11), "SY/g1": (30, 10), "TR/g0": (62, 21)}


@pytest.mark.parametrize(
    ("stage", "refusing", "records"),
    [
        pytest.param("extract", lambda topics: topics.reports, 20, id="outputs"),
        pytest.param("extract", lambda topics: topics.article_countries, 20, id="state"),
        pytest.param("resolve", lambda topics: topics.incidents, 20, id="incidents"),
    ],
)
def test_a_send_that_fails_is_never_committed_past(
    installation: Installation, stage: str, refusing: Callable[..., object], records: int
) -> None:
    """The worker stops with an error and no offset moves; once Kafka takes the outputs, all are there."""
    topics = installation.settings.topics
    topic = refusing(topics)
    installation.limit(topic, 70)  # type: ignore[arg-type]
    installation.publish(article(number, f"SY/g{number}") for number in range(records))
    if stage == "resolve":
        with installation.worker("extract"):
            installation.wait_committed("extract", records)
    with installation.worker(stage) as worker:
        assert worker.wait() == 1
    assert installation.committed(stage) == 0
    installation.limit(topic, 5_000_000)  # type: ignore[arg-type]
    with installation.worker("extract"), installation.worker("resolve"):
        installation.wait_resolved(records)
    assert {key: each.revision for key, each in installation.incidents().items()} == {
        f"SY/g{number}": 1 for number in range(records)
    }


def test_partitions_move_between_workers_with_their_state(installation: Installation) -> None:
    """A second worker joins and the first leaves in the middle of a stream: nothing is lost, late or double."""
    countries = ["SY", "TR", "UA", "SD", "YE", "ML"]
    with installation.worker("extract") as first, installation.worker("resolve") as first_resolve:
        installation.publish(article(number, f"{countries[number % 6]}/g{number % 18}") for number in range(240))
        wait_until(lambda: installation.committed("resolve") > 0, "the first workers are at work")
        with installation.worker("extract"), installation.worker("resolve"):
            for start in range(0, 240, 20):
                installation.publish(
                    article(number, f"{countries[(number + 1) % 6]}/g{number % 18}", "r2")
                    for number in range(start, start + 20)
                )
                time.sleep(0.2)
            for stage in ("extract", "resolve"):
                wait_until(lambda stage=stage: installation.members(stage) == 2, "the second workers joined")
            assert (first.stop(), first_resolve.stop()) == (0, 0)
            installation.wait_resolved(480)
    incidents = installation.incidents()
    assert sum(len(each.reports) for each in incidents.values()) == 240
    assert sum(len(each.superseded) for each in incidents.values()) == 240
    assert sum(each.revision for each in incidents.values()) == 720
    assert revisions_in_order(installation)


def test_a_worker_that_stood_still_writes_nothing_more(installation: Installation) -> None:
    """It lost its partitions meanwhile: when it goes on it stops with an error, and its batch is another's."""
    installation.publish(article(number, f"SY/g{number}") for number in range(10))
    with installation.worker("resolve") as first:
        with installation.worker("extract"):
            installation.wait_committed("resolve", 10)
            first.signal(signal.SIGSTOP)
            installation.publish(article(number, f"SY/g{number}", "r2") for number in range(10))
            installation.wait_committed("extract", 20)
        with installation.worker("resolve"):
            installation.wait_committed("resolve", 20)
            before = installation.read(installation.settings.topics.incidents)
            first.signal(signal.SIGCONT)
            assert first.wait() == 1
    assert installation.read(installation.settings.topics.incidents) == before
    assert {each.revision for each in installation.incidents().values()} == {2}


def revisions_in_order(installation: Installation) -> bool:
    """Return whether no article's older revision stands after its newer one in the reports topic."""
    told: dict[tuple[str, str], list[str]] = {}
    for each in installation.reports():
        told.setdefault((each.article_id, each.country), []).append(each.article_revision)
    return all([key for key, _ in groupby(revisions)] == sorted(set(revisions)) for revisions in told.values())
