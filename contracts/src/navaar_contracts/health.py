"""How a service says how it is: request/reply on navaar.query.<service>.health."""

from __future__ import annotations

from pydantic import Field

from navaar_contracts.identifiers import Platform
from navaar_contracts.message import AwareDatetime
from navaar_contracts.queries import Reply

SERVICES = ("ledger", "identifier", "downloader", *(platform.value for platform in Platform), "api")
"""As spelled in subjects."""


class HealthReply(Reply):
    service: str = ""
    parts: dict[str, str | None] = Field(default_factory=dict)
    """Part -> what is wrong with it, or None."""
    notes: dict[str, str | None] = Field(default_factory=dict)
    """Part -> what is no problem yet but will need a person, or None."""
    details: dict[str, str] = Field(default_factory=dict)
    """Part -> what it is at present, such as the version of a library that is renewed by itself."""
    started_at: AwareDatetime | None = None
    version: str = ""

    @property
    def is_ready(self) -> bool:
        return self.problem is None and not any(self.parts.values())


class ConfigReply(Reply):
    """The settings a service runs with; secrets are masked."""

    service: str = ""
    values: dict[str, str] = Field(default_factory=dict)


def config_subject(service: str) -> str:
    return f"navaar.query.{service}.config"


def health_subject(service: str) -> str:
    return f"navaar.query.{service}.health"
