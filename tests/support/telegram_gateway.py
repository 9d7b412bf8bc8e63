"""A telegram gateway between a real nats-server and the sandbox, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import nats
from nats.js.errors import NotFoundError

from navaar_contracts.commands import FetchAudio, PlaceTrack
from navaar_contracts.events import EVENTS
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Event
from navaar_contracts.music import AudioReference, Recording
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from navaar_sandbox import Sandbox
from navaar_telegram_gateway.__main__ import create

E = TypeVar("E", bound=Event)

DEADLINE_S = 120.0
QUICK = {
    "NAVAAR_TELEGRAM_POST_INTERVAL_S": "0",
    "NAVAAR_TELEGRAM_SETTLE_S": "0.2",
    "NAVAAR_TELEGRAM_POLL_SECONDS": "2",
    "NAVAAR_TELEGRAM_TIMEOUT_S": "5",
    "NAVAAR_TELEGRAM_TRANSFER_TIMEOUT_S": "2",
    "NAVAAR_AUTH_PROBE_SECONDS": "0.2",
    "NAVAAR_HEALTH_PORT": "0",
}


@dataclass
class Scene:
    """The sandbox, the server and the variables that join them."""

    sandbox: Sandbox
    environment: dict[str, str]
    folder: Path

    @property
    def nats_url(self) -> str:
        return self.environment["NAVAAR_NATS_URL"]

    @contextlib.asynccontextmanager
    async def gateway(self, **more: str) -> AsyncIterator[Service]:
        service = create(self.environment | {f"NAVAAR_{name}": value for name, value in more.items()})
        await service.start()
        try:
            yield service
        finally:
            await service.stop()

    @contextlib.asynccontextmanager
    async def gateway_bystander(self) -> AsyncIterator[Service]:
        """A service without consumers, to publish and store with while the gateway is another process."""
        service = Service("bystander", load(RuntimeSettings, self.environment))
        await service.start()
        try:
            yield service
        finally:
            await service.stop()

    def posts(self) -> list[dict[str, Any]]:
        """The living audio posts of the channel."""
        messages = self.sandbox.world.telegram.channel.living()
        return [message.shown for message in messages if "audio" in message.shown or "document" in message.shown]

    def calls(self, operation: str) -> int:
        return self.sandbox.gate.counts().get(f"telegram/{operation}", 0)

    async def events(self, kind: type[E]) -> list[E]:
        """All events of a class that are stored."""
        found = [event for event in await self.all_events() if isinstance(event, kind)]
        return found

    async def expect(self, kind: type[E], count: int = 1) -> list[E]:
        """Wait until there are that many events of a class."""
        async with asyncio.timeout(DEADLINE_S):
            while len(found := await self.events(kind)) < count:
                await asyncio.sleep(0.05)
        return found

    async def audio(self, service: Service, name: str = "audio-1", seconds: int = 5) -> AudioReference:
        """Real audio in the object store."""
        shelf = self.sandbox.world.shelf
        path = await asyncio.to_thread(shelf.file, name, seconds, "m4a")
        stored = await service.objects.put(name, path)
        return AudioReference(
            name=stored.name, digest=stored.digest, size_bytes=stored.size_bytes, duration_s=seconds, title="From tags"
        )

    async def all_events(self) -> list[Event]:
        kinds = {f"navaar.evt.{kind.topic}": kind for kind in EVENTS}
        client = await nats.connect(self.nats_url)
        js = client.jetstream()
        events = []
        try:
            last = (await js.stream_info("NAVAAR_EVENTS")).state.last_seq
            for sequence in range(1, last + 1):
                with contextlib.suppress(NotFoundError):
                    message = await js.get_msg("NAVAAR_EVENTS", sequence)
                    kind = kinds[(message.subject or "").rpartition(".")[0]]
                    events.append(kind.model_validate_json(message.data or b""))
        finally:
            await client.close()
        return events


def place(track_id: int, audio: AudioReference | None, attempt: int = 1, **more: Any) -> PlaceTrack:
    return PlaceTrack(
        link="main",
        track_id=track_id,
        attempt=attempt,
        target=Platform.TELEGRAM,
        recording=Recording(artist="Googoosh", title=f"Pol {track_id}", duration_s=5),
        audio=audio,
        **more,
    )


def fetch(track_id: int, shown: Mapping[str, Any]) -> FetchAudio:
    return FetchAudio(
        link="main",
        track_id=track_id,
        file_id=shown["file_id"],
        file_name=shown.get("file_name"),
        mime_type=shown.get("mime_type"),
        size_bytes=shown.get("file_size"),
    )


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            answer = condition()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.02)


async def settled(service: Service, *consumers: Any) -> None:
    """Wait until nothing waits in the consumers and nothing is in hand."""

    async def idle() -> bool:
        return all([await service.idle(consumer) for consumer in consumers])

    await until(idle)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lines(text: str) -> list[dict[str, Any]]:
    """JSON log lines."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
