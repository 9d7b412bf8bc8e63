"""Where messages live: streams, durable consumers and buckets, as data. The runtime declares exactly these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from navaar_contracts import events as e


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
OBJECT_BUCKETS = (AUDIO,)
KEY_VALUE_BUCKETS = (IDEMPOTENCY,)

QUERY_SUBJECTS = "navaar.query.>"


def _commands(service: str, imperative: str, *, workers: int = 1, ack_wait_s: float = 10) -> Consumer:
    return Consumer(
        COMMANDS.name,
        f"{service}-{imperative}",
        (f"navaar.cmd.{service}.{imperative}.*",),
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
    e.StepFailed,
    e.CredentialsRejected,
    e.CredentialsAccepted,
    e.TrackImported,
)

LEDGER_EVENTS = Consumer(EVENTS.name, "ledger-events", tuple(f"navaar.evt.{event.topic}.*" for event in _LEDGER_EVENTS))
LEDGER_RUN_CYCLE = _commands("ledger", "run-cycle")
LEDGER_RETRY = _commands("ledger", "retry-deliveries")
LEDGER_DELETE = _commands("ledger", "delete-track")
LEDGER_ANSWER = _commands("ledger", "answer-review")
LEDGER_WRONG_MATCH = _commands("ledger", "report-wrong-match")
LEDGER_PAUSE = _commands("ledger", "set-pause")
TELEGRAM_REMOVE = _commands("telegram", "remove-track")
YOUTUBE_REMOVE = _commands("youtube", "remove-track")
SPOTIFY_REMOVE = _commands("spotify", "remove-track")
YOUTUBE_ADD = _commands("youtube", "add-item")
SPOTIFY_ADD = _commands("spotify", "add-item")
TELEGRAM_CARDS = Consumer(
    EVENTS.name,
    "telegram-cards",
    tuple(
        f"navaar.evt.{topic}.*"
        for topic in ("track.identified", "delivery.synced", "delivery.stopped", "request.taken")
    ),
)
TELEGRAM_ALERTS = Consumer(
    EVENTS.name,
    "telegram-alerts",
    tuple(f"navaar.evt.{topic}.*" for topic in ("credentials.rejected", "credentials.accepted", "cycle.completed")),
)
TELEGRAM_FETCH = _commands("telegram", "fetch-audio", workers=2)
TELEGRAM_PLACE = _commands("telegram", "place-track", workers=8, ack_wait_s=20)
YOUTUBE_FIND = _commands("youtube", "find-candidates", workers=4)
YOUTUBE_PLACE = _commands("youtube", "place-track", workers=8)
YOUTUBE_POLL = _commands("youtube", "poll-playlist")
SPOTIFY_FIND = _commands("spotify", "find-candidates", workers=4)
SPOTIFY_PLACE = _commands("spotify", "place-track", workers=8)
SPOTIFY_POLL = _commands("spotify", "poll-playlist")
IDENTIFIER_IDENTIFY = _commands("identifier", "identify-track", workers=4)
IDENTIFIER_JUDGE = _commands("identifier", "judge-identity", workers=4)
IDENTIFIER_CHOOSE = _commands("identifier", "choose-match", workers=4)
IDENTIFIER_CHECK = _commands("identifier", "check-audio", workers=2)
DOWNLOADER_DOWNLOAD = _commands("downloader", "download-audio", workers=2, ack_wait_s=20)
DOWNLOADER_DISCARD = _commands("downloader", "discard-audio", workers=2)

CONSUMERS = (
    LEDGER_EVENTS,
    LEDGER_RUN_CYCLE,
    LEDGER_RETRY,
    LEDGER_DELETE,
    LEDGER_ANSWER,
    LEDGER_WRONG_MATCH,
    LEDGER_PAUSE,
    TELEGRAM_REMOVE,
    YOUTUBE_REMOVE,
    SPOTIFY_REMOVE,
    YOUTUBE_ADD,
    SPOTIFY_ADD,
    TELEGRAM_CARDS,
    TELEGRAM_ALERTS,
    TELEGRAM_FETCH,
    TELEGRAM_PLACE,
    YOUTUBE_FIND,
    YOUTUBE_PLACE,
    YOUTUBE_POLL,
    SPOTIFY_FIND,
    SPOTIFY_PLACE,
    SPOTIFY_POLL,
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
