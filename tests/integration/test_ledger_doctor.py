"""What the doctor says about the ledger's store."""

from __future__ import annotations

from pathlib import Path

from navaar_ledger.doctor import check_store
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.store.sqlite.store import FILE
from navaar_runtime.diagnostics import Level
from tests.support.mongo_server import running_mongo


async def test_a_fresh_a_running_and_a_whole_file_are_fine(tmp_path: Path) -> None:
    environment = {"NAVAAR_DATA_DIR": str(tmp_path)}
    (fresh,) = await check_store(environment)
    store = SqliteStore(tmp_path)
    await store.open()
    (running,) = await check_store(environment)
    await store.close()
    (whole,) = await check_store(environment)
    assert [found.level for found in (fresh, running, whole)] == [Level.OK] * 3
    assert "running" in running.message


async def test_a_damaged_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all " * 300)
    (found,) = await check_store({"NAVAAR_DATA_DIR": str(tmp_path)})
    assert found.level is Level.PROBLEM
    assert "backup" in found.advice


async def test_mongodb_is_asked_for_the_rights_to_write_and_a_dead_one_is_a_problem_without_its_password() -> None:
    with running_mongo() as url:
        environment = {"NAVAAR_MONGODB_URL": url, "NAVAAR_MONGODB_DIRECT": "true", "NAVAAR_MONGODB_POOL_SIZE": "1"}
        (found,) = await check_store({**environment, "NAVAAR_MONGODB_RETRY_WRITES": "false"})
        assert found.level is Level.OK
    dead = {"NAVAAR_MONGODB_URL": "mongodb://navaar:hunter2hunter2@127.0.0.1:9/", "NAVAAR_MONGODB_DIRECT": "true"}
    (found,) = await check_store(dead)
    assert found.level is Level.PROBLEM
    assert "hunter2" not in found.message
