"""Events: past tense, any listeners, kept as history."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import ClassVar

from pydantic import Field, model_validator

from navaar_contracts.bounds import Count, Fingerprint, Id, Ids, Keys, Moment, Round, Seconds, Text, Texts, TrackNumber
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Event, TrackEvent, about, stamp
from navaar_contracts.music import AudioReference, Candidates, Choice, ItemMetadata, Judgement, Recording, Value
from navaar_contracts.records import RequestTaken, TrackDiscovered


class ItemSighted(Event):
    """A gateway saw an item that the ledger may not know."""

    topic: ClassVar[str] = "item.sighted"

    platform: Platform
    external_id: Id = Field(min_length=1)
    """The platform's own: a message id, a video id, a track id."""
    item: ItemMetadata
    first_read: bool = False
    """Part of the first complete reading of this collection."""
    sighted_at: Moment
    edited_at: Moment | None = None
    """The item had been there before; this is what it says since it was edited then."""
    returned: bool = False
    """The ledger knows the id; it was not in the collection before, and it was not Navaar that put it there now."""

    def message_id(self) -> str:
        name = f"sighted:{self.link}:{self.platform}:{self.external_id}"
        if self.returned:
            return f"{name}:returned:{stamp(self.sighted_at)}"
        if self.edited_at is None:
            return name
        # Telegram tells whole seconds: two edits may have one.
        item = self.item
        words = (item.title, *item.artists, item.caption, item.file_name, item.file_unique_id)
        said = hashlib.sha256("\0".join(each or "" for each in words).encode()).hexdigest()
        return f"{name}:{stamp(self.edited_at)}:{said[:16]}"


class ItemSkipped(Event):
    """An entry that cannot be synced, with the reason in plain words."""

    topic: ClassVar[str] = "item.skipped"

    platform: Platform
    external_id: Id
    name: Text
    reason: Text
    seen_at: Moment

    def message_id(self) -> str:
        return f"skipped:{self.link}:{self.platform}:{self.external_id}"


class CollectionOpened(Event):
    """The first complete reading of a collection has been reported, item by item, before this."""

    topic: ClassVar[str] = "collection.opened"

    platform: Platform
    items: Count
    opened_at: Moment

    def message_id(self) -> str:
        return f"opened:{self.link}:{self.platform}:{stamp(self.opened_at)}"


class AudioFetched(TrackEvent):
    """A posted file is in the object store."""

    topic: ClassVar[str] = "audio.fetched"

    audio: AudioReference

    def message_id(self) -> str:
        return f"fetched:{self.link}:{self.name}:{self.attempt}"


class TrackIdentified(TrackEvent):
    """Who the item is, how to ask platforms for it, and under which keys the same recording is found."""

    topic: ClassVar[str] = "track.identified"

    recording: Recording
    method: Text
    """id3, filename, or the platform's short name and _metadata: sp_metadata."""
    reasons: Texts = ()
    keys: Keys = ()
    """Two items that are the same recording share at least one; sharing one proves nothing yet."""
    sound_keys: Keys = ()
    """The same for how it sounds: two files of one recording, whatever they are called, share some of these."""
    queries: dict[Platform, Texts] = Field(default_factory=dict)
    """Per target, from precise to loose."""

    def message_id(self) -> str:
        return f"identified:{self.link}:{self.name}:{self.attempt}"


class IdentityJudged(TrackEvent):
    """Whether the track is one that the ledger already has."""

    topic: ClassVar[str] = "identity.judged"

    same_as: TrackNumber | None = None
    """The known track it is, if any."""
    judgement: Judgement | None = None
    """About `same_as`, or about the closest one."""
    target: Platform | None = None
    """As in the question."""

    def message_id(self) -> str:
        return f"judged:{self.link}:{self.name}{about(self.target)}:{self.attempt}"


class CandidatesFound(TrackEvent):
    """One search's answers, in the platform's order."""

    topic: ClassVar[str] = "candidates.found"

    target: Platform
    round: Round = 0
    query: Text
    candidates: Candidates

    def message_id(self) -> str:
        return f"found:{self.link}:{self.name}:{self.target}:{self.attempt}:{self.round}"


class MatchChosen(TrackEvent):
    """The identifier's answer about candidates: match, review or none."""

    topic: ClassVar[str] = "match.chosen"

    target: Platform
    round: Round = 0
    choice: Choice

    def message_id(self) -> str:
        return f"chosen:{self.link}:{self.name}:{self.target}:{self.attempt}:{self.round}"


