"""What the api service can be told."""

from __future__ import annotations

from pydantic import Field

from navaar_shared.settings import NavaarSettings


class ApiSettings(NavaarSettings):
    api_port: int = Field(default=8080, ge=0, le=65535, description="Port of the HTTP API", examples=["8080"])
    api_host: str = Field(
        default="127.0.0.1",
        description="Address the HTTP API is bound to; anything but loopback is open to others",
        examples=["0.0.0.0"],  # noqa: S104
    )
    api_answer_seconds: float = Field(
        default=3, gt=0, le=60, description="How long the API waits for another service's answer", examples=["3"]
    )
