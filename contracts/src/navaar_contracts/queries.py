"""Questions and answers: request/reply on core NATS, outside every stream, with a deadline of the asker's."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from pydantic import Field

from navaar_contracts.bounds import TrackNumber
from navaar_contracts.identifiers import DeliveryState, Direction, FirstSync, LinkName, Platform
from navaar_contracts.message import AwareDatetime
from navaar_contracts.music import Candidate, ItemMetadata, Recording, ScoredCandidate, Value


class Reply(Value):
    """What a question is answered with. `problem` set means that there is no answer, and why."""

    problem: str | None = None


R = TypeVar("R", bound=Reply)


class Query(Value, Generic[R]):
    """A question. Subject: navaar.query.<service>.<question>."""

    service: ClassVar[str]
    """Who answers; not set where the question itself names its recipient."""
    question: ClassVar[str]
    answer: ClassVar[type[Reply]]

    def recipient(self) -> str:
        """The service that answers, as spelled in subjects."""
        return self.service

    def subject(self) -> str:
        return self.subject_at(self.recipient())

    @classmethod
    def services(cls) -> tuple[str, ...]:
        """Every service that can be asked this, as spelled in subjects."""
        return (cls.service,)

    @classmethod
    def subject_at(cls, service: str) -> str:
        """Where `service` is asked this."""
        return f"navaar.query.{service}.{cls.question}"


class UnknownItemsReply(Reply):
    unknown: tuple[str, ...] = ()
    opened: bool = False
    """False until the collection's first complete reading has been recorded."""


class UnknownItems(Query[UnknownItemsReply]):
    """Which of these external ids has the ledger never claimed? Asked in slices of at most 1,000."""

    service: ClassVar[str] = "ledger"
    question: ClassVar[str] = "unknown-items"
    answer: ClassVar[type[Reply]] = UnknownItemsReply

    link: LinkName
    platform: Platform
    external_ids: tuple[str, ...] = Field(max_length=1000)


class DeliveryView(Value):
    direction: Direction
    target: Platform
    state: DeliveryState
    ready: bool = False
    attempt: int
    retries: int
    max_retries: int
    reason: str | None = None
    cause: str | None = None
    due_at: AwareDatetime | None = None
    external_id: str | None = None
    url: str | None = None
    chosen: ScoredCandidate | None = None
    alternatives: tuple[ScoredCandidate, ...] = ()
    updated_at: AwareDatetime
    synced_at: AwareDatetime | None = None


class JoinedTrack(Value):
    """A post or item that was found to be the recording of another track, and joined to it."""

    track_id: int
    """Its own number, under which it can be parted again."""
    origin: Platform
    origin_external_id: str
    said: str
    """What the post or item said of itself."""
    url: str | None = None
    joined_at: AwareDatetime
    why: str = ""
    """The reason; empty where an earlier version did not keep it."""


class TrackView(Value):
    """One track as people and programs see it."""

    id: int
    link: LinkName
    origin: Platform
    origin_external_id: str
    state: str
    """identifying, identified, baseline, merged or deleted."""
    merged_into: int | None = None
    joined_at: AwareDatetime | None = None
    """When, and why, it was joined to that one."""
    joined_why: str | None = None
    posts: int = 1
    """How many posts and items this one song consists of: its own, and each that was joined to it."""
    joined: tuple[JoinedTrack, ...] = ()
    """Those that were joined to it, where one track was asked for; lists leave them out."""
    parted: tuple[int, ...] = ()
    """Tracks of which a person said that they are another song."""
    artist: str | None = None
    title: str
    display: str
    identification_method: str | None = None
    recording: Recording | None = None
    item: ItemMetadata
    edited: ItemMetadata | None = None
    """What the item says since it was edited after something had been placed; a retry follows it."""
    items: dict[Platform, str] = Field(default_factory=dict)
    """Where the recording is, and under which id."""
    deliveries: tuple[DeliveryView, ...] = ()
    backfill: bool = False
    imported: bool = False
    """Taken over from an earlier program, which had its own status cards."""
    trace_id: str | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime


class LogEntry(Value):
    id: str
    link: LinkName
    track_id: int | None = None
    event: str
    direction: Direction | None = None
    details: str
    trace_id: str | None = None
    """The track's trace; where it is about no track, the one in which it happened."""
    created_at: AwareDatetime


class TracksReply(Reply):
    tracks: tuple[TrackView, ...] = ()
    next_cursor: str | None = None


class ListTracks(Query[TracksReply]):
    """Newest first; `cursor` continues after the last one shown."""

    service: ClassVar[str] = "ledger"
    question: ClassVar[str] = "tracks"
    answer: ClassVar[type[Reply]] = TracksReply

    link: LinkName | None = None
    direction: Direction | None = None
    state: DeliveryState | None = None
    text: str | None = Field(default=None, max_length=200)
    """Words of the artist or title, folded as the identifier folds them; all must be there, as beginnings of words."""
    limit: int = Field(default=50, ge=1, le=500)
    cursor: str | None = None


class TrackReply(Reply):
    track: TrackView | None = None
    log: tuple[LogEntry, ...] = ()


class GetTrack(Query[TrackReply]):
    service: ClassVar[str] = "ledger"
    question: ClassVar[str] = "track"
    answer: ClassVar[type[Reply]] = TrackReply

    track_id: TrackNumber


