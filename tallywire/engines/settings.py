"""Settings of the local engines, read from environment variables when a program starts."""

import os
from pathlib import Path

import platformdirs
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.settings import ENV_PREFIX

APP = "tallywire"


def default_data_dir() -> Path:
    """Return the user's data directory; for root one that an unprivileged user can reach."""
    return Path("/var/lib") / APP if os.geteuid() == 0 else platformdirs.user_data_path(APP)


def default_cache_dir() -> Path:
    """Return the user's cache directory; for root one that an unprivileged user can reach."""
    return Path("/var/cache") / APP if os.geteuid() == 0 else platformdirs.user_cache_path(APP)


class EngineSettings(BaseSettings):
    """Where the local engines lie, listen and how much memory they take."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="ignore")

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Directory of the local engines' data, logs and state file.",
    )
    cache_dir: Path = Field(
        default_factory=default_cache_dir,
        description="Directory of the engines' downloaded programs; may be deleted at any time they don't run.",
    )
    kafka_port: int = Field(
        default=19092, ge=0, le=65535, description="Port of the local Kafka; 0 chooses a free one."
    )
    elasticsearch_port: int = Field(
        default=19200, ge=0, le=65535, description="HTTP port of the local Elasticsearch; 0 chooses a free one."
    )
    kafka_heap_mb: int = Field(default=512, ge=128, description="Heap of the local Kafka, in MiB.")
    elasticsearch_heap_mb: int = Field(default=1024, ge=256, description="Heap of the local Elasticsearch, in MiB.")
    engine_quick_start: bool = Field(
        default=True,
        description="Let Java compile lightly: the engines start a third faster and peak lower. "
        "Turn it off for long heavy runs.",
    )
    engine_start_timeout: float = Field(
        default=180, gt=0, description="Seconds that an engine has to answer after its start."
    )
    engine_stop_timeout: float = Field(
        default=30, gt=0, description="Seconds that an engine has to stop before it is killed."
    )
    engine_user: str = Field(
        default="nobody",
        description="Unprivileged user that the engines run as when Tallywire is run by root.",
    )
    java_download: bool = Field(
        default=False, description="Download a JDK into the cache directory when none that fits is found."
    )

    @field_validator("data_dir", "cache_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        """Return the path with `~` expanded and made absolute, for engines run in another directory."""
        return path.expanduser().absolute()
