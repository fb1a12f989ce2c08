"""Settings of the sink, of the set-up of its indices, and of Kibana's loader."""

from pathlib import Path

from pydantic import Field, SecretStr

from contracts.settings import StageSettings


class SinkSettings(StageSettings):
    """Where Elasticsearch and Kibana are, and how the sink writes."""

    elasticsearch_url: str = Field(
        default="http://127.0.0.1:19200",
        pattern=r"^https?://[^/\s]+/?$",
        description="Elasticsearch's address, `http(s)://host:port`.",
    )
    elasticsearch_user: str = Field(default="elastic", description="User to write as; counts only with a password.")
    elasticsearch_password: SecretStr | None = Field(
        default=None, description="That user's password; unset: security is off."
    )
    elasticsearch_ca: Path | None = Field(
        default=None, description="File with the authority that signed Elasticsearch's certificate, PEM."
    )
    elasticsearch_timeout_seconds: float = Field(
        default=60, gt=0, description="How long one request to Elasticsearch may take."
    )
    index_prefix: str = Field(
        default="tallywire",
        pattern=r"^[a-z0-9][a-z0-9_.-]*$",
        description="First part of every index's name.",
    )
    index_shards: int = Field(default=1, ge=1, le=128, description="Primary shards an index is created with.")
    index_replicas: int = Field(
        default=0, ge=0, le=8, description="Copies of each shard; 1 or more on a cluster of several nodes."
    )
    index_refresh: str = Field(
        default="1s", pattern=r"^\d+(ms|s|m)$", description="Time until a written document can be searched."
    )
    sink_batch_records: int = Field(
        default=500, ge=1, le=100_000, description="Most Kafka records that are written and committed together."
    )
    sink_bulk_actions: int = Field(default=1_000, ge=1, le=100_000, description="Most documents in one bulk request.")
    sink_bulk_bytes: int = Field(
        default=16_777_216, ge=65_536, description="Most bytes in one bulk request, a larger document excepted."
    )
    sink_retries: int = Field(
        default=3,
        ge=0,
        le=20,
        description="How often single documents are tried again before the whole batch waits.",
    )
    sink_retry_seconds: float = Field(
        default=0.5, gt=0, description="Pause before the first new try; it doubles each time."
    )
    sink_retry_max_seconds: float = Field(
        default=30, gt=0, description="Longest pause between tries while Elasticsearch is away."
    )
    sink_max_poll_seconds: int = Field(
        default=600,
        ge=10,
        description="How long one batch may take before Kafka gives the sink's partitions to another.",
    )
    sink_session_seconds: int = Field(
        default=15, ge=6, le=300, description="How long Kafka waits for a sink that gives no sign of life."
    )
    kibana_url: str = Field(
        default="http://127.0.0.1:5601",
        pattern=r"^https?://[^\s]+$",
        description="Kibana's address, where `tallywire setup --kibana` loads the dashboards.",
    )
    kibana_wait_seconds: float = Field(default=300, ge=0, description="How long to wait for Kibana to be ready.")

    @property
    def consumer_group(self) -> str:
        """Return the consumer group that all sinks of this installation share."""
        return f"{self.topic_prefix}.sink"
