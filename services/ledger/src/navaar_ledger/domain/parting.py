"""A person says that a joined track is another song: two songs are made of the one again, for good. Pure.

Each gets what is its own. What was placed stays with the song whose item or match it was; what a side then lacks is
placed by the ordinary path.

The closed document is written first, with all that it gets and still closed; then the root, without it. Only then the
closed one opens, in a decision of its own: so at no moment do two living documents have the same delivery. A crash
before the root is written has changed nothing, and the request begins again; after it the closed document is met as let
go (`apart.is_let_go`), and opens. What is not in the documents (the rule, the claims) is written last, and again
whenever the request is redelivered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TypeVar

from navaar_contracts.causes import Cause
from navaar_contracts.commands import PartTrack
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import Message
from navaar_ledger.domain.apart import rule_between, rule_keys, same_side
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Aftermath, Change, Facts, Release
from navaar_ledger.domain.effects import discard
from navaar_ledger.domain.seeking import also_of, never_there
from navaar_ledger.domain.track import Delivery, Own, Parting, Track, TrackChanges, TrackState, TrackStep, claim_key
from navaar_ledger.domain.transitions import satisfied, with_ids

Item = tuple[Platform, str]
T = TypeVar("T")
FirstStep = Callable[[Track], TrackStep]
"""Where the identification of a track begins that nobody has identified yet."""


def parted(root: Track, command: PartTrack, facts: Facts, first: FirstStep) -> Change:
    """Let `command.track_id` go. Decide again afterwards: it opens then.

    Raises:
        TrackNeeded, OverridesNeeded: look that up and decide again.
    """
    if root.id == command.track_id:
        if root.parting is not None and root.parting.request == command.message_id():
            return Change(root, after=_aftermath(root, facts))
        return _refused(root, f"#{root.id} is not joined to another track")
    closed = facts.track(command.track_id)
    if closed is None or closed.id not in root.absorbed:
        return _refused(root, f"#{command.track_id} is not joined to it")
    before = closed.parting
    if before is not None and before.request == command.message_id() and before.root not in (root.id, *root.absorbed):
        return Change(root)  # Done, and since then it has been joined to yet another one.
    disowned = root.deliveries.get(closed.origin)
    if disowned is not None and closed.origin_external_id in disowned.undone:
        return _refused(
            root, f"{closed.origin} {closed.origin_external_id} was reported as wrong and is its own already"
        )
    return _let_go(root, closed, command, facts, first)


def too_late(root: Track, command: PartTrack, facts: Facts) -> Change:
    """The song was deleted: there is nothing that could be made two."""
    if root.parting is not None and root.parting.request == command.message_id():
        return Change(root)
    return _refused(root, f"#{root.id} was deleted")


def _refused(track: Track, why: str) -> Change:
    return Change(track.changed(), (AuditEntry("part_refused", f"There is nothing to part: {why}."),))


def opened(closed: Track, first: FirstStep, at: datetime) -> Change:
    """It has been let go, and is a song of its own again. First it is compared: it may be one that is known."""
    said = closed.parting
    entry = AuditEntry("parted", _told(closed.id if said is None else said.root, said.by if said is not None else ""))
    known = closed.recording is not None
    track = closed.changed(
        state=TrackState.IDENTIFYING,
        step=TrackStep.COMPARE if known else first(closed),
        attempt=closed.attempt + 1,
        changed_at=at,
        merged_into=None,
        joined_at=None,
        joined_why=None,
        suspects=(),
        fetched=None,
    )
    return Change(track, (entry,))


def _told(root: int, who: str) -> str:
    return f"Another song than #{root}, says {who or 'a person'}: parted, and never joined again."


@dataclass(frozen=True, slots=True)
class _Sides:
    """The documents of one song, and which of its places belong to the side that goes."""

    root: Track
    going: tuple[Track, ...]
    """The closed track, those that were joined through it, and other posts of just this recording."""
    staying: tuple[Track, ...]
    """The other closed documents."""
    before: Mapping[Platform, Delivery]
    """The deliveries of the closed track as it was joined."""
    at: datetime

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(each.id for each in self.going)

    def goes(self, delivery: Delivery) -> bool:
        """Whether the song's delivery belongs to the side that goes: it bears its number, and the match is its own.

        One that had chosen nothing before the join found what the root is called. A post bears its number for good.
        """
        if delivery.track_id not in self.numbers:
            return False
        bearer = next((each for each in self.going[1:] if each.id == delivery.track_id), None)
        before = (bearer.deliveries if bearer is not None else self.before).get(delivery.target)
        undecided = before is None or (before.chosen is None and not before.state.is_done)
        own = self.root.own
        is_foreign = undecided and delivery.chosen is not None and own is not None and own.identified
        return delivery.needs_audio or not is_foreign

    @property
    def places(self) -> frozenset[Item]:
        """Where the side that goes is: its people's items, and what was placed for it."""
        found = {item for each in self.going for item in each.items.items()}
        for delivery in self.root.deliveries.values():
            if _is_placed(delivery) and delivery.external_id is not None and self.goes(delivery):
                found.add((delivery.target, delivery.external_id))
        return frozenset(found - {(self.root.origin, self.root.origin_external_id)})