class AudioReady(TrackEvent):
    """The audio that a delivery needs is in the object store, tagged and small enough."""

    topic: ClassVar[str] = "audio.ready"

    target: Platform | None = None
    """As in DownloadAudio."""
    video_id: Id
    audio: AudioReference

    def message_id(self) -> str:
        return f"ready:{self.link}:{self.name}{about(self.target)}:{self.attempt}"


class AudioChecked(TrackEvent):
    """What the identifier heard in a download."""

    topic: ClassVar[str] = "audio.checked"

    target: Platform | None = None
    """As in CheckAudio."""
    audio_name: Id
    """The object that was listened to."""
    judgement: Judgement
    """Whether it is the recording asked for; NO must not be posted."""
    fingerprint: Fingerprint | None = None
    """Chromaprint, compressed; None when it could not be made."""
    sound_keys: Keys = ()

    def message_id(self) -> str:
        return f"checked:{self.link}:{self.name}{about(self.target)}:{self.attempt}"


class TrackPlaced(TrackEvent):
    """The recording is in the collection."""

    topic: ClassVar[str] = "track.placed"

    target: Platform
    external_id: Id = Field(min_length=1)
    already_there: bool = False
    """It was there before we asked."""
    set_video_id: Id | None = None
    file_unique_id: Id | None = None
    url: Text | None = None

    def message_id(self) -> str:
        return f"placed:{self.link}:{self.name}:{self.target}:{self.attempt}"


class TrackRemoved(TrackEvent):
    """What we placed by mistake is out of the collection again."""

    topic: ClassVar[str] = "track.removed"

    target: Platform
    external_id: Id

    def message_id(self) -> str:
        return f"removed:{self.link}:{self.name}:{self.target}:{self.external_id}:{self.attempt}"


class PresenceKnown(TrackEvent):
    """Which of the items that were asked about are in the collection."""

    topic: ClassVar[str] = "presence.known"

    target: Platform
    present: Ids = ()
    certain: bool = True
    """False where the platform does not show what is there: then what is not in `present` may be there all the same."""

    def message_id(self) -> str:
        return f"known:{self.link}:{self.name}:{self.target}:{self.attempt}"


class ImportedDelivery(Value):
    """How far an earlier program had brought an item to one platform."""

    target: Platform
    origin: Platform
    state: DeliveryState
    """SYNCED, DUPLICATE or FAILED; PENDING is what Navaar shall go on with."""
    external_id: Id | None = None
    """Under which id it is in the target's collection."""
    set_video_id: Id | None = None
    reason: Text | None = None
    cause: Text | None = None
    synced_at: Moment | None = None

    @model_validator(mode="after")
    def _between_two(self) -> ImportedDelivery:
        if self.target is self.origin:
            raise ValueError("origin and target are the same")
        return self


class ImportedLine(Value):
    """A line of the earlier program's log."""

    at: Moment
    event: Text
    details: Text
    direction: Direction | None = None


class TrackImported(Event):
    """An earlier program knew this item, and what had become of it. Whoever reads this again learns nothing new."""

    topic: ClassVar[str] = "track.imported"

    platform: Platform
    external_id: Id = Field(min_length=1)
    """As in ItemSighted; 'file:' and the file's id for a channel's post whose message id was not kept."""
    item: ItemMetadata
    deliveries: tuple[ImportedDelivery, ...] = Field(default=(), max_length=1000)
    copies: dict[Platform, Ids] = Field(default_factory=dict)
    """More ids under which the same item was put into collections."""
    history: tuple[ImportedLine, ...] = Field(default=(), max_length=500)
    source: Text
    """For the audit log: where this comes from, e.g. 'rows #12 and #13 of navaar.db'."""
    first_seen_at: Moment

    def message_id(self) -> str:
        said = hashlib.sha256(self.model_dump_json().encode()).hexdigest()
        return f"imported:{self.link}:{said[:32]}"


class Step(StrEnum):
    FETCH = "fetch"
    IDENTIFY = "identify"
    JUDGE = "judge"
    FIND = "find"
    CHOOSE = "choose"
    DOWNLOAD = "download"
    CHECK = "check"
    PLACE = "place"
    REMOVE = "remove"
    PRESENCE = "presence"


class FailureKind(StrEnum):
    PERMANENT = "permanent"
    """Asking again cannot help."""
    EXHAUSTED = "exhausted"
    """The service tried several times; a later attempt may help."""
    UNKNOWN_OUTCOME = "unknown_outcome"
    """It may have happened; a person decides."""
    AUDIO_MISSING = "audio_missing"
    """The object store no longer has the audio; fetch it again."""
    COLLECTION_CHANGED = "collection_changed"
    """The collection has items that were not reported yet; they are reported now, ask again after them."""


