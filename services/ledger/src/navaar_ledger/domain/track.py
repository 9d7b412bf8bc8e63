"""The documents of the ledger: a track and its deliveries. Frozen; every transition makes a new one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from navaar_contracts.commands import KnownTrack
from navaar_contracts.identifiers import DeliveryState, Direction, LinkName, Platform
from navaar_contracts.message import AwareDatetime
from navaar_contracts.music import AudioReference, Candidate, ItemMetadata, Recording, ScoredCandidate, Value


class TrackState(StrEnum):
    IDENTIFYING = "identifying"
    IDENTIFIED = "identified"
    UNIDENTIFIED = "unidentified"
    """Identification stopped at `step`; a retry takes it up there."""
    BASELINE = "baseline"
    """Recorded at the first sight of a playlist, synced nowhere until it is added elsewhere too."""
    MERGED = "merged"
    DELETED = "deleted"


class TrackStep(StrEnum):
    """What a track as a whole is waiting for, before its deliveries can move."""

    FETCH = "fetch"
    IDENTIFY = "identify"
    COMPARE = "compare"
    """Identified and saved with its keys; the look-up of tracks that share one is next."""
    JUDGE = "judge"
    DONE = "done"


class Delivery(Value):
    """One recording on its way to one platform."""

    target: Platform
    origin: Platform
    """Where the item was sighted that asked for this delivery; with `target` the direction."""
    track_id: int
    """The id its messages carry. A delivery taken over in a join keeps its first owner's, so that results find it."""
    attempt: int = 1
    state: DeliveryState = DeliveryState.IDENTIFYING
    backfill: bool = False
    released: bool = True
    ready: bool = False
    """Everything that placing needs is at hand."""
    ready_at: AwareDatetime | None = None
    round: int = 0
    """Which query is being asked. From SOURCE_ROUNDS on: a search for audio only, on behalf of Telegram."""
    candidates: tuple[Candidate, ...] = ()
    """Being judged, or kept from earlier rounds."""
    chosen: ScoredCandidate | None = None
    alternatives: tuple[ScoredCandidate, ...] = ()
    in_doubt: bool = False
    """An earlier round's verdict was 'review'."""
    looked_at: int = 0
    """Candidates met in this search."""
    nearest: ScoredCandidate | None = None
    """The one that came closest in this search."""
    excluded: tuple[str, ...] = ()
    """Candidates and source videos that must not be chosen again in this search."""
    rejected: tuple[str, ...] = ()
    """Catalogue ids of which a person said that they are not the recording. For good, until a person says otherwise."""
    undone: tuple[str, ...] = ()
    """Ids in the target's collection of which a person said that they are not the recording."""
    removing: str | None = None
    """What is being taken out of the collection again; the state is syncing meanwhile."""
    answered: tuple[str, ...] = ()
    """The last requests of people that were carried out, so that a redelivery is recognised."""
    source: Candidate | None = None
    """Towards Telegram: the video whose audio is used."""
    audio: AudioReference | None = None
    audio_of: str | None = None
    """The video that `audio` was made from."""
    heard: bool = False
    """The identifier has listened to `audio` and let it pass."""
    suspects: tuple[KnownTrack, ...] = ()
    """Tracks that sound like `audio`, being judged."""
    external_id: str | None = None
    set_video_id: str | None = None
    """YouTube's entry in the playlist, needed to remove it."""
    url: str | None = None
    already_there: bool = False
    retries: int = 0
    disturbed: int = 0
    """How often in a row the collection had changed under the placement."""
    due_at: AwareDatetime | None = None
    reason: str | None = None
    cause: str | None = None
    changed_at: AwareDatetime
    known_at: AwareDatetime | None = None
    """Up to when the ledger knew what happened as it decided to place this."""
    synced_at: AwareDatetime | None = None
    quiet: bool = False
    """Came to rest under an earlier program: nobody is told until it moves."""

    @property
    def direction(self) -> Direction:
        return Direction.between(self.origin, self.target)

    @property
    def ruled_out(self) -> frozenset[str]:
        """Candidates that must not be chosen."""
        return frozenset((*self.excluded, *self.rejected))

    def has_answered(self, request: str) -> bool:
        return request in self.answered

    def answering(self, request: str) -> Delivery:
        return self.model_copy(update={"answered": (*self.answered, request)[-REMEMBERED:]})

    def moved(self, at: datetime, **changes: Any) -> Delivery:
        """The delivery with `changes`, and the moment noted from which a stuck one is recognised."""
        return self.model_copy(update={"quiet": False, **changes, "changed_at": at})

    @property
    def downloaded(self) -> AudioReference | None:
        """The audio of its source, where that is at hand."""
        return self.audio if self.source is not None and self.audio_of == self.source.id else None

    @property
    def is_following(self) -> bool:
        """Towards Telegram: it waits for the YouTube delivery's choice and has no step of its own."""
        return self.target is Platform.TELEGRAM and self.state is DeliveryState.SEARCHING and self.round < SOURCE_ROUNDS


