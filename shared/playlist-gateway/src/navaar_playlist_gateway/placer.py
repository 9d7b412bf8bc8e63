"""Placing exactly once into a playlist that has no idempotency key: look, write the intents, add, confirm.

What waits for the collection goes out together, as much as one request takes. Nobody waits for company: whoever comes
first takes with it what is there when the look is over.

After a crash or a lost answer the intents are found begun. Then the playlist is asked, and because its reads may lag
behind its writes, "not there" counts only once the settling time is over.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from navaar_contracts.causes import Cause
from navaar_contracts.commands import PlaceTrack
from navaar_contracts.events import TrackPlaced
from navaar_contracts.song_marks import song_marks
from navaar_playlist_gateway.ports import PlaylistAdapter, SeveralAdder
from navaar_playlist_gateway.snapshot import Addition, AlreadyThere
from navaar_playlist_gateway.turn import LOOK_AGAIN_S, FoundThere, Look, Order, in_order, is_begun, is_done, take_turn
from navaar_playlist_gateway.watcher import PlaylistWatcher
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_runtime.idempotency import KEPT_S, About, IdempotencyRecord, IdempotencyRecords

T = TypeVar("T")

PATIENCE_S = 10.0
"""How much longer than reads may lag others wait for one whose outcome nobody finds out."""


@dataclass(eq=False, slots=True)
class _Placement:
    """A command in hand, and what came of it."""

    command: PlaceTrack
    outcome: TrackPlaced | Exception | None = None
    record: IdempotencyRecord | None = None
    """What is under its key, as it was read or written last; of whatever song that tells."""

    def found(self, record: IdempotencyRecord | None, about: About) -> IdempotencyRecord | None:
        """Keep what was read; the record if it is about this song."""
        self.record = record
        return record if record is not None and record.answers_for(about) else None


class Placer:
    """Places into one collection.

    Args:
        name: what the platform calls the collection, which records are about.
        may_act: raises unless it is still this process's turn; called before each addition.
    """

    def __init__(
        self,
        watcher: PlaylistWatcher,
        collection: PlaylistAdapter,
        records: IdempotencyRecords,
        settle_s: float,
        *,
        name: str = "",
        may_act: Callable[[], None] = lambda: None,
    ) -> None:
        self._watcher = watcher
        self._collection = collection
        self._records = records
        self._settle_s = settle_s
        self._name = name
        self._may_act = may_act
        self._several = collection if isinstance(collection, SeveralAdder) else None
        self._suspects = 0
        """Among so many that come next is one for which several were refused."""
        self._losses = 0
        """So many requests in a row have left it unknown what came of them."""
        self._is_careful = False
        """The latest was refused alone, and so may be the next."""
        self._waiting: list[_Placement] = []
        self._unknown: dict[str, tuple[Order, float]] = {}
        """Of which nobody knows whether it was added, and until when that is waited for, by delivery."""

    async def place(self, command: PlaceTrack) -> TrackPlaced:
        """Put `command.external_id` into the collection unless it is there, together with what waits beside it.

        Raises:
            Transient: the outcome is not known yet; the next delivery finds out before it adds again.
            RateLimited, AuthRejected: nothing was added, try later.
            Permanent: the platform refuses, or (COLLECTION_CHANGED) the collection held items that the ledger did not
                know; they are reported and the ledger has to decide again.
        """
        placement = _Placement(command)
        self._waiting.append(placement)
        try:
            while placement.outcome is None:
                async with self._watcher.lock:
                    # Whoever had the lock before may have taken this one along.
                    if placement.outcome is None:
                        await self._take_turn()
        finally:
            self._waiting.remove(placement)
        if isinstance(placement.outcome, Exception):
            raise placement.outcome
        return placement.outcome

    async def _take_turn(self) -> None:
        """Settle at least one of those that wait, unless several were refused: then fewer are tried the next time.

        What goes wrong for all becomes the outcome of all.
        """
        most = self._at_once
        taken: dict[_Placement, IdempotencyRecord | None] = {}
        try:
            taken = await self._recorded(self._next(most))
            taken = self._without_done(taken)
            if not taken:
                return
            thorough = any(is_begun(record) for record in taken.values())
            scan = await self._watcher.scan(thorough=thorough)
            late = await self._recorded(self._next(most - len(taken), besides=taken))
            # For one that was begun before, a cheap look is too little.
            late = {
                each: record for each, record in self._without_done(late).items() if thorough or not is_begun(record)
            }
            taken |= late
            look = Look(
                scan.ids,
                scan.reported,
                await self._watcher.news(),
                datetime.now(UTC),
                self._watcher.room(),
                self._first_unknown({each.command.delivery_key() for each in taken}),
            )
            await self._carry_out(taken, look, most)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer to each of them
            # Also to those that came meanwhile: a later one must not be added before them.
            for placement in (*taken, *self._next(most)):
                if placement.outcome is None:
                    placement.outcome = error

    @property
    def _most(self) -> int:
        """How many the platform takes with one request at present."""
        return self._several.at_once if self._several is not None else 1

    @property
    def _at_once(self) -> int:
        """How many are added with the next request at most."""
        if self._is_careful:
            return 1
        return min(self._most, max(1, self._suspects // 2)) if self._suspects else self._most

    def _next(self, most: int, besides: Collection[_Placement] = ()) -> list[_Placement]:
        waiting = [each for each in self._waiting if each.outcome is None and each not in besides]
        return sorted(waiting, key=lambda each: in_order(each.command))[:most]

    async def _recorded(self, placements: Sequence[_Placement]) -> dict[_Placement, IdempotencyRecord | None]:
        found = await _all(self._records.get(each.command.delivery_key()) for each in placements)
        read = zip(placements, found, strict=True)
        return {each: each.found(record, self._about(each.command)) for each, record in read}

    def _about(self, command: PlaceTrack) -> About:
        return About(f"{command.target}:{self._name}", song_marks(command))

    def _without_done(
        self, taken: dict[_Placement, IdempotencyRecord | None]
    ) -> dict[_Placement, IdempotencyRecord | None]:
        for placement, record in taken.items():
            if record is not None and is_done(placement.command, record):
                self._settle(placement, _told(placement.command, record.outcome))
        return {each: record for each, record in taken.items() if each.outcome is None}

    async def _carry_out(self, taken: dict[_Placement, IdempotencyRecord | None], look: Look, most: int) -> None:
        by_command = {id(each.command): each for each in taken}
        waiting = [(each.command, record) for each, record in taken.items()]
        turn = take_turn(waiting, look, most, self._settle_s)
        lost = sum(each.delivery_key() in self._unknown for each in turn.forgotten)
        if lost > 1 and self._losses > 1:
            # Once is bad luck; after the second time one of them, or their number, may be the reason.
            self._suspects = lost
            del turn.add[self._at_once :]
        await self._forget([by_command[id(each)] for each in turn.forgotten])
        for command, verdict in turn.settled:
            placement = by_command[id(command)]
            if isinstance(verdict, FoundThere):
                await self._finish(placement, verdict)
            else:
                self._settle(placement, verdict)
        batch = [by_command[id(each)] for each in turn.add]
        if batch:
            await self._add(batch)
        full = batch[0].outcome if batch else None
        if isinstance(full, Permanent) and full.cause is Cause.PLAYLIST_FULL:
            # The others have no room either, and need not be asked for. What was begun is found out at the next try.
            for placement in self._next(self._most):
                self._settle(placement, full)

    async def _add(self, batch: Sequence[_Placement]) -> None:
        batch = await self._begun(batch)
        if not batch:
            return
        self._watcher.adds([each.command.external_id for each in batch])
        try:
            added = await self._write([each.command.external_id for each in batch])
        except AlreadyThere as refusal:
            await self._settle_duplicates(batch, str(refusal))
        except Permanent as failure:
            await self._refused(batch, failure)
        except (RateLimited, AuthRejected) as failure:
            await self._forget(batch)
            for each in batch:
                self._settle(each, failure)
        except Transient as failure:
            self._losses += 1
            for each in batch:
                self._lost(each, failure.reason)
        else:
            self._is_careful, self._losses, self._suspects = False, 0, max(0, self._suspects - len(batch))
            await self._confirm(batch, added)

    async def _begun(self, batch: Sequence[_Placement]) -> list[_Placement]:
        """Write down of each that it is about to be added; those that somebody else is about to add are left out."""
        outcomes = await asyncio.gather(*(self._begin(each) for each in batch), return_exceptions=True)
        begun = []
        for each, outcome in zip(batch, outcomes, strict=True):
            if outcome is None:
                begun.append(each)
            elif isinstance(outcome, Exception):
                self._settle(each, outcome)
            else:
                raise outcome
        return begun

    async def _begin(self, placement: _Placement) -> None:
        command = placement.command
        note = {"external_id": command.external_id}
        placement.record = await self._records.create(
            command.delivery_key(), note, about=self._about(command), over=placement.record
        )

    async def _write(self, ids: Sequence[str]) -> Sequence[Addition | None]:
        self._may_act()
        if self._several is not None and len(ids) > 1:
            return await self._several.add_several(ids)
        return [await self._collection.add(ids[0])]

    async def _confirm(self, batch: Sequence[_Placement], added: Sequence[Addition | None]) -> None:
        for each, addition in zip(batch, added, strict=True):
            if addition is None:
                self._lost(each, "the platform did not say whether this addition among several was made")
            else:
                self._watcher.added(each.command.external_id, addition.mark)
                await self._watcher.names.named(addition.set_video_id, each.command.external_id)
        await _all(
            self._finish(each, FoundThere(each.command.external_id, already_there=False), addition)
            for each, addition in zip(batch, added, strict=True)
            if addition is not None
        )

    async def _refused(self, batch: Sequence[_Placement], failure: Permanent) -> None:
        """Nothing of it was added. Of several, half as many are tried next, until the one that is to blame is alone."""
        await self._forget(batch)
        if len(batch) > 1:
            self._suspects = len(batch)
        else:
            # A full playlist says nothing about the item.
            self._is_careful, self._suspects = failure.cause is not Cause.PLAYLIST_FULL, 0
            self._settle(batch[0], failure)

    async def _settle_duplicates(self, batch: Sequence[_Placement], refusal: str) -> None:
        """The platform refuses all because one is there, it says: look which."""
        scan = await self._watcher.scan(thorough=True)
        there = [each for each in batch if each.command.external_id in scan.ids]
        for each in there:
            await self._finish(each, FoundThere(each.command.external_id, already_there=True))
        absent = [each for each in batch if each not in there]
        if len(batch) > 1:
            # If none is seen there, only each of them alone tells which it is.
            self._suspects = 0 if there else len(batch)
            await self._forget(absent)
            return
        self._suspects = 0
        for each in absent:
            reason = f"the platform refuses the addition ({refusal}) and does not list the item yet"
            self._settle(each, Transient(reason, delay_s=self._settle_s))

    async def _forget(self, batch: Sequence[_Placement]) -> None:
        await _all(self._records.delete(each.command.delivery_key(), of=each.record) for each in batch)
        for each in batch:
            each.record = None

    async def _finish(self, placement: _Placement, found: FoundThere, addition: Addition | None = None) -> None:
        """Complete the record; a record that cannot be written leaves the outcome to be found out."""
        outcome: dict[str, object] = {"external_id": found.external_id, "already_there": found.already_there}
        if placement.command.renewal:
            outcome["renewal"] = placement.command.renewal
        if addition is not None and addition.set_video_id is not None:
            outcome["set_video_id"] = addition.set_video_id
        try:
            placement.record = await self._records.complete(
                placement.command.delivery_key(),
                outcome,
                of=placement.record,
                absent=True,
                about=self._about(placement.command),
                kept_s=KEPT_S,
            )
        except Failure as failure:
            self._settle(placement, failure)
        else:
            self._settle(placement, _told(placement.command, outcome))

    def _lost(self, placement: _Placement, reason: str) -> None:
        """Nobody knows whether it was added."""
        placement.outcome = Transient(reason, delay_s=min(LOOK_AGAIN_S, self._settle_s))
        until = time.monotonic() + self._settle_s + PATIENCE_S
        self._unknown[placement.command.delivery_key()] = in_order(placement.command), until

    def _settle(self, placement: _Placement, outcome: TrackPlaced | Exception) -> None:
        placement.outcome = outcome
        if not isinstance(outcome, Transient):
            self._unknown.pop(placement.command.delivery_key(), None)

    def _first_unknown(self, found_out_now: Collection[str]) -> Order | None:
        now = time.monotonic()
        self._unknown = {key: lost for key, lost in self._unknown.items() if lost[1] > now}
        return min((order for key, (order, _) in self._unknown.items() if key not in found_out_now), default=None)


async def _all(calls: Iterable[Awaitable[T]]) -> list[T]:
    """What all of them give, once all have ended; raises the first failure."""
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return cast(list[T], outcomes)


def _told(command: PlaceTrack, outcome: Mapping[str, Any]) -> TrackPlaced:
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
