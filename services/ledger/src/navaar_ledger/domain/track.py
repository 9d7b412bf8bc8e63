"""The documents of the ledger: a track and its deliveries. Frozen; every transition makes a new one.

A delivery changes its state only along `FOLLOWING`, and only in fields that it has: mypy checks each by name and type.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple, TypedDict, Unpack

from pydantic import BeforeValidator, Field

from navaar_contracts.causes import Cause
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

    WAIT = "wait"
    """Its turn: many came together, and those before it are identified first."""
    FETCH = "fetch"
    IDENTIFY = "identify"
    COMPARE = "compare"
    """Identified and saved with its keys; the look-up of tracks that share one is next."""
    JUDGE = "judge"
    DONE = "done"


_S = DeliveryState
_STOPPED = {_S.FAILED, _S.REVIEW, _S.RETRY_SCHEDULED, _S.LEFT_OUT}
_DONE = {_S.SYNCED, _S.DUPLICATE}

FOLLOWING: dict[DeliveryState, frozenset[DeliveryState]] = {
    _S.IDENTIFYING: frozenset({_S.PENDING, *_STOPPED, *_DONE}),
    _S.PENDING: frozenset({_S.SEARCHING, _S.MATCHING, _S.DOWNLOADING, _S.SYNCING, *_STOPPED, *_DONE}),
    _S.SEARCHING: frozenset({_S.PENDING, _S.MATCHING, _S.DOWNLOADING, *_STOPPED, *_DONE}),
    _S.MATCHING: frozenset({_S.PENDING, _S.SEARCHING, _S.DOWNLOADING, *_STOPPED, *_DONE}),
    _S.DOWNLOADING: frozenset({_S.PENDING, _S.SEARCHING, *_STOPPED, *_DONE}),
    _S.SYNCING: frozenset({_S.PENDING, _S.MATCHING, _S.DOWNLOADING, *_STOPPED, *_DONE}),
    _S.FAILED: frozenset({_S.IDENTIFYING, _S.PENDING, _S.MATCHING, _S.SYNCING, _S.REVIEW, *_DONE}),
    _S.REVIEW: frozenset({_S.PENDING, _S.MATCHING, _S.FAILED, *_DONE}),
    _S.RETRY_SCHEDULED: frozenset({_S.IDENTIFYING, _S.PENDING, _S.MATCHING, _S.SYNCING, _S.REVIEW, *_DONE}),
    _S.LEFT_OUT: frozenset({_S.IDENTIFYING, _S.PENDING, *_DONE}),
    _S.SYNCED: frozenset({_S.SYNCING, _S.PENDING}),
    _S.DUPLICATE: frozenset({_S.PENDING, _S.REVIEW}),
}
"""Which states may follow which; each may follow itself. Done ones follow any: a placement is true whenever it is told,
and what is done changes only when a person says that it was wrong, or took it out and adds the recording again."""
SETTLED_BY_HAND = frozenset({_S.PENDING, *_STOPPED})
"""Stopped or not begun: an item that turns up in the target's collection settles it."""


def known_cause(word: str | None) -> Cause | None:
    """A cause as it is stored or travels; words of other programs all say the same."""
    if word is None:
        return None
    return Cause(word) if word in set(Cause) else Cause.IMPORTED


class IllegalTransition(ValueError):
    """A rule would bring a delivery into a state that cannot follow its present one."""

    def __init__(self, before: DeliveryState, after: DeliveryState) -> None:
        super().__init__(f"a delivery that is {before} cannot become {after}")
        self.before, self.after = before, after


class Lost(Value):
    """A choice that is another song's."""

    match: ScoredCandidate
    """Its last reason names the other song."""
    to: int
    """The other song's track."""
    is_open: bool = False
    """Nobody can tell by itself whether the two are one recording, or whose it is."""


