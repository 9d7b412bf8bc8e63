"""What the launcher itself can be told."""

from __future__ import annotations

from pydantic import Field, SecretStr

from navaar_runtime.settings import NavaarSettings


class LauncherSettings(NavaarSettings):
    """For `navaar up` on one machine."""

    nats_port: int = Field(
        default=4222,
        ge=0,
        le=65535,
        description="Port of the embedded NATS server on 127.0.0.1; another is taken when it is in use, 0 takes any",
        examples=["4222"],
    )
    nats_sync_always: bool = Field(
        default=True,
        description="Make the embedded NATS server write every message to disk before it acknowledges it",
        examples=["true"],
    )
    backup_passphrase: SecretStr | None = Field(
        default=None,
        min_length=8,
        description="Encrypts the sign-ins in a backup, and opens them in a restore; unset, it is asked for",
        examples=["eight characters or more"],
    )
