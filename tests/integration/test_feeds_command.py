"""What operators type about feeds, on a real Kafka: the records that running producers hear of."""

import pytest
from typer.testing import CliRunner, Result

from producers.settings import ProducerSettings
from tallywire.cli import app
from tallywire.kafka import create_topics
from tallywire.samples import SampleServer


@pytest.fixture(autouse=True)
def installation(bootstrap_servers: str, topic_prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the commands mean an installation of the test's own."""
    monkeypatch.setenv("TALLYWIRE_KAFKA_SERVERS", bootstrap_servers)
    monkeypatch.setenv("TALLYWIRE_TOPIC_PREFIX", topic_prefix)
    monkeypatch.setenv("TALLYWIRE_FETCH_ALLOW_PRIVATE", "true")
    monkeypatch.setenv("TALLYWIRE_FETCH_HOST_DELAY_SECONDS", "0")
    create_topics(ProducerSettings(kafka_servers=bootstrap_servers, topic_prefix=topic_prefix))


def typed(*words: str) -> Result:
    """Run a command about feeds that succeeds."""
    result = CliRunner().invoke(app, ["feeds", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_a_feed_from_its_adding_to_its_end() -> None:
    """What each command writes is what the next one reads."""
    assert "tallywire feeds add" in typed("list").output
    with SampleServer() as server:
        url = server.feed_urls[0]
        typed("add", url, "--outlet", "Meridian")
        assert "Meridian" in typed("list").output
        assert "1 of 1 feeds can be polled." in typed("check").output
    typed("pause", url)
    assert "paused" in typed("list").output
    typed("resume", url)
    assert "paused" not in typed("list").output
    assert url in typed("export", "--format", "opml").output
    typed("remove", url)
    assert "tallywire feeds add" in typed("list").output
