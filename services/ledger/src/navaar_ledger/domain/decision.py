"""What a decision is made of: facts that must be looked up, changes, writes and messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track, TrackState, claim_key


@dataclass(frozen=True, slots=True)
class Release:
    """A claim that is given back, if one of `holders` has it: the item is not this recording after all."""

    key: str
    holders: tuple[int, ...]

    @classmethod
    def of(cls, track: Track, platform: Platform, external_id: str) -> Release:
        """What `track`, or one that was joined to it, has claimed."""
        return cls(claim_key(track.link, platform, external_id), (track.id, *track.absorbed))


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is written beside the documents, after them. Each may be repeated, so that a redelivery heals a crash."""

    releases: tuple[Release, ...] = ()
    overrides: tuple[tuple[str, Override | None], ...] = ()
    """What a person decided for good, by key; None takes it back."""
    sightings: tuple[ItemSighted, ...] = ()
    """Items of people that belong to no track any more: seen as if for the first time, once they are released."""
    claims: tuple[tuple[str, int], ...] = ()
    """Keys that a track claims once they are released."""

    def __add__(self, other: Aftermath) -> Aftermath:
        return Aftermath(
            self.releases + other.releases,
            self.overrides + other.overrides,
            self.sightings + other.sightings,
            self.claims + other.claims,
        )


NOTHING_MORE = Aftermath()


@dataclass(frozen=True, slots=True)
class Change:
    """What one concern makes of a message: the track as it is now, and what to tell."""

    track: Track
    entries: tuple[AuditEntry, ...] = ()
    messages: tuple[Message, ...] = ()
    """Only those that do not follow from the state, such as discarding audio nobody asked for any more."""
    closed: Track | None = None
    """The other document of a join, merged into `track`; written first, so that its deliveries stop before."""
    closed_entries: tuple[AuditEntry, ...] = ()
    between: tuple[Track, ...] = ()
    """Closed documents through which `closed` was joined to `track`; written after the one and before the other."""
    beside: tuple[Track, Change] | None = None
    """Another song's document as it was, and what becomes of it because of this one; written first."""
    again: bool = False
    """Save, then decide about the same message once more with fresh documents."""
    after: Aftermath = NOTHING_MORE


def combined(changes: Sequence[Change]) -> Change:
    """One change of what was done one after the other."""
    done = changes[-1]
    for before in reversed(changes[:-1]):
        done = replace(
            done,
            entries=before.entries + done.entries,
            messages=before.messages + done.messages,
            again=before.again or done.again,
            after=before.after + done.after,
        )
    return done


@dataclass(frozen=True, slots=True)
class Write:
    track: Track
    expected_version: int
    entries: tuple[AuditEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`writes` in their order, each a compare-and-set; then `after`; then `messages`."""

    writes: tuple[Write, ...] = ()
    messages: tuple[Message, ...] = ()
    again: bool = False
    after: Aftermath = NOTHING_MORE


class TrackNeeded(Exception):
    """The decision depends on another track; look it up and decide again."""

    def __init__(self, track_id: int) -> None:
        super().__init__(f"track {track_id} is needed for this decision")
        self.track_id = track_id


class ClaimNeeded(Exception):
    """The decision depends on who owns an external id; claim it and decide again."""

    def __init__(self, key: str, track_id: int) -> None:
        super().__init__(f"claim {key} is needed for this decision")
        self.key = key
        self.track_id = track_id


class SharingNeeded(Exception):
    """The decision depends on the tracks that share an identity key; look them up and decide again."""


class OverridesNeeded(Exception):
    """The decision depends on what people have decided before; look these keys up and decide again."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(f"what was decided under {keys} is needed for this decision")
        self.keys = keys


@dataclass(slots=True)
class Facts:
    """What a decision rests on, as far as it has been looked up. Asking for more raises what is needed."""

    at: datetime
    """Now; the only clock a decision sees."""
    policy: Policy

    tracks: dict[int, Track | None] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    sharing: tuple[Track, ...] | None = None
    overrides: dict[str, Override | None] = field(default_factory=dict)

    def track(self, track_id: int) -> Track | None:
        if track_id not in self.tracks:
            raise TrackNeeded(track_id)
        return self.tracks[track_id]

    def root(self, track: Track) -> Track:
        """The living track that `track` was joined to, through any number of joins."""
        return self._chain(track)[-1]

    def unabsorbed(self, track: Track) -> Track | None:
        """A closed document between `track` and its root that the root has not taken over: a crash was between them."""
        *closed, root = self._chain(track)
        if root.state is TrackState.MERGED:
            return None
        return next((each for each in reversed(closed) if each.id not in root.absorbed), None)

    def _chain(self, track: Track) -> list[Track]:
        """`track` and those it was joined to, one after the other."""
        chain = [track]
        while chain[-1].state is TrackState.MERGED and chain[-1].merged_into is not None:
            following = self.track(chain[-1].merged_into)
            if following is None:
                break
            chain.append(following)
        return chain

    def claim(self, key: str, track_id: int) -> int:
        """Who owns `key` after `track_id` tried to get it."""
        if key not in self.owners:
            raise ClaimNeeded(key, track_id)
        return self.owners[key]

    def sharers(self) -> tuple[Track, ...]:
        if self.sharing is None:
            raise SharingNeeded
        return self.sharing

    def overridden(self, keys: tuple[str, ...]) -> dict[str, Override]:
        """What people have decided under these keys."""
        if any(key not in self.overrides for key in keys):
            raise OverridesNeeded(keys)
        found = {key: self.overrides[key] for key in keys}
        return {key: override for key, override in found.items() if override is not None}

    def know(self, tracks: Iterable[Track]) -> None:
        for track in tracks:
            self.tracks[track.id] = track
