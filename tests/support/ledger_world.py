"""A small world around the ledger: three collections, people who add songs, and every other service as a pure function.

Messages wait in bags. A test decides which one travels next, whether it is repeated, whether the ledger crashes while
it works on it (its messages are lost, its input comes again), and which steps fail. Time moves only when told.

Two promises of the real world are kept: the ledger's consumer hands it sightings before what happened later, and a
gateway compares when it reported with what the ledger knew as it decided a placement.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from navaar_contracts import commands as c
from navaar_contracts import events as e
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.links import Link
from navaar_contracts.message import Message, TrackCommand
from navaar_contracts.music import (
    AudioReference,
    Candidate,
    Choice,
    ItemMetadata,
    Judgement,
    Recording,
    Sameness,
    ScoredCandidate,
    Verdict,
)
from navaar_contracts.streams import LEDGER_EVENTS, Consumer
from navaar_ledger import handlers
from navaar_ledger.application.recovery import Recovery, consumer_of
from navaar_ledger.application.scheduler import tick
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track
from navaar_ledger.ports import Ports
from navaar_runtime.watermark import Watermark
from tests.support.ledger_memory import MemoryStore

LINK = Link(name="main", telegram_channel_id="@c", ytmusic_playlist_id="y", spotify_playlist_id="s")
START = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Crash(Exception):
    """The ledger's process dies here."""


@dataclass(frozen=True)
class Song:
    """`spelled` tells how an item names it: 0 plainly, 1 differently (the identifier still sees that it is the same),
    2 so that only the searches lead to the same ids."""

    number: int
    spelled: int = 0


@dataclass
class Shelf:
    """One collection, and what its gateway knows."""

    platform: Platform
    items: list[tuple[str, int]] = field(default_factory=list)
    """External id and song number, in order."""
    reported: set[str] = field(default_factory=set)
    reported_at: datetime | None = None
    journal: dict[str, tuple[str, int]] = field(default_factory=dict)
    """What became of a placement, by delivery key, and which renewal it was."""
    listed: set[str] = field(default_factory=set)
    """What there was at the last look, and what was placed since."""
    gone: set[str] = field(default_factory=set)
    """What was taken out and is not back."""
    next_message: int = 100

    def has(self, number: int) -> bool:
        return any(n == number for _, n in self.items)


class Published(list[Message]):
    """Events in the order of their publication, and when that was."""

    def __init__(self, tick: Callable[[], datetime]) -> None:
        super().__init__()
        self._tick = tick
        self._times: dict[int, tuple[Message, datetime]] = {}

    def append(self, message: Message) -> None:
        super().append(message)
        self._times[id(message)] = message, self._tick()

    def at(self, message: Message) -> datetime | None:
        known = self._times.get(id(message))
        return known[1] if known is not None else None


