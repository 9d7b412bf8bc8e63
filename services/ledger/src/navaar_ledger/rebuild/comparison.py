"""Two ledgers side by side: what each knows of a song, in outline, and where they differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_ledger.domain.track import Delivery, Track, TrackState

UNDER_WAY = "under way"
"""Which step it is at changes from second to second, and is no difference."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What must agree of a track."""

    number: int
    link: str
    name: str
    origin: str
    state: str
    merged_into: int | None
    items: Mapping[str, str]
    deliveries: Mapping[str, str]
    created_at: datetime


@dataclass(slots=True)
class Contents:
    """A ledger in outline."""

    tracks: dict[int, Outline] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)

    def root(self, number: int) -> int:
        """The track that a track was joined to, through any number of joins."""
        seen = set()
        while number not in seen and (track := self.tracks.get(number)) is not None and track.merged_into is not None:
            seen.add(number)
            number = track.merged_into
        return number


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same."""

    what: str
    """'track', 'items', 'delivery to spotify' or 'claim ...'."""
    number: int
    """Of the track."""
    name: str
    ledger: str
    rebuilt: str


@dataclass(frozen=True, slots=True)
class Comparison:
    differences: tuple[Difference, ...]
    tracks: int
    deliveries: int
    claims: int
    too_old: int = 0
    """Tracks that were there before the history begins: nothing can be said about them."""


def outline(track: Track) -> Outline:
    return Outline(
        number=track.id,
        link=track.link,
        name=track.display,
        origin=f"{track.origin} {track.origin_external_id}",
        state=_state(track),
        merged_into=track.merged_into,
        items={platform.value: item for platform, item in track.items.items()} if track.is_alive else {},
        deliveries={target.value: _delivery(d) for target, d in track.deliveries.items()} if track.is_alive else {},
        created_at=track.created_at,
    )


def compare(ledger: Contents, rebuilt: Contents, begins_at: datetime | None) -> Comparison:
    """What differs. `begins_at` is when the history begins, where its beginning is gone; None where it is whole."""
    old = _too_old(ledger, begins_at)
    found: list[Difference] = []
    tracks = deliveries = claims = 0
    for number in sorted({*ledger.tracks, *rebuilt.tracks} - old):
        mine, theirs = ledger.tracks.get(number), rebuilt.tracks.get(number)
        tracks += mine is not None
        deliveries += len(mine.deliveries) if mine is not None else 0
        found += _track_differences(mine, theirs)
    for key in sorted({*ledger.claims, *rebuilt.claims}):
        one, other = ledger.claims.get(key), rebuilt.claims.get(key)
        if one in old or (one is not None and ledger.root(one) in old):
            continue
        claims += one is not None
        found += _claim_differences(key, one, other, ledger, rebuilt)
    return Comparison(tuple(found), tracks, deliveries, claims, len(old))


def _too_old(ledger: Contents, begins_at: datetime | None) -> set[int]:
    """What began before the history does, and what was joined to it since."""
    if begins_at is None:
        return set()
    old = {number for number, track in ledger.tracks.items() if track.created_at < begins_at}
    return old | {number for number in ledger.tracks if ledger.root(number) in old}


def _track_differences(mine: Outline | None, theirs: Outline | None) -> Iterator[Difference]:
    known = mine or theirs
    if known is None:
        return
    if mine is None or theirs is None:
        told = f"{known.origin}, {known.state}"
        yield _difference("track", known, told if mine else None, told if theirs else None)
        return
    for what, one, other in (
        ("origin", mine.origin, theirs.origin),
        ("state", _where(mine), _where(theirs)),
        ("items", _listed(mine.items), _listed(theirs.items)),
    ):
        if one != other:
            yield _difference(what, known, one, other)
    for target in Platform:
        one_way, other_way = mine.deliveries.get(target), theirs.deliveries.get(target)
        if one_way != other_way:
            yield _difference(f"delivery to {target}", known, one_way, other_way)


def _claim_differences(
    key: str, one: int | None, other: int | None, ledger: Contents, rebuilt: Contents
) -> Iterator[Difference]:
    if one is not None and other is not None and ledger.root(one) == rebuilt.root(other):
        return
    number = one if one is not None else other
    track = ledger.tracks.get(number or 0) or rebuilt.tracks.get(number or 0)
    yield Difference(
        f"claim {key}",
        number or 0,
        track.name if track is not None else "",
        "none" if one is None else f"#{one}",
        "none" if other is None else f"#{other}",
    )


def _difference(what: str, track: Outline, ledger: str | None, rebuilt: str | None) -> Difference:
    return Difference(what, track.number, track.name, ledger or "none", rebuilt or "none")


def _where(track: Outline) -> str:
    return track.state if track.merged_into is None else f"{track.state} into #{track.merged_into}"


def _listed(items: Mapping[str, str]) -> str:
    return ", ".join(f"{platform} {item}" for platform, item in sorted(items.items()))


def _state(track: Track) -> str:
    unknown = (TrackState.IDENTIFYING, TrackState.UNIDENTIFIED)
    return "not identified" if track.state in unknown else track.state.value


def _delivery(delivery: Delivery) -> str:
    if delivery.state.is_done:
        return f"{delivery.state.value} as {delivery.external_id}"
    # What a rule leaves out shows when its turn comes; nothing in the history tells of it.
    if delivery.state in (DeliveryState.FAILED, DeliveryState.REVIEW):
        return delivery.state.value
    return UNDER_WAY
