"""Commands: imperative, one recipient each, on the work queue."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from navaar_contracts.bounds import Count, First, Id, Ids, Length, Moment, Round, Text, TrackNumber
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.message import Command, TrackCommand, about, stamp
from navaar_contracts.music import AudioReference, Candidates, ItemMetadata, Kind, Recording, Value


class FetchAudio(TrackCommand):
    """Gateway of a platform that gives files: bring an item's file into the object store, to read its tags."""

    imperative: ClassVar[str] = "fetch-audio"

    platform: Platform = Field(default_factory=lambda: next(p for p in Platform if p.spec.gives_files))
    """Where the item is."""
    file_id: Id
    file_name: Text | None = None
    mime_type: Text | None = None
    size_bytes: Count | None = None

    def recipient(self) -> str:
        return self.platform.value

    def message_id(self) -> str:
        return f"fetch:{self.link}:{self.name}:{self.attempt}"


class IdentifyTrack(TrackCommand):
    """identifier: say who this item is."""

    imperative: ClassVar[str] = "identify-track"

    platform: Platform
    item: ItemMetadata
    audio: AudioReference | None = None

    def recipient(self) -> str:
        return "identifier"

    def message_id(self) -> str:
        return f"identify:{self.link}:{self.name}:{self.attempt}"


class KnownTrack(Value):
    """A track of the ledger that may be the same recording."""

    track_id: TrackNumber
    recording: Recording


KnownTracks = Annotated[tuple[KnownTrack, ...], First(20)]


class JudgeIdentity(TrackCommand):
    """identifier: is this recording one of those that the ledger already has?"""

    imperative: ClassVar[str] = "judge-identity"

    recording: Recording
    known: KnownTracks
    target: Platform | None = None
    """The delivery whose download raised the question; None when the item itself did."""

    def recipient(self) -> str:
        return "identifier"

    def message_id(self) -> str:
        return f"judge:{self.link}:{self.name}{about(self.target)}:{self.attempt}"


class FindCandidates(TrackCommand):
    """Gateway of a platform with a catalogue: search it once."""

    imperative: ClassVar[str] = "find-candidates"

    target: Platform
    round: Round = 0
    """Which of the track's queries this is, from precise to loose."""
    query: Text
    among: Kind | None = None
    """Which sort of entries, where the platform lists songs apart; None: any."""
    limit: int = Field(default=10, ge=1, le=50)

    def recipient(self) -> str:
        return self.target.value

    def message_id(self) -> str:
        return f"find:{self.link}:{self.name}:{self.target}:{self.attempt}:{self.round}"


class ChooseMatch(TrackCommand):
    """identifier: which candidate is this recording?"""

    imperative: ClassVar[str] = "choose-match"

    target: Platform
    round: Round = 0
    recording: Recording
    candidates: Candidates

    def recipient(self) -> str:
        return "identifier"

    def message_id(self) -> str:
        return f"choose:{self.link}:{self.name}:{self.target}:{self.attempt}:{self.round}"


class DownloadAudio(TrackCommand):
    """downloader: fetch an item's audio, tag it, make it fit, put it into the object store."""

    imperative: ClassVar[str] = "download-audio"

    target: Platform | None = None
    """Who needs the audio; None, as older versions sent it, for the only platform that does."""
    video_id: Id
    recording: Recording
    cover_url: Text | None = None
    expected_duration_s: Length = None
    """Of the video as the platform gave it; audio that is far off is refused."""

    def recipient(self) -> str:
        return "downloader"

    def message_id(self) -> str:
        return f"download:{self.link}:{self.name}{about(self.target)}:{self.attempt}"


class CheckAudio(TrackCommand):
    """identifier: is this download the recording asked for, and how does it sound?"""

    imperative: ClassVar[str] = "check-audio"

    target: Platform | None = None
    """As in DownloadAudio."""
    recording: Recording
    """With its length and fingerprint, where they are known."""
    audio: AudioReference
    kind: Kind = Kind.VIDEO
    """What sort of entry the audio was taken from."""

    def recipient(self) -> str:
        return "identifier"

    def message_id(self) -> str:
        return f"check:{self.link}:{self.name}{about(self.target)}:{self.attempt}"


