"""Settings that every stage shares, read from environment variables when a program starts.

Each stage has one settings module of its own built on this one; `docs/operating.md` lists every variable.
"""

from typing import Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.topics import Topics, topics

ENV_PREFIX = "TALLYWIRE_"


class SettingsError(ValueError):
    """An environment variable holds what it can't; the message says which, and what it should hold."""


class StageSettings(BaseSettings):
    """What every stage needs to know."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="ignore")

    kafka_servers: str = Field(
        default="127.0.0.1:19092",
        description="Kafka brokers to start from, `host:port`, separated by commas.",
    )
    topic_prefix: str = Field(
        default="tallywire", pattern=r"^[a-zA-Z0-9._-]+$", description="First part of every topic's name."
    )
    topic_partitions: int = Field(
        default=4,
        ge=1,
        le=512,
        description="Partitions a topic is created with: the most workers a stage can have.",
    )
    resolve_partitions: int = Field(
        default=1,
        ge=1,
        le=512,
        description="Partitions of the reports and of the incidents: the most resolvers that work at once. "
        "With more than one, reports of one incident whose countries were read differently may not meet.",
    )
    topic_replication: int = Field(
        default=1, ge=1, le=9, description="Brokers that keep a copy of each topic; 3 on a cluster of three."
    )
    startup_wait_seconds: float = Field(
        default=120, ge=0, description="How long to wait for engines that are down at start."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="`console` for people, `json` for a log collector."
    )

    @property
    def topics(self) -> Topics:
        """Return the topics of this installation."""
        return topics(self.topic_prefix, self.topic_partitions, self.topic_replication, self.resolve_partitions)

    @property
    def kafka_server_list(self) -> list[str]:
        """Return the brokers as a list of `host:port`."""
        return [server.strip() for server in self.kafka_servers.split(",") if server.strip()]


Settings = TypeVar("Settings", bound=BaseSettings)


def load(settings_type: type[Settings]) -> Settings:
    """Return settings read from the environment.

    Raises:
        SettingsError: A variable holds what it can't.
    """
    try:
        return settings_type()
    except ValidationError as error:
        lines = [
            f"{ENV_PREFIX}{'.'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise SettingsError(f"{'; '.join(lines)}.") from None