class LogReply(Reply):
    entries: tuple[LogEntry, ...] = ()
    next_cursor: str | None = None


class ListLog(Query[LogReply]):
    """Newest first."""

    service: ClassVar[str] = "ledger"
    question: ClassVar[str] = "log"
    answer: ClassVar[type[Reply]] = LogReply

    link: LinkName | None = None
    track_id: TrackNumber | None = None
    limit: int = Field(default=50, ge=1, le=500)
    cursor: str | None = None


class DirectionProblem(StrEnum):
    """Why a direction does not do its work; of several the first that holds."""

    PAUSED = "paused"
    """A person holds it back."""
    SIGN_IN_REFUSED = "sign_in_refused"
    """Its origin or its target refuses our sign-in."""
    PLATFORM_PAUSED = "platform_paused"
    """Its origin or its target asks for a pause, or does not answer."""
    CRASHING = "crashing"
    """Five of its cycles in a row have failed."""
    FAILING = "failing"
    """Five tracks in a row have stopped for reasons that do not lie in the songs."""
    LATE = "late"
    """It has had no cycle for too many of its intervals."""


class DirectionHealth(Value):
    """Whether a direction of a link works: decided by the ledger, shown by everybody else."""

    link: LinkName
    direction: Direction
    problem: DirectionProblem | None = None
    details: str | None = None
    """What the platform said of its pause, and until when."""
    last_cycle: AwareDatetime | None = None

    @property
    def is_healthy(self) -> bool:
        return self.problem is None


class CountsReply(Reply):
    tracks: int = 0
    counts: dict[Direction, dict[DeliveryState, int]] = Field(default_factory=dict)
    last_cycle: dict[Direction, AwareDatetime] = Field(default_factory=dict)
    started_at: AwareDatetime | None = None
    paused: tuple[Direction, ...] = ()
    health: tuple[DirectionHealth, ...] = ()
    """Of every direction of the links asked about."""
    plan_stands: bool = False
    """Nothing is written on any platform before a person approves the plan."""
    held: dict[Direction, int] = Field(default_factory=dict)
    """Deliveries that only the plan keeps from going on, in whatever state they are."""


class GetCounts(Query[CountsReply]):
    """Figures from maintained counters."""

    service: ClassVar[str] = "ledger"
    question: ClassVar[str] = "counts"
    answer: ClassVar[type[Reply]] = CountsReply

    link: LinkName | None = None


class CollectionView(Value):
    link: LinkName
    platform: Platform
    policy: FirstSync
    opened_at: AwareDatetime | None = None
    items: int = 0


class SyncStateReply(Reply):
    collections: tuple[CollectionView, ...] = ()
    last_cycle: dict[Direction, AwareDatetime] = Field(default_factory=dict)


class GetSyncState(Query[SyncStateReply]):
    service: ClassVar[str] = "ledger"
    question: ClassVar[str] = "sync-state"
    answer: ClassVar[type[Reply]] = SyncStateReply

    link: LinkName | None = None


class PlannedAction(Value):
    track_id: int
    direction: Direction
    display: str
    proposal: str
    """What would be placed, or why nothing would."""


class PlanReply(Reply):
    actions: tuple[PlannedAction, ...] = ()
    counts: dict[Direction, int] = Field(default_factory=dict)
    next_cursor: str | None = None


class GetPlan(Query[PlanReply]):
    """With NAVAAR_FIRST_SYNC=plan: what would be written, and nothing is."""

    service: ClassVar[str] = "ledger"
    question: ClassVar[str] = "plan"
    answer: ClassVar[type[Reply]] = PlanReply

    link: LinkName | None = None
    limit: int = Field(default=100, ge=1, le=500)
    cursor: str | None = None


class ReviewView(Value):
    """An open question: which of these, if any, is the recording?"""

    track: TrackView
    direction: Direction
    target: Platform
    proposals: tuple[ScoredCandidate, ...] = ()
    reason: str = ""


class ReviewsReply(Reply):
    reviews: tuple[ReviewView, ...] = ()
    next_cursor: str | None = None


class ListReviews(Query[ReviewsReply]):
    """Open questions, oldest first."""

    service: ClassVar[str] = "ledger"
    question: ClassVar[str] = "reviews"
    answer: ClassVar[type[Reply]] = ReviewsReply

    link: LinkName | None = None
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = None


class SearchReply(Reply):
    candidates: tuple[Candidate, ...] = ()


class SearchCatalogue(Query[SearchReply]):
    """What the catalogue of a platform answers; its gateway is asked."""

    question: ClassVar[str] = "search"
    answer: ClassVar[type[Reply]] = SearchReply

    platform: Platform
    text: str = Field(min_length=1, max_length=300)
    limit: int = Field(default=5, ge=1, le=10)

    def recipient(self) -> str:
        return self.platform.value

    @classmethod
    def services(cls) -> tuple[str, ...]:
        return tuple(platform.value for platform in Platform if platform.spec.has_catalogue)


QUERIES: tuple[type[Query[Reply]], ...] = (
    UnknownItems,
    ListTracks,
    GetTrack,
    ListLog,
    GetCounts,
    GetSyncState,
    GetPlan,
    ListReviews,
    SearchCatalogue,
)  # type: ignore[assignment]