class StepFailed(TrackEvent):
    """A step did not succeed."""

    topic: ClassVar[str] = "step.failed"

    step: Step
    target: Platform | None = None
    round: Round = 0
    kind: FailureKind
    reason: Text
    """A sentence for a person, free of secrets."""
    internal: bool = False
    """The fault is ours: an error that nobody expected."""
    cause: Text | None = None
    """A `Cause`, where the service knows it better than step and kind say; who does not know it goes by those."""

    def message_id(self) -> str:
        return f"failed:{self.link}:{self.name}:{self.step}:{self.target or '-'}:{self.attempt}:{self.round}"


class DeliverySynced(TrackEvent):
    """One delivery is done: the recording is in the target's collection."""

    topic: ClassVar[str] = "delivery.synced"

    direction: Direction
    state: DeliveryState
    """synced, or duplicate when it was there already."""
    display: Text
    external_id: Id | None = None
    seconds: Seconds
    """From first sight to now."""

    def message_id(self) -> str:
        return f"synced:{self.link}:{self.name}:{self.direction}:{self.attempt}"


class DeliveryStopped(TrackEvent):
    """One delivery does not go on by itself now: failed, review, retry_scheduled or left_out."""

    topic: ClassVar[str] = "delivery.stopped"

    direction: Direction
    state: DeliveryState
    display: Text
    reason: Text
    cause: Text = ""
    """A short stable word to group by, e.g. no_match, download_failed."""
    due_at: Moment | None = None

    def message_id(self) -> str:
        return f"stopped:{self.link}:{self.name}:{self.direction}:{self.attempt}:{self.state}"


class CredentialsRejected(Event):
    """A platform refuses the sign-in, or closes the link's collection to it; its gateway pauses."""

    topic: ClassVar[str] = "credentials.rejected"

    platform: Platform
    reason: Text
    collection_only: bool = False
    """The sign-in works; only this link's collection is closed to it."""
    rejected_at: Moment

    def message_id(self) -> str:
        return f"rejected:{self.link}:{self.platform}:{stamp(self.rejected_at)}"


class CredentialsAccepted(Event):
    """The sign-in works again, or the collection is open to it again; the gateway goes on."""

    topic: ClassVar[str] = "credentials.accepted"

    platform: Platform
    collection_only: bool = False
    """As in CredentialsRejected."""
    accepted_at: Moment

    def message_id(self) -> str:
        return f"accepted:{self.link}:{self.platform}:{stamp(self.accepted_at)}"


class PlatformPaused(Event):
    """A platform asks for a pause, or does not answer: until then its gateway asks it nothing."""

    topic: ClassVar[str] = "platform.paused"

    platform: Platform
    reason: Text
    until: Moment | None = None
    """None: until PlatformAvailable says that it answers again."""
    paused_at: Moment

    def message_id(self) -> str:
        return f"paused:{self.link}:{self.platform}:{stamp(self.paused_at)}"


class PlatformAvailable(Event):
    """A platform answers: told after a pause, and once after each start of its gateway."""

    topic: ClassVar[str] = "platform.available"

    platform: Platform
    available_at: Moment

    def message_id(self) -> str:
        return f"available:{self.link}:{self.platform}:{stamp(self.available_at)}"


class NoticeGiven(Event):
    """Something that people are to be told once: nothing is broken, and nothing follows from it by itself."""

    topic: ClassVar[str] = "notice.given"

    about: Id = Field(min_length=1)
    """The same whenever the same thing is told: telegram.renamed.@radio."""
    headline: Text
    details: Text = ""
    given_at: Moment

    def message_id(self) -> str:
        return f"notice:{self.link}:{self.about}:{stamp(self.given_at)}"


class CycleCompleted(Event):
    """One direction's cycle is over."""

    topic: ClassVar[str] = "cycle.completed"

    direction: Direction
    number: Count
    seconds: Seconds
    released: Count
    retried: Count
    asked_again: Count
    completed_at: Moment

    def message_id(self) -> str:
        return f"cycled:{self.link}:{self.direction}:{stamp(self.completed_at)}"


EVENTS: tuple[type[Event], ...] = (
    ItemSighted,
    ItemSkipped,
    CollectionOpened,
    AudioFetched,
    TrackIdentified,
    IdentityJudged,
    CandidatesFound,
    MatchChosen,
    AudioReady,
    AudioChecked,
    TrackPlaced,
    TrackRemoved,
    PresenceKnown,
    StepFailed,
    DeliverySynced,
    DeliveryStopped,
    CredentialsRejected,
    CredentialsAccepted,
    PlatformPaused,
    PlatformAvailable,
    NoticeGiven,
    CycleCompleted,
    TrackImported,
    TrackDiscovered,
    RequestTaken,
)
