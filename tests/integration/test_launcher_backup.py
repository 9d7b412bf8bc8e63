"""`navaar backup` and `navaar restore`: from one store into another, and what is no backup is refused untouched."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
import pytest

from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import LogEntry
from navaar_contracts.streams import IDEMPOTENCY
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.life import Life, Mark
from navaar_ledger.store.mongo import MongoStore
from navaar_ledger.store.port import OpenedCollection, PlatformPause
from navaar_ledger.store.sqlite import SqliteStore
from navaar_runtime.declare import Topology, declare
from navaar_runtime.settings import load
from tests.integration.test_launcher_commands import navaar
from tests.support.mongo_server import environment as on_mongodb
from tests.support.mongo_server import running_mongo

pytestmark = pytest.mark.timeout(300)

YT, SP = Platform.YOUTUBE, Platform.SPOTIFY
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "correct horse battery"


@pytest.fixture(scope="module")
def secantus() -> Iterator[str]:
    with running_mongo("secantus") as url:
        yield url


def track(number: int) -> Track:
    return Track(
        id=number,
        identity=f"{number:016x}",
        link="main",
        version=1,
        origin=SP,
        origin_external_id=f"sp-{number}",
        item=ItemMetadata(title=f"song {number}"),
        items={SP: f"sp-{number}"},
        changed_at=AT,
        created_at=AT,
        updated_at=AT,
    )


async def fill(store: Any) -> None:
    await store.open()
    for number in (1, 2):
        await store.claim(f"main|spotify|sp-{number}", await store.next_track_id())
        await store.save(track(number), 0, [AuditEntry("track_discovered", f"Found song {number}.")])
    await store.pause("main", Direction.SP_TO_YT, True, AT)
    await store.pause_platform(PlatformPause("main", YT, AT, None, "refused", refused=True))
    await store.open_collection(OpenedCollection("main", SP, AT, 2))
    await store.record_cycle("main", Direction.SP_TO_YT, 7, AT)
    await store.note(LogEntry(id="", link="main", event="paused", details="d", created_at=AT), "once-1")
    await store.keep_about(Mark("a stream", 17).about())
    await store.close()


async def contents(store: Any) -> dict[str, Any]:
    await store.open()
    try:
        return {
            "tracks": [await store.load(number) for number in (1, 2)],
            "owners": await store.owners(["main|spotify|sp-1", "main|spotify|sp-2"]),
            "paused": await store.paused("main"),
            "platforms": await store.paused_platforms("main"),
            "opened": await store.collection("main", SP),
            "cycles": await store.cycles("main"),
            "log": await store.log("main", None, 10),
            "counters": await store.counters("main"),
            "listed": [each.id for each in await store.tracks("main", None, None, 10)],
            "noted": await store.note(LogEntry(id="", link="main", event="e", details="d", created_at=AT), "once-1"),
            "next": await store.next_track_id(),
            "mark": Life.of(await store.about()).mark,
        }
    finally:
        await store.close()


async def record(url: str, **records: str) -> None:
    client = await nats.connect(url)
    try:
        await declare(client, Topology(storage="memory"))
        bucket = await client.jetstream().key_value(IDEMPOTENCY.name)
        for key, value in records.items():
            await bucket.put(key.replace("_", "."), value.encode())
    finally:
        await client.close()


async def test_a_backup_goes_from_a_file_to_mongodb_and_back_and_newer_records_stay(
    nats_environment: dict[str, str], secantus: str, tmp_path: Path
) -> None:
    plain = {
        **nats_environment,
        "NAVAAR_SPOTIFY_CACHE_PATH": str(tmp_path / "spotify.json"),
        "NAVAAR_YTMUSIC_AUTH_FILE": str(tmp_path / "none.json"),
        "NAVAAR_BACKUP_PASSPHRASE": SECRET,
    }
    (tmp_path / "spotify.json").write_text('{"refresh_token": "AQD-secret"}')
    data = Path(plain["NAVAAR_DATA_DIR"])
    await fill(SqliteStore(data))
    whole = await contents_of_copy(data, tmp_path)
    await record(plain["NAVAAR_NATS_URL"], main_1_spotify='{"state": "done"}', alerts="{}")

    first = tmp_path / "first.backup"
    code, out, err = await navaar("backup", str(first), "--sign-ins", environment=plain, folder=tmp_path)
    assert code == 0, err
    assert "2 tracks, 2 idempotency records, sign-ins of NAVAAR_SPOTIFY_CACHE_PATH" in out
    assert first.stat().st_mode & 0o777 == 0o600
    assert b"AQD-secret" not in b"".join(read_all(first))

    on_mongo = {**plain, **on_mongodb(secantus, "backup")}
    (tmp_path / "spotify.json").unlink()
    await record(plain["NAVAAR_NATS_URL"], main_1_spotify='{"state": "newer"}')
    code, out, err = await navaar("restore", str(first), "--dry-run", environment=on_mongo, folder=tmp_path)
    assert code == 0, err
    assert "there is no ledger yet" in out
    code, out, err = await navaar("restore", str(first), "--yes", "--sign-ins", environment=on_mongo, folder=tmp_path)
    assert code == 0, err
    assert "0 put back, 2 were there already" in out
    assert "AQD-secret" in (tmp_path / "spotify.json").read_text()
    second = tmp_path / "second.backup"
    code, out, err = await navaar("backup", str(second), environment=on_mongo, folder=tmp_path)
    assert code == 0, err
    assert await contents(MongoStore(load(LedgerSettings, on_mongo))) == whole

    code, out, err = await navaar("restore", str(second), "--yes", environment=plain, folder=tmp_path)
    assert code == 0, err
    assert "the ledger that was there is now in" in out
    assert await contents(SqliteStore(data)) == whole
    assert len(list(data.glob("before-restore-*/ledger.sqlite3"))) == 1


async def contents_of_copy(data: Path, folder: Path) -> dict[str, Any]:
    """Looking gives a number away; so a copy is looked at."""
    copy = folder / "looked-at"
    copy.mkdir()
    for each in data.glob("ledger.sqlite3*"):
        (copy / each.name).write_bytes(each.read_bytes())
    return await contents(SqliteStore(copy))


def read_all(file: Path) -> list[bytes]:
    with tarfile.open(file) as tar:
        return [body.read() for member in tar if (body := tar.extractfile(member)) is not None]


async def test_what_is_no_whole_backup_is_refused_and_nothing_is_touched(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    data = Path(nats_environment["NAVAAR_DATA_DIR"])
    await fill(SqliteStore(data))
    await record(nats_environment["NAVAAR_NATS_URL"])
    file = tmp_path / "a.backup"
    code, _, err = await navaar("backup", str(file), environment=nats_environment, folder=tmp_path)
    assert code == 0, err
    before = (data / "ledger.sqlite3").read_bytes()
    body = file.read_bytes()
    for name, damaged in {
        "half": body[: len(body) // 2],
        "changed": body[:-400] + os.urandom(392) + body[-8:],
        "none": b"no archive at all",
    }.items():
        other = tmp_path / name
        other.write_bytes(damaged)
        code, _, err = await navaar("restore", str(other), "--yes", environment=nats_environment, folder=tmp_path)
        assert code == 1, name
        assert str(other) in err, name
        assert "Traceback" not in err, name
    assert (data / "ledger.sqlite3").read_bytes() == before
    assert not list(data.glob("before-restore-*"))
