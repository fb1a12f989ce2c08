"""Elasticsearch as a local engine: a single node without security, on loopback only."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from tallywire.engines.account import Account, own_directory, own_file
from tallywire.engines.java import Java
from tallywire.engines.options import java_options, log4j_properties
from tallywire.engines.ports import LOOPBACK, accepts
from tallywire.engines.process import Launch
from tallywire.engines.programs import Programs

NAME = "Elasticsearch"
ANSWER_SECONDS = 5

UNWANTED_JVM_OPTIONS = ("-XX:+UseG1GC", "-Xlog:gc", "-XX:+HeapDumpOnOutOfMemoryError", "-XX:ErrorFile")
"""Of the archive's Java options: the collector is ours to choose, and no files are wanted beside the log."""


@dataclass(frozen=True)
class ElasticsearchPlan:
    """What an Elasticsearch is to be: its ports, memory and place."""

    home: Path
    port: int
    transport_port: int
    heap_mb: int
    quick_start: bool

    @property
    def config(self) -> Path:
        """Return the directory of the node's configuration."""
        return self.home / "config"


def node_settings(plan: ElasticsearchPlan) -> str:
    """Return the node's configuration.

    Disk watermarks are off, because on a nearly full disk they would make indices read-only without a word;
    indices are made by the project alone.
    """
    return f"""\
cluster.name: tallywire
node.name: local
discovery.type: single-node
network.host: {LOOPBACK}
http.port: {plan.port}
transport.port: {plan.transport_port}
path.data: {plan.home / "data"}
path.logs: {plan.home / "logs"}
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
xpack.security.enabled: false
"""


def jvm_options(shipped: str) -> str:
    """Return the archive's own Java options less those that we choose ourselves."""
    lines = shipped.splitlines()
    kept = [line for line in lines if not any(unwanted in line for unwanted in UNWANTED_JVM_OPTIONS)]
    return "\n".join(line for line in kept if line and not line.startswith("#")) + "\n"


def install(plan: ElasticsearchPlan, program: Path, account: Account | None) -> None:
    """Make the directories and write the configuration, starting from what the unpacked archive has.

    Raises:
        EngineError: A directory can't be made or used.
    """
    for name in ("", "config", "data", "logs", "tmp", "config/jvm.options.d"):
        own_directory(plan.home / name, account)
    for shipped in (program / "config").iterdir():
        if shipped.is_file():
            shutil.copyfile(shipped, plan.config / shipped.name)
    own_file(plan.config / "elasticsearch.yml", node_settings(plan), account)
    shipped_options = (program / "config" / "jvm.options").read_text(encoding="utf-8")
    own_file(plan.config / "jvm.options", jvm_options(shipped_options), account)
    log_file = str(plan.home / "logs" / "elasticsearch.log")
    own_file(plan.config / "log4j2.properties", log4j_properties(log_file), account)


def server_launch(plan: ElasticsearchPlan, java: Java, programs: Programs) -> Launch:
    """Return how to start the server, through the archive's own launcher."""
    logs = plan.home / "logs"
    return Launch(
        name=NAME,
        version=programs.elasticsearch_version,
        port=plan.port,
        command=(str(programs.elasticsearch / "bin" / "elasticsearch"),),
        environment={
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "ES_JAVA_HOME": str(java.home),
            "ES_JAVA_OPTS": " ".join(java_options(plan.heap_mb, quick_start=plan.quick_start)),
            "ES_PATH_CONF": str(plan.config),
            "ES_TMPDIR": str(plan.home / "tmp"),
        },
        directory=plan.home,
        logs=(logs / "elasticsearch.out", logs / "elasticsearch.log"),
    )


def url(port: int) -> str:
    """Return the address of the node on a port."""
    return f"http://{LOOPBACK}:{port}"


def answers(port: int) -> bool:
    """Return whether an Elasticsearch on a port takes requests, with every index ready for them."""
    if not accepts(port):
        return False
    with Elasticsearch(url(port), request_timeout=ANSWER_SECONDS, max_retries=0) as client:
        try:
            health = client.cluster.health(wait_for_status="yellow", timeout="1s")
        except (ApiError, TransportError):
            return False
    return not health["timed_out"]
