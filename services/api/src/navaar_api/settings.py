"""What the api service can be told."""

from __future__ import annotations

import ipaddress

from pydantic import Field, SecretStr, field_validator

from navaar_api.edge.callers import Network, networks
from navaar_runtime.settings import NavaarSettings

SHORTEST_TOKEN = 16


class ApiSettings(NavaarSettings):
    api_port: int = Field(default=8080, ge=0, le=65535, description="Port of the HTTP API", examples=["8080"])
    api_host: str = Field(
        default="127.0.0.1",
        description="Address the HTTP API is bound to",
        examples=["0.0.0.0"],  # noqa: S104
    )
    api_token: SecretStr | None = Field(
        default=None,
        description="Token for signing in to the HTTP API and the dashboard, at least 16 characters; unset makes one "
        "at the first start, keeps it in NAVAAR_DATA_DIR/api-token and shows it once on the terminal",
        examples=["choose-a-long-random-text"],
    )
    api_open_reading: bool = Field(
        default=False,
        description="Let everybody on this machine read the HTTP API and the dashboard without the token; leave it off "
        "where a proxy or a tunnel on this machine leads to the API, since some leave no trace in what they pass on",
        examples=["true"],
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(),
        description="Addresses and networks of the proxies before the HTTP API whose X-Forwarded-For, Forwarded and "
        "X-Forwarded-Proto are believed",
        examples=['["127.0.0.1", "10.0.0.0/8"]'],
    )
    api_allowed_hosts: tuple[str, ...] = Field(
        default=(),
        description="Host names under which the HTTP API may be called; on loopback its own always are",
        examples=['["navaar.example.org"]'],
    )
    api_answer_seconds: float = Field(
        default=3, gt=0, le=60, description="How long the API waits for another service's answer", examples=["3"]
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        networks(value)
        return value

    @field_validator("api_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"must have at least {SHORTEST_TOKEN} characters")
        return value

    @property
    def proxies(self) -> tuple[Network, ...]:
        """`trusted_proxies` as networks."""
        return networks(self.trusted_proxies)

    @property
    def is_loopback(self) -> bool:
        """Only this machine can reach the API."""
        if self.api_host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.api_host).is_loopback
        except ValueError:
            return False
