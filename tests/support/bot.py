"""The bot between the sandbox's Telegram and a ledger that says what a test wants it to say, on a real nats-server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from navaar_contracts import queries as q
from navaar_contracts.commands import COMMANDS
from navaar_contracts.events import EVENTS
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Command, Event, Message
from navaar_contracts.music import Candidate, ItemMetadata, ScoredCandidate
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from navaar_sandbox import Sandbox
from navaar_telegram_gateway.__main__ import create

DEADLINE_S = 120.0
QUICK = {
    "NAVAAR_TELEGRAM_POST_INTERVAL_S": "0",
    "NAVAAR_TELEGRAM_POLL_SECONDS": "2",
    "NAVAAR_TELEGRAM_TIMEOUT_S": "5",
    "NAVAAR_AUTH_PROBE_SECONDS": "0.2",
    "NAVAAR_HEALTH_PORT": "0",
}
STRANGER = 666

M = TypeVar("M", bound=Message)
Json = dict[str, Any]


@dataclass
class World:
    """What the pretend ledger and catalogues answer."""

    tracks: dict[int, q.TrackView] = field(default_factory=dict)
    log: dict[int, tuple[q.LogEntry, ...]] = field(default_factory=dict)
    paused: tuple[Direction, ...] = ()
    known_posts: set[str] = field(default_factory=set)
    youtube: tuple[Candidate, ...] = ()
    spotify: tuple[Candidate, ...] = ()
    problem: str | None = None

    def put(self, track: q.TrackView, *log: str) -> q.TrackView:
        self.tracks[track.id] = track
        self.log[track.id] = tuple(
            q.LogEntry(
                id=f"{track.id:08d}-{number}",
                link=track.link,
                track_id=track.id,
                event="step",
                details=details,
                created_at=track.created_at,
            )
            for number, details in enumerate(log)
        )
        return track

    def counts(self) -> dict[Direction, dict[DeliveryState, int]]:
        found: dict[Direction, dict[DeliveryState, int]] = {}
        for track in self.tracks.values():
            for delivery in track.deliveries:
                states = found.setdefault(delivery.direction, {})
                states[delivery.state] = states.get(delivery.state, 0) + 1
        return found

    def listed(self, query: q.ListTracks) -> list[q.TrackView]:
        def fits(track: q.TrackView) -> bool:
            fitting = [
                d for d in track.deliveries if query.direction in (None, d.direction) and query.state in (None, d.state)
            ]
            return bool(fitting) or (query.direction is None and query.state is None)

        found = [track for track in self.tracks.values() if fits(track)]
        before = int(query.cursor) if query.cursor else None
        found = [track for track in found if before is None or track.id < before]
        return sorted(found, key=lambda track: -track.id)


def pretend_ledger(service: Service, world: World) -> None:
    now = datetime.now(UTC)

    async def tracks(query: q.ListTracks) -> q.TracksReply:
        found = world.listed(query)
        shown = tuple(found[: query.limit])
        more = str(shown[-1].id) if len(found) > len(shown) else None
        return q.TracksReply(tracks=shown, next_cursor=more, problem=world.problem)

    async def track(query: q.GetTrack) -> q.TrackReply:
        return q.TrackReply(track=world.tracks.get(query.track_id), log=world.log.get(query.track_id, ()))

    async def log(query: q.ListLog) -> q.LogReply:
        entries = [entry for found in world.log.values() for entry in found]
        return q.LogReply(entries=tuple(entries[: query.limit]))

    async def counts(query: q.GetCounts) -> q.CountsReply:
        return q.CountsReply(
            tracks=len(world.tracks),
            counts=world.counts(),
            last_cycle=dict.fromkeys(Direction, now),
            started_at=now,
            paused=world.paused,
            problem=world.problem,
        )

    async def reviews(query: q.ListReviews) -> q.ReviewsReply:
        found = [
            q.ReviewView(track=track, direction=d.direction, target=d.target, proposals=d.alternatives)
            for track in world.tracks.values()
            for d in track.deliveries
            if d.state is DeliveryState.REVIEW
        ]
        return q.ReviewsReply(reviews=tuple(found[: query.limit]))

    async def unknown(query: q.UnknownItems) -> q.UnknownItemsReply:
        missing = tuple(one for one in query.external_ids if one not in world.known_posts)
        return q.UnknownItemsReply(unknown=missing, opened=True)

    service.answer(q.ListTracks, tracks)
    service.answer(q.GetTrack, track)
    service.answer(q.ListLog, log)
    service.answer(q.GetCounts, counts)
    service.answer(q.ListReviews, reviews)
    service.answer(q.UnknownItems, unknown)


@dataclass
class Stage:
    """An administrator's chat with the bot, the answers behind it, and what the bot orders."""

    sandbox: Sandbox
    world: World
    environment: dict[str, str]
    client: Client
    published: list[Message]
    ledger: Service
    gateway: Service
    catalogues: list[Service]

    @property
    def admin(self) -> int:
        return self.sandbox.world.telegram.admins[0]

    async def restart(self) -> None:
        """Stop the gateway, and start another one."""
        await self.gateway.stop()
        self.gateway = create(self.environment)
        await self.gateway.start()

    async def ask(self, text: str, user_id: int | None = None) -> Json:
        """Write to the bot; its next message."""
        sent = await self.sandbox.person.write(text, user_id=user_id)
        return await self.sandbox.person.await_reply(sent["message_id"], timeout=DEADLINE_S, user_id=user_id)

    async def press(self, message: Json, button: str, user_id: int | None = None) -> str:
        """Press a button; what the bot answers to that."""
        telegram = self.sandbox.world.telegram
        pressed = await self.sandbox.person.press(
            message["message_id"], button, chat_id=message["chat"]["id"], user_id=user_id
        )
        async with asyncio.timeout(DEADLINE_S):
            while True:
                for answer in telegram.callback_answers:
                    if answer["callback_query_id"] == pressed:
                        return str(answer["text"])
                await asyncio.sleep(0.01)

    async def shows(self, message: Json, *words: str) -> Json:
        """Wait until a message holds all these words."""
        chat = self.sandbox.world.telegram.chats[message["chat"]["id"]]

        def there() -> bool:
            shown = chat.messages[message["message_id"]].shown
            return all(word in shown.get("text", "") for word in words)

        try:
            await until(there)
        except TimeoutError:
            raise AssertionError(f"{words} not in {chat.messages[message['message_id']].shown}") from None
        return chat.messages[message["message_id"]].shown

    def orders(self, kind: type[M]) -> list[M]:
        return [message for message in self.published if isinstance(message, kind)]

    async def ordered(self, kind: type[M], count: int = 1) -> list[M]:
        """What was published of a class, once there are `count`; and nothing else is looked at again."""
        await until(lambda: len(self.orders(kind)) >= count)
        found = self.orders(kind)
        self.published.clear()
        return found

    async def publish(self, message: Message) -> None:
        await self.ledger.publisher.publish(message)

    def messages(self, chat_id: int, after: int = 0) -> list[Json]:
        chat = self.sandbox.world.telegram.chats[chat_id]
        return [message.shown for message in chat.living() if message.id > after and message.by_bot]


