"""One track's whole journey is one trace, which an operator finds by an id that logs, API and bot name."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.bot_chat import Chat
from tests.support.otlp_receiver import Received, Span, collector
from tests.support.whole_system import Navaar, eventually, http, navaar, platforms

pytestmark = pytest.mark.timeout(900)

ACTORS = {f"navaar-{name}" for name in ("telegram", "youtube", "spotify", "identifier", "downloader", "ledger")}


async def synced(running: Navaar, track_id: int) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def rests() -> bool:
        found.update(await running.track(track_id))
        states = [delivery["state"] for delivery in found.get("deliveries", ())]
        return len(states) == 2 and set(states) == {"synced"}

    await eventually(rests)
    return found


def complete(received: Received, trace: str, *names: str) -> bool:
    """Whether spans of these names have come and every span's parent too."""
    spans = received.trace(trace)
    ids = {span.id for span in spans}
    there = {span.name for span in spans}
    return set(names) <= there and all(span.parent in ids for span in spans if span.parent)


async def until_complete(received: Received, trace: str, *names: str) -> list[Span]:
    async def came() -> bool:
        return complete(received, trace, *names)

    try:
        await eventually(came)
    except TimeoutError:
        seen = sorted(f"{span.service}: {span.name}" for span in received.trace(trace))
        raise AssertionError(
            f"not in the trace: {set(names) - {s.name for s in received.trace(trace)}}\n{seen}"
        ) from None
    return received.trace(trace)


async def test_one_audio_is_one_trace_through_every_actor_and_its_id_is_in_logs_api_and_bot(tmp_path: Path) -> None:
    with collector() as received:
        async with platforms(tmp_path, "--tracks", "3") as world:
            environment: dict[str, Any] = {
                "OTEL_EXPORTER_OTLP_ENDPOINT": received.endpoint,
                "OTEL_EXPORTER_OTLP_HEADERS": "x-collector-key=a%20secret%20of%20the%20collector",
                "OTEL_BSP_SCHEDULE_DELAY": "300",
            }
            async with navaar(world, tmp_path, **environment) as running:
                await world.settings(messages_per_minute=1000)
                await world.fault("spotify", "search", status=503)
                await world.person("add", number=0, side="telegram")
                track = await synced(running, 1)
                trace = track["trace_id"]
                spans = await until_complete(
                    received,
                    trace,
                    "send navaar.evt.item.sighted.{link}",
                    "process navaar.cmd.identifier.identify-track.{link}",
                    "process navaar.cmd.spotify.place-track.{link}",
                    "process navaar.cmd.youtube.place-track.{link}",
                    "send navaar.evt.delivery.synced.{link}",
                    "spotify search",
                )
                (root,) = [span for span in spans if not span.parent]
                assert (root.service, root.name) == ("navaar-telegram", "send navaar.evt.item.sighted.{link}")
                assert {span.service for span in spans} == ACTORS

                tries = [s for s in spans if s.name == "process navaar.cmd.spotify.find-candidates.{link}"]
                assert [(s.attributes["navaar.try"], s.failed) for s in tries][:2] == [(1, True), (2, False)]
                assert [s.attributes["navaar.delivered"] for s in tries][:2] == [1, 2]
                assert {s.attributes["navaar.attempt"] for s in tries} == {1}
                assert len({s.parent for s in tries[:2]}) == 1
                assert all(s.attributes["navaar.track"] == 1 for s in spans if "navaar.track" in s.attributes)

                # Towards Telegram the downloader and its child process belong to it too. The first post is cut off: the
                # client's error quotes its address, in which the bot token is.
                await world.fault("telegram", "sendAudio", effect="drop")
                await world.person("add", number=1, side="spotify")
                second = (await synced(running, 2))["trace_id"]
                assert second != trace
                spans = await until_complete(
                    received,
                    second,
                    "process navaar.cmd.downloader.download-audio.{link}",
                    "download process",
                    "download media",
                    "process navaar.cmd.telegram.place-track.{link}",
                    "telegram sendAudio",
                    "send navaar.evt.delivery.synced.{link}",
                )
                assert {span.service for span in spans} == ACTORS
                (child,) = [span for span in spans if span.name == "download process"]
                assert child.attributes["process.pid"] != running.pid

                # Its id is where people look.
                _, log = await http(f"{running.api}/api/tracks/1")
                assert {line["trace_id"] for line in log["logs"]} == {trace}
                page = await asyncio.to_thread(_text, f"{running.api}/tracks/1")
                assert trace in page
                assert trace in (await Chat(world).ask("/track 1", "Trace"))["text"]
                lines = [json.loads(line) for line in running.log().splitlines() if line.startswith("{")]
                delayed = next(line for line in lines if line["event"] == "step_delayed")
                assert delayed["trace_id"] == trace
                assert (delayed["link"], delayed["track"], delayed["delivery"]) == ("main", 1, "main.1.spotify")
                assert re.fullmatch(r"find:main:1-[0-9a-f]{16}:spotify:1:0", delayed["message"])
                assert delayed["service"] == "spotify"
            assert await running.stop() == 0
            _nothing_secret(received, running, world.environment)


def _nothing_secret(received: Received, running: Navaar, environment: dict[str, str]) -> None:
    """No credential is in any span or log line, nor what the addresses and bodies of requests held."""
    secrets = [environment["NAVAAR_TELEGRAM_BOT_TOKEN"], "a secret of the collector", "a%20secret"]
    for file in (Path(path) for name, path in environment.items() if name.endswith(("_PATH", "_FILE"))):
        if file.is_file():
            secrets += [value for value in _strings(json.loads(file.read_text())) if len(value) >= 16]
    # Among the random bytes of ids anything may stand: only what can be read counts.
    readable = re.findall(rb"[\x20-\x7e]{8,}", b"\n".join(received.bodies))
    told = b"\n".join(readable).decode() + running.log()
    assert len(secrets) > 4
    assert [secret for secret in secrets if secret in told] == []
    assert re.search(r"[?&]q=", told) is None
    assert "access_token" not in told


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


def _text(url: str) -> str:
    import urllib.request

    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]
