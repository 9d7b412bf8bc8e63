"""Who may do what on NATS: one user per service with exactly the subjects it uses, made from the contracts.

`NEEDS` is the one list to change when a service sends, asks or keeps something new; deploy/generate.py then writes
deploy/nats/users.conf, and `navaar up` makes the users of its own server at every start. Which consumers a service
reads comes from `navaar_contracts.streams`, how a subject is spelled from the messages. Users sign in with nkeys: the
server knows their public halves only, so what it is told holds nothing secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from navaar_contracts import commands as c
from navaar_contracts import events as e
from navaar_contracts import queries as q
from navaar_contracts import records as r
from navaar_contracts import streams
from navaar_contracts.health import SERVICES
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Command, Event, Message

ANY_QUESTION = "navaar.query.*.*"
OPERATOR = "operator"
"""Declares streams, consumers and buckets, pauses, replays, backs up and restores; people use it with the NATS CLI."""
INSPECTOR = "inspector"
"""Looks at streams, consumers, idempotency records and leases, and follows events; changes nothing."""
SYSTEM = "system"
"""Sees the servers, not the messages."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a service does on NATS beside reading its own consumers and answering its own questions."""

    sends: tuple[type[Message], ...]
    asks: tuple[str, ...] = ()
    """Question subjects."""
    records: tuple[str, ...] = ()
    """Keys of idempotency records that it reads and writes."""
    takes_turns: bool = False
    """Only one process of it acts at a time: it holds the lease of its name, or hears when that becomes free."""
    reads_audio: bool = False
    writes_audio: bool = False
    hears: tuple[str, ...] = ()
    """Subjects it listens to as they are published."""
    reads_history: tuple[type[Message], ...] = ()
    """Kinds it reads again from NAVAAR_EVENTS, through a consumer of its own that is forgotten afterwards."""
    sees_backlog: bool = False
    """Looks how much waits in every consumer and since when, and how full the streams are."""
    counts_history: bool = False
    """Asks how many events NAVAAR_EVENTS has had."""
    reconciles: bool = False
    """Reads the whole history and all idempotency records again, to find out at its start whether it was set back."""


_SIGN_IN = (e.CredentialsRejected, e.CredentialsAccepted, e.PlatformPaused, e.PlatformAvailable)
_ASKED_BY_PEOPLE = (
    c.AnswerReview,
    c.DeleteTrack,
    c.PartTrack,
    c.PollPlaylist,
    c.ReportWrongMatch,
    c.RetryDeliveries,
    c.RunCycle,
    c.SetPause,
)
BOT_HOST = streams.BOT_CARDS.durable.partition("-")[0]
"""The bot has no user of its own: it lives in the process of the service that its consumers are named after."""


def _gateway(platform: Platform) -> Needs:
    """What a platform's gateway does follows from what the platform can do."""
    spec = platform.spec
    told = (e.ItemSighted, e.ItemSkipped, e.TrackPlaced, e.TrackRemoved, e.PresenceKnown, e.StepFailed)
    sends: list[type[Event]] = [*told, *_SIGN_IN]
    asks: list[str] = []
    records = [f"*.*.{platform}"]
    if spec.is_polled:
        sends += [e.CollectionOpened, e.NoticeGiven]
        asks += map(q.UnknownItems.subject_at, q.UnknownItems.services())
        records += [f"*.{platform}.asked.*", f"*.{platform}.entry.*", f"*.{platform}.news", f"*.{platform}.filling"]
    else:
        sends.append(e.NoticeGiven)
        records += [f"{platform}.channel.*", f"{platform}.identity.*", f"{platform}.post.*.*"]
    if spec.has_catalogue:
        sends.append(e.CandidatesFound)
    if spec.gives_files:
        sends.append(e.AudioFetched)
    return Needs(
        sends=tuple(sends),
        asks=tuple(asks),
        records=tuple(records),
        takes_turns=True,
        counts_history=True,
        reads_audio=spec.needs_audio,
        writes_audio=spec.gives_files,
    )