def _is_placed(delivery: Delivery) -> bool:
    """It was brought, or met, as the delivery's own choice; not made needless by an item of another track."""
    chosen = delivery.chosen.candidate.id if delivery.chosen is not None else None
    met = delivery.state is DeliveryState.DUPLICATE and chosen is not None and chosen == delivery.external_id
    return delivery.state is DeliveryState.SYNCED or met


def _let_go(root: Track, closed: Track, command: PartTrack, facts: Facts, first: FirstStep) -> Change:
    others = [facts.track(number) for number in root.absorbed if number != closed.id]
    sides = _sides(root, closed, [each for each in others if each is not None], facts.at, first)
    ready = _prepared(sides, command)
    between = tuple(_moved(each, sides, first) for each in (*sides.going[1:], *sides.staying))
    between = tuple(each for each in between if each is not facts.track(each.id))
    left, messages = _without(root, sides, first)
    ready, left = _apart_from(ready, left), _apart_from(left, ready)
    ready, left = _not_its_sound(ready, left), _not_its_sound(left, ready)
    entry = AuditEntry(
        "parted",
        f"#{closed.id} {closed.display} on {closed.origin} is another song, "
        f"says {command.by or 'a person'}: parted, and never joined again.",
    )
    return Change(left, (entry,), messages, closed=ready, between=between, again=True)


def _sides(root: Track, closed: Track, others: list[Track], at: datetime, first: FirstStep) -> _Sides:
    """Who goes: what was joined through the closed track, and what is called like it; what is called like the root
    stays, whichever of the two it was joined through."""
    through = {closed.id, *(each.id for each in others if same_side(each, closed, root))}
    for _ in others:
        joined = {each.id for each in others if each.merged_into in through}
        through |= {each.id for each in others if each.id in joined and not same_side(each, root, closed)}
    staying = tuple(each for each in others if each.id not in through)
    going = [closed, *(each for each in others if each.id in through)]
    for place, each in enumerate(going):
        back = tuple(other for other in staying if other.id in each.absorbed)
        if back and closed.id not in each.absorbed:
            going[place] = _without(each, _Sides(each, back, (), back[0].deliveries, at), first)[0]
    return _Sides(root, tuple(going), staying, closed.deliveries, at)


def _moved(each: Track, sides: _Sides, first: FirstStep) -> Track:
    """A closed document beside these two: under the one it belongs to, without what belongs to the other side."""
    root, closed = sides.root, sides.going[0]
    if each.id in sides.numbers:
        is_outside = each.merged_into not in sides.numbers
        absorbed = tuple(number for number in each.absorbed if number in sides.numbers and number != closed.id)
        moved = each.changed(absorbed=absorbed) if absorbed != each.absorbed else each
        return moved.changed(merged_into=closed.id) if is_outside else moved
    if set(each.absorbed) & sides.numbers:
        each = _without(each, sides, first)[0]
    return each.changed(merged_into=root.id) if each.merged_into in sides.numbers else each


