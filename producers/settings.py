"""Settings of the producers."""

from pathlib import Path

from pydantic import Field, field_validator

from contracts.settings import StageSettings


class ProducerSettings(StageSettings):
    """Which feeds are polled, how often and how gently, and how articles are published."""

    feed_list: Path | None = Field(
        default=None,
        description="Feed list file, TOML or OPML, that the subscriptions follow at each start; empty: none.",
    )
    poll_seconds: int = Field(
        default=300, ge=1, le=604_800, description="Shortest time between polls of a feed that isn't given one."
    )
    poll_max_seconds: int = Field(
        default=3_600, ge=1, le=604_800, description="Longest time between polls of a feed that isn't given one."
    )
    poll_backoff_max_seconds: int = Field(
        default=21_600,
        ge=1,
        le=604_800,
        description="Longest time between tries of a feed that keeps failing; it is never given up.",
    )
    poll_concurrency: int = Field(default=64, ge=1, le=2_000, description="Most feeds polled at the same time.")
    fetch_connect_seconds: float = Field(default=10, gt=0, le=120, description="How long a connection may take.")
    fetch_read_seconds: float = Field(
        default=20, gt=0, le=300, description="How long a server may be silent in the middle of an answer."
    )
    fetch_total_seconds: float = Field(default=60, gt=0, le=600, description="How long one feed's answer may take.")
    fetch_max_wire_bytes: int = Field(
        default=5_242_880, ge=1_024, description="Largest answer that is read, in bytes as they are sent."
    )
    fetch_max_bytes: int = Field(
        default=10_485_760, ge=1_024, description="Largest feed that is read, in bytes after decompression."
    )
    fetch_max_redirects: int = Field(default=5, ge=0, le=20, description="Most redirects followed for one poll.")
    fetch_user_agent: str = Field(
        default="Tallywire/0.1 (feed reader)", min_length=1, description="How producers name themselves to servers."
    )
    fetch_host_concurrency: int = Field(
        default=2, ge=1, le=100, description="Most requests to one host at the same time."
    )
    fetch_host_delay_seconds: float = Field(
        default=1, ge=0, le=600, description="Least time between the starts of two requests to one host."
    )
    fetch_allow_private: bool = Field(
        default=False,
        description="Whether feeds may lie at loopback, private and link-local addresses; for feeds of your own.",
    )
    full_text: bool = Field(
        default=False,
        description="Whether the text of articles' pages is taken, where a feed's list entry doesn't say.",
    )
    full_text_enough: int = Field(
        default=1_500, ge=0, description="Characters of a feed's own text that make its page needless."
    )
    full_text_pages: int = Field(
        default=20, ge=1, le=1_000, description="Most pages that are fetched after one poll."
    )
    full_text_seconds: float = Field(
        default=120, gt=0, le=3_600, description="How long the pages of one poll may take; the rest is left out."
    )
    publish_in_flight: int = Field(
        default=500, ge=1, le=100_000, description="Most records on their way to Kafka for one feed."
    )
    publish_timeout_seconds: float = Field(
        default=120, ge=1, description="How long Kafka may take to acknowledge a record before the stage stops."
    )
    metrics_port: int = Field(
        default=0, ge=0, le=65_535, description="Port at which Prometheus finds the producer's metrics; 0: none."
    )
    metrics_host: str = Field(
        default="127.0.0.1", description="Address at which the metrics are served; `0.0.0.0` in a container."
    )

    @field_validator("feed_list", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value