@contextlib.asynccontextmanager
async def staged(
    nats_environment: Mapping[str, str],
    folder: Path,
    *,
    admins: list[int] | None = None,
    second_channel: int | None = None,
    **variables: str,
) -> AsyncIterator[Stage]:
    """Everything at work; `variables` without their prefix."""
    async with Sandbox(tracks=4, messages_per_minute=10_000) as sandbox:
        environment = {**sandbox.environment(folder), **nats_environment, **QUICK}
        environment |= {f"NAVAAR_{name}": value for name, value in variables.items()}
        if admins is not None:
            environment["NAVAAR_TELEGRAM_ADMIN_USER_IDS"] = str(admins)
            for admin in admins:
                sandbox.world.telegram.private_chat(admin)
        if second_channel is not None:
            sandbox.world.telegram.open_channel(second_channel, "Second Radio", "second_radio")
        limits = sandbox.world.limits
        limits.per_person.most = limits.overall.most = 10_000  # a test asks faster than any person
        world = World()
        runtime = load(RuntimeSettings, environment)
        ledger = Service("ledger", runtime)
        pretend_ledger(ledger, world)
        # The ledger, which starts first, declares for all.
        follower = load(RuntimeSettings, {**environment, "NAVAAR_NATS_DECLARE": "false"})
        catalogues = [Service("youtube", follower), Service("spotify", follower)]

        async def search_youtube(query: q.SearchCatalogue) -> q.SearchReply:
            return q.SearchReply(candidates=world.youtube[: query.limit])

        async def search_spotify(query: q.SearchCatalogue) -> q.SearchReply:
            return q.SearchReply(candidates=world.spotify[: query.limit])

        catalogues[0].answer(q.SearchCatalogue, search_youtube)
        catalogues[1].answer(q.SearchCatalogue, search_spotify)
        services = [ledger, *catalogues]
        client = await nats.connect(environment["NAVAAR_NATS_URL"])
        published: list[Message] = []
        for subjects in ("navaar.cmd.>", "navaar.evt.>"):
            await client.subscribe(subjects, cb=_recorder(published))
        stage = Stage(sandbox, world, environment, client, published, ledger, create(environment), catalogues)
        for service in (*services, stage.gateway):
            await service.start()
        try:
            yield stage
        finally:
            for service in (stage.gateway, *reversed(services)):
                await service.stop()
            await client.close()


