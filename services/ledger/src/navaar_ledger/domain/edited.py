"""An item was edited: it is read again, by itself only while nothing may have been placed for it. Pure.

After that a person decides. Then the item is identified anew; what had been placed for what it said before makes way
once it is known who it is now, and may come back if it turns out to be right.

An item that was imported is known without its file, until the platform itself tells of it: then it is known whole, and
one that could not be named is read again with the file.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from navaar_contracts.causes import Cause
from navaar_contracts.commands import RetryDeliveries
from navaar_contracts.events import ItemSighted, NoticeGiven
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.message import Message, stamp
from navaar_contracts.music import ItemMetadata
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.discovery import first_step, names_itself
from navaar_ledger.domain.effects import discard
from navaar_ledger.domain.retry import retry_asked
from navaar_ledger.domain.returns import seen_again
from navaar_ledger.domain.track import Delivery, Track, TrackState


def seen(track: Track, sighted: ItemSighted, facts: Facts) -> Change:
    """A known item, perhaps with something new to say."""
    whole = _made_whole(track, sighted, facts)
    if whole is not None:
        return whole
    at = sighted.edited_at
    if at is None or (track.edited_at is not None and at < track.edited_at):
        return seen_again(track, sighted, facts)
    if (sighted.platform, sighted.external_id) != (track.origin, track.origin_external_id):
        return _of_a_joined_one(track, sighted, at, facts) if sighted.platform == track.origin else Change(track)
    if _says(sighted.item) == _says(track.edited or track.item):
        told = track.edited is not None and track.edited_at == at
        return Change(track, messages=_told(track, sighted.item, at) if told else ())
    if not _may_be_placed(track):
        entry = AuditEntry("item_edited", f"Edited before anything was placed: {_name(sighted.item)}. Read again.")
        return _begun_again(track.changed(edited_at=at), sighted.item, facts, entry)
    if _says(sighted.item) == _says(track.item):
        return Change(track.changed(edited=None, edited_at=at))
    entry = AuditEntry("item_edited", f"Edited after it was placed: {_name(sighted.item)}. A retry follows it.")
    noted = track.changed(edited=sighted.item, edited_at=at)
    return Change(noted, (entry,), _told(noted, sighted.item, at))


def _made_whole(track: Track, sighted: ItemSighted, facts: Facts) -> Change | None:
    """The platform tells of an item that was known without its file. None where that is not so, or it says more."""
    item, now = track.item, sighted.item
    is_own = (sighted.platform, sighted.external_id) == (track.origin, track.origin_external_id)
    if not is_own or item.file_id is not None or now.file_id is None or _differs(item, now):
        return None
    unnamed = track.state is TrackState.UNIDENTIFIED or (
        track.state is not TrackState.IDENTIFYING and (track.recording is None or not track.recording.title.strip())
    )
    if unnamed and not _may_be_placed(track):
        return _begun_again(track, now, facts, AuditEntry("item_completed", "Its file can be read now. Read again."))
    # Some of what is known may have come from the file itself.
    kept = {name: value for name, value in item if value and not getattr(now, name)}
    return Change(track.changed(item=now.model_copy(update=kept)))


def _differs(known: ItemMetadata, now: ItemMetadata) -> bool:
    """Whether the item says something else than is known of it; either may leave some of it out."""
    return any(before and after and before != after for before, after in zip(_says(known), _says(now), strict=True))


def retried(track: Track, command: RetryDeliveries, facts: Facts) -> Change:
    """A person asks again: where the item was edited since, all of it follows what the item says now."""
    item = track.edited
    if item is None:
        return retry_asked(track, command, facts)
    if any(each.state is DeliveryState.SYNCING for each in track.deliveries.values()):
        entry = AuditEntry("item_edited", "It is being placed at this moment: ask again once that is done.")
        return Change(track, (entry,))
    entry = AuditEntry("item_edited", f"On request it is now what its post says: {_name(item)}.")
    return _begun_again(track, item, facts, entry)


def _begun_again(track: Track, item: ItemMetadata, facts: Facts, entry: AuditEntry) -> Change:
    """As if it had just been found, saying this; what has been placed stays until it is identified."""
    unused = [track.fetched, *(each.audio for each in track.deliveries.values() if not each.state.is_done)]
    anew = track.changed(
        item=item,
        edited=None,
        replacing=any(each.state.is_done for each in track.deliveries.values()),
        state=TrackState.IDENTIFYING,
        step=first_step(track.origin, item, facts.policy),
        fetched=None,
        attempt=track.attempt + 1,
        recording=None,
        method=None,
        keys=(),
        sound_keys=(),
        heard_in=None,
        queries={},
        suspects=(),
        parted=tuple(pair for pair in track.parted if pair[0] in (track.id, *track.absorbed)),
        own=None if track.own is None else track.own.model_copy(update={"identified": True, "keys": None}),
        deliveries={
            target: each if each.state.is_done else _anew(each, facts.at) for target, each in track.deliveries.items()
        },
        changed_at=facts.at,
    )
    return Change(anew, (entry,), tuple(discard(track, audio) for audio in unused if audio is not None))


def _anew(delivery: Delivery, at: datetime) -> Delivery:
    """Nothing that was found or decided for another name holds for the new one."""
    return Delivery(
        target=delivery.target,
        origin=delivery.origin,
        track_id=delivery.track_id,
        identity=delivery.identity,
        attempt=delivery.attempt + 1,
        backfill=delivery.backfill,
        released=delivery.released,
        undone=delivery.undone,
        answered=delivery.answered,
        changed_at=at,
    )


def _may_be_placed(track: Track) -> bool:
    if track.absorbed or set(track.items) != {track.origin}:
        return True
    return any(_may_have_been(each) for each in track.deliveries.values())


def _may_have_been(delivery: Delivery) -> bool:
    refused = delivery.state is DeliveryState.FAILED and delivery.cause == Cause.PLACE_FAILED
    asked_for = delivery.known_at is not None and not refused
    return asked_for or delivery.state.is_done or delivery.removing is not None


def _of_a_joined_one(track: Track, sighted: ItemSighted, at: datetime, facts: Facts) -> Change:
    """It was taken for the recording of another item: what it says now is for a person to see."""
    others = [facts.track(track_id) for track_id in track.absorbed]
    before = [other.item for other in others if other and other.origin_external_id == sighted.external_id]
    if any(_says(item) == _says(sighted.item) for item in before):
        return Change(track)
    return Change(track.changed(edited_at=at), messages=_told(track, sighted.item, at, own=False))


def _told(track: Track, item: ItemMetadata, at: datetime, *, own: bool = True) -> tuple[Message, ...]:
    """Both names and what applies the new one; nothing where only the words around a name have changed."""
    if own and names_itself(item) and _names(item) == _names(track.item):
        return ()
    advice = (
        f"/retry {track.id} takes out what Navaar has placed for it and places what the post says now."
        if own
        else "It was taken for the same recording as another post. If that is wrong now, post it again."
    )
    names = f"Placed as “{track.display}”; the post now says “{_name(item)}”."
    return (
        NoticeGiven(
            link=track.link,
            about=f"edited.{track.id}.{stamp(at)}",
            headline=f"The post of #{track.id} was edited after it was placed",
            details=f"{names} Nothing has changed yet. {advice}",
            given_at=at,
        ),
    )


def _says(item: ItemMetadata) -> tuple[Any, ...]:
    """What identifying it goes by."""
    return (*_names(item), item.file_name, item.caption, item.duration_s)


def _names(item: ItemMetadata) -> tuple[Any, ...]:
    return (item.title, item.artists, item.file_unique_id)


def _name(item: ItemMetadata) -> str:
    """As a person reads it in the post."""
    if item.title:
        return f"{', '.join(item.artists)} - {item.title}" if item.artists else item.title
    return item.caption or item.file_name or "a file without a name"