REMEMBERED = 8
"""Requests of people that a delivery remembers; redeliveries come within seconds."""


SOUNDS_IN_COMMON = 2
"""From so many common sound keys two tracks are compared: one is chance now and then, two hardly ever."""


SOURCE_ROUNDS = 100
"""Rounds of a search for audio are numbered from here, so that they never meet those of the YouTube delivery."""


class Track(Value):
    """One item somebody added, and since joining, everything known to be the same recording."""

    id: int
    link: LinkName
    version: int = 0
    """Compare-and-set: grows by one with each save; 0 has never been saved."""
    state: TrackState = TrackState.IDENTIFYING
    step: TrackStep = TrackStep.IDENTIFY
    origin: Platform
    origin_external_id: str
    item: ItemMetadata
    backfill: bool = False
    held: bool = False
    """First sync 'plan': searched and matched, never placed."""
    baseline: bool = False
    items: dict[Platform, str] = Field(default_factory=dict)
    """Where the recording is, and under which id."""
    fetched: AudioReference | None = None
    attempt: int = 1
    """Of fetch, identify and judge."""
    changed_at: AwareDatetime
    """When the step above last moved."""
    recording: Recording | None = None
    method: str | None = None
    keys: tuple[str, ...] = ()
    sound_keys: tuple[str, ...] = ()
    """Under which another file of the recording is found, whatever it is called."""
    heard_in: str | None = None
    """The video whose audio gave the fingerprint; None when it was the post's own file."""
    queries: dict[Platform, tuple[str, ...]] = Field(default_factory=dict)
    suspects: tuple[KnownTrack, ...] = ()
    deliveries: dict[Platform, Delivery] = Field(default_factory=dict)
    merged_into: int | None = None
    absorbed: tuple[int, ...] = ()
    """Every track that was joined to this one, directly or through another."""
    imported: tuple[str, ...] = ()
    """The items, as platform|id, whose story under an earlier program has been taken over."""
    trace: str | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime

    @property
    def is_alive(self) -> bool:
        return self.state not in (TrackState.MERGED, TrackState.DELETED)

    @property
    def display(self) -> str:
        """What a person calls it, as far as it is known."""
        if self.recording is not None and self.recording.title:
            return self.recording.display
        artists = ", ".join(self.item.artists)
        name = self.item.title or self.item.file_name or f"{self.origin} {self.origin_external_id}"
        return f"{artists} - {name}" if artists else name

    def changed(self, **changes: Any) -> Track:
        return self.model_copy(update=changes)

    def with_delivery(self, delivery: Delivery) -> Track:
        return self.model_copy(update={"deliveries": {**self.deliveries, delivery.target: delivery}})


def claim_key(link: str, platform: Platform, external_id: str) -> str:
    """The unique key under which one item of one collection belongs to one track."""
    return f"{link}|{platform}|{external_id}"