class PlaceTrack(TrackCommand):
    """Any gateway: put the recording into the collection, unless it is there."""

    imperative: ClassVar[str] = "place-track"

    target: Platform
    external_id: Id = ""
    """The chosen candidate's; empty where the platform gives the placed item its id."""
    recording: Recording
    audio: AudioReference | None = None
    """Where the platform needs audio."""
    decided_at: Moment | None = None
    """Up to when the ledger knew what had happened as it decided this. If the collection's gateway reported an item as
    new after this moment, the ledger may not have known of it: the gateway does not add, and answers with
    COLLECTION_CHANGED."""
    known_to: Count | None = None
    """The same as a place in the history, which counts more: no clock can be wrong about it. None: not said."""
    backfill: bool = False
    """It belongs to what was there before the first start: what came in since goes first."""
    renewal: Count = 0
    """Grows each time it was placed and is then found gone, also where the ledger was set back in between; 0 is the
    first placement. What an earlier one left written down says nothing about this one."""
    released: Text | None = None
    """When it came out, where some catalogue said so: '2019' or '2019-03-22'."""
    addresses: dict[Platform, Text] = {}
    """Of the recording in the link's other collections, for people."""

    def recipient(self) -> str:
        return self.target.value

    def message_id(self) -> str:
        return f"place:{self.link}:{self.name}:{self.target}:{self.attempt}"

    def delivery_key(self) -> str:
        """The same for every attempt at this delivery, and no other's: the key of the gateway's idempotency record."""
        return f"{self.link}.{self.name}.{self.target}"


class DiscardAudio(TrackCommand):
    """downloader: delete objects that nobody needs any more."""

    imperative: ClassVar[str] = "discard-audio"

    names: Ids

    def recipient(self) -> str:
        return "downloader"

    def message_id(self) -> str:
        return f"discard:{self.link}:{self.name}:{'+'.join(sorted(self.names))}"


class PollPlaylist(Command):
    """Gateway of a polled platform: scan the playlist now."""

    imperative: ClassVar[str] = "poll-playlist"

    platform: Platform
    asked_at: Moment

    def recipient(self) -> str:
        return self.platform.value

    def message_id(self) -> str:
        return f"poll:{self.link}:{self.platform}:{stamp(self.asked_at)}"


class RunCycle(Command):
    """ledger: release what is pending in one direction, retry what is due, ask again for what is stuck."""

    imperative: ClassVar[str] = "run-cycle"

    direction: Direction
    number: Count
    """Whole intervals since 1970; replicas that tick together name the same cycle."""
    forced: bool = False

    def recipient(self) -> str:
        return "ledger"

    def message_id(self) -> str:
        forced = ":forced" if self.forced else ""
        return f"cycle:{self.link}:{self.direction}:{self.number}{forced}"


class RetryDeliveries(Command):
    """ledger: give failed deliveries a fresh budget. Empty fields mean all."""

    imperative: ClassVar[str] = "retry-deliveries"

    track_id: TrackNumber | None = None
    target: Platform | None = None
    origin: Platform | None = None
    asked_at: Moment

    def recipient(self) -> str:
        return "ledger"

    def message_id(self) -> str:
        what = f"{self.track_id or '*'}:{self.origin or '*'}:{self.target or '*'}"
        return f"retry:{self.link}:{what}:{stamp(self.asked_at)}"


class RemoveTrack(TrackCommand):
    """Any gateway: take out what we placed by mistake. Gone already counts as removed."""

    imperative: ClassVar[str] = "remove-track"

    target: Platform
    external_id: Id = Field(min_length=1)
    set_video_id: Id | None = None
    """The entry in the playlist, where the platform names it and it is known."""

    def recipient(self) -> str:
        return self.target.value

    def message_id(self) -> str:
        return f"remove:{self.link}:{self.name}:{self.target}:{self.external_id}:{self.attempt}"

    def delivery_key(self) -> str:
        """PlaceTrack.delivery_key of the placement that is taken back."""
        return f"{self.link}.{self.name}.{self.target}"


