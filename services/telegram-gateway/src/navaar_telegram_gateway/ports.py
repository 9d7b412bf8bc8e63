"""What the pure parts and the handlers need of Telegram and of the runtime."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class CannotLook(Exception):
    """This way of looking at a post is closed; `reason` says why, for a person, without secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class AudioPost:
    """A post to make."""

    path: Path
    size_bytes: int
    file_name: str
    title: str | None
    performer: str | None
    duration_s: int | None
    caption: str
    """Empty: the song alone."""
    buttons: tuple[tuple[str, str], ...] = ()
    """What each says, and where it leads."""
    thumbnail: Path | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A post that is in the channel."""

    message_id: int
    file_unique_id: str | None = None
    renewal: int = 0
    """Which one it is of those that were made one after the other because people had deleted the one before."""


@dataclass(frozen=True, slots=True)
class SeenPost:
    """What a post shows. All None: something is there, but no audio."""

    caption: str | None = None
    title: str | None = None
    performer: str | None = None
    size_bytes: int | None = None
    file_unique_id: str | None = None
    file_name: str | None = None


class Channel(Protocol):
    """One channel, for writing and for finding out. Every method raises the failures of navaar_runtime."""

    async def send_audio(self, post: AudioPost) -> Sent:
        """Post. Raises OutcomeUnknown when Telegram did not say what became of it; any Failure means: not posted."""
        ...

    async def delete(self, message_id: int) -> None:
        """Take a post of the bot out of the channel; one that is gone is fine."""
        ...

    async def look_by_forwarding(self, message_id: int) -> SeenPost | None:
        """What is at an id, seen through a copy that is deleted at once; None: nothing. Raises CannotLook."""
        ...

    async def look_by_editing(self, message_id: int, caption: str, buttons: tuple[tuple[str, str], ...] = ()) -> bool:
        """Whether the bot's post at an id has exactly this caption, or none where this is empty, and these buttons.

        Gives the caption to a post of the bot that has another one: ask only where no other can be. Raises CannotLook.
        """
        ...

    async def newest_id(self) -> int:
        """The id of the channel's newest message, found by posting a silent line and deleting it. Raises CannotLook."""
        ...


class Gate(Protocol):
    """Whether the bot may post in one channel."""

    @property
    def closed(self) -> str | None:
        """Why not, for a person; None when it may, as far as is known."""
        ...

    async def look(self) -> None:
        """Ask Telegram now; keeps what was known if it does not answer."""
        ...


class Files(Protocol):
    async def download(self, file_id: str, destination: Path) -> None:
        """Bring a posted file to disk."""
        ...
