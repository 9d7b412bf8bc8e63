"""What Navaar holds back by itself is told and counted as that, never as a pause that a platform asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from navaar_contracts.commands import FindCandidates
from navaar_contracts.events import PlatformPaused
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_contracts.streams import gateway_consumers
from navaar_playlist_gateway.poller import Poller
from navaar_runtime.acknowledgement import AcknowledgementPolicy, decoder
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import RateLimited

HOUR = 3600.0


class Told:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def publish(self, message: Message, *, fresh_id: str | None = None) -> None:
        self.messages.append(message)

    async def dead_letter(self, subject: str, body: bytes, headers: dict[str, str]) -> None:
        raise AssertionError(subject)


class Delivery:
    """One received command, redelivered as JetStream would."""

    def __init__(self, command: FindCandidates) -> None:
        self.body = command.model_dump_json().encode()
        self.delays: list[float | None] = []
        sequence = SimpleNamespace(stream=1, consumer=1)
        metadata = SimpleNamespace(
            stream="NAVAAR_COMMANDS", sequence=sequence, num_delivered=1, timestamp=datetime.now(UTC), num_pending=0
        )
        self.raw_message: Any = SimpleNamespace(
            subject=command.subject(), headers={}, metadata=metadata, data=self.body
        )

    async def ack_sync(self) -> None:
        raise AssertionError("it was not done")

    async def nack(self, delay: float | None = None) -> None:
        self.delays.append(delay)
        self.raw_message.metadata.num_delivered += 1

    async def in_progress(self) -> None: ...


def breaker(told: Told) -> CircuitBreaker:
    async def probe() -> None: ...

    return CircuitBreaker(Platform.SPOTIFY, probe, ["main"], told, every_s=60)  # type: ignore[arg-type]


@pytest.mark.parametrize("by_us", [True, False])
async def test_a_command_that_waits_costs_no_attempt_and_only_the_platforms_pause_is_told(by_us: bool) -> None:
    told, outcomes = Told(), []

    async def handler(command: FindCandidates) -> None:
        raise RateLimited(HOUR, "wait", by_us=by_us)

    circuit = breaker(told)
    policy = AcknowledgementPolicy(
        service="spotify",
        consumer=gateway_consumers(Platform.SPOTIFY)[FindCandidates],
        decode=decoder([FindCandidates]),
        handler=handler,
        publisher=told,
        breaker=circuit,
        budget=2,
        observe=lambda kind, outcome, seconds: outcomes.append(outcome),
    )
    delivery = Delivery(FindCandidates(link="main", track_id=1, target=Platform.SPOTIFY, query="a song", limit=5))
    for _ in range(5):
        await policy(delivery)
    assert delivery.delays == [HOUR] * 5
    assert set(outcomes) == {"held_back" if by_us else "rate_limited"}
    assert [type(message) for message in told.messages] == ([] if by_us else [PlatformPaused])
    assert (await circuit.pause() is None) is by_us


@pytest.mark.parametrize("by_us", [True, False])
async def test_a_look_that_waits_comes_when_its_turn_comes(by_us: bool) -> None:
    told = Told()

    async def poll() -> None:
        raise RateLimited(7.0, "wait", by_us=by_us)

    watcher: Any = SimpleNamespace(link="main", platform=Platform.SPOTIFY, poll=poll)
    assert await Poller(watcher, 120.0, breaker(told)).once() == (7.0 if by_us else 120.0)


async def test_a_pause_that_was_told_shows_its_end_until_it_is_over() -> None:
    circuit = breaker(Told())
    await circuit.paused(RateLimited(HOUR, "wait"))
    assert "asks for a pause until 20" in (await circuit.pause() or "")