def _with_the_bot(host: Needs) -> Needs:
    return replace(
        host,
        sends=(*host.sends, *_ASKED_BY_PEOPLE, c.AddItem),
        asks=(*host.asks, ANY_QUESTION),
        records=(*host.records, "card.*.*", "cards.*", "review.*.*.*", "alerts"),
    )


NEEDS: dict[str, Needs] = {
    "ledger": Needs(
        sends=(
            c.FetchAudio,
            c.IdentifyTrack,
            c.JudgeIdentity,
            c.FindCandidates,
            c.ChooseMatch,
            c.DownloadAudio,
            c.CheckAudio,
            c.PlaceTrack,
            c.RemoveTrack,
            c.CheckPresence,
            c.DiscardAudio,
            c.RunCycle,
            e.DeliverySynced,
            e.DeliveryStopped,
            e.CycleCompleted,
            e.NoticeGiven,
            r.TrackDiscovered,
            r.RequestTaken,
        ),
        takes_turns=True,
        sees_backlog=True,
        reconciles=True,
    ),
    "identifier": Needs(
        sends=(e.TrackIdentified, e.IdentityJudged, e.MatchChosen, e.AudioChecked, e.StepFailed),
        reads_audio=True,
    ),
    "downloader": Needs(
        sends=(e.AudioReady, e.StepFailed, *_SIGN_IN),
        records=("*",),
        writes_audio=True,
    ),
    **{platform.value: _gateway(platform) for platform in Platform},
    "api": Needs(
        sends=_ASKED_BY_PEOPLE, asks=(ANY_QUESTION,), hears=("navaar.evt.>",), reads_history=(e.DeliverySynced,)
    ),
}
NEEDS[BOT_HOST] = _with_the_bot(NEEDS[BOT_HOST])


@dataclass(frozen=True, slots=True)
class User:
    """One NATS user; subjects may hold wildcards, and what is denied wins."""

    name: str
    may_publish: tuple[str, ...]
    may_hear: tuple[str, ...]
    denied: tuple[str, ...] = ()
    """Never published, whatever `may_publish` says."""
    answers: bool = True
    """May answer what it was asked."""

    @property
    def variable(self) -> str:
        """The environment variable of nats-server that holds this user's public key."""
        return f"NAVAAR_NKEY_{self.name.upper()}"


def inbox(service: str) -> str:
    """Where the answers to a service's own requests arrive: nobody else hears them. See navaar_runtime.connection."""
    return f"_INBOX_{service}.>"


def users() -> tuple[User, ...]:
    """A user for each service, then those of people."""
    return (*(_user(name, NEEDS[name]) for name in SERVICES), _operator(), _inspector())


def consumers(service: str) -> tuple[streams.Consumer, ...]:
    """The durables a service reads; each is named after its service."""
    return tuple(consumer for consumer in streams.CONSUMERS if consumer.durable.partition("-")[0] == service)


def subjects(message: type[Message]) -> tuple[str, ...]:
    """The subjects a kind of message travels on, for any link."""
    if issubclass(message, Event):
        return (f"navaar.evt.{message.topic}.*",)
    if issubclass(message, Command):
        taken = {subject for consumer in streams.CONSUMERS for subject in consumer.subjects}
        return tuple(sorted(s for s in taken if s.startswith("navaar.cmd.") and s.split(".")[3] == message.imperative))
    raise TypeError(f"{message.__name__} is neither an event nor a command")


def render(keys: Mapping[str, str] | None = None) -> str:
    """The users as nats-server reads them, to be included where a list of users is expected.

    Args:
        keys: each user's public key; None has the server take them from its environment.
    """
    lines = ["users: ["] if keys else ["# Made by deploy/generate.py; do not edit by hand.", "users: ["]
    for user in users():
        key = keys[user.name] if keys else f"${user.variable}"
        lines += ["  {", f"    nkey: {key}", "    permissions: {", "      publish: {"]
        lines += [f"        allow: {_listed(user.may_publish)}"]
        if user.denied:
            lines += [f"        deny: {_listed(user.denied)}"]
        lines += ["      }", f"      subscribe: {{ allow: {_listed(user.may_hear)} }}"]
        if user.answers:
            lines += ['      allow_responses: { max: 1, expires: "1m" }']
        lines += ["    }", "  }"]
    return "\n".join([*lines, "]", ""])