def _prepared(sides: _Sides, command: PartTrack) -> Track:
    """The closed document with everything that it gets, closed still."""
    root, closed, at = sides.root, sides.going[0], sides.at
    undone = {(target, each) for target, one in root.deliveries.items() for each in one.undone}
    track = closed.changed(
        parting=Parting(root=root.id, request=command.message_id(), by=command.by),
        merged_into=root.id,
        absorbed=tuple(each.id for each in sides.going[1:]),
        keys=tuple(dict.fromkeys(key for each in sides.going for key in each.keys)),
        items={
            platform: external_id
            for each in reversed(sides.going)
            for platform, external_id in each.items.items()
            if (platform, external_id) not in undone
        },
    )
    for target, extra in root.deliveries.items():
        if target not in closed.deliveries and sides.goes(extra) and _stays_as_it_is(extra):
            track = track.with_delivery(extra)
    for target, before in closed.deliveries.items():
        now = root.deliveries.get(target)
        mine = before
        if now is not None and sides.goes(now):
            mine = now
        newest = max(
            before.attempt,
            now.attempt if now is not None and now.name == before.name else 0,
            root.own.attempts.get(before.name, 0) if root.own is not None else 0,
        )
        if mine is now and _sounds_like(mine, set(_places(root)) - sides.places):
            track = _taken_out(track, mine, at)
            continue
        lost = mine.state.is_done and mine.external_id is not None and (target, mine.external_id) not in sides.places
        if _stays_as_it_is(mine) and not (lost and mine is now):
            track = track.with_delivery(mine)
            if mine.state.is_done and mine.external_id is not None and target not in track.items:
                track = track.with_item(target, mine.external_id)
        else:
            again = _anew(mine, max(newest, mine.attempt) + 1, at)
            if now is not None and now.track_id in sides.numbers and not sides.goes(now) and now.chosen is not None:
                # What it is on its way with is the root's: an answer that still comes is not its own.
                again = again.noted(undone=with_ids(again.undone, now.chosen.candidate.id))
            track = track.with_delivery(again)
    return track


def _sounds_like(delivery: Delivery, places: AbstractSet[Item]) -> bool:
    """Whether it was posted with the sound of an upload among `places`, which are the other song's."""
    if delivery.state is not DeliveryState.SYNCED or not delivery.needs_audio or delivery.source is None:
        return False
    return delivery.source.id in {external_id for platform, external_id in places if platform.spec.gives_audio}


def _taken_out(track: Track, delivery: Delivery, at: datetime) -> Track:
    """A post with the other song's sound makes way for one with its own."""
    external_id, source = delivery.external_id or "", delivery.source
    removing = delivery.moved(
        at,
        attempt=delivery.attempt + 1,
        state=DeliveryState.SYNCING,
        removing=external_id,
        reason=f"{external_id} has the sound of the song that it was parted from: it is taken out.",
        cause=None,
        rejected=with_ids(delivery.rejected, source.id if source is not None else ""),
        undone=with_ids(delivery.undone, external_id),
        source=None,
        audio=None,
        external_id=None,
        url=None,
        synced_at=None,
        retries=0,
    )
    left = {
        platform: each for platform, each in track.items.items() if (platform, each) != (delivery.target, external_id)
    }
    return track.changed(items=left).with_delivery(removing)


def _stays_as_it_is(delivery: Delivery) -> bool:
    """It is done, or on its way to the platform, or nobody knows whether it is there."""
    unclear = delivery.state is DeliveryState.FAILED and delivery.cause is Cause.UNKNOWN_OUTCOME
    return delivery.state.is_done or delivery.state is DeliveryState.SYNCING or unclear or delivery.removing is not None


def _anew(delivery: Delivery, attempt: int, at: datetime) -> Delivery:
    """As at the beginning; what people said of it holds."""
    return Delivery(
        target=delivery.target,
        origin=delivery.origin,
        track_id=delivery.track_id,
        identity=delivery.identity,
        attempt=attempt,
        backfill=delivery.backfill,
        rejected=delivery.rejected,
        undone=delivery.undone,
        answered=delivery.answered,
        changed_at=at,
    )


