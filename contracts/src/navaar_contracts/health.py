"""How a service says how it is: request/reply on navaar.query.<service>.health."""

from __future__ import annotations

import math

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from navaar_contracts.identifiers import Platform
from navaar_contracts.message import AwareDatetime
from navaar_contracts.queries import Reply

SERVICES = ("ledger", "identifier", "downloader", *(platform.value for platform in Platform), "api")
"""As spelled in subjects."""


class AdditionBudget(BaseModel):
    """How many items a platform lets Navaar add: `a_day` in all, `left` of them until `resets_at`."""

    model_config = ConfigDict(frozen=True)

    a_day: NonNegativeInt
    left: NonNegativeInt
    resets_at: AwareDatetime

    def days(self, songs: int) -> int | None:
        """In how many days so many songs are added, today included; None where there is no end to it."""
        rest = songs - self.left
        if rest <= 0:
            return 1 if songs > 0 else 0
        return 1 + math.ceil(rest / self.a_day) if self.a_day else None

    def describe(self, songs: int) -> str:
        """For people: what a day allows, what is left of it, and how long so many songs take."""
        days = self.days(songs)
        takes = "cannot be added" if days is None else f"take {days} {'day' if days == 1 else 'days'}"
        until = f"{self.resets_at:%Y-%m-%d %H:%M} UTC"
        return f"{self.a_day} additions a day, {self.left} left until {until}; {songs} songs {takes}"


class Mailbox(BaseModel):
    """How far behind a consumer is: `waiting` messages that are not settled, the oldest of them in hand from then."""

    model_config = ConfigDict(frozen=True)

    waiting: NonNegativeInt
    oldest_at: AwareDatetime | None = None
    """When the oldest that was taken came in; None while none is in hand."""


class HealthReply(Reply):
    service: str = ""
    parts: dict[str, str | None] = Field(default_factory=dict)
    """Part -> what is wrong with it, or None."""
    notes: dict[str, str | None] = Field(default_factory=dict)
    """Part -> what is no problem yet but will need a person, or None."""
    details: dict[str, str] = Field(default_factory=dict)
    """Part -> what it is at present, such as the version of a library that is renewed by itself."""
    additions: AdditionBudget | None = None
    """What the platform still lets Navaar add, where it counts."""
    mailboxes: dict[str, Mailbox] = Field(default_factory=dict)
    """Consumer -> how far behind it is."""
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


def standby_subject(service: str) -> str:
    """Where a process answers that stands by for the one that acts for the service."""
    return f"navaar.query.{service}.standby"


def health_subject(service: str) -> str:
    return f"navaar.query.{service}.health"
