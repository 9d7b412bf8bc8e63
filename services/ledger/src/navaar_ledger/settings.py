"""What can be set for the ledger."""

from __future__ import annotations

from pydantic import Field, SecretStr

from navaar_runtime.settings import NavaarSettings


class LedgerSettings(NavaarSettings):
    """Budgets, and where the truth is kept."""

    mongodb_url: SecretStr | None = Field(
        default=None,
        description="Your MongoDB; unset keeps the ledger in an SQLite file in NAVAAR_DATA_DIR",
        examples=["mongodb://mongo-1,mongo-2,mongo-3/?replicaSet=rs0"],
    )
    mongodb_database: str = Field(default="navaar", description="Database in that MongoDB", examples=["navaar"])
    mongodb_pool_size: int = Field(
        default=20, ge=1, le=500, description="Connections kept open to MongoDB", examples=["20"]
    )
    mongodb_retry_writes: bool = Field(
        default=True, description="Let the MongoDB driver repeat a write once", examples=["true"]
    )
    mongodb_direct: bool = Field(
        default=False, description="Connect to this one server without looking for its replica set", examples=["false"]
    )
    max_retries: int = Field(
        default=3, ge=0, le=100, description="Later retries of a delivery before it counts as failed", examples=["3"]
    )
    backoff_max_seconds: float = Field(
        default=1800, gt=0, le=86_400, description="Longest pause before a retry", examples=["1800"]
    )
    lane_width: int = Field(
        default=6, ge=1, le=100, description="Deliveries of one direction that are worked on at once", examples=["6"]
    )
    order_patience_seconds: float = Field(
        default=60, ge=0, le=3600, description="How long a ready song waits for the one before it", examples=["60"]
    )
    stuck_after_seconds: float = Field(
        default=180,
        ge=125,
        le=86_400,
        description="Silence after which a lost step is asked for again",
        examples=["180"],
    )
    listen_to_posts: bool = Field(
        default=True,
        description="Fetch every posted file and check whether its sound is a song known under another name; off, "
        "only files whose post does not say what they are",
        examples=["false"],
    )
    telegram_api_local: bool = Field(
        default=False,
        description="The Telegram API base is a local Bot API server: files up to 2,000 MB",
        examples=["true"],
    )