def _without(track: Track, sides: _Sides, first: FirstStep) -> tuple[Track, tuple[Message, ...]]:
    """`track`, the root or a closed document between, gives back what it took over."""
    own, at = track.own, sides.at
    track = track.changed(**_identity_left(track, sides, own)).changed(
        absorbed=tuple(each for each in track.absorbed if each not in sides.numbers),
        items=dict(_items_left(track, sides)),
    )
    track = never_there(track, {*sides.places, *(item for each in sides.going for item in also_of(each))})
    messages: list[Message] = []
    for target, delivery in list(track.deliveries.items()):
        if track.is_alive and delivery.track_id not in sides.numbers and _sounds_like(delivery, sides.places):
            track = _taken_out(track, delivery, at)
            continue
        kept = _delivery_left(track, delivery, sides)
        if kept is delivery:
            continue
        if delivery.audio is not None and not (sides.goes(delivery) and _stays_as_it_is(delivery)):
            messages.append(discard(track, delivery.audio))
        if kept is None:
            left = {each: one for each, one in track.deliveries.items() if each != target}
            track = track.changed(deliveries=left)
        else:
            track = track.with_delivery(kept)
    track = _as_far_as_known(track, own, first, at)
    return track, tuple(messages)


def _items_left(track: Track, sides: _Sides) -> Iterator[Item]:
    places = sides.places
    found = dict(item for item in track.items.items() if item not in places)
    for each in sides.staying if track.id == sides.root.id else ():
        for platform, external_id in each.items.items():
            delivery = track.deliveries.get(platform)
            wrong = delivery is not None and external_id in delivery.undone
            if (platform, external_id) not in places and not wrong:
                found.setdefault(platform, external_id)
    yield from found.items()


def _identity_left(track: Track, sides: _Sides, own: Own | None) -> TrackChanges:
    """Keys, sound and the like as they were before the joins, with those of the tracks that stay."""
    if own is None:
        return {}
    mine = [each for each in sides.staying if each.id in track.absorbed]
    left: TrackChanges = {
        "held": own.held and all(each.held for each in mine),
        "imported": _left(track.imported, own.imported, [e.imported for e in mine], [e.imported for e in sides.going]),
        "parted": _left(track.parted, own.parted, [e.parted for e in mine], [e.parted for e in sides.going]),
    }
    if own.keys is not None:
        left["keys"] = _left(track.keys, own.keys, [e.keys for e in mine], [e.keys for e in sides.going])
    sounds = [each.recording.fingerprint for each in sides.going if each.recording is not None]
    if track.recording is not None and track.recording.fingerprint is not None and not own.heard:
        theirs = {external_id for _, external_id in sides.places}
        if track.recording.fingerprint in sounds or track.heard_in in theirs:
            left["recording"] = track.recording.model_copy(update={"fingerprint": None})
            left["sound_keys"], left["heard_in"] = (), None
    return left


def _left(
    all_of_them: tuple[T, ...], own: tuple[T, ...], staying: list[tuple[T, ...]], going: list[tuple[T, ...]]
) -> tuple[T, ...]:
    """Without what only those that go brought along."""
    known, brought = {*own, *chain(*staying)}, {*chain(*going)}
    return tuple(each for each in all_of_them if each in known or each not in brought)