def _listed(entries: tuple[str, ...]) -> str:
    return json.dumps(list(entries))


def _user(name: str, needs: Needs) -> User:
    publish = [subject for message in needs.sends for subject in subjects(message)]
    publish += [f"navaar.dead.{name}.>", *needs.asks]
    denied: list[str] = []
    for consumer in consumers(name):
        one = f"{consumer.stream}.{consumer.durable}"
        publish += [f"$JS.API.CONSUMER.INFO.{one}", f"$JS.API.CONSUMER.MSG.NEXT.{one}", f"$JS.ACK.{one}.>"]
        publish += _keys(streams.ATTEMPTS.name, (f"{consumer.durable}.*",))
    if needs.sees_backlog:
        publish += _backlog()
    if needs.counts_history:
        publish.append(f"$JS.API.STREAM.INFO.{streams.EVENTS.name}")
    if needs.records:
        publish += _keys(streams.IDEMPOTENCY.name, needs.records)
    if needs.takes_turns:
        publish += _keys(streams.LEASES.name, (name, f"{name}.*"))
    if needs.reads_audio or needs.writes_audio:
        publish += _audio(writes=needs.writes_audio, reads=needs.reads_audio)
    if needs.reconciles:
        allowed, forbidden = _reconciling(name)
        publish += allowed
        denied += forbidden
    for read in needs.reads_history:
        allowed, forbidden = _history(read)
        publish += allowed
        denied += forbidden
    lease = (f"$KV.{streams.LEASES.name}.{name}",) if needs.takes_turns else ()
    subscribe = (inbox(name), f"navaar.query.{name}.*", *lease, *needs.hears)
    return User(name, tuple(dict.fromkeys(publish)), subscribe, tuple(denied))


def _backlog() -> list[str]:
    # A message is read directly to learn when it came in.
    buckets = (*(f"OBJ_{b.name}" for b in streams.OBJECT_BUCKETS), *(f"KV_{b.name}" for b in streams.KEY_VALUE_BUCKETS))
    found = [f"$JS.API.CONSUMER.INFO.{m.stream}.{m.durable}" for m in streams.CONSUMERS]
    found += [f"$JS.API.STREAM.INFO.{name}" for name in (*(stream.name for stream in streams.STREAMS), *buckets)]
    return found + [f"$JS.API.DIRECT.GET.{name}" for name in dict.fromkeys(m.stream for m in streams.CONSUMERS)]


def _operator() -> User:
    """All of JetStream, sending again and asking; it neither answers in a service's name nor hears its answers."""
    publish = (
        *("$JS.API.>", "$JS.ACK.>", "$JS.FC.>", "$JS.SNAPSHOT.>"),
        *("navaar.evt.>", "navaar.cmd.>", "navaar.dead.>", ANY_QUESTION),
        *(f"$KV.{bucket.name}.>" for bucket in streams.KEY_VALUE_BUCKETS),
        f"$O.{streams.AUDIO.name}.>",
    )
    # The NATS CLI's own inbox, and those of `navaar` and of the declaring job.
    inboxes = ("_INBOX.>", inbox(OPERATOR), *(inbox(name) for name in ("cli", "doctor", "launcher", "declare")))
    return User(OPERATOR, publish, (*inboxes, *_FOLLOWED), answers=False)


