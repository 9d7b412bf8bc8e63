"""Credentials on disk, client pools and intervals."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar
from pathlib import Path

import pytest

from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.links import Link
from navaar_contracts.policies import policy_of
from navaar_playlist_gateway.client_pool import ClientPool
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.private_files import exclusive, fingerprint, write_private
from navaar_runtime.settings import SettingsError, load


def test_a_private_file_is_replaced_whole_and_unreadable_to_others(tmp_path: Path) -> None:
    path = tmp_path / "new" / "token"
    write_private(path, "one")
    before = fingerprint(path)
    write_private(path, "two")
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert fingerprint(path) != before
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "token"
    write_private(path, "one")
    with pytest.raises(UnicodeEncodeError):
        write_private(path, "\ud800")
    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_has_no_fingerprint(tmp_path: Path) -> None:
    assert fingerprint(tmp_path / "none") is None


def test_only_one_holds_a_file(tmp_path: Path) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with exclusive(tmp_path / "token"):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


async def test_every_thread_has_its_own_client_and_the_context_crosses() -> None:
    built: list[object] = []

    def build() -> object:
        built.append(object())
        return built[-1]

    where = ContextVar("where", default="nowhere")
    pool = ClientPool("test", 3, build)
    await pool.warm()
    assert len(built) == 3
    where.set("here")
    seen = await asyncio.gather(*(pool.run(lambda client: (client in built, where.get())) for _ in range(10)))
    assert set(seen) == {(True, "here")}
    assert len(built) == 3
    pool.close()


async def test_a_stale_client_is_replaced_and_a_failed_build_comes_out() -> None:
    state = {"stale": False, "fail": False, "built": 0}

    def build() -> int:
        if state["fail"]:
            raise KeyError("no")
        state["built"] += 1
        return int(state["built"])

    pool = ClientPool("test", 1, build, lambda _: bool(state["stale"]))
    assert await pool.run(lambda client: client) == 1
    assert await pool.run(lambda client: client) == 1
    state["stale"] = True
    assert await pool.run(lambda client: client) == 2
    state["fail"] = True
    with pytest.raises(KeyError):
        await pool.run(lambda client: client)
    with pytest.raises(KeyError):
        await pool.warm(1)
    pool.close()


def test_the_shorter_direction_sets_the_pace() -> None:
    intervals = load(IntervalSettings, {"NAVAAR_SYNC_INTERVAL_YT_TO_SP": "30.5"})
    ids = {"telegram_channel_id": "1", "ytmusic_playlist_id": "2", "spotify_playlist_id": "3"}
    link = Link.model_validate({"name": "main", **ids})
    assert intervals.shortest_from(Platform.YOUTUBE, link) == 30.5
    assert intervals.of(Direction.TG_TO_YT) == 60
    only_posts = link.model_copy(update={"policy": policy_of({"directions": "yt->tg"})})
    assert intervals.shortest_from(Platform.YOUTUBE, only_posts) == 120
    # Nothing goes out from there, but what comes in has to be known.
    assert intervals.shortest_from(Platform.SPOTIFY, only_posts) == 120
    without = Link.model_validate({"name": "main", **{key: id_ for key, id_ in ids.items() if "spotify" not in key}})
    with pytest.raises(ValueError):
        intervals.shortest_from(Platform.SPOTIFY, without)


@pytest.mark.parametrize("value", ["0", "0.5", "86401", "nan", "inf", "often"])
def test_a_wrong_interval_names_its_variable(value: str) -> None:
    with pytest.raises(SettingsError, match=r"NAVAAR_SYNC_INTERVAL_SP_TO_YT: .*for example"):
        load(IntervalSettings, {"NAVAAR_SYNC_INTERVAL_SP_TO_YT": value})
