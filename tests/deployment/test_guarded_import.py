"""The takeover from the first implementation on a guarded NATS server, by the operator, into a ledger that runs."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import UnknownItems
from navaar_launcher.connection import ledger_client
from navaar_ledger.__main__ import create
from tests.deployment.guarded_nats import guarded_nats
from tests.support.forked import plain_environment
from tests.support.legacy_database import LegacyDatabase


async def test_the_operator_may_import_into_a_running_ledger(tmp_path: Path) -> None:
    database = LegacyDatabase(tmp_path / "navaar.db")
    database.track("tg_to_yt", "synced", tg_message_id=1, tg_file_id="F", yt_video_id="v1")
    database.track("yt_to_tg", "failed", yt_video_id="v2", failure_reason="download_failed: x")
    database.close()
    async with guarded_nats(tmp_path / "nats") as server:
        common = {
            "NAVAAR_NATS_URL": server.url,
            "NAVAAR_NATS_DECLARE": "false",
            "NAVAAR_DATA_DIR": str(tmp_path / "data"),
            "NAVAAR_TELEGRAM_CHANNEL_ID": "-100",
            "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
        }
        operator = {**common, "NAVAAR_NATS_NKEY_SEED_FILE": str(server.seed("operator"))}
        ledger = create({**common, "NAVAAR_NATS_NKEY_SEED_FILE": str(server.seed("ledger"))})
        await ledger.start()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "navaar_launcher", "import", "legacy", "navaar.db"),
                env={**plain_environment(), **operator},
                cwd=tmp_path,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            out, err = await process.communicate()
            assert process.returncode == 0, err.decode()
            assert b"2 items are taken over" in out
            async with ledger_client(operator) as asking:
                ids = ("v1", "v2", "v3")
                answer = await asking.ask(UnknownItems(link="main", platform=Platform.YOUTUBE, external_ids=ids))
            assert answer.unknown == ("v3",)
        finally:
            await ledger.stop()
