"""Where messages live: streams, durable consumers and buckets, as data. The runtime declares exactly these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from navaar_contracts import commands as c
from navaar_contracts import events as e
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Command


class Retention(StrEnum):
    LIMITS = "limits"
    WORK_QUEUE = "workqueue"


@dataclass(frozen=True, slots=True)
class Stream:
    name: str
    subjects: tuple[str, ...]
    retention: Retention
    description: str
    default_max_age_s: float = 0
    """0 keeps for ever."""
    default_max_bytes: int = -1
    duplicate_window_s: float = 120


@dataclass(frozen=True, slots=True)
class Consumer:
    """One durable pull consumer: a service's queue for one command, or its view of some events."""

    stream: str
    durable: str
    subjects: tuple[str, ...]
    workers: int = 1
    """Messages in hand at once across all replicas; 1 means strictly in turn."""
    ack_wait_s: float = 10
    """Slow handlers send heartbeats, so this is how soon a crashed one is noticed."""


@dataclass(frozen=True, slots=True)
class Bucket:
    name: str
    description: str
    ttl_s: float = 0


EVENTS = Stream(
    "NAVAAR_EVENTS",
    ("navaar.evt.>",),
    Retention.LIMITS,
    "Everything that happened: the history to inspect and replay.",
    default_max_age_s=365 * 86_400,
    default_max_bytes=2 * 1024**3,
)
COMMANDS = Stream("NAVAAR_COMMANDS", ("navaar.cmd.>",), Retention.WORK_QUEUE, "Work to do, each piece once.")
DEAD = Stream(
    "NAVAAR_DEAD",
    ("navaar.dead.>",),
    Retention.LIMITS,
    "Given up on; a person decides.",
    default_max_age_s=90 * 86_400,
    default_max_bytes=256 * 1024**2,
)
STREAMS = (EVENTS, COMMANDS, DEAD)

AUDIO = Bucket("navaar-audio", "Audio on its way; deleted after placement, the lifetime is a backstop.", 86_400)
IDEMPOTENCY = Bucket("navaar-intents", "What a gateway is about to write, and what came of it.")
LEASES = Bucket("navaar-leases", "Which process acts for a service; the others stand by.")
ATTEMPTS = Bucket("navaar-attempts", "How often each message that failed has been tried.", 30 * 86_400)
OBJECT_BUCKETS = (AUDIO,)
KEY_VALUE_BUCKETS = (IDEMPOTENCY, LEASES, ATTEMPTS)

QUERY_SUBJECTS = "navaar.query.>"


def _commands(service: str, command: type[Command], *, workers: int = 1, ack_wait_s: float = 10) -> Consumer:
    return Consumer(
        COMMANDS.name,
        f"{service}-{command.imperative}",
        (f"navaar.cmd.{service}.{command.imperative}.*",),
        workers,
        ack_wait_s,
    )


_LEDGER_EVENTS = (
    e.ItemSighted,
    e.ItemSkipped,
    e.CollectionOpened,
    e.AudioFetched,
    e.TrackIdentified,
    e.IdentityJudged,
    e.CandidatesFound,
    e.MatchChosen,
    e.AudioReady,
    e.AudioChecked,
    e.TrackPlaced,
    e.TrackRemoved,
    e.PresenceKnown,
    e.StepFailed,
    e.CredentialsRejected,
    e.CredentialsAccepted,
    e.PlatformPaused,
    e.PlatformAvailable,
    e.TrackImported,
)

LEDGER_EVENTS = Consumer(EVENTS.name, "ledger-events", tuple(f"navaar.evt.{event.topic}.*" for event in _LEDGER_EVENTS))
LEDGER_RUN_CYCLE = _commands("ledger", c.RunCycle)
LEDGER_RETRY = _commands("ledger", c.RetryDeliveries)
LEDGER_DELETE = _commands("ledger", c.DeleteTrack)
LEDGER_ANSWER = _commands("ledger", c.AnswerReview)
LEDGER_WRONG_MATCH = _commands("ledger", c.ReportWrongMatch)
LEDGER_PART = _commands("ledger", c.PartTrack)
LEDGER_PAUSE = _commands("ledger", c.SetPause)
BOT_CARDS = Consumer(
    EVENTS.name,
    "telegram-cards",
    tuple(
        f"navaar.evt.{topic}.*"
        for topic in ("track.identified", "delivery.synced", "delivery.stopped", "request.taken")
    ),
)
BOT_ALERTS = Consumer(
    EVENTS.name,
    "telegram-alerts",
    tuple(
        f"navaar.evt.{topic}.*"
        for topic in (
            "credentials.rejected",
            "credentials.accepted",
            "platform.paused",
            "platform.available",
            "notice.given",
            "cycle.completed",
        )
    ),
)
IDENTIFIER_IDENTIFY = _commands("identifier", c.IdentifyTrack, workers=4)
IDENTIFIER_JUDGE = _commands("identifier", c.JudgeIdentity, workers=4)
IDENTIFIER_CHOOSE = _commands("identifier", c.ChooseMatch, workers=4)
IDENTIFIER_CHECK = _commands("identifier", c.CheckAudio, workers=2)
DOWNLOADER_DOWNLOAD = _commands("downloader", c.DownloadAudio, workers=2, ack_wait_s=20)
DOWNLOADER_DISCARD = _commands("downloader", c.DiscardAudio, workers=2)


def gateway_consumers(platform: Platform) -> dict[type[Command], Consumer]:
    """The commands that a platform's gateway takes, by what the platform can do."""
    spec = platform.spec
    taken: dict[type[Command], Consumer] = {
        # An upload takes longer than a request; what goes out in one request must be in hand at once.
        c.PlaceTrack: _commands(
            platform.value,
            c.PlaceTrack,
            workers=max(8, spec.takes_at_once),
            ack_wait_s=20 if spec.needs_audio else 10,
        ),
        c.RemoveTrack: _commands(platform.value, c.RemoveTrack),
        c.CheckPresence: _commands(platform.value, c.CheckPresence),
    }
    if spec.gives_files:
        taken[c.FetchAudio] = _commands(platform.value, c.FetchAudio, workers=4)
    if spec.has_catalogue:
        taken[c.FindCandidates] = _commands(platform.value, c.FindCandidates, workers=4)
    if spec.is_polled:
        taken[c.PollPlaylist] = _commands(platform.value, c.PollPlaylist)
        taken[c.AddItem] = _commands(platform.value, c.AddItem)
    return taken


CONSUMERS = (
    LEDGER_EVENTS,
    LEDGER_RUN_CYCLE,
    LEDGER_RETRY,
    LEDGER_DELETE,
    LEDGER_ANSWER,
    LEDGER_WRONG_MATCH,
    LEDGER_PART,
    LEDGER_PAUSE,
    BOT_CARDS,
    BOT_ALERTS,
    *(consumer for platform in Platform for consumer in gateway_consumers(platform).values()),
    IDENTIFIER_IDENTIFY,
    IDENTIFIER_JUDGE,
    IDENTIFIER_CHOOSE,
    IDENTIFIER_CHECK,
    DOWNLOADER_DOWNLOAD,
    DOWNLOADER_DISCARD,
)


def dead_subject(service: str, what: str, link: str) -> str:
    """Where `service` puts a message that it gives up on: navaar.dead.<service>.<what>.<link>."""
    return f"navaar.dead.{service}.{what}.{link}"
