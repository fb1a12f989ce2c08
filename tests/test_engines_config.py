"""The configuration that the engines are given."""

from pathlib import Path

import pytest

from tallywire.engines.elasticsearch import ElasticsearchPlan, jvm_options, node_settings
from tallywire.engines.kafka import KafkaPlan, needs_format, server_properties
from tallywire.engines.options import java_options, log4j_properties
from tallywire.engines.settings import EngineSettings


def kafka_plan(home: Path) -> KafkaPlan:
    """Return a plan with ports that differ from the defaults."""
    return KafkaPlan(home=home, port=19_999, controller_port=19_998, heap_mb=256, quick_start=True)


def properties(text: str) -> dict[str, str]:
    """Return the entries of a properties file."""
    return dict(line.split("=", 1) for line in text.splitlines())


def test_kafka_listens_on_loopback_only() -> None:
    """Every address of the broker and its controller is on the loopback interface, at the ports of the plan."""
    given = properties(server_properties(kafka_plan(Path("/data/kafka"))))
    assert given["listeners"] == "PLAINTEXT://127.0.0.1:19999,CONTROLLER://127.0.0.1:19998"
    assert given["advertised.listeners"] == "PLAINTEXT://127.0.0.1:19999"
    assert given["controller.quorum.voters"] == "1@127.0.0.1:19998"


def test_kafka_makes_no_topic_by_itself_and_keeps_one_copy() -> None:
    """Topics come from the project alone, and the internal ones need no second broker."""
    given = properties(server_properties(kafka_plan(Path("/data/kafka"))))
    assert given["auto.create.topics.enable"] == "false"
    assert {value for key, value in given.items() if key.endswith("replication.factor")} == {"1"}
    assert given["log.dirs"] == "/data/kafka/data"


def test_kafka_is_formatted_once(tmp_path: Path) -> None:
    """An empty data directory needs the format; one that has it doesn't."""
    plan = kafka_plan(tmp_path)
    assert needs_format(plan)
    plan.data.mkdir()
    (plan.data / "meta.properties").write_text("version=1\n")
    assert not needs_format(plan)


def test_elasticsearch_listens_on_loopback_and_ignores_a_full_disk() -> None:
    """A single node on loopback, whose disk watermarks block nothing and which makes no index by itself."""
    plan = ElasticsearchPlan(home=Path("/data/es"), port=19_997, transport_port=19_996, heap_mb=512, quick_start=True)
    given = dict(line.split(": ", 1) for line in node_settings(plan).splitlines())
    assert given["network.host"] == "127.0.0.1"
    assert (given["http.port"], given["transport.port"]) == ("19997", "19996")
    assert given["discovery.type"] == "single-node"
    assert given["cluster.routing.allocation.disk.threshold_enabled"] == "false"
    assert given["action.auto_create_index"] == "false"
    assert given["path.data"] == "/data/es/data"


def test_jvm_options_leave_the_collector_to_us() -> None:
    """Of the archive's Java options all is kept but comments, the collector, and files beside the log."""
    shipped = "# comment\n-XX:+UseG1GC\n-Djava.io.tmpdir=${ES_TMPDIR}\n\n-Xlog:gc*:file=gc.log\n20-:--add-modules=x\n"
    assert jvm_options(shipped) == "-Djava.io.tmpdir=${ES_TMPDIR}\n20-:--add-modules=x\n"


@pytest.mark.parametrize(
    ("quick_start", "collector"),
    [pytest.param(True, "-XX:+UseSerialGC", id="quick"), pytest.param(False, "-XX:+UseG1GC", id="thorough")],
)
def test_java_options_hold_the_heap(quick_start: bool, collector: str) -> None:  # noqa: FBT001 - a case's data
    """The heap is the settings', and only a quick start compiles lightly."""
    options = java_options(700, quick_start=quick_start)
    assert {"-Xms700m", "-Xmx700m", collector} <= set(options)
    assert ("-XX:TieredStopAtLevel=1" in options) is quick_start


def test_logs_go_to_a_bounded_file() -> None:
    """The log's file is the given one, and is rolled by size."""
    lines = log4j_properties("/logs/kafka.log").splitlines()
    assert "appender.file.fileName = /logs/kafka.log" in lines
    assert "appender.file.policies.size.size = 20MB" in lines


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ports, heaps and directories are set by TALLYWIRE_ variables; `~` is the user's home."""
    for name, value in {
        "KAFKA_PORT": "20001",
        "ELASTICSEARCH_PORT": "20002",
        "KAFKA_HEAP_MB": "300",
        "ELASTICSEARCH_HEAP_MB": "600",
        "DATA_DIR": "~/engines",
    }.items():
        monkeypatch.setenv(f"TALLYWIRE_{name}", value)
    settings = EngineSettings()
    assert (settings.kafka_port, settings.elasticsearch_port) == (20_001, 20_002)
    assert (settings.kafka_heap_mb, settings.elasticsearch_heap_mb) == (300, 600)
    assert settings.data_dir == Path.home() / "engines"


def test_every_setting_is_described() -> None:
    """Each setting says what it is for."""
    assert [name for name, field in EngineSettings.model_fields.items() if not field.description] == []
