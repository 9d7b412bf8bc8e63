"""MongoDB behind TLS: its options are in the address, and a refusal says what is wrong."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme

from navaar_ledger.__main__ import store_from
from navaar_ledger.doctor import check_store
from navaar_ledger.settings import LedgerSettings
from navaar_runtime.diagnostics import Level
from navaar_runtime.settings import RuntimeSettings, SettingsError, load
from tests.support.mongo_server import running_mongo


@contextlib.asynccontextmanager
async def behind_tls(url: str, authority: trustme.CA) -> AsyncIterator[int]:
    """A port that speaks TLS and hands everything on to the server at `url`; the test server itself has no TLS."""
    host, _, port = url.removeprefix("mongodb://").rstrip("/").partition("/")[0].partition(":")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    async def copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while chunk := await source.read(65536):
                to.write(chunk)
                await to.drain()
        to.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(copy(reader, there_writer), copy(there_reader, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


def environment(port: int, options: str) -> dict[str, str]:
    return {
        "NAVAAR_MONGODB_URL": f"mongodb://127.0.0.1:{port}/?{options}",
        "NAVAAR_MONGODB_DIRECT": "true",
        "NAVAAR_MONGODB_RETRY_WRITES": "false",
        "NAVAAR_MONGODB_POOL_SIZE": "1",
    }


async def test_the_ledger_believes_the_authority_that_the_address_names_and_no_other(tmp_path: Path) -> None:
    ours, stranger = trustme.CA(), trustme.CA()
    for name, authority in (("ours.pem", ours), ("stranger.pem", stranger)):
        authority.cert_pem.write_to_path(str(tmp_path / name))
    with running_mongo() as url:
        async with behind_tls(url, ours) as port:
            (right,) = await check_store(environment(port, f"tls=true&tlsCAFile={tmp_path / 'ours.pem'}"))
            (wrong,) = await check_store(environment(port, f"tls=true&tlsCAFile={tmp_path / 'stranger.pem'}"))
    assert right.level is Level.OK
    assert wrong.level is Level.PROBLEM
    assert "certificate verify failed" in wrong.message


@pytest.mark.parametrize(("content", "why"), [(None, "No such file"), ("no certificate", "PEM form")])
async def test_a_certificate_that_cannot_be_used_is_a_wrong_setting(
    tmp_path: Path, content: str | None, why: str
) -> None:

    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    variables = environment(1, f"tls=true&tlsCAFile={file}")
    with pytest.raises(
        SettingsError, match=f"NAVAAR_MONGODB_URL: a file that it names for TLS cannot be used: .*{why}"
    ):
        store_from(load(LedgerSettings, variables), load(RuntimeSettings, variables))