class DeliveryChanges(TypedDict, total=False):
    """What may change of a delivery; meanings are told there."""

    attempt: int
    state: DeliveryState
    released: bool
    ready: bool
    ready_at: datetime | None
    round: int
    candidates: tuple[Candidate, ...]
    chosen: ScoredCandidate | None
    alternatives: tuple[ScoredCandidate, ...]
    in_doubt: bool
    looked_at: int
    nearest: ScoredCandidate | None
    contested: ScoredCandidate | None
    lost: tuple[Lost, ...]
    excluded: tuple[str, ...]
    rejected: tuple[str, ...]
    undone: tuple[str, ...]
    removing: str | None
    answered: tuple[str, ...]
    source: Candidate | None
    audio: AudioReference | None
    audio_of: str | None
    heard: bool
    suspects: tuple[KnownTrack, ...]
    external_id: str | None
    set_video_id: str | None
    url: str | None
    already_there: bool
    retries: int
    disturbed: int
    due_at: datetime | None
    reason: str | None
    cause: Cause | None
    internal: bool
    known_at: datetime | None
    known_to: int | None
    renewal: int
    synced_at: datetime | None
    quiet: bool
    insisted: bool


class Delivery(Value):
    """One recording on its way to one platform."""

    target: Platform
    origin: Platform
    """Where the item was sighted that asked for this delivery; with `target` the direction."""
    track_id: int
    """The id its messages carry. A delivery taken over in a join keeps its first owner's, so that results find it."""
    identity: str = ""
    """That owner's, likewise."""
    attempt: int = 1
    state: DeliveryState = DeliveryState.IDENTIFYING
    backfill: bool = False
    released: bool = True
    ready: bool = False
    """Everything that placing needs is at hand."""
    ready_at: AwareDatetime | None = None
    round: int = 0
    """Which query is being asked. From SOURCE_ROUNDS on: a search for audio only."""
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
    contested: ScoredCandidate | None = None
    """While matching: a choice that another song, the one in `suspects`, has too; the two are being compared."""
    lost: tuple[Lost, ...] = ()
    """Choices of this search that turned out to be other songs'; not to be chosen again in it."""
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
    """Where audio is needed: the video whose audio is used."""
    audio: AudioReference | None = None
    audio_of: str | None = None
    """The video that `audio` was made from."""
    heard: bool = False
    """The identifier has listened to `audio` and let it pass."""
    suspects: tuple[KnownTrack, ...] = ()
    """Tracks that sound like `audio`, or the one that has `contested`, being judged."""
    external_id: str | None = None
    set_video_id: str | None = None
    """The entry in the playlist, where that is needed to remove it."""
    url: str | None = None
    already_there: bool = False
    retries: int = 0
    disturbed: int = 0
    """How often in a row the collection had changed under the placement."""
    due_at: AwareDatetime | None = None
    reason: str | None = None
    cause: Annotated[Cause | None, BeforeValidator(known_cause)] = None
    internal: bool = False
    """It stopped because of an error of ours."""
    changed_at: AwareDatetime
    known_at: AwareDatetime | None = None
    """Up to when the ledger knew what happened as it decided to place this."""
    known_to: int | None = None
    """The same as a place in the history."""
    renewal: int = 0
    """When it was last found gone, in milliseconds since 1970, and is therefore placed again; 0: never yet."""
    synced_at: AwareDatetime | None = None
    quiet: bool = False
    """Came to rest under an earlier program: nobody is told until it moves."""
    insisted: bool = False
    """A person asked for just this one, whatever the link's rules leave out."""

    @property
    def direction(self) -> Direction:
        return Direction.between(self.origin, self.target)

    @property
    def name(self) -> str:
        """The same through every join."""
        return f"{self.track_id}:{self.target}"

    @property
    def needs_audio(self) -> bool:
        """A file is posted there; elsewhere an entry of the platform's own catalogue is added."""
        return self.target.spec.needs_audio

    @property
    def ruled_out(self) -> frozenset[str]:
        """Candidates that must not be chosen."""
        return frozenset((*self.excluded, *self.rejected, *(each.match.candidate.id for each in self.lost)))

    def has_answered(self, request: str) -> bool:
        return request in self.answered

    def answering(self, request: str) -> Delivery:
        return self.noted(answered=(*self.answered, request)[-REMEMBERED:])

    def moved(self, at: datetime, **changes: Unpack[DeliveryChanges]) -> Delivery:
        """The delivery with `changes`, and the moment noted from which a stuck one is recognised.

        Raises:
            IllegalTransition: the new state cannot follow the present one.
        """
        after = changes.get("state", self.state)
        if after is not self.state and after not in FOLLOWING[self.state]:
            raise IllegalTransition(self.state, after)
        return self.model_copy(update={"quiet": False, "internal": False, **changes, "changed_at": at})

    def noted(self, **changes: Unpack[DeliveryChanges]) -> Delivery:
        """The delivery with what is now known of it: it has not moved, and no rule holds for its state."""
        return self.model_copy(update=dict(changes))

    @property
    def downloaded(self) -> AudioReference | None:
        """The audio of its source, where that is at hand."""
        return self.audio if self.source is not None and self.audio_of == self.source.id else None

    @property
    def is_following(self) -> bool:
        """It needs audio, waits for another delivery's choice and has no step of its own."""
        return self.needs_audio and self.state is DeliveryState.SEARCHING and self.round < SOURCE_ROUNDS