def _delivery_left(track: Track, delivery: Delivery, sides: _Sides) -> Delivery | None:
    """What becomes of one of its deliveries; None where it has none of its own."""
    target, own = delivery.target, track.own
    is_theirs = delivery.state.is_done and (target, delivery.external_id) in sides.places
    if delivery.track_id in sides.numbers:
        targets = own.targets if own is not None else tuple(each for each in track.deliveries if each != track.origin)
        used = own.attempts if own is not None else {}
        if target in targets:
            numbered = {
                "origin": track.origin,
                "backfill": track.backfill,
                "track_id": track.id,
                "identity": track.identity,
            }
            mine = delivery.model_copy(update=numbered)
            attempt = max(used.get(mine.name, 0), 0 if own is not None else delivery.attempt) + 1
            if not sides.goes(delivery) and _stays_as_it_is(delivery) and not is_theirs:
                return mine.noted(attempt=max(attempt, delivery.attempt + 1))
            return _placed_or_sought(track, _anew(mine, attempt, sides.at), sides.at)
        for each in sides.staying:
            theirs = each.deliveries.get(target)
            if theirs is not None and each.id in track.absorbed:
                attempt = max(theirs.attempt, used.get(theirs.name, 0)) + 1
                return _placed_or_sought(track, _anew(theirs, attempt, sides.at), sides.at)
        return None
    if is_theirs:
        return _placed_or_sought(track, _anew(delivery, delivery.attempt + 1, sides.at), sides.at)
    return delivery


def _placed_or_sought(track: Track, delivery: Delivery, at: datetime) -> Delivery:
    there = track.items.get(delivery.target)
    if there is not None:
        return satisfied(delivery, there, at)
    return delivery.moved(at, state=DeliveryState.PENDING) if track.step is TrackStep.DONE else delivery


def _as_far_as_known(track: Track, own: Own | None, first: FirstStep, at: datetime) -> Track:
    """It was identified by itself, or has to be: what it was called was the other's name."""
    if own is not None and not own.identified:
        track = track.changed(
            recording=None,
            method=None,
            keys=(),
            sound_keys=(),
            heard_in=None,
            queries={},
            suspects=(),
            fetched=None,
            step=first(track),
            attempt=track.attempt + 1,
            changed_at=at,
            state=TrackState.IDENTIFYING if track.is_alive else track.state,
            deliveries={
                target: each if _stays_as_it_is(each) else _anew(each, each.attempt + 1, at)
                for target, each in track.deliveries.items()
            },
        )
    elif track.state is TrackState.IDENTIFIED and track.baseline and not track.deliveries:
        track = track.changed(state=TrackState.BASELINE)
    if not track.absorbed:
        track = track.changed(own=None)
    return track


def _apart_from(track: Track, other: Track) -> Track:
    return track.changed(parted=tuple(dict.fromkeys((*track.parted, (track.id, other.id)))))


def _not_its_sound(track: Track, other: Track) -> Track:
    """Audio that still has to be found is not taken from an upload that is the other song."""
    videos = {external_id for platform, external_id in _places(other) if platform.spec.gives_audio}
    videos -= {external_id for _, external_id in _places(track)}
    for delivery in track.in_need_of_audio:
        if not delivery.state.is_done:
            track = track.with_delivery(delivery.noted(rejected=with_ids(delivery.rejected, *sorted(videos))))
    return track


def _places(track: Track) -> Iterator[Item]:
    """Where it is, and what it has chosen to be."""
    yield from track.items.items()
    for target, delivery in track.deliveries.items():
        if delivery.external_id is not None:
            yield target, delivery.external_id
        if delivery.chosen is not None and not delivery.needs_audio and not delivery.state.is_done:
            yield target, delivery.chosen.candidate.id


def _aftermath(track: Track, facts: Facts) -> Aftermath:
    """The rule, under the names of both recordings, and the claims of each."""
    said = track.parting
    other = facts.track(said.root) if said is not None else None
    if said is None or other is None:
        return Aftermath()
    root = facts.root(other)
    known = facts.overridden(tuple(dict.fromkeys((*rule_keys(track), *rule_keys(other)))))
    releases, claims = [], []
    for mine, theirs in ((track, root), (root, track)):
        for platform, external_id in dict.fromkeys(_places(mine)):
            key = claim_key(track.link, platform, external_id)
            releases.append(Release(key, (theirs.id, *theirs.absorbed)))
            claims.append((key, mine.id))
    rules = rule_between(track, other, known, said.by, facts.at)
    return Aftermath(releases=tuple(releases), overrides=rules, claims=tuple(claims))