class CheckPresence(TrackCommand):
    """Any gateway: which of these items are in the collection now? Somebody added the recording elsewhere again."""

    imperative: ClassVar[str] = "check-presence"

    target: Platform
    external_ids: Ids = Field(min_length=1)
    """All ids under which the recording has been there."""

    def recipient(self) -> str:
        return self.target.value

    def message_id(self) -> str:
        return f"presence:{self.link}:{self.name}:{self.target}:{self.attempt}"


class AddItem(Command):
    """Gateway of a polled platform: add an item as a person would; the poller then sees it like any other."""

    imperative: ClassVar[str] = "add-item"

    platform: Platform
    external_id: Id = Field(min_length=1)
    asked_at: Moment

    def recipient(self) -> str:
        return self.platform.value

    def message_id(self) -> str:
        return f"add:{self.link}:{self.platform}:{self.external_id}:{stamp(self.asked_at)}"


class LedgerRequest(Command):
    """What a person asks of the ledger. `by` says who, for the audit log, e.g. 'admin 123' or 'api'."""

    asked_at: Moment
    by: Text = ""

    def recipient(self) -> str:
        return "ledger"


class DeleteTrack(LedgerRequest):
    """ledger: stop working on a track and drop it from lists. Its items stay known; no platform is touched."""

    imperative: ClassVar[str] = "delete-track"

    track_id: TrackNumber

    def message_id(self) -> str:
        return f"delete:{self.link}:{self.track_id}:{stamp(self.asked_at)}"


class ReviewAnswer(StrEnum):
    PICK = "pick"
    """`external_id` is the recording; kept as a rule."""
    NONE = "none"
    """None of the proposals; search no more, the delivery fails. The proposals are excluded from then on."""
    NEVER = "never"
    """This recording shall never be placed there; kept as a rule."""
    SEARCH_AGAIN = "search_again"
    """Search again, the proposals excluded."""


class AnswerReview(LedgerRequest):
    """ledger: a person's answer to an open question."""

    imperative: ClassVar[str] = "answer-review"

    track_id: TrackNumber
    target: Platform
    answer: ReviewAnswer
    external_id: Id | None = None
    """For PICK: one of the proposals, or any id of that platform."""

    def message_id(self) -> str:
        return f"answer:{self.link}:{self.track_id}:{self.target}:{stamp(self.asked_at)}"


class ReportWrongMatch(LedgerRequest):
    """ledger: what was placed is not the recording: take it out, exclude it for this track, open the question."""

    imperative: ClassVar[str] = "report-wrong-match"

    track_id: TrackNumber
    target: Platform

    def message_id(self) -> str:
        return f"wrong:{self.link}:{self.track_id}:{self.target}:{stamp(self.asked_at)}"


class PartTrack(LedgerRequest):
    """ledger: this track was joined to another by mistake: make two songs of them again, for good; kept as a rule."""

    imperative: ClassVar[str] = "part-track"

    track_id: TrackNumber
    """The track that was joined, not the one it was joined to."""
    joined_to: TrackNumber | None = None
    """That one, as the person saw it: whoever shows tracks looks at both again."""

    def message_id(self) -> str:
        return f"part:{self.link}:{self.track_id}:{stamp(self.asked_at)}"


class SetPause(LedgerRequest):
    """ledger: hold back one direction, or all, or let it go on. Paused deliveries wait as pending."""

    imperative: ClassVar[str] = "set-pause"

    direction: Direction | None = None
    paused: bool

    def message_id(self) -> str:
        return f"pause:{self.link}:{self.direction or '*'}:{self.paused}:{stamp(self.asked_at)}"


COMMANDS: tuple[type[Command], ...] = (
    FetchAudio,
    IdentifyTrack,
    JudgeIdentity,
    FindCandidates,
    ChooseMatch,
    DownloadAudio,
    CheckAudio,
    PlaceTrack,
    DiscardAudio,
    PollPlaylist,
    RunCycle,
    RetryDeliveries,
    RemoveTrack,
    CheckPresence,
    AddItem,
    DeleteTrack,
    AnswerReview,
    ReportWrongMatch,
    PartTrack,
    SetPause,
)