REMEMBERED = 8
"""Requests of people that a delivery remembers; redeliveries come within seconds."""
SOUNDS_IN_COMMON = 2
"""From so many common sound keys two tracks are compared: one is chance now and then, two hardly ever."""
SOURCE_ROUNDS = 100
"""Rounds of a search for audio are numbered from here, so that they never meet those of a search for a match: from 100
on for the first delivery of a track that needs audio, from 200 on for the second."""


class Own(Value):
    """What was a track's own before others were joined to it: parted from them, it is that again."""

    identified: bool
    keys: tuple[str, ...] | None
    """None: since an edit, whatever it has now."""
    heard: bool
    held: bool
    imported: tuple[str, ...] = ()
    parted: tuple[tuple[int, int], ...] = ()
    targets: tuple[Platform, ...] = ()
    """Where it was to be delivered to."""
    attempts: dict[str, int] = Field(default_factory=dict)
    """The newest attempt of each delivery that may have given way to another one in a join, by its name."""


class Seeking(Value):
    """Somebody added the recording again: whether it still is where it had been before is being found out."""

    origin: Platform
    """Where it was added."""
    places: dict[Platform, tuple[str, ...]]
    """The collections that have not answered yet, and the ids under which it may be there."""
    number: int
    """The attempt that the answers bear."""
    since: AwareDatetime


class Parting(Value):
    """A person said that it is another song than the track it had been joined to."""

    root: int
    """The track that it was parted from."""
    request: str
    by: str = ""


class Newborn(NamedTuple):
    """What a track is called from its birth on."""

    track_id: int
    identity: str


class TrackChanges(TypedDict, total=False):
    """What may change of a track; meanings are told there."""

    version: int
    state: TrackState
    step: TrackStep
    item: ItemMetadata
    edited: ItemMetadata | None
    edited_at: datetime | None
    replacing: bool
    held: bool
    items: dict[Platform, str]
    fetched: AudioReference | None
    attempt: int
    changed_at: datetime
    recording: Recording | None
    method: str | None
    keys: tuple[str, ...]
    sound_keys: tuple[str, ...]
    heard_in: str | None
    queries: dict[Platform, tuple[str, ...]]
    suspects: tuple[KnownTrack, ...]
    deliveries: dict[Platform, Delivery]
    merged_into: int | None
    joined_at: datetime | None
    joined_why: str | None
    absorbed: tuple[int, ...]
    own: Own | None
    parted: tuple[tuple[int, int], ...]
    parting: Parting | None
    imported: tuple[str, ...]
    also: dict[Platform, tuple[str, ...]]
    seeking: Seeking | None
    looks: int
    returned_at: datetime | None
    trace: str | None
    updated_at: datetime


