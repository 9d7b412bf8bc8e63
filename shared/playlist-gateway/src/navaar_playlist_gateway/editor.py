"""What people may ask for beyond syncing: take out what was placed by mistake, add an item as a person would."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from navaar_contracts.commands import AddItem, CheckPresence, RemoveTrack
from navaar_contracts.events import PresenceKnown, TrackRemoved
from navaar_playlist_gateway.ports import PlaylistAdapter
from navaar_playlist_gateway.snapshot import AlreadyThere
from navaar_playlist_gateway.watcher import PlaylistWatcher
from navaar_runtime.failures import RateLimited, Transient
from navaar_runtime.idempotency import IdempotencyRecords

ASKED_KEPT_S = 86_400
"""Long after what was added shows, whatever the settling time."""


class PlaylistEditor:
    """Changes one collection at a person's wish, in turn with whoever else uses it.

    Args:
        may_act: raises unless it is still this process's turn; called before each change.
    """

    def __init__(
        self,
        watcher: PlaylistWatcher,
        collection: PlaylistAdapter,
        records: IdempotencyRecords,
        settle_s: float,
        *,
        may_act: Callable[[], None] = lambda: None,
    ) -> None:
        self._may_act = may_act
        self._watcher = watcher
        self._collection = collection
        self._records = records
        self._settle_s = settle_s
        self._looked_at: dict[str, float] = {}
        """When somebody first asked whether a recording is there, while that is looked at once more."""

    async def remove(self, command: RemoveTrack) -> TrackRemoved:
        """Take the item out. What is not there counts as removed; repeating does no harm.

        Raises:
            Failure: of the platform; after an unknown outcome the next delivery looks first. RateLimited, by us, while
                a list that does not show the item may still lag behind its addition.
        """
        async with self._watcher.lock:
            scan = await self._watcher.scan(thorough=True)
            done = False
            # An entry that is known by name may be listed with another id than the one that was added.
            if command.external_id in scan.ids or command.set_video_id in scan.entries:
                name = command.set_video_id or self._watcher.names.name_of(command.external_id)
                self._may_act()
                done = await self._collection.remove(command.external_id, name)
            rest = self._watcher.may_lag_for(command.external_id)
            if not done and rest > 0:
                raise RateLimited(rest + 0.1, "the list may not show yet what was added a moment ago", by_us=True)
            self._watcher.removed(command.external_id)
            await self._forget_placement(command)
        return TrackRemoved(
            link=command.link,
            track_id=command.track_id,
            attempt=command.attempt,
            target=command.target,
            external_id=command.external_id,
        )

    async def present(self, command: CheckPresence) -> PresenceKnown:
        """Which of the items are there. What a list shows that lags behind a person's removal is looked at again.

        Raises:
            Failure: of the platform; ask again. RateLimited, by us, until reads can lag no more.
        """
        asked = command.message_id()
        async with self._watcher.lock:
            scan = await self._watcher.scan(thorough=True)
        present = tuple(each for each in command.external_ids if each in scan.ids)
        rest = self._settle_s - (time.monotonic() - self._looked_at.setdefault(asked, time.monotonic()))
        if present and rest > 0:
            raise RateLimited(rest + 0.1, "the list may still show what was taken out a moment ago", by_us=True)
        self._looked_at.pop(asked, None)
        return PresenceKnown(
            link=command.link,
            track_id=command.track_id,
            attempt=command.attempt,
            target=command.target,
            present=present,
        )

    async def add(self, command: AddItem) -> None:
        """Add the item unless it is there, and let the watcher report it like any other addition.

        Raises:
            Failure: of the platform; after an unknown outcome the next delivery finds out before it adds again.
        """
        key = f"{command.link}.{command.platform.value}.asked.{command.external_id}"
        async with self._watcher.lock:
            begun = await self._records.get(key)
            scan = await self._watcher.scan(thorough=begun is not None)
            if command.external_id in scan.ids:
                return
            if begun is not None:
                rest = self._settle_s - (datetime.now(UTC) - begun.begun_at).total_seconds()
                if rest > 0:
                    raise Transient("the playlist does not show yet whether the addition was made", delay_s=rest + 0.1)
            # Never finished: for as long as reads may lag behind it, a repetition has to wait.
            await self._records.create(key, {"external_id": command.external_id}, over=begun, kept_s=ASKED_KEPT_S)
            self._may_act()
            try:
                added = await self._collection.add(command.external_id)
                await self._watcher.names.named(added.set_video_id, command.external_id)
            except AlreadyThere:
                pass
            self._watcher.changed_by_a_person(command.external_id)
            await self._watcher.scan(thorough=True)

    async def _forget_placement(self, command: RemoveTrack) -> None:
        key = command.delivery_key()
        intent = await self._records.get(key)
        if intent is not None and intent.outcome.get("external_id") == command.external_id:
            await self._records.delete(key, of=intent)
