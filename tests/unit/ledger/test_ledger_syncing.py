"""What the ledger writes is on disk before anybody is told, and one message waits for the disk once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from navaar_ledger.store.sqlite.syncing import Syncing, together

NORMAL, FULL = 1, 2


class Disk:
    """A file of the ledger, and how often its log was waited for."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, durable: bool = True) -> None:
        self.connection = sqlite3.connect(folder / "ledger", isolation_level=None)
        self.syncing = Syncing(folder / "ledger", durable=durable)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute(f"PRAGMA synchronous = {self.syncing.mode}")
        self.connection.execute("CREATE TABLE songs (name TEXT)")
        self.synced: list[str] = []
        real = os.fsync

        def fsync(number: int) -> None:
            self.synced.append(Path(f"/dev/fd/{number}").resolve().name)
            real(number)

        monkeypatch.setattr(os, "fsync", fsync)

    def write(self, *, at_once: bool = True) -> int:
        """Returns how SQLite itself waited for this write."""
        with self.syncing.commit(self.connection, at_once=at_once):
            self.connection.execute("INSERT INTO songs VALUES ('a')")
            return int(self.connection.execute("PRAGMA synchronous").fetchone()[0])

    async def sync(self) -> None:
        self.syncing.sync()


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made = Disk(tmp_path, monkeypatch)
    yield made
    made.connection.close()


async def test_a_write_alone_is_on_disk_when_it_returns(disk: Disk) -> None:
    assert disk.write() == FULL
    assert disk.write(at_once=False) == NORMAL
    assert disk.write() == FULL


async def test_writes_of_one_message_wait_for_the_disk_once_and_before_its_end(disk: Disk) -> None:
    async with together(disk.sync):
        assert [disk.write(), disk.write(), disk.write()] == [NORMAL] * 3
        assert not disk.synced
    assert disk.synced == ["ledger-wal"]
    assert disk.write() == FULL


async def test_within_each_other_only_the_outer_one_waits(disk: Disk) -> None:
    async with together(disk.sync):
        async with together(disk.sync):
            disk.write()
        assert not disk.synced
    assert disk.synced == ["ledger-wal"]


async def test_who_wrote_nothing_waits_for_nothing(disk: Disk) -> None:
    async with together(disk.sync):
        pass
    assert not disk.synced


async def test_after_an_error_nobody_is_told_and_later_writes_are_whole_again(disk: Disk) -> None:
    with pytest.raises(ValueError, match="stop"):
        async with together(disk.sync):
            disk.write()
            raise ValueError("stop")
    assert not disk.synced
    assert disk.write() == FULL
    async with together(disk.sync):
        pass
    assert disk.synced == ["ledger-wal"]


async def test_what_need_not_last_is_never_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(tmp_path, monkeypatch, durable=False)
    async with together(disk.sync):
        assert disk.write() == 0
    assert not disk.synced
    disk.connection.close()
