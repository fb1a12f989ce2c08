"""The compose file and the image, as far as they can be checked without a Docker engine."""

import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from producers.feedlist import read_feed_list
from tallywire.cli import app
from tallywire.reference import variables

ROOT = Path(__file__).parent.parent
STAGES = {
    "produce": ["produce"],
    "extract": ["process", "extract"],
    "resolve": ["process", "resolve"],
    "sink": ["sink"],
}
OURS = {**STAGES, "setup": ["setup", "--kibana"]}
ENGINES = ("kafka", "elasticsearch", "kibana")


@pytest.fixture(scope="module")
def services(compose_config: Callable[..., dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return every service as Compose resolves it with the example's values."""
    found: dict[str, dict[str, Any]] = compose_config()["services"]
    return found


def test_the_services_are_the_stages_the_engines_and_what_sets_them_up(services: dict[str, Any]) -> None:
    """One service a stage."""
    assert services.keys() == {*OURS, *ENGINES, "kibana-user"}
    for name, command in OURS.items():
        assert services[name]["command"] == command


def test_every_published_port_is_on_this_machine_only(services: dict[str, Any]) -> None:
    """Nothing is reachable from outside."""
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
    assert {port["published"] for port in ports} == {"19092", "19200", "5601"}


@pytest.mark.parametrize("name", list(OURS))
def test_our_services_are_confined(name: str, services: dict[str, Any]) -> None:
    """Not root, nothing to write to but a temporary folder, no way to more rights."""
    service = services[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 - the container's own
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(volume.get("read_only") for volume in service.get("volumes", ()))


@pytest.mark.parametrize("name", list(STAGES))
def test_stages_start_again_and_wait_for_the_set_up(name: str, services: dict[str, Any]) -> None:
    """A stage that dies comes back; none starts before topics and indices are there."""
    assert services[name]["restart"] == "unless-stopped"
    assert services[name]["depends_on"] == {
        "setup": {"condition": "service_completed_successfully", "required": True}
    }


@pytest.mark.parametrize("name", ["extract", "resolve", "sink"])
def test_workers_can_be_scaled(name: str, services: dict[str, Any]) -> None:
    """Nothing of which there could only be one."""
    assert not {"container_name", "ports", "volumes", "hostname"} & services[name].keys()


def test_the_set_up_runs_once_when_the_engines_are_healthy(services: dict[str, Any]) -> None:
    """And is no service that comes back."""
    assert services["setup"]["restart"] == "no"
    waits = {name: wait["condition"] for name, wait in services["setup"]["depends_on"].items()}
    assert waits == dict.fromkeys(ENGINES, "service_healthy")
    assert all(services[name]["healthcheck"]["test"] for name in ENGINES)


def test_every_variable_is_one_that_the_stages_read(services: dict[str, Any]) -> None:
    """A misspelt variable would go unnoticed."""
    known = {variable.name for variable in variables()}
    for name in OURS:
        assert services[name]["environment"].keys() <= known, name


def test_only_those_who_need_it_know_the_password(services: dict[str, Any]) -> None:
    """Producers and processors never talk to Elasticsearch."""
    knowing = {name for name, service in services.items() if "change-me-elastic" in str(service["environment"])}
    assert knowing == {"elasticsearch", "kibana", "kibana-user", "setup", "sink"}


def test_kibana_has_a_user_of_its_own(services: dict[str, Any]) -> None:
    """It refuses to run as `elastic`; its user's password is set before it starts."""
    environment = services["kibana"]["environment"]
    assert environment["ELASTICSEARCH_USERNAME"] == "kibana_system"
    assert environment["ELASTICSEARCH_PASSWORD"] == services["kibana-user"]["environment"]["KIBANA_SYSTEM_PASSWORD"]
    assert services["kibana"]["depends_on"]["kibana-user"]["condition"] == "service_completed_successfully"
    assert services["elasticsearch"]["environment"]["xpack.security.enabled"] == "true"


def locked_version(lock: str, artifact: str) -> str:
    """Return the version of a local engine."""
    text = (ROOT / "tallywire" / "engines" / lock).read_text("utf-8")
    found = re.search(rf'^artifactId = "{re.escape(artifact)}"\nversion = "([^"]+)"', text, re.MULTILINE)
    assert found, f"{artifact} isn't in {lock}"
    return found[1]


def test_engines_are_those_that_run_without_docker(services: dict[str, Any]) -> None:
    """Both ways run the same versions, and Kibana is of Elasticsearch's."""
    versions = {name: services[name]["image"].rpartition(":")[2] for name in (*ENGINES, "kibana-user")}
    elasticsearch = locked_version("elasticsearch.lock.toml", "elasticsearch")
    assert versions == {
        "kafka": locked_version("kafka.lock.toml", "kafka_2.13"),
        "elasticsearch": elasticsearch,
        "kibana": elasticsearch,
        "kibana-user": elasticsearch,
    }


@pytest.mark.parametrize("name", ["ELASTIC_PASSWORD", "KIBANA_SYSTEM_PASSWORD"])
def test_a_missing_password_is_said(name: str, compose_program: Path, tmp_path: Path) -> None:
    """Nothing starts with an empty password."""
    example = (ROOT / ".env.example").read_text("utf-8")
    (tmp_path / "env").write_text(re.sub(rf"^{name}=.*$", "", example, flags=re.MULTILINE), "utf-8")
    ran = subprocess.run(
        [compose_program, "--env-file", tmp_path / "env", "config", "--quiet"],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert "copy .env.example to .env" in ran.stderr


def test_the_example_names_every_value_of_the_compose_file() -> None:
    """What can be set is shown, and what is shown can be set."""
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    shown = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert used == shown


def test_commands_are_those_of_the_command_line() -> None:
    """The image's entry point knows every command that a service gives it."""
    assert 'ENTRYPOINT ["tallywire"]' in (ROOT / "Dockerfile").read_text("utf-8")
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert {command[0] for command in OURS.values()} <= known


def test_the_image_holds_everything_that_it_is_built_from() -> None:
    """Each package and file that the build copies is let through by `.dockerignore`."""
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
        for source in line.split()[:-1]
    }
    let_through = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= copied


def test_the_build_uses_locked_versions_only() -> None:
    """What builds the wheel is locked as well, to the versions that developers have."""
    pinned = re.compile(r"^(\S+)==(\S+)", re.MULTILINE)
    build = dict(pinned.findall((ROOT / "requirements-build.txt").read_text("utf-8")))
    developers = dict(pinned.findall((ROOT / "requirements-dev.txt").read_text("utf-8")))
    assert "hatchling" in build
    assert build.items() <= developers.items()


def test_the_example_feed_list_can_be_read() -> None:
    """It's what `docker compose up` polls until there is another."""
    assert read_feed_list(ROOT / "feeds.example.toml")
