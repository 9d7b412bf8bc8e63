"""The nightly backup of the streams: what an image's program saves, the NATS CLI puts back."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from navaar_contracts import streams
from tests.deployment.guarded_nats import FOLDER, GuardedNats, guarded_nats
from tests.support.nats_cli import program

KEPT = {stream.name for stream in streams.STREAMS} | {f"KV_{streams.IDEMPOTENCY.name}"}


async def run(command: list[str], server: GuardedNats) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("NAVAAR_", "NATS_"))},
        "NAVAAR_NATS_URL": server.url,
        "NAVAAR_NATS_NKEY_SEED_FILE": str(server.seed("operator")),
        "NAVAAR_TELEGRAM_CHANNEL_ID": "-1001234567890",
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PLabc",
    }
    running = asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, text=True, check=False)
    return await asyncio.wait_for(running, 120)


def save(folder: Path) -> list[str]:
    return [sys.executable, str(FOLDER / "backup.py"), str(folder), "--keep", "2"]


@pytest.mark.asyncio
async def test_streams_come_back_as_they_were(tmp_path: Path) -> None:
    found = program()
    assert found is not None, "the NATS CLI is missing: .ci/run builds it"
    place, unpacked = tmp_path / "backup", tmp_path / "unpacked"
    place.mkdir()
    older = [place / f"streams-2026010{day}T000000Z.tar" for day in (1, 2)]
    for file in (*older, place / "ledger-20260101T000000Z.archive.gz"):
        file.touch()
    (place / ".part-of-one-that-was-killed").mkdir()
    async with guarded_nats(tmp_path / "nats") as server:
        client = await server.connect("operator")
        jetstream = client.jetstream()
        for number in range(300):
            await jetstream.publish(f"navaar.dead.ledger.{number}", b"x" * 3000)
        consumer = streams.LEDGER_EVENTS.durable
        made = await run(save(place), server)
        assert made.returncode == 0, made.stderr
        [kept] = sorted(place.glob("streams-*.tar"))[1:]
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert {file.name for file in place.iterdir()} == {
            kept.name,
            older[1].name,
            "ledger-20260101T000000Z.archive.gz",
        }
        with tarfile.open(kept) as archive:
            archive.extractall(unpacked, filter="data")
        assert {folder.name for folder in unpacked.iterdir()} == KEPT
        for name in (streams.DEAD.name, streams.EVENTS.name):
            before = await jetstream.stream_info(name)
            await jetstream.delete_stream(name)
            restore = ["backup", "restore", "stream", str(unpacked / name)]
            cli = [
                found,
                "--server",
                server.url,
                "--nkey",
                str(server.seed("operator")),
                "--inbox-prefix",
                "_INBOX_operator",
            ]
            restored = await run([*cli, *restore], server)
            assert restored.returncode == 0, restored.stdout + restored.stderr
            after = await jetstream.stream_info(name)
            assert (after.state.messages, after.state.last_seq) == (before.state.messages, before.state.last_seq)
            assert after.config.subjects == before.config.subjects
        assert (await jetstream.consumer_info(streams.EVENTS.name, consumer)).name == consumer
        assert (await jetstream.get_msg(streams.DEAD.name, 300)).data == b"x" * 3000
        await jetstream.delete_stream(streams.DEAD.name)
        refused = await run(save(place), server)
        assert refused.returncode == 2
        assert "NAVAAR_DEAD cannot be saved: stream not found" in refused.stderr
        assert len(list(place.iterdir())) == 3, "no half of a backup stays"
        await client.close()
