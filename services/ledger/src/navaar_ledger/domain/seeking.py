"""Somebody adds a recording that had been in step before: is it still where it was? Pure.

Nobody tells when something is taken out by hand, and it is not put back for that alone. But what a person adds is
wanted: so the other collections are asked, and where it is gone it is placed again (see `returns`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from navaar_contracts.identifiers import Platform
from navaar_ledger.domain.track import Seeking, Track, TrackState


def joined_by(root: Track, before: Track, closed: Track, at: datetime) -> Track:
    """`root` after it has absorbed `closed`; sought where it was `before`, if a person has just added it again."""
    theirs = [(platform, (external_id,)) for platform, external_id in closed.items.items()]
    also = dict(root.also)
    for platform, ids in (*theirs, *closed.also.items()):
        also[platform] = tuple(dict.fromkeys((*also.get(platform, ()), *ids)))
    root = root.changed(also=also)
    unanswered = closed.seeking.places if closed.seeking is not None else ()
    places = {*unanswered, *(_places(before) if _adds_again(before, closed) else ())}
    return sought(root, closed.origin, places, at) if places else root


def sought(track: Track, origin: Platform, targets: Iterable[Platform], at: datetime) -> Track:
    """The track, asking each of the targets but `origin` whether it is there."""
    if track.recording is None:
        return track
    known = {target: known_there(track, target) for target in targets}
    places = {target: ids for target, ids in known.items() if ids and target != origin}
    before = track.seeking.places if track.seeking is not None else {}
    if not places or all(before.get(target) == ids for target, ids in places.items()):
        return track
    places = {target: ids for target, ids in {**before, **places}.items() if target != origin}
    number = track.looks + 1
    return track.changed(looks=number, seeking=Seeking(origin=origin, places=places, number=number, since=at))


def also_of(track: Track) -> Iterator[tuple[Platform, str]]:
    """Every item of tracks that were joined to this one."""
    return ((platform, each) for platform, ids in track.also.items() for each in ids)


def never_there(track: Track, items: Collection[tuple[Platform, str]]) -> Track:
    """The track without items that turned out to be another song's."""

    def left(known: Mapping[Platform, tuple[str, ...]]) -> dict[Platform, tuple[str, ...]]:
        found = {place: tuple(each for each in ids if (place, each) not in items) for place, ids in known.items()}
        return {place: ids for place, ids in found.items() if ids}

    seeking = track.seeking
    if seeking is not None:
        places = left(seeking.places)
        seeking = seeking.model_copy(update={"places": places}) if places else None
    return track.changed(also=left(track.also), seeking=seeking)


def everywhere(track: Track) -> set[Platform]:
    """Where the recording is, or has been."""
    return _places(track)


def known_there(track: Track, target: Platform) -> tuple[str, ...]:
    """The ids under which it is in the target's collection as far as is known; none while it is on its way there."""
    delivery = track.deliveries.get(target)
    if delivery is not None and (not delivery.state.is_done or delivery.removing is not None):
        return ()
    own = track.origin_external_id if track.origin == target else None
    placed, undone = (delivery.external_id, delivery.undone) if delivery is not None else (None, ())
    ids = (track.items.get(target), placed, own, *track.also.get(target, ()))
    return tuple(dict.fromkeys(each for each in ids if each and each not in undone))


def _places(track: Track) -> set[Platform]:
    return {*track.items, *track.also, *(target for target, each in track.deliveries.items() if each.state.is_done)}


def _adds_again(root: Track, closed: Track) -> bool:
    """Whether `closed` is a person's addition of something that had been in step before it."""
    if closed.backfill or closed.imported:
        return False
    if root.state is TrackState.BASELINE:
        return True
    done = (each.synced_at for each in root.deliveries.values() if each.state.is_done)
    return any(at is not None and at < closed.created_at for at in done)