class Track(Value):
    """One item somebody added, and since joining, everything known to be the same recording."""

    id: int
    identity: str = ""
    """Told with the number in every message, so that one of a former life of the ledger is never taken for ours."""
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
    edited: ItemMetadata | None = None
    """What the item says since it was edited, where something had been placed before: a person decides."""
    edited_at: AwareDatetime | None = None
    """Of the newest edit that is known."""
    replacing: bool = False
    """What was placed before the edit makes way as soon as it is known who the item is now."""
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
    joined_at: AwareDatetime | None = None
    """When, and why, it was joined to that one; earlier versions told that in the audit log alone."""
    joined_why: str | None = None
    absorbed: tuple[int, ...] = ()
    """Every track that was joined to this one, directly or through another."""
    own: Own | None = None
    """Kept from the first join on; None, too, where an earlier version joined."""
    parted: tuple[tuple[int, int], ...] = ()
    """As which track it is known not to be another one: (17, 42) says that it is what 17 is, and not what 42 is."""
    parting: Parting | None = None
    imported: tuple[str, ...] = ()
    """The items, as platform|id, whose story under an earlier program has been taken over."""
    also: dict[Platform, tuple[str, ...]] = Field(default_factory=dict)
    """Ids of tracks that were joined to this one: the recording may be in the collection under any of them."""
    seeking: Seeking | None = None
    looks: int = 0
    """How often it was sought."""
    returned_at: AwareDatetime | None = None
    """The latest moment at which an item of it was put back by a person, as far as that was followed."""
    trace: str | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime

    @property
    def is_alive(self) -> bool:
        return self.state not in (TrackState.MERGED, TrackState.DELETED)

    @property
    def audio_givers(self) -> tuple[Platform, ...]:
        """Where its audio may come from: platforms that give audio, and that it is, goes to or can be sought on."""
        places = {*self.items, *self.deliveries, *self.queries}
        return tuple(each for each in Platform if each.spec.gives_audio and each in places)

    @property
    def in_need_of_audio(self) -> tuple[Delivery, ...]:
        """Its deliveries to which audio has to be posted, always in the same order."""
        return tuple(self.deliveries[target] for target in sorted(self.deliveries) if target.spec.needs_audio)

    @property
    def own_recording(self) -> Recording | None:
        """Who it is by what its item says: without the sound of a video that was chosen for it."""
        if self.recording is None or self.heard_in is None:
            return self.recording
        return self.recording.model_copy(update={"fingerprint": None})

    @property
    def display(self) -> str:
        """What a person calls it, as far as it is known."""
        if self.recording is not None and self.recording.title:
            return self.recording.display
        artists = ", ".join(self.item.artists)
        name = self.item.title or self.item.file_name or f"{self.origin} {self.origin_external_id}"
        return f"{artists} - {name}" if artists else name

    def delivery_of(self, track_id: int, target: Platform) -> Delivery | None:
        """The delivery as its messages name it; None when a join has put another one in its place."""
        delivery = self.deliveries.get(target)
        return delivery if delivery is not None and delivery.track_id == track_id else None

    def changed(self, **changes: Unpack[TrackChanges]) -> Track:
        return self.model_copy(update=dict(changes))

    def with_delivery(self, delivery: Delivery) -> Track:
        return self.changed(deliveries={**self.deliveries, delivery.target: delivery})

    def with_item(self, platform: Platform, external_id: str) -> Track:
        return self.changed(items={**self.items, platform: external_id})


def claim_key(link: str, platform: Platform, external_id: str) -> str:
    """The unique key under which one item of one collection belongs to one track."""
    return f"{link}|{platform}|{external_id}"