def _inspector() -> User:
    buckets = [f"KV_{bucket.name}" for bucket in streams.KEY_VALUE_BUCKETS]
    publish = [f"$JS.API.{what}" for what in ("INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.*")]
    publish += [f"$JS.API.CONSUMER.{what}" for what in ("NAMES.*", "LIST.*", "INFO.*.*")]
    denied: list[str] = []
    for stream in (streams.EVENTS.name, streams.DEAD.name, streams.COMMANDS.name, *buckets):
        publish += [
            f"$JS.API.STREAM.MSG.GET.{stream}",
            f"$JS.API.DIRECT.GET.{stream}",
            f"$JS.API.DIRECT.GET.{stream}.>",
        ]
    for stream in (streams.EVENTS.name, streams.DEAD.name, *buckets):
        # Readers of its own, forgotten afterwards; a work queue has room for one reader of a message only.
        publish += [f"$JS.API.CONSUMER.CREATE.{stream}.>", f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*"]
        publish += [f"$JS.API.CONSUMER.DELETE.{stream}.*", f"$JS.ACK.{stream}.>"]
    for consumer in streams.CONSUMERS:
        if consumer.stream == streams.EVENTS.name:
            denied += _hands_off(consumer)
    return User(INSPECTOR, tuple(publish), (inbox(INSPECTOR), inbox("cli"), *_FOLLOWED), tuple(denied), answers=False)


_FOLLOWED = ("navaar.evt.>", "navaar.cmd.>", "navaar.dead.>", "$JS.EVENT.>")
"""What people may hear as it happens: everything but questions and answers."""


def _hands_off(consumer: streams.Consumer) -> list[str]:
    """A consumer made under its name would change it; reading or acknowledging from it would take its messages."""
    one = f"{consumer.stream}.{consumer.durable}"
    return [
        f"$JS.API.CONSUMER.CREATE.{one}",
        f"$JS.API.CONSUMER.CREATE.{one}.>",
        f"$JS.API.CONSUMER.DELETE.{one}",
        f"$JS.API.CONSUMER.MSG.NEXT.{one}",
        f"$JS.ACK.{one}.>",
    ]


def _keys(bucket: str, keys: tuple[str, ...]) -> list[str]:
    found = [f"$JS.API.STREAM.INFO.KV_{bucket}"]
    for key in keys:
        found += [f"$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{key}", f"$KV.{bucket}.{key}"]
    return found


def _audio(*, writes: bool, reads: bool) -> list[str]:
    bucket = streams.AUDIO.name
    stream = f"OBJ_{bucket}"
    found = [f"$JS.API.STREAM.INFO.{stream}", f"$JS.API.STREAM.MSG.GET.{stream}"]
    if reads:
        # The client looks up the stream by subject and reads chunks through a nameless consumer with flow control.
        found += ["$JS.API.STREAM.NAMES", f"$JS.API.CONSUMER.CREATE.{stream}"]
        found += [f"$JS.API.CONSUMER.INFO.{stream}.*", f"$JS.API.CONSUMER.DELETE.{stream}.*", f"$JS.FC.{stream}.>"]
    if writes:
        found += [f"$O.{bucket}.C.*", f"$O.{bucket}.M.*", f"$JS.API.STREAM.PURGE.{stream}"]
    return found


def _reconciling(service: str) -> tuple[list[str], list[str]]:
    # Consumers with several subjects, so that none stands in the request; those of others are forbidden by name.
    allowed: list[str] = []
    for stream in (streams.EVENTS.name, f"KV_{streams.IDEMPOTENCY.name}"):
        allowed += [f"$JS.API.CONSUMER.CREATE.{stream}.*", f"$JS.API.CONSUMER.CREATE.{stream}.*.>"]
        allowed += [f"$JS.API.CONSUMER.INFO.{stream}.*", f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*"]
    denied: list[str] = []
    for consumer in streams.CONSUMERS:
        if consumer.stream == streams.EVENTS.name:
            taken = _hands_off(consumer)
            denied += taken if consumer not in consumers(service) else taken[:3]
    return allowed, denied


def _history(read: type[Message]) -> tuple[list[str], list[str]]:
    # The client names its passing consumer at random; the consumers of that stream are forbidden by name.
    stream = streams.EVENTS.name
    allowed = [f"$JS.API.CONSUMER.CREATE.{stream}.*.{subject}" for subject in subjects(read)]
    allowed += [f"$JS.API.CONSUMER.INFO.{stream}.*", f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*"]
    denied: list[str] = []
    for consumer in streams.CONSUMERS:
        if consumer.stream == stream:
            denied += _hands_off(consumer)
    return allowed, denied
