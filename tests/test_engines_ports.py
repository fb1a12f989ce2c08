"""Ports: free ones are chosen, and one that is taken is told of in one line."""

import os
import socket
from collections.abc import Iterator

import psutil
import pytest

from tallywire.engines.errors import EngineError
from tallywire.engines.launcher import make_plans
from tallywire.engines.ports import free_ports, holder, is_free, require_free
from tallywire.engines.settings import EngineSettings


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"], ids=["loopback", "every address"])  # noqa: S104 - the case
def taken_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Return a port that this process listens on, on loopback or everywhere."""
    with socket.create_server((request.param, 0)) as server:
        yield int(server.getsockname()[1])


def test_free_ports_are_free_and_different() -> None:
    """As many ports as asked for, all free, none twice."""
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(is_free(port) for port in ports)


def test_a_taken_port_gives_one_clear_line(taken_port: int) -> None:
    """The error names the port, the engine, who holds it, and the setting to change."""
    with pytest.raises(EngineError) as caught:
        require_free(taken_port, "Kafka", "TALLYWIRE_KAFKA_PORT")
    message = str(caught.value)
    me = f"{psutil.Process().name()} (process {os.getpid()})"
    for part in (f"Port {taken_port}", "Kafka", me, "TALLYWIRE_KAFKA_PORT"):
        assert part in message
    assert "\n" not in message


def test_nobody_holds_a_free_port() -> None:
    """A free port has no holder and needs no error."""
    (port,) = free_ports(1)
    assert holder(port) is None
    require_free(port, "Kafka", "TALLYWIRE_KAFKA_PORT")


@pytest.mark.parametrize("engine", ["kafka", "elasticsearch"])
def test_a_plan_needs_its_ports(engine: str, taken_port: int) -> None:
    """Planning a start fails when the port of either engine is taken, before anything is started."""
    settings = EngineSettings.model_validate({"kafka_port": 0, "elasticsearch_port": 0, f"{engine}_port": taken_port})
    with pytest.raises(EngineError, match=f"TALLYWIRE_{engine.upper()}_PORT"):
        make_plans(settings)


def test_a_plan_chooses_free_ports_where_it_may() -> None:
    """Port 0 means any free one; all four ports of the two engines differ."""
    plans = make_plans(EngineSettings(kafka_port=0, elasticsearch_port=0))
    ports = {
        plans.kafka.port,
        plans.kafka.controller_port,
        plans.elasticsearch.port,
        plans.elasticsearch.transport_port,
    }
    assert len(ports) == 4
    assert 0 not in ports
