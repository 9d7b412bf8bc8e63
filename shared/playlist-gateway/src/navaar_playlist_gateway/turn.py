"""What becomes of placements that wait for one collection, once it was looked at. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from navaar_contracts.commands import PlaceTrack
from navaar_contracts.events import FailureKind
from navaar_runtime.failures import Failure, Permanent, RateLimited, Transient
from navaar_runtime.idempotency import IdempotencyRecord
from navaar_runtime.news import News

LOOK_AGAIN_S = 1.0
"""How soon an unknown outcome is looked into; most additions show at once."""

Order = tuple[bool, int, int]
"""A placement's place among others: what came in since the first start, then what was there, each as it was met."""
Waiting = tuple[PlaceTrack, IdempotencyRecord | None]
"""A placement and its idempotency record, if one was ever begun."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the collection found, and when."""

    ids: frozenset[str]
    reported: int
    """Items that were reported to the ledger just now."""
    news: News
    """What was last reported to the ledger."""
    at: datetime
    room: int | None = None
    """How many items still fit; None where no limit is known."""
    unknown: Order | None = None
    """The place of the first placement of which nobody knows yet whether it was made; None without one."""


@dataclass(frozen=True, slots=True)
class FoundThere:
    """The item is in the collection already: `already_there` unless an earlier try of ours has put it there."""

    external_id: str
    already_there: bool


@dataclass(slots=True)
class Turn:
    """What each placement comes to; those in neither list have to wait for the next turn."""

    settled: list[tuple[PlaceTrack, FoundThere | Failure]] = field(default_factory=list)
    add: list[PlaceTrack] = field(default_factory=list)
    """To be added now, in one request and in this order."""
    forgotten: list[PlaceTrack] = field(default_factory=list)
    """Begun before and, as it turns out, not made: these records say nothing any more."""


_UNSEEN = "the playlist does not show yet whether the addition was made"


def is_done(command: PlaceTrack, record: IdempotencyRecord | None) -> bool:
    """Whether an earlier try has ended in this very item, so that nothing is left to do."""
    if record is None or record.state != "done" or int(record.outcome.get("renewal", 0)) < command.renewal:
        return False
    return record.outcome.get("external_id") == command.external_id


def is_begun(record: IdempotencyRecord | None) -> bool:
    """Whether nobody knows what became of an earlier try."""
    return record is not None and record.state == "begun"


def in_order(command: PlaceTrack) -> Order:
    """What placements are sorted by."""
    return command.backfill, command.track_id, command.attempt


def take_turn(waiting: Collection[Waiting], look: Look, most: int, settle_s: float) -> Turn:
    """Sort out who is there, who has to wait and who is added now.

    Of an item or a delivery that waits twice, the first is added and the others wait to see what comes of it. Nothing
    is added behind one whose outcome is unknown: if that was not made, it still comes first. At least one is added even
    without room: the platform's own refusal is the reason that a person reads.

    Args:
        most: how many items may be added in one request.
        settle_s: seconds for which reads may lag behind an addition.
    """
    turn = Turn()
    fits = most if look.room is None else max(1, min(most, look.room))
    unknown = look.unknown
    rest = _rest([record for _, record in waiting], look, settle_s)
    taken: set[str] = set()
    for command, record in sorted(waiting, key=lambda each: in_order(each[0])):
        if record is not None and is_begun(record):
            begun = _noted(record)
            if begun in look.ids:
                turn.settled.append((command, FoundThere(begun, already_there=False)))
                continue
            if rest > 0:
                turn.settled.append((command, Transient(_UNSEEN, delay_s=rest + 0.1)))
                unknown = in_order(command) if unknown is None else min(unknown, in_order(command))
                continue
            turn.forgotten.append(command)
        if command.external_id in look.ids:
            turn.settled.append((command, FoundThere(command.external_id, already_there=True)))
        elif look.reported or look.news.is_overlooked(command.known_to, command.decided_at):
            turn.settled.append((command, _changed()))
        elif unknown is not None and unknown < in_order(command):
            # Like a pause it costs no try.
            turn.settled.append((command, RateLimited(LOOK_AGAIN_S, _UNSEEN)))
        elif taken.isdisjoint(names := (command.external_id, command.delivery_key())) and len(turn.add) < fits:
            taken.update(names)
            turn.add.append(command)
    return turn


def _rest(records: Iterable[IdempotencyRecord | None], look: Look, settle_s: float) -> float:
    """Seconds until it is sure of all that were begun and are not seen that none was made: they go out together."""
    unseen = [each for each in records if each is not None and is_begun(each) and _noted(each) not in look.ids]
    return max((settle_s - (look.at - each.begun_at).total_seconds() for each in unseen), default=0.0)


def _noted(record: IdempotencyRecord) -> str:
    """The item that was about to be added."""
    return str(record.note.get("external_id", ""))


def _changed() -> Permanent:
    """The ledger decided before it could know all that the collection holds."""
    return Permanent(
        "the playlist holds items that were not known yet; they are looked at first", FailureKind.COLLECTION_CHANGED
    )