class World:
    def __init__(self, **rules: Any) -> None:
        self.now = START
        fields: dict[str, Any] = {"links": {"main": LINK}, "head_of_line_timeout_s": 1e6, **rules}
        self.policy = Policy(**fields)
        self.crash_after_saves: int | None = None
        self.recovery: Recovery | None = None
        self.store = MemoryStore(self._after_save)
        self.ports = self._new_ports()
        self.events = Published(self.tick)
        self.commands: list[TrackCommand] = []
        self.sent: list[Message] = []
        self.handled: list[Message] = []
        self.at_the_gate: list[TrackCommand] = []
        """What gateways do not carry out while a plan stands."""
        self.shelves = {platform: Shelf(platform) for platform in Platform}
        self.placings: list[c.PlaceTrack] = []
        self._named: dict[tuple[Platform, str], Song] = {}
        self.cause: str | None = None
        """What the failures name as their cause."""
        self.fail: Callable[[TrackCommand], e.FailureKind | None] = lambda command: None
        self.doubtful: set[int] = set()
        self.unknown: set[int] = set()
        """Songs that no catalogue has."""
        self.mistaken: set[int] = set()
        """Songs for which the identifier takes the remix to be the song."""
        self.lookalikes: dict[int, int] = {}
        """Songs that no catalogue has, and which song's items are taken for theirs."""
        self.unsure: set[frozenset[int]] = set()
        """Pairs of songs of which the identifier cannot tell whether they are one."""
        self.listed_as: dict[str, str] = {}
        """Items that a platform lists under the id of another one."""
        self.confused: set[int] = set()
        """Songs that the identifier takes for one and the same."""
        self.found_as: dict[int, int] = {}
        """Songs for which every catalogue answers with another one."""
        self.mislabelled: set[str] = set()
        """Videos in which one hears something else."""
        self._made_from: dict[str, str] = {}
        self.looked_at: set[tuple[int, int]] = set()
        """Id and version of the documents in which nothing was found to be lost."""

    # People and gateways

    def open_collections(self) -> None:
        for platform in (Platform.YOUTUBE, Platform.SPOTIFY):
            self.hand(
                e.CollectionOpened(link="main", platform=platform, items=0, opened_at=self.now),
            )

    def add(self, platform: Platform, song: Song, *, other_upload: bool = False, report: bool = True) -> bool:
        """Somebody adds a song, unless the collection has it."""
        shelf = self.shelves[platform]
        if shelf.has(song.number):
            return False
        if platform is Platform.TELEGRAM:
            shelf.next_message += 1
            external_id = str(shelf.next_message)
        else:
            external_id = catalogue_id(platform, song.number, other=other_upload)
        shelf.items.append((external_id, song.number))
        shelf.gone.discard(external_id)
        self._named[platform, external_id] = song
        if report or platform is Platform.TELEGRAM:
            self.report(platform)
        return True

    def take_out(self, platform: Platform, number: int) -> None:
        """Somebody takes a song out by hand; its gateway finds out when it looks."""
        shelf = self.shelves[platform]
        shelf.gone |= {i for i, n in shelf.items if n == number}
        shelf.items = [(i, n) for i, n in shelf.items if n != number]

    def report(self, platform: Platform, *, first_read: bool = False) -> bool:
        """The gateway looks at its collection and reports what it has not yet."""
        shelf = self.shelves[platform]
        new = [(i, n) for i, n in shelf.items if i not in shelf.listed]
        shelf.listed = {i for i, _ in shelf.items}
        for external_id, number in new:
            returned = external_id in shelf.reported
            shelf.reported.add(external_id)
            self.tick()
            song = self._named.get((platform, external_id), Song(number))
            item = ItemMetadata(title=spelled(song), artists=("Somebody",), duration_s=200)
            self.events.append(
                e.ItemSighted(
                    link="main",
                    platform=platform,
                    external_id=external_id,
                    item=item,
                    first_read=first_read,
                    returned=returned,
                    sighted_at=self.now,
                )
            )
        if new:
            # As soon as the first of them is published the ledger may work on it.
            shelf.reported_at = self.tick()
        return bool(new)

    def _new_ports(self) -> Ports:
        """As a process that has just started: it has worked off nothing yet."""
        self.watermark = Watermark()
        return Ports(self.store, self, self.policy, lambda: self.now, self.watermark.current)

    # The ledger

    def hand(self, message: Message, *, crash_after: int | None = None, lose: bool = False) -> bool:
        """Let the ledger work on a message. False when it crashed: the message has to come again."""
        self.tick()
        self.crash_after_saves = crash_after
        published = self.events.at(message)
        try:
            with contextlib.nullcontext() if published is None else self.watermark.processing(published):
                out = run(self._handle(message))
        except Crash:
            self.ports = self._new_ports()
            return False
        finally:
            self.crash_after_saves = None
        if lose:
            return False
        self.send(out)
        self.handled.append(message)
        return True

    async def _handle(self, message: Message) -> Iterable[Message]:
        handler: Callable[[Any, Ports], Coroutine[Any, Any, Iterable[Message] | None]] = {
            e.ItemSighted: handlers.item_sighted,
            e.TrackImported: handlers.track_imported,
            e.CollectionOpened: handlers.collection_opened,
            c.RunCycle: handlers.run_cycle,
            c.RetryDeliveries: handlers.retry_deliveries,
            c.DeleteTrack: handlers.about_track,
            c.AnswerReview: handlers.about_track,
            c.ReportWrongMatch: handlers.about_track,
            c.PartTrack: handlers.about_track,
            c.SetPause: handlers.set_pause,
        }.get(type(message), handlers.about_track)
        return await handler(message, self.ports) or ()

    def send(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.sent.append(message)
            is_work = isinstance(message, TrackCommand) and not isinstance(message, c.DiscardAudio)
            if is_work and not any(message.message_id() == known.message_id() for known in self.commands):
                self.commands.append(message)

    def start_again(self, **rules: Any) -> None:
        """Everything stops, and starts with other settings; what waited in queues still does."""
        self.policy = replace(self.policy, **rules)
        self.ports = self._new_ports()
        self.commands += self.at_the_gate
        self.at_the_gate = []
        self.restart()

    def catch_up(self) -> None:
        """The ledger takes in what has been sighted."""
        while any(isinstance(event, e.ItemSighted) for event in self.events):
            self.hand(self.events.pop(self.next_event()))

    def cycle(self) -> None:
        self.catch_up()
        for direction in Direction:
            number = int(self.now.timestamp() // 60)
            self.hand(c.RunCycle(link="main", direction=direction, number=number))

    def run_clock(self) -> None:
        self.catch_up()
        self._resume()
        self.send(run(tick(self.ports)))

    def restart(self) -> None:
        self.recovery = Recovery(self.ports)
        self._resume()

    def _resume(self) -> None:
        if self.recovery is not None and not self.recovery.is_done:
            lost = run(self.recovery.commands())
            self.send(lost)
            self.recovery.asked(lost)

    def retry_all(self) -> None:
        self.catch_up()
        self.hand(c.RetryDeliveries(link="main", asked_at=self.now))

    # What people ask

    def ask(self, kind: type[c.LedgerRequest], **fields: Any) -> c.LedgerRequest:
        """Ask the ledger now; returns the request, so that it can be repeated."""
        self.catch_up()
        request = kind(link="main", asked_at=self.tick(0.01), by="admin 7", **fields)
        self.hand(request)
        return request

    def wrong_ones(self) -> list[tuple[int, Platform]]:
        """Track and platform of everything that counts as the song and is not."""
        return [
            (track.id, delivery.target)
            for track in self.store.documents.values()
            for delivery in track.deliveries.values()
            if track.is_alive
            and delivery.state.is_done
            and any(i == delivery.external_id and n >= REMIX for i, n in self.shelves[delivery.target].items)
        ]

    async def idle(self, consumer: Consumer) -> bool:
        if consumer is LEDGER_EVENTS:
            return not self.events
        return not any(consumer_of(command) is consumer for command in self.commands)

    def _after_save(self) -> None:
        if self.crash_after_saves is not None:
            if self.crash_after_saves == 0:
                raise Crash
            self.crash_after_saves -= 1

    def tick(self, seconds: float = 0.001) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    # The other services

    def carry_out(self, command: TrackCommand) -> None:
        """What the recipient of a command does, and tells."""
        self.tick()
        if self.policy.plan_stands and isinstance(command, c.PlaceTrack | c.RemoveTrack):
            self.at_the_gate.append(command)
            return
        kind = self.fail(command)
        if kind is not None and not (kind is e.FailureKind.UNKNOWN_OUTCOME and not isinstance(command, c.PlaceTrack)):
            if kind is e.FailureKind.UNKNOWN_OUTCOME and isinstance(command, c.PlaceTrack):
                if self._is_outdated(command):
                    return
                self._put(command)
            self.events.append(failure(command, kind, self.cause))
            return
        if isinstance(command, c.PlaceTrack):
            self._place(command)
        elif isinstance(command, c.RemoveTrack):
            self._remove(command)
        else:
            self.events.append(self.answer(command))

    def answer(self, command: TrackCommand) -> Message:
        name: dict[str, Any] = {"link": "main", "track_id": command.track_id, "attempt": command.attempt}
        if isinstance(command, c.FetchAudio):
            return e.AudioFetched(**name, audio=audio(f"post-{command.track_id}-{command.attempt}"))
        if isinstance(command, c.IdentifyTrack):
            return identify(command, name)
        if isinstance(command, c.JudgeIdentity):
            number = number_of(command.recording)
            sound = command.recording.fingerprint
            alike = [
                k.track_id
                for k in command.known
                if number_of(k.recording) == number
                or {number_of(k.recording), number} <= self.confused
                or (sound and sound == k.recording.fingerprint)
            ]
            pairs = {frozenset((number, number_of(k.recording))) for k in command.known}
            doubtful = Sameness.UNSURE if pairs & self.unsure else Sameness.NO
            judgement = Judgement(same=Sameness.YES if alike else doubtful, score=0.0, reasons=("the names tell",))
            same_as = alike[0] if alike else None
            return e.IdentityJudged(**name, same_as=same_as, judgement=judgement, target=command.target)
        if isinstance(command, c.FindCandidates):
            found = self._search(command)
            return e.CandidatesFound(
                **name, target=command.target, round=command.round, query=command.query, candidates=found
            )
        if isinstance(command, c.ChooseMatch):
            return e.MatchChosen(**name, target=command.target, round=command.round, choice=self._choose(command))
        if isinstance(command, c.DownloadAudio):
            number = heard_in(command.video_id, number_of(command.recording))
            stored = audio(f"audio-{command.track_id}-{command.attempt}", title=str(number))
            self._made_from[stored.name] = command.video_id
            return e.AudioReady(**name, video_id=command.video_id, audio=stored)
        if isinstance(command, c.CheckPresence):
            gone = self.shelves[command.target].gone
            present = tuple(each for each in command.external_ids if each not in gone)
            return e.PresenceKnown(**name, target=command.target, present=present)
        if isinstance(command, c.CheckAudio):
            return check(command, name, right=self._made_from[command.audio.name] not in self.mislabelled)
        raise AssertionError(command)

    def _search(self, command: c.FindCandidates) -> tuple[Candidate, ...]:
        number = int(command.query.split()[-1])
        number = self.found_as.get(number, number)
        if number in self.unknown:
            return ()
        if number in self.lookalikes:
            other = self.lookalikes[number]
            return (Candidate(id=catalogue_id(command.target, other), title=f"song {other}", duration_s=200),)
        # The precise query finds look-alikes only; the loose one finds the song.
        if command.query.startswith("precise"):
            return (Candidate(id=f"karaoke-{command.target.short}-{number}", title=f"karaoke {number}"),)
        return (
            Candidate(id=f"remix-{command.target.short}-{number}", title=f"remix {number}"),
            Candidate(id=catalogue_id(command.target, number), title=f"song {number}", duration_s=200),
            Candidate(id=catalogue_id(command.target, number, other=True), title=f"song {number}", duration_s=201),
        )

    def _choose(self, command: c.ChooseMatch) -> Choice:
        number = number_of(command.recording)
        if number in self.lookalikes:
            like = tuple(ScoredCandidate(candidate=each, score=0.7) for each in command.candidates)
            return Choice(verdict=Verdict.MATCH, chosen=like[0], ranked=like)
        number = self.found_as.get(number, number)
        taken = f"remix {number}" if number in self.mistaken else f"song {number}"
        scored = [
            ScoredCandidate(candidate=each, score=1.0 if each.title == taken else 0.3) for each in command.candidates
        ]
        if all(each.score < 1 for each in scored):
            right = f"song {number}"
            scored = [s.model_copy(update={"score": 1.0}) if s.candidate.title == right else s for s in scored]
        ranked = tuple(sorted(scored, key=lambda s: -s.score))[:5]
        if ranked and ranked[0].score == 1.0:
            if number in self.doubtful:
                return Choice(verdict=Verdict.REVIEW, ranked=ranked, reason="not sure")
            return Choice(verdict=Verdict.MATCH, chosen=ranked[0], ranked=ranked)
        return Choice(verdict=Verdict.NONE, ranked=ranked, reason="no candidate is this recording")

    def _place(self, command: c.PlaceTrack) -> None:
        if self._is_outdated(command):
            return
        external_id, already_there = self._put(command)
        self.events.append(
            e.TrackPlaced(
                link="main",
                track_id=command.track_id,
                attempt=command.attempt,
                target=command.target,
                external_id=external_id,
                already_there=already_there,
            )
        )

    def _remove(self, command: c.RemoveTrack) -> None:
        shelf = self.shelves[command.target]
        shelf.items = [(i, n) for i, n in shelf.items if i != command.external_id]
        shelf.reported.discard(command.external_id)
        shelf.listed.discard(command.external_id)
        shelf.gone.add(command.external_id)
        if shelf.journal.get(command.delivery_key(), ("", 0))[0] == command.external_id:
            del shelf.journal[command.delivery_key()]
        self.events.append(
            e.TrackRemoved(
                link="main",
                track_id=command.track_id,
                attempt=command.attempt,
                target=command.target,
                external_id=command.external_id,
            )
        )

    def _asked_for(self, command: c.PlaceTrack) -> set[str]:
        """What is no new placement: the chosen item, as a playlist's gateway sees it; any post for this delivery."""
        made = self._made(command)
        return {command.external_id} if command.external_id else {made} - {None}  # type: ignore[arg-type, return-value]

    def _is_outdated(self, command: c.PlaceTrack) -> bool:
        """The gateway met items that the ledger cannot have known: it reports them and does not add."""
        shelf = self.shelves[command.target]
        made = self._made(command)
        if made in self._asked_for(command) or any(i == command.external_id for i, _ in shelf.items):
            return False
        fresh = self.report(command.target)
        late = shelf.reported_at is not None and command.decided_at is not None
        if fresh or (late and shelf.reported_at > command.decided_at):  # type: ignore[operator]
            self.events.append(failure(command, e.FailureKind.COLLECTION_CHANGED))
            return True
        return False

    def _made(self, command: c.PlaceTrack) -> str | None:
        """What an earlier try of this very placement has put there."""
        made, renewal = self.shelves[command.target].journal.get(command.delivery_key(), (None, 0))
        return made if renewal >= command.renewal else None

    def _put(self, command: c.PlaceTrack) -> tuple[str, bool]:
        shelf = self.shelves[command.target]
        key = command.delivery_key()
        made = self._made(command)
        if made is not None and made in self._asked_for(command):
            return made, False
        external_id = command.external_id
        if any(i == external_id for i, _ in shelf.items):
            return external_id, True
        if command.target is Platform.TELEGRAM:
            assert command.audio is not None
            shelf.next_message += 1
            external_id = str(shelf.next_message)
        self.placings.append(command)
        external_id = self.listed_as.get(external_id, external_id)
        shelf.items.append((external_id, truth(command)))
        shelf.gone.discard(external_id)
        shelf.reported.add(external_id)
        shelf.listed.add(external_id)
        shelf.journal[key] = external_id, command.renewal
        return external_id, False

    # Until nothing moves any more

    def settle(self, *, rounds: int = 120) -> None:
        """Carry everything to its end, in order, with the clock and cycles running whenever nothing else happens."""
        for _ in range(rounds):
            while self.events or self.commands:
                if self.events:
                    self.hand(self.events.pop(self.next_event()))
                else:
                    self.carry_out(self.commands.pop(0))
            for platform in Platform:
                self.report(platform)
            if self.events:
                continue
            if self.is_at_rest():
                return
            self.tick(60)
            self.run_clock()
            self.cycle()
        raise AssertionError("never comes to rest:\n" + "\n".join(self.restless()))

    def restless(self) -> list[str]:
        """What still moves, in short."""
        told = []
        for track in self.store.documents.values():
            if not resting(track):
                deliveries = [
                    f"{d.direction}#{d.track_id}/{d.attempt} {d.state} ready={d.ready} round={d.round} "
                    f"due={d.due_at} {d.cause}"
                    for d in track.deliveries.values()
                ]
                told.append(f"#{track.id} v{track.version} {track.state} {track.step} {track.items}: {deliveries}")
        return told

    def next_event(self) -> int:
        """The ledger is not behind with sightings."""
        return next((i for i, event in enumerate(self.events) if isinstance(event, e.ItemSighted)), 0)

    def is_at_rest(self) -> bool:
        return all(resting(track) for track in self.store.documents.values())

    def copies(self, platform: Platform, number: int) -> int:
        return sum(n == number for _, n in self.shelves[platform].items)


def resting(track: Track) -> bool:
    if not track.is_alive:
        return True
    ends = (
        DeliveryState.SYNCED,
        DeliveryState.DUPLICATE,
        DeliveryState.FAILED,
        DeliveryState.REVIEW,
        DeliveryState.LEFT_OUT,
    )
    return (
        track.state.value != "identifying"
        and track.seeking is None
        and all(d.state in ends for d in track.deliveries.values())
    )


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Drive a coroutine that never really waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("the in-memory world does not wait")


def spelled(song: Song) -> str:
    return ("song", "lied", "chant")[song.spelled] + f" {song.number}"


REMIX = 100
"""A remix is another recording: it has the song's number and this."""


def truth(command: c.PlaceTrack) -> int:
    """What is really being placed, whatever the ledger takes it for."""
    if command.audio is not None:
        return int(command.audio.title or 0)
    return heard_in(command.external_id, number_of(command.recording))


def heard_in(external_id: str, otherwise: int) -> int:
    """The song that an id of a catalogue stands for, as `catalogue_id` gave it."""
    number = re.search(r"\d+", external_id)
    return (int(number.group()) if number is not None else otherwise) + (REMIX if "remix" in external_id else 0)


def lasts_s(number: int) -> float:
    """Seconds. Every second song is longer by so much that it cannot be one of the others."""
    return 200.0 + 60.0 * (number % 2)


def number_of(recording: Recording) -> int:
    return int(recording.title.split()[-1])


def catalogue_id(platform: Platform, number: int, *, other: bool = False) -> str:
    return f"{platform.short}-{number}{'-other' if other else ''}"


def audio(name: str, title: str | None = None) -> AudioReference:
    return AudioReference(name=name, digest="0" * 64, size_bytes=1000, title=title)


def identify(command: c.IdentifyTrack, name: dict[str, Any]) -> e.TrackIdentified:
    title = command.item.title
    word, number = title.split()
    # The neighbour shares a key too, so that sharing one proves nothing.
    keys = (f"odd-{number}",) if word == "chant" else (f"song-{number}", f"bucket-{int(number) // 2}")
    queries = (f"precise {number}", f"loose {number}")
    # A post's file_id says which song one hears in it: 'sound 7'.
    heard = command.item.file_id if command.audio is not None else None
    return e.TrackIdentified(
        **name,
        recording=Recording(artist="Somebody", title=title, fingerprint=heard, duration_s=lasts_s(int(number))),
        method="id3",
        keys=keys,
        sound_keys=sound_keys(heard.removeprefix("sound ")) if heard else (),
        queries={Platform.YOUTUBE: queries, Platform.SPOTIFY: queries},
    )


def check(command: c.CheckAudio, name: dict[str, Any], *, right: bool) -> e.AudioChecked:
    """Every song sounds like itself only, whatever it is called."""
    yes = Judgement(same=Sameness.YES, score=1.0, reasons=("its length agrees",))
    no = Judgement(same=Sameness.NO, score=0.0, reasons=("61 s longer than the recording asked for",))
    number = command.audio.title or "0"
    return e.AudioChecked(
        **name,
        audio_name=command.audio.name,
        judgement=yes if right else no,
        fingerprint=f"sound {number}",
        sound_keys=sound_keys(number),
    )


def sound_keys(number: str) -> tuple[str, ...]:
    return tuple(f"f:{number}-{part}" for part in range(4))


def failure(command: TrackCommand, kind: e.FailureKind, cause: str | None = None) -> e.StepFailed:
    steps = {
        c.FetchAudio: e.Step.FETCH,
        c.IdentifyTrack: e.Step.IDENTIFY,
        c.JudgeIdentity: e.Step.JUDGE,
        c.FindCandidates: e.Step.FIND,
        c.ChooseMatch: e.Step.CHOOSE,
        c.DownloadAudio: e.Step.DOWNLOAD,
        c.CheckAudio: e.Step.CHECK,
        c.PlaceTrack: e.Step.PLACE,
        c.RemoveTrack: e.Step.REMOVE,
        c.CheckPresence: e.Step.PRESENCE,
    }
    return e.StepFailed(
        link="main",
        track_id=command.track_id,
        attempt=command.attempt,
        step=steps[type(command)],
        target=getattr(command, "target", None),
        round=getattr(command, "round", 0),
        kind=kind,
        reason="it was made to fail",
        cause=cause,
    )
