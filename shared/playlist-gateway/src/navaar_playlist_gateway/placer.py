"""Placing exactly once into a playlist that has no idempotency key: look, write the intent, add, confirm.

After a crash or a lost answer the intent is found begun. Then the playlist is asked, and because its reads may lag
behind its writes, "not there" counts only once the settling time is over.
"""

from __future__ import annotations

from datetime import UTC, datetime

from navaar_contracts.commands import PlaceTrack
from navaar_contracts.events import FailureKind, TrackPlaced
from navaar_playlist_gateway.ports import PlaylistAdapter
from navaar_playlist_gateway.snapshot import Addition, AlreadyThere
from navaar_playlist_gateway.watcher import PlaylistWatcher, ScanResult
from navaar_runtime.failures import AuthRejected, Permanent, RateLimited, Transient
from navaar_runtime.idempotency import IdempotencyRecord, IdempotencyRecords

LOOK_AGAIN_S = 1.0
"""How soon an unknown outcome is looked into; most additions show at once."""


class Placer:
    """Places into one collection, one item at a time."""

    def __init__(
        self, watcher: PlaylistWatcher, collection: PlaylistAdapter, records: IdempotencyRecords, settle_s: float
    ) -> None:
        self._watcher = watcher
        self._collection = collection
        self._records = records
        self._settle_s = settle_s

    async def place(self, command: PlaceTrack) -> TrackPlaced:
        """Put `command.external_id` into the collection unless it is there.

        Raises:
            Transient: the outcome is not known yet; the next delivery finds out before it adds again.
            RateLimited, AuthRejected: nothing was added, try later.
            Permanent: the platform refuses, or (COLLECTION_CHANGED) the collection held items that the ledger did not
                know; they are reported and the ledger has to decide again.
        """
        key = command.delivery_key()
        async with self._watcher.lock:
            intent = await self._records.get(key)
            if intent is None:
                return await self._place_anew(command, await self._watcher.scan())
            if intent.state == "begun":
                return await self._resume(command, intent)
            if intent.outcome.get("external_id") == command.external_id:
                return _told(command, intent.outcome)
            # The ledger chose something else for this delivery since: a new addition.
            return await self._place_anew(command, await self._watcher.scan())

    async def _resume(self, command: PlaceTrack, intent: IdempotencyRecord) -> TrackPlaced:
        begun = str(intent.note.get("external_id", command.external_id))
        scan = await self._watcher.scan(thorough=True)
        if begun in scan.ids:
            return await self._finish(command, begun, already_there=False)
        rest = self._settle_s - (datetime.now(UTC) - intent.begun_at).total_seconds()
        if rest > 0:
            raise Transient("the playlist does not show yet whether the addition was made", delay_s=rest + 0.1)
        await self._records.delete(command.delivery_key())
        return await self._place_anew(command, scan)

    async def _place_anew(self, command: PlaceTrack, scan: ScanResult) -> TrackPlaced:
        if command.external_id in scan.ids:
            return await self._finish(command, command.external_id, already_there=True)
        if scan.reported or await self._news_since(command):
            raise Permanent(
                "the playlist holds items that were not known yet; they are looked at first",
                FailureKind.COLLECTION_CHANGED,
            )
        return await self._add(command)

    async def _news_since(self, command: PlaceTrack) -> bool:
        """Whether the ledger decided this before it could know all that the collection holds."""
        return command.decided_at is not None and await self._watcher.news_at() >= command.decided_at

    async def _add(self, command: PlaceTrack) -> TrackPlaced:
        key = command.delivery_key()
        await self._records.create(key, {"external_id": command.external_id})
        try:
            added = await self._collection.add(command.external_id)
        except AlreadyThere as refusal:
            return await self._settle_duplicate(command, str(refusal))
        except (RateLimited, AuthRejected, Permanent):
            await self._records.delete(key)
            raise
        except Transient as failure:
            raise Transient(failure.reason, delay_s=min(LOOK_AGAIN_S, self._settle_s)) from failure
        self._watcher.added(command.external_id, added.mark)
        await self._watcher.names.named(added.set_video_id, command.external_id)
        return await self._finish(command, command.external_id, already_there=False, added=added)

    async def _settle_duplicate(self, command: PlaceTrack, refusal: str) -> TrackPlaced:
        scan = await self._watcher.scan(thorough=True)
        if command.external_id in scan.ids:
            return await self._finish(command, command.external_id, already_there=True)
        raise Transient(
            f"the platform refuses the addition ({refusal}) and does not list the item yet", delay_s=self._settle_s
        )

    async def _finish(
        self, command: PlaceTrack, external_id: str, *, already_there: bool, added: Addition | None = None
    ) -> TrackPlaced:
        outcome = {"external_id": external_id, "already_there": already_there}
        if added is not None and added.set_video_id is not None:
            outcome["set_video_id"] = added.set_video_id
        await self._records.complete(command.delivery_key(), outcome)
        return _told(command, outcome)


def _told(command: PlaceTrack, outcome: dict[str, object]) -> TrackPlaced:
    set_video_id = outcome.get("set_video_id")
    return TrackPlaced(
        link=command.link,
        track_id=command.track_id,
        attempt=command.attempt,
        target=command.target,
        external_id=str(outcome["external_id"]),
        already_there=bool(outcome.get("already_there")),
        set_video_id=set_video_id if isinstance(set_video_id, str) else None,
    )
