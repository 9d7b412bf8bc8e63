"""What a decision is made of: facts that must be looked up, changes, writes and messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from navaar_contracts.identifiers import Direction
from navaar_contracts.message import Message
from navaar_ledger.track import Track, TrackState


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log, in words a person understands."""

    event: str
    details: str
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What one concern makes of a message: the track as it is now, and what to tell."""

    track: Track
    entries: tuple[Entry, ...] = ()
    messages: tuple[Message, ...] = ()
    """Only those that do not follow from the state, such as discarding audio nobody asked for any more."""
    closed: Track | None = None
    """The other document of a join, merged into `track`; written first, so that its deliveries stop before."""
    closed_entries: tuple[Entry, ...] = ()
    again: bool = False
    """Save, then decide about the same message once more with fresh documents."""


@dataclass(frozen=True, slots=True)
class Write:
    track: Track
    expected_version: int
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`writes` in their order, each a compare-and-set; then `messages`."""

    writes: tuple[Write, ...] = ()
    messages: tuple[Message, ...] = ()
    again: bool = False


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


@dataclass(slots=True)
class Facts:
    """What has been looked up so far. Asking for more raises what is needed."""

    tracks: dict[int, Track | None] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    sharing: tuple[Track, ...] | None = None

    def track(self, track_id: int) -> Track | None:
        if track_id not in self.tracks:
            raise TrackNeeded(track_id)
        return self.tracks[track_id]

    def root(self, track: Track) -> Track:
        """The living track that `track` was joined to, through any number of joins."""
        while track.state is TrackState.MERGED and track.merged_into is not None:
            following = self.track(track.merged_into)
            if following is None:
                return track
            track = following
        return track

    def unabsorbed(self, track: Track) -> Track | None:
        """A closed document between `track` and its root that the root has not taken over: a crash was between them."""
        chain = []
        while track.state is TrackState.MERGED and track.merged_into is not None:
            chain.append(track)
            following = self.track(track.merged_into)
            if following is None:
                return None
            track = following
        return next((each for each in reversed(chain) if each.id not in track.absorbed), None)

    def claim(self, key: str, track_id: int) -> int:
        """Who owns `key` after `track_id` tried to get it."""
        if key not in self.owners:
            raise ClaimNeeded(key, track_id)
        return self.owners[key]

    def sharers(self) -> tuple[Track, ...]:
        if self.sharing is None:
            raise SharingNeeded
        return self.sharing

    def know(self, tracks: Iterable[Track]) -> None:
        for track in tracks:
            self.tracks[track.id] = track
