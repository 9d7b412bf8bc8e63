"""What watching and placing need from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from navaar_contracts.message import Message
from navaar_contracts.queries import Query, Reply
from navaar_playlist_gateway.snapshot import Addition, ChangeCheck, Snapshot

R = TypeVar("R", bound=Reply)


class PlaylistAdapter(Protocol):
    """One playlist. Methods raise the failures of `navaar_runtime.failures` and nothing else, unless they say so."""

    async def check_for_change(self) -> ChangeCheck:
        """Ask as cheaply as the platform allows whether anything changed."""

    async def read(self) -> Snapshot:
        """Read everything. May lag behind a write by seconds."""

    async def add(self, external_id: str) -> Addition:
        """Add one item at the end, once, without any retry of its own.

        Raises:
            Transient: the outcome is unknown; the item may have been added.
            RateLimited, AuthRejected, Permanent: nothing was added.
            AlreadyThere: the platform says that the item is in there.
        """

    async def remove(self, external_id: str, set_video_id: str | None) -> None:
        """Take one item out; `set_video_id` names YouTube's entry where it is known. Absent is no error."""


class Publisher(Protocol):
    async def publish(self, message: Message) -> None: ...


class QueryClient(Protocol):
    async def ask(self, query: Query[R], timeout_s: float = 2.0) -> R: ...


class IdempotencyRecord(Protocol):
    @property
    def state(self) -> Literal["begun", "done"]: ...
    @property
    def begun_at(self) -> datetime: ...
    @property
    def note(self) -> dict[str, Any]: ...
    @property
    def outcome(self) -> dict[str, Any]: ...


class IdempotencyRecords(Protocol):
    async def get(self, key: str) -> IdempotencyRecord | None: ...
    async def create(self, key: str, note: dict[str, Any]) -> object: ...
    async def complete(self, key: str, outcome: dict[str, Any]) -> object: ...
    async def delete(self, key: str) -> None: ...


class CircuitBreaker(Protocol):
    """Closed while a platform refuses the sign-in."""

    async def wait_open(self) -> None: ...
    async def close(self, reason: str, link: str | None = None) -> None: ...
