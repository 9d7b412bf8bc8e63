"""Saves the streams that cannot be made again, as the operator's user, while everything runs.

    python backup.py FOLDER --keep 14

Writes FOLDER/streams-<UTC>.tar: for each stream a folder as the NATS CLI makes and reads it (`nats backup restore
stream`). The file appears when it is complete. Every image of the ledger carries this program; it reads the same
variables as a service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from navaar_contracts import streams
from navaar_runtime.connection import connect, inbox_of
from navaar_runtime.failures import Transient
from navaar_runtime.settings import RuntimeSettings, SettingsError, load

SAVED = (*(stream.name for stream in streams.STREAMS), f"KV_{streams.IDEMPOTENCY.name}")
"""Not leases and counted tries, which last seconds and hours, and not the audio on its way, which is fetched again."""
PART = ".part-"
SILENCE_S = 60.0
"""A server that sends nothing for so long has given up."""


async def save(client: Client, stream: str, folder: Path) -> None:
    """Write one stream's snapshot into `folder`: backup.json and stream.tar.s2.

    https://docs.nats.io/reference/reference-protocols/nats_api_reference: chunks arrive on a subject of ours, each is
    answered so that the next ones follow, and an empty one ends the snapshot.

    Raises:
        Transient: the server refuses, or goes silent.
    """
    chunks: asyncio.Queue[Msg] = asyncio.Queue()
    deliver = f"{inbox_of('operator')}.snapshot.{stream}"
    subscription = await client.subscribe(deliver, cb=chunks.put)
    try:
        asked = {"deliver_subject": deliver, "no_consumers": False, "jsck": True}
        answer = await client.request(
            f"$JS.API.STREAM.SNAPSHOT.{stream}", json.dumps(asked).encode(), timeout=SILENCE_S
        )
        described: dict[str, Any] = json.loads(answer.data)
        if error := described.get("error"):
            raise Transient(f"{stream} cannot be saved: {error.get('description')}")
        folder.mkdir()
        about = {name: described[name] for name in ("config", "state")}
        (folder / "backup.json").write_text(json.dumps(about))
        with (folder / "stream.tar.s2").open("wb") as file:
            while (chunk := await asyncio.wait_for(chunks.get(), SILENCE_S)).data:
                await asyncio.to_thread(file.write, chunk.data)
                # One that came without a way back is the last before the end, or the only one.
                if chunk.reply:
                    await chunk.respond(b"")
        if (status := (chunk.headers or {}).get("Status", "204")) != "204":
            raise Transient(f"{stream} cannot be saved: the server ended the snapshot with status {status}")
    except TimeoutError:
        raise Transient(f"{stream} cannot be saved: the server sent nothing for {SILENCE_S:.0f} s") from None
    finally:
        await subscription.unsubscribe()


async def backup(folder: Path, keep: int) -> Path:
    """All saved streams in one file; the oldest beyond `keep` are removed once the new one is there."""
    name = folder / f"streams-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    client = await connect(load(RuntimeSettings), "operator", deadline_s=60)
    # What one left that was killed; there is never a second one beside this.
    for left in folder.glob(f"{PART}*"):
        shutil.rmtree(left)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=PART) as place:
            for stream in SAVED:
                await save(client, stream, Path(place, stream))
            part = Path(place, "all.tar")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                with tarfile.open(fileobj=file, mode="w") as archive:
                    for stream in SAVED:
                        archive.add(Path(place, stream), arcname=stream)
                file.flush()
                os.fsync(file.fileno())
            part.rename(name)
    finally:
        await client.close()
    for old in sorted(folder.glob("streams-*.tar"))[:-keep]:
        old.unlink()
    return name


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Save the streams that cannot be made again.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=int, default=14, help="how many files stay; default %(default)s")
    given = parser.parse_args()
    try:
        sys.stdout.write(f"{asyncio.run(backup(given.folder, given.keep))}\n")
    except (SettingsError, Transient) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
