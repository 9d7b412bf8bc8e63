"""What every message has: a frozen JSON body, a subject, a version and a deterministic id.

Bodies carry music; headers carry machinery (`Nats-Msg-Id`, `Navaar-Type`, `Navaar-Version`, `traceparent`).
Adding an optional field keeps a version; changing a meaning is a new class and a subject that ends in `-v2`.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime, Field

from navaar_contracts.identifiers import Identity, LinkName
from navaar_contracts.music import Value


class Message(Value):
    """Common to commands and events. `link` is the last token of the subject."""

    schema_version: ClassVar[int] = 1

    link: LinkName

    def subject(self) -> str:
        """The subject this very message travels on."""
        raise NotImplementedError

    def message_id(self) -> str:
        """What `Nats-Msg-Id` carries: the same fact has the same id however often it is sent."""
        raise NotImplementedError


class Event(Message):
    """Something that happened. Subject: navaar.evt.<topic>.<link>."""

    topic: ClassVar[str]

    def subject(self) -> str:
        return f"navaar.evt.{self.topic}.{self.link}"


class Command(Message):
    """Something one recipient shall do. Subject: navaar.cmd.<recipient>.<imperative>.<link>."""

    imperative: ClassVar[str]

    def recipient(self) -> str:
        """The service that takes it, as spelled in subjects."""
        raise NotImplementedError

    def subject(self) -> str:
        return f"navaar.cmd.{self.recipient()}.{self.imperative}.{self.link}"


class TrackCommand(Command):
    """A step for one track. `attempt` grows when the ledger asks again, which makes the id a new one."""

    track_id: int = Field(ge=1)
    attempt: int = Field(default=1, ge=1)
    identity: Identity = ""
    """The random half of the track's name: a number may be given again by a ledger that lost its memory, this is not.
    Empty for tracks of versions that had none."""

    @property
    def name(self) -> str:
        """What ids and idempotency records call the track."""
        return named(self.track_id, self.identity)


class TrackEvent(Event):
    """What became of a step; `attempt` and `identity` repeat the command's."""

    track_id: int = Field(ge=1)
    attempt: int = Field(default=1, ge=1)
    identity: Identity = ""
    """Empty from services of versions that had none, too."""

    @property
    def name(self) -> str:
        """As in TrackCommand."""
        return named(self.track_id, self.identity)

    def concerns(self, identity: str) -> bool:
        """Whether it is about the track of this identity, and not about one that had the number in a former life."""
        return self.identity in ("", identity)


def named(track_id: int, identity: str) -> str:
    """A track's name, given once for ever: '17-9f86d081884c7d65'; '17' for tracks of versions without identities.

    In a subject or a key it is one token.
    """
    return f"{track_id}-{identity}" if identity else str(track_id)


def stamp(at: datetime) -> int:
    """Milliseconds since 1970, for ids that must differ from moment to moment."""
    return int(at.timestamp() * 1000)


def about(target: str | None) -> str:
    """The part of an id that names the delivery, where the message names one."""
    return f":{target}" if target is not None else ""


__all__ = ["AwareDatetime", "Command", "Event", "Message", "TrackCommand", "TrackEvent", "about", "named", "stamp"]
