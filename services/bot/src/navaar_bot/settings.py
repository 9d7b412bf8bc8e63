"""What the bot needs to know from the environment."""

from __future__ import annotations

from pydantic import Field

from navaar_runtime.settings import NavaarSettings


class BotSettings(NavaarSettings):
    """What the bot says unasked."""

    alert_enabled: bool = Field(default=True, description="Tell the administrators about troubles", examples=["true"])
    alert_chat_id: int = Field(
        default=0, description="Chat that gets the alerts; 0 takes all administrators", examples=["0"]
    )
    alert_consecutive_crashes: int = Field(
        default=2,
        ge=1,
        le=1000,
        description="How often in a row a service or a direction must fail before an alert",
        examples=["2"],
    )
    alert_cooldown_seconds: float = Field(
        default=1800, ge=1, description="Least seconds between two alerts about the same trouble", examples=["1800"]
    )
