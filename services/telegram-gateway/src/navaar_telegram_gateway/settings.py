"""What the gateway needs to know from the environment."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from navaar_runtime.settings import NavaarSettings

MEGABYTE = 1024 * 1024


class TelegramSettings(NavaarSettings):
    """The bot, the server it talks to, and how patiently."""

    telegram_bot_token: SecretStr = Field(
        description="Token of your bot, from @BotFather; the bot must be an administrator of the channel",
        examples=["123456789:AAExampleExampleExampleExampleExample"],
    )
    telegram_admin_user_ids: tuple[int, ...] = Field(
        default=(),
        description="JSON list of the Telegram users who may command the bot",
        examples=["[123456789]"],
    )
    telegram_api_base: str = Field(
        default="https://api.telegram.org",
        description="Bot API server",
        examples=["http://127.0.0.1:8081"],
    )
    telegram_api_local: bool = Field(
        default=False,
        description="The Bot API server is your own in local mode: no download limit, and it shares its files' folder",
        examples=["true"],
    )
    telegram_max_upload_mb: int = Field(
        default=50, ge=1, le=2000, description="Largest file to post; a local server takes 2000", examples=["50"]
    )
    telegram_post_interval_s: float = Field(
        default=1.0, ge=0, description="Minimum seconds between two posts in one channel", examples=["1"]
    )
    telegram_posts_per_minute: int = Field(
        default=18,
        ge=1,
        description="Most posts in one channel in any minute; Telegram takes about 20",
        examples=["18"],
    )
    telegram_staging_chat_id: str | None = Field(
        default=None,
        description=(
            "Chat in which the bot may look at a copy of a post after an upload with unknown outcome; "
            "unset takes the first administrator's"
        ),
        examples=["-1009876543210"],
    )
    telegram_poll_seconds: int = Field(
        default=25, ge=0, le=50, description="How long one request for updates waits for news", examples=["25"]
    )
    telegram_timeout_s: float = Field(
        default=30.0, gt=0, description="Deadline of a call that carries no file", examples=["30"]
    )
    telegram_transfer_timeout_s: float = Field(
        default=300.0, gt=0, description="Deadline of an upload or download", examples=["300"]
    )
    telegram_settle_s: float = Field(
        default=5.0,
        ge=0,
        description="How long Telegram gets to finish an upload whose answer was lost, before the channel is looked at",
        examples=["5"],
    )

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        number, colon, secret = value.get_secret_value().partition(":")
        if not (number.isdigit() and colon and secret) or any(c.isspace() for c in secret):
            raise ValueError("is no bot token: it has the form <number>:<letters and digits>")
        return value

    @field_validator("telegram_api_base")
    @classmethod
    def _base(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @property
    def max_upload_bytes(self) -> int:
        return self.telegram_max_upload_mb * MEGABYTE

    @property
    def max_download_bytes(self) -> int | None:
        """None: the local server hands out files of any size."""
        return None if self.telegram_api_local else 20 * MEGABYTE

    @property
    def staging_chat(self) -> str | None:
        if self.telegram_staging_chat_id:
            return self.telegram_staging_chat_id
        return str(self.telegram_admin_user_ids[0]) if self.telegram_admin_user_ids else None
