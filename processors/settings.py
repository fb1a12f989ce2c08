"""Settings of the two processor stages, read from environment variables."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from contracts.settings import StageSettings


class ProcessorSettings(StageSettings):
    """What the extract and the resolve stage need to know."""

    processor_batch_size: int = Field(
        default=100,
        ge=1,
        le=5000,
        description="Most records that a processor handles before it waits for Kafka to acknowledge their outputs.",
    )
    processor_batch_seconds: float = Field(
        default=0.1,
        gt=0,
        le=10,
        description="Longest time that a record waits for its batch to fill, in seconds.",
    )
    processor_session_seconds: float = Field(
        default=10,
        ge=6,
        le=300,
        description="A processor that the broker hasn't heard of for so many seconds loses its partitions to others.",
    )
    processor_send_seconds: float = Field(
        default=30,
        ge=1,
        le=600,
        description="A processor stops with an error when Kafka takes longer to acknowledge an output, in seconds.",
    )
    close_days: float = Field(
        default=30,
        gt=0,
        le=36500,
        description="An incident is closed when the newest report of all is so many days later than its last one.",
    )
    processor_data_dir: Path | None = Field(
        default=None,
        description="Folder for a worker's files, one a worker; none: a temporary folder. No state is kept in it.",
    )

    @property
    def close_after(self) -> timedelta:
        """Return how long an incident stays open without a report."""
        return timedelta(days=self.close_days)
