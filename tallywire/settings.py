"""Settings of the operator's program, read from environment variables when it starts."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.settings import ENV_PREFIX


class OperatorSettings(BaseSettings):
    """How the demo runs."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="ignore")

    demo_feed_port: int = Field(
        default=0, ge=0, le=65535, description="Port on which the demo serves its sample feeds; 0 chooses a free one."
    )
    demo_seconds: float = Field(
        default=240, gt=0, description="How long the demo may take from its first poll to its last check."
    )