def _recorder(published: list[Message]) -> Callable[[Msg], Awaitable[None]]:
    commands = {kind.imperative: kind for kind in COMMANDS}
    events = {kind.topic: kind for kind in EVENTS}

    async def record(raw: Msg) -> None:
        tokens = raw.subject.split(".")
        kind: type[Command] | type[Event] | None = None
        if tokens[1] == "cmd":
            kind = commands.get(tokens[3])
        elif tokens[1] == "evt":
            kind = events.get(".".join(tokens[2:-1]))
        if kind is not None:
            published.append(kind.model_validate_json(raw.data))

    return record


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.01)


def delivery(direction: Direction, state: DeliveryState, **more: Any) -> q.DeliveryView:
    fields: Json = {"attempt": 1, "retries": 0, "max_retries": 3, "updated_at": datetime.now(UTC), **more}
    return q.DeliveryView(direction=direction, target=direction.target, state=state, **fields)


def track(number: int, display: str, *deliveries: q.DeliveryView, **more: Any) -> q.TrackView:
    now = datetime.now(UTC)
    origin = deliveries[0].direction.origin if deliveries else Platform.TELEGRAM
    fields: Json = {"items": {origin: str(number)}, "origin": origin, **more}
    return q.TrackView(
        id=number,
        link="main",
        origin_external_id=str(number),
        state="identified",
        title=display,
        display=display,
        item=ItemMetadata(title=display),
        deliveries=deliveries,
        created_at=now,
        updated_at=now,
        **fields,
    )


def of_link(name: str, one: q.TrackView) -> q.TrackView:
    return one.model_copy(update={"link": name})


def scored(
    external_id: str, title: str, score: float = 0.7, reasons: tuple[str, ...] = ("title agrees",)
) -> ScoredCandidate:
    return ScoredCandidate(candidate=found(external_id, title), score=score, reasons=reasons)


def found(external_id: str, title: str) -> Candidate:
    return Candidate(
        id=external_id, title=title, artists=("Somebody",), duration_s=200, url=f"https://example.org/{external_id}"
    )


def texts(message: Json) -> list[str]:
    """The labels of a message's buttons."""
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
