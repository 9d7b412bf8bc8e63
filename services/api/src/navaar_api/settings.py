"""What the api service can be told."""

from __future__ import annotations

import ipaddress

from pydantic import Field, SecretStr, field_validator

from navaar_runtime.settings import NavaarSettings

SHORTEST_TOKEN = 16


class ApiSettings(NavaarSettings):
    api_port: int = Field(default=8080, ge=0, le=65535, description="Port of the HTTP API", examples=["8080"])
    api_host: str = Field(
        default="127.0.0.1",
        description="Address the HTTP API is bound to; on anything but loopback reading needs the token too",
        examples=["0.0.0.0"],  # noqa: S104
    )
    api_token: SecretStr | None = Field(
        default=None,
        description="Token for signing in to the HTTP API and the dashboard, at least 16 characters; unset makes one "
        "at the first start, keeps it in NAVAAR_DATA_DIR/api-token and shows it once on the terminal",
        examples=["choose-a-long-random-text"],
    )
    api_allowed_hosts: tuple[str, ...] = Field(
        default=(),
        description="Host names under which the HTTP API may be called; on loopback its own always are",
        examples=['["navaar.example.org"]'],
    )
    api_answer_seconds: float = Field(
        default=3, gt=0, le=60, description="How long the API waits for another service's answer", examples=["3"]
    )

    @field_validator("api_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"must have at least {SHORTEST_TOKEN} characters")
        return value

    @property
    def is_loopback(self) -> bool:
        """Only this machine can reach the API."""
        if self.api_host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.api_host).is_loopback
        except ValueError:
            return False
