"""Settings of the producers."""

from pathlib import Path

from pydantic import Field

from contracts.settings import StageSettings


class ProducerSettings(StageSettings):
    """Which feeds are polled, how often and how gently, and how articles are published."""

    feed_list: Path = Field(default=Path("feeds.toml"), description="Feed list, TOML or OPML.")
    poll_seconds: int = Field(
        default=300, ge=1, le=604_800, description="Time between polls of a feed whose list entry gives none."
    )
    poll_backoff_max_seconds: int = Field(
        default=21_600,
        ge=1,
        le=604_800,
        description="Longest time between tries of a feed that keeps failing; it is never given up.",
    )
    poll_concurrency: int = Field(default=32, ge=1, le=2_000, description="Most feeds polled at the same time.")
    fetch_connect_seconds: float = Field(default=10, gt=0, le=120, description="How long a connection may take.")
    fetch_read_seconds: float = Field(
        default=20, gt=0, le=300, description="How long a server may be silent in the middle of an answer."
    )
    fetch_total_seconds: float = Field(default=60, gt=0, le=600, description="How long one feed's answer may take.")
    fetch_max_bytes: int = Field(
        default=10_485_760, ge=1_024, description="Largest feed that is read, in bytes after decompression."
    )
    fetch_max_redirects: int = Field(default=5, ge=0, le=20, description="Most redirects followed for one poll.")
    fetch_user_agent: str = Field(
        default="Tallywire/0.1 (feed reader)", min_length=1, description="How producers name themselves to servers."
    )
    publish_in_flight: int = Field(
        default=500, ge=1, le=100_000, description="Most records on their way to Kafka for one feed."
    )
    publish_timeout_seconds: float = Field(
        default=120, ge=1, description="How long Kafka may take to acknowledge a record before the stage stops."
    )
